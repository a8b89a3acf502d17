"""Plan S5's term agrees with the data set's truth to the row: courses without a tutor, checks missed, weeks without duty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mingzhang.cli.intake.pairings import Helpers
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from tests.stories.conftest import Lives
from tests.stories.hunan_tutoring import DATA, END, LISTED, TERM, TRUTH, TutoringTerm


@pytest.fixture(scope="module")
def lived(lives: Lives) -> TutoringTerm:
    found = lives("hunan_tutoring")
    assert isinstance(found, TutoringTerm)
    return found


class Asked:
    """The ledger, asked from inside: who stands behind a student number, and what a helper is called."""

    def __init__(self, lived: TutoringTerm) -> None:
        self._session = Session(Globals(str(lived.stage.ledger), None, "zh", True, True, None))
        self._people = Helpers(self._session)

    def close(self) -> None:
        self._session.__exit__()

    def ref(self, number: str) -> str:
        (found,) = self._session.vault.find("student_number", number)
        return found

    def tutor(self, row: dict[str, Any]) -> str:
        return self._people.name(row["helper"])

    def place(self, row: dict[str, str]) -> tuple[str, str]:
        return self.ref(row["number"]), row["course"]


@pytest.fixture(scope="module")
def asked(lived: TutoringTerm) -> Iterator[Asked]:
    found = Asked(lived)
    yield found
    found.close()


def places(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((row["student"], row["course"]) for row in rows)


@pytest.mark.parametrize("name", TRUTH["files"])
def test_every_row_of_every_file_is_taken_in(lived: TutoringTerm, name: str) -> None:
    said = lived.files[name]
    (file,) = said["files"]
    assert (file["rows"], file["refused"], file["duplicates"], said["exit"]) == (TRUTH["files"][name], [], [], 0)
    assert said["recorded"] == TRUTH["files"][name]


def test_a_mark_of_sixty_or_more_is_no_failure(lived: TutoringTerm, asked: Asked) -> None:
    said = lived.gaps[END]
    assert said["failing_courses"] == TRUTH["failing_courses"]
    assert places(said["passed_after_all"]) == sorted(map(asked.place, TRUTH["passed_after_all"]))


def test_failed_courses_without_a_tutor_are_named(lived: TutoringTerm, asked: Asked) -> None:
    said = lived.gaps[END]
    assert places(said["courses_without_tutor"]) == sorted(map(asked.place, TRUTH["courses_without_tutor"]))
    assert said["students_without_any_tutor"] == sorted(map(asked.ref, TRUTH["students_without_any_tutor"]))


def test_before_anybody_is_arranged_every_failed_course_is_without_a_tutor(lived: TutoringTerm) -> None:
    said = lived.gaps[LISTED]
    assert len(said["courses_without_tutor"]) == said["failing_courses"] == TRUTH["failing_courses"]
    assert (said["term"], said["asks"]) == (None, ["term-start", "term-end"])


def test_the_terms_weeks_are_counted_from_the_days_the_office_told(lived: TutoringTerm) -> None:
    term, truth = lived.gaps[END]["term"], TRUTH["term"]
    assert (term["first_monday"], term["weeks"]) == (truth["first_monday"], truth["weeks"])
    assert list(term["checks"]) == list(truth["checks"])
    assert term["checks"]["期末"] == ["2023-12-18", "2024-01-07"]


def test_tutors_are_teachers_and_not_fellow_students(lived: TutoringTerm) -> None:
    assert lived.gaps[END]["tutors"] == len(TRUTH["tutors"])


def test_every_missed_check_is_named(lived: TutoringTerm, asked: Asked) -> None:
    found = {asked.tutor(row): row["missing"] for row in lived.gaps[END]["tutors_missing_checks"]}
    assert found == {row["tutor"]: row["missing"] for row in TRUTH["tutors_missing_checks"]}


def test_every_week_without_half_a_day_of_duty_is_named(lived: TutoringTerm, asked: Asked) -> None:
    found = {asked.tutor(row): row["weeks"] for row in lived.gaps[END]["weeks_without_duty"]}
    assert found == {row["tutor"]: row["weeks"] for row in TRUTH["weeks_without_duty"]}


def test_a_week_that_is_not_over_is_not_missed_yet(lived: TutoringTerm) -> None:
    said = lived.stage.play("tutoring", "gaps", "--period", TERM, "--on", "2023-09-16")
    assert {week for row in said["weeks_without_duty"] for week in row["weeks"]} == {1}
    assert said["tutors_missing_checks"] == []


def test_parents_are_told_of_every_failure_once(lived: TutoringTerm, asked: Asked) -> None:
    assert len(lived.gaps[END]["parents_not_told"]) == TRUTH["failing_courses"]
    about = ("--period", TERM, "--note", "寄发成绩通知单")
    one = asked.ref(TRUTH["courses_without_tutor"][0]["number"])
    assert lived.stage.play("tutoring", "notify", one, *about, actor="helper-clerk", at=f"{END}T13:00:00")["students"] == [one]
    again = lived.stage.run("tutoring", "notify", one, *about, actor="helper-clerk", at=f"{END}T13:01:00")
    assert again.refused == "parents_told"
    lived.stage.play("tutoring", "notify", *about, actor="helper-clerk", at=f"{END}T13:02:00")
    said = lived.stage.play("tutoring", "gaps", "--period", TERM, at=f"{END}T13:03:00")
    assert said["parents_not_told"] == []


def test_the_same_list_again_records_nothing(lived: TutoringTerm) -> None:
    size = lived.stage.size()
    for name in ("挂科名单.xlsx", "安排表.xlsx"):
        words = ("pairing", "import", str(DATA / name), "--kind", "tutoring")
        said = lived.stage.play(*words, actor="helper-clerk", at=f"{END}T14:00:00")
        assert (said["recorded"], said["files"][0]["already_imported"]) == (0, True)
    assert lived.stage.size() == size


def test_names_are_masked_unless_somebody_answers_for_seeing_them(lived: TutoringTerm) -> None:
    name = TRUTH["courses_without_tutor"][0]["name"]
    masked = lived.stage.play("tutoring", "gaps", "--period", TERM)
    assert name not in str(masked)
    words = ("tutoring", "gaps", "--period", TERM, "--reveal")
    assert lived.stage.run(*words, actor="helper-clerk", at=f"{END}T15:00:00").refused == "role_missing"
    shown = lived.stage.play(*words, actor="privacy-officer", at=f"{END}T15:01:00")
    assert name in {row["name"] for row in shown["courses_without_tutor"]}
