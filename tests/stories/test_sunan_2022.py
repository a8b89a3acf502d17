"""Plan S4's lists, comparisons, awards and payments agree with the data set's truth, to the row and to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import Lives
from tests.stories.forms import Opened, places
from tests.stories.sunan_2022 import ABOUT, DATA, DUTIES, TRUTH, Lived

FILES = {file["path"]: file for file in TRUTH["files"]}
STUDENTS = {row["id"]: row for row in TRUTH["students"]}
ELIGIBLE = {number: row["amount_fen"] for number, row in STUDENTS.items() if row["eligible"]}
REASONS = {
    "not_on_list": "on_no_list",
    "list_class_not_covered": "class_not_covered",
    "list_row_refused": "list_row_refused",
    "household_elsewhere": "household_elsewhere",
}


@pytest.fixture(scope="module")
def lived(lives: Lives) -> Lived:
    found = lives("sunan_2022")
    assert isinstance(found, Lived)
    return found


@pytest.fixture(scope="module")
def opened(lived: Lived) -> Iterator[Opened]:
    found = Opened(lived.stage, list(STUDENTS))
    yield found
    found.close()


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_taken_in_as_the_truth_says(lived: Lived, path: str) -> None:
    truth, (said,) = FILES[path], lived.files[path]["files"]
    assert (said["rows"], said["accepted"]) == (truth["rows_seen"], truth["accepted"])
    assert places(said["refused"]) == truth["refused"]


def test_who_is_not_eligible_is_told_why(lived: Lived, opened: Opened) -> None:
    told = {opened.number(row["application"]): REASONS[row["code"]] for row in lived.said["checked"]["ineligible"]}
    assert told == {number: row["reason"] for number, row in STUDENTS.items() if not row["eligible"]}
    assert lived.said["checked"]["eligible"] == len(ELIGIBLE) == TRUTH["totals"]["eligible"]
    assert lived.said["refused"]["done"] == len(told)


def test_each_student_is_on_the_lists_the_truth_names(lived: Lived, opened: Opened) -> None:
    covered = TRUTH["scheme"]["covered"]
    found = {opened.number(row["student"]): row["lists"] for row in lived.said["comparison"]["matched"]}
    for number, row in STUDENTS.items():
        counting = [
            one["kind"] for one in found.get(number, [])
            if covered[one["kind"]] == "all rows" or one["value"] in covered[one["kind"]]["values"]
        ]  # fmt: skip
        assert sorted(counting) == sorted(row["via"]), row
    several = [number for number in found if len(STUDENTS[number]["via"]) > 1]
    assert sorted(several) == sorted(TRUTH["on_several_lists"])


def test_every_name_that_differs_is_reported_with_both_sources(lived: Lived, opened: Opened) -> None:
    told = {
        (opened.number(row["student"]), row["kind"], Path(row["source"]["file"]).name, row["source"]["row"])
        for row in lived.said["comparison"]["differing"]
    }
    assert told == {(row["id"], row["list"], row["file"], row["row"]) for row in TRUTH["name_mismatches"]}


def test_a_household_registered_elsewhere_is_refused_although_a_list_names_it(lived: Lived, opened: Opened) -> None:
    told = [opened.number(row["application"]) for row in lived.said["checked"]["ineligible"] if row["code"] == "household_elsewhere"]
    assert sorted(told) == sorted(TRUTH["household_elsewhere"])


def test_the_awards_are_the_truths_to_the_fen(lived: Lived, opened: Opened) -> None:
    listed = lived.stage.play("application", "list", *ABOUT, "--stand", "approved")
    told = {opened.number(row["application"]): row["amount_fen"] for row in listed}
    assert told == ELIGIBLE
    differing = {row["id"] for row in TRUTH["name_mismatches"]}
    agreeing = sum(fen for number, fen in told.items() if number not in differing)
    assert (sum(told.values()), agreeing) == (TRUTH["totals"]["amount_fen"], TRUTH["totals"]["amount_fen_where_names_agree"])
    counts = {batch: sum(1 for number in told if STUDENTS[number]["batch"] == batch) for batch in ("本科", "专科")}
    assert counts == {batch: TRUTH["totals"][batch] for batch in counts}


def test_everybody_awarded_signs_for_the_money(lived: Lived) -> None:
    assert lived.said["prepared"]["payments"] == len(ELIGIBLE)
    assert {row["code"] for row in lived.said["prepared"]["excluded"]} == {"award_refused"}
    assert (lived.said["paid"]["signed"], lived.said["paid"]["amount_fen"]) == (len(ELIGIBLE), TRUTH["totals"]["amount_fen"])
    (fund,) = lived.stage.play("fund", "balances")
    assert (fund["received_fen"], fund["paid_fen"], fund["available_fen"]) == (TRUTH["totals"]["amount_fen"],) * 2 + (0,)


def test_nothing_hangs_before_the_lists_were_compared(lived: Lived) -> None:
    assert lived.too_early["notice"].refused == "notice_without_cases"


def test_the_length_of_the_notice_is_asked_for(lived: Lived) -> None:
    assert lived.too_early["length"].refused == "notice_days_needed"


def test_the_list_hangs_seven_working_days_before_anything_is_approved(lived: Lived) -> None:
    assert (lived.said["posted"]["cases"], lived.said["posted"]["last_day"]) == (len(ELIGIBLE), "2022-09-06")
    early = lived.too_early["award"]
    assert (early.refused, early.document["context"]["earliest"]) == ("notice_missing", "2022-09-07")
    assert lived.too_early["completed"].refused == "notice_running"
    assert lived.said["completed"]["passed"] == len(ELIGIBLE)


def test_the_junior_college_list_is_new_in_the_second_comparison(lived: Lived) -> None:
    assert lived.said["first comparison"]["students"] == FILES["本科批.xlsx"]["accepted"]
    assert lived.said["comparison"]["students"] == len(STUDENTS)


def test_a_payment_is_traced_to_the_list_that_made_it_possible(lived: Lived) -> None:
    payment = lived.stage.play("payment", "list", *ABOUT)[0]["payment"]
    told = lived.stage.play("trace", payment)
    topics = {step["topic"] for step in told["steps"]}
    assert {"case.compared", "case.notice_passed", "application.form_recorded", "import.file_imported", "plan.adopted"} <= topics
    assert (told["complete"], told["gaps"]) == (True, [])


def test_each_case_shows_the_step_it_waited_for(lived: Lived) -> None:
    def waiting(day: str) -> set[Any]:
        listed = lived.stage.play("application", "list", *ABOUT, "--stand", "submitted", "--on", day, "--known-at", day)
        return {row["next_step"] for row in listed}

    assert waiting("2022-08-09") == {"民政局比对"}
    assert waiting("2022-08-26") == {"团县委公示"}


def test_every_list_was_in_time_and_the_day_of_the_final_list_is_asked_for(lived: Lived) -> None:
    told = {row["duty"]: (row["due_on"], row["state"]) for row in lived.said["due"]}
    assert {duty: told[duty] for duty in DUTIES} == {duty: (day, "done") for duty, day in DUTIES.items()}
    assert [row["asks"] for row in lived.said["due"] if row["duty"] == "final-list"] != [[]]


def test_the_same_file_again_records_nothing(lived: Lived) -> None:
    before = lived.stage.size()
    words = ["application", "import", str(DATA / "本科批.xlsx"), *ABOUT, "--unit", "肃南县教育局"]
    said = lived.stage.play(*words, actor="applicant-clerk", at="2022-09-20T09:00:00")
    assert (lived.stage.size(), said["recorded"], said["files"][0]["already_imported"]) == (before, 0, True)
