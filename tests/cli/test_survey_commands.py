"""A round goes its way: opened, filled, corrected, submitted, consolidated, reported, amended, closed; each step once and by its role."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.player import Player
from tests.stories.practice import DAY, ROUND, copy_of, import_words, new_ledger, properly, refusal, survey_file
from tests.workbooks.made_up import HEADER, number_of, row_of, write_xlsx

ABOUT = ("--round", ROUND)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    folder = tmp_path_factory.mktemp("practice")
    made = new_ledger(folder / "ledger")
    for unit, persons in (("师范系", range(4)), ("机械系", range(4, 6))):
        file = survey_file(folder / f"{unit}.xlsx", persons, unit=unit)
        made.play(*import_words(file), actor="surveyor", at="2020-03-15T10:00:00")
    return made


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


def correction(folder: Path, person: int, **changed: object) -> Path:
    return write_xlsx(folder / "更正.xlsx", [HEADER, row_of(person, 院系="师范系", **changed)])


def test_totals_count_departments_categories_and_the_school(player: Player) -> None:
    said = player.play("survey", "totals", *ABOUT)
    assert {row["unit"]: row["entries"] for row in said["units"] if row["entries"]} == {"师范系": 4, "机械系": 2}
    assert (said["round"], said["entries"], said["by_category"], said["new"]) == (ROUND, 6, {"低保": 6}, 0)


def test_totals_of_an_earlier_day_are_those_of_that_day(player: Player) -> None:
    assert player.play("survey", "totals", *ABOUT, "--on", "2020-03-14")["entries"] == 0
    assert player.play("survey", "totals", *ABOUT, "--known-at", "2020-03-14")["entries"] == 0


def test_a_correction_counts_from_its_day_on(player: Player, tmp_path: Path) -> None:
    words = ["survey", "correct", str(correction(tmp_path, 1, 困难类别="孤儿")), *ABOUT, "--reason", "复核"]
    said = player.play(*words, actor="surveyor", at="2020-03-17T10:00:00")
    assert (said["recorded"], said["files"][0]["accepted"], said["files"][0]["unchanged"]) == (1, 1, 0)
    assert player.play("survey", "totals", *ABOUT, "--on", "2020-03-17")["by_category"] == {"低保": 5, "孤儿": 1}
    assert player.play("survey", "totals", *ABOUT, "--on", "2020-03-16")["by_category"] == {"低保": 6}


def test_a_row_that_says_the_same_is_reported_as_unchanged(player: Player, tmp_path: Path) -> None:
    said = player.play("survey", "correct", str(correction(tmp_path, 1)), *ABOUT, actor="surveyor", at="2020-03-17T10:00:00", codes=(0,))
    assert (said["recorded"], said["files"][0]["rows"], said["files"][0]["unchanged"]) == (0, 1, 1)


def test_saying_that_somebody_is_not_new_is_no_correction(player: Player, tmp_path: Path) -> None:
    """An empty 是否新增 and 否 are the same."""
    file = write_xlsx(tmp_path / "更正.xlsx", [[*HEADER, "是否新增"], [*row_of(1, 院系="师范系"), "否"]])
    said = player.play("survey", "correct", str(file), *ABOUT, actor="surveyor", at="2020-03-17T10:00:00")
    assert (said["recorded"], said["files"][0]["unchanged"]) == (0, 1)


def test_who_was_not_surveyed_cannot_be_corrected(player: Player, tmp_path: Path) -> None:
    said = player.run("survey", "correct", str(correction(tmp_path, 77)), *ABOUT, actor="surveyor", at="2020-03-17T10:00:00")
    (problem,) = said.document["files"][0]["refused"]
    assert (said.code, problem["row"], problem["column"], problem["code"]) == (3, 2, "身份证号", "not_surveyed")
    assert player.run("student", "find", "--id-number", number_of(77)).refused == "student_not_found"


def test_a_withdrawn_entry_counts_no_more_and_may_be_taken_in_again(player: Player, tmp_path: Path) -> None:
    student = player.play("student", "find", "--id-number", number_of(0))["student"]
    player.play("survey", "withdraw", student, *ABOUT, "--reason", "非本校学生", actor="surveyor", at="2020-03-17T10:00:00")
    assert player.play("survey", "totals", *ABOUT)["entries"] == 5
    file = survey_file(tmp_path / "再.xlsx", [0], 人均年收入="900")
    assert player.play(*import_words(file), actor="surveyor", at="2020-03-18T10:00:00")["recorded"] == 1
    assert player.play("survey", "totals", *ABOUT)["entries"] == 6


def test_a_round_goes_its_way(player: Player, tmp_path: Path) -> None:
    for unit in ("师范系", "综职系", "公建系", "农牧系", "机械系"):
        player.play("survey", "submit", *ABOUT, "--unit", unit, actor="surveyor", at="2020-03-20T15:00:00")
    assert player.play("survey", "consolidate", *ABOUT, actor="clerk", at="2020-03-30T09:00:00")["entries"] == 6
    assert player.play("survey", "report", *ABOUT, actor="clerk", at="2020-03-30T16:00:00")["entries"] == 6
    late = survey_file(tmp_path / "补充.xlsx", [50])
    player.play(*import_words(late), actor="surveyor", at="2020-03-31T10:00:00")
    assert player.run("survey", "report", *ABOUT, actor="clerk", at="2020-03-31T17:00:00").refused == "reason_missing"
    amended = player.play("survey", "report", *ABOUT, "--reason", "月末清点", actor="clerk", at="2020-03-31T17:00:00")
    assert amended["entries"] == 7
    player.play("survey", "close", *ABOUT, actor="clerk", at="2020-09-30T09:00:00")
    said = player.run(*import_words(survey_file(tmp_path / "晚.xlsx", [60])), actor="surveyor", at="2020-10-01T10:00:00")
    assert refusal(said) == properly("round_closed")


@pytest.mark.parametrize("verb", ["consolidate", "report", "close"])
def test_a_surveyor_does_not_speak_for_the_school(player: Player, verb: str) -> None:
    before = player.size()
    said = player.run("survey", verb, *ABOUT, actor="surveyor", at=f"{DAY}T10:00:00")
    assert (refusal(said), player.size()) == (properly("role_missing"), before)


def test_a_round_is_opened_once(player: Player) -> None:
    said = player.run("survey", "open", ROUND, actor="clerk", at=f"{DAY}T10:00:00")
    assert (said.code, bool(said.document["next"])) == (1, True)


def test_the_unit_given_serves_a_file_without_departments(player: Player, tmp_path: Path) -> None:
    place = HEADER.index("院系")
    rows = [[cell for number, cell in enumerate(row) if number != place] for row in (HEADER, row_of(90), row_of(91))]
    file = write_xlsx(tmp_path / "无院系.xlsx", rows)
    assert refusal(player.run(*import_words(file), actor="surveyor", at=f"{DAY}T10:00:00")) == properly("column_missing")
    for unit in ("综职系", "zongzhi"):
        said = player.run(*import_words(file), "--unit", unit, "--dry-run", actor="surveyor", at=f"{DAY}T10:00:00")
        assert (said.code, said.document["files"][0]["accepted"]) == (0, 2)


def test_somebody_surveyed_already_is_told_with_round_and_place(player: Player, tmp_path: Path) -> None:
    file = survey_file(tmp_path / "后.xlsx", [1, 60])
    (told,) = player.play(*import_words(file), actor="surveyor", at=f"{DAY}T10:05:00")["files"][0]["duplicates"]
    assert told["first_file"] == "师范系.xlsx" and ROUND in told["message"] and "师范系.xlsx" in told["message"]
    assert "…" not in told["message"]
