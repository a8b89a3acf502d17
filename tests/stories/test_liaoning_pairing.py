"""Plan S1's year agrees with the data set's truth to the row: files, missing months and quarters, help, ratios, and what is odd."""

from __future__ import annotations

from typing import Any

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from tests.stories.conftest import Lives
from tests.stories.liaoning_pairing import CLAIMED, DATA, END, FORMS, PLANS, TRUTH, PairingYear

PLACE = ("sheet", "row", "column", "code")
YEAR = "2018-06/2019-05"


@pytest.fixture(scope="module")
def lived(lives: Lives) -> PairingYear:
    found = lives("liaoning_pairing")
    assert isinstance(found, PairingYear)
    return found


@pytest.fixture(scope="module")
def by_id(lived: PairingYear) -> dict[str, dict[str, Any]]:
    """Identity number → the pairing as the year's end tells it."""
    session = Session(Globals(str(lived.stage.ledger), None, "zh", True, True, None))
    try:
        numbers = [row["id"] for row in TRUTH["pairings"]]
        refs = dict(zip(session.vault.subjects_for(numbers), numbers, strict=True))
    finally:
        session.__exit__()
    return {refs[row["student"]]: row for row in lived.gaps["pairings"]}


def quarter(name: str) -> str:
    """2018Q3 as the ledger writes it."""
    return f"{name[:4]}-{name[4:]}"


@pytest.mark.parametrize("path", [file["path"] for file in TRUTH["files"]])
def test_every_file_is_taken_in_as_the_truth_says(lived: PairingYear, path: str) -> None:
    truth = next(file for file in TRUTH["files"] if file["path"] == path)
    said = lived.files[path]
    (file,) = said["files"]
    assert (file["rows"], file["accepted"], said["recorded"]) == (truth["rows_seen"], truth["accepted"], truth["accepted"])
    assert [{name: one[name] for name in PLACE} for one in file["refused"]] == truth["refused"]
    assert (file["duplicates"], said["exit"]) == ([], 3 if truth["refused"] else 0)


def test_every_unit_has_its_share(lived: PairingYear) -> None:
    assert lived.files["任务分解表.xlsx"]["recorded"] == len(lived.gaps["units"]) == TRUTH["totals"]["departments"]
    assert all(row["students"] == row["pairings"] for row in lived.gaps["units"])


def test_every_missing_month_and_quarter_is_named(by_id: dict[str, dict[str, Any]]) -> None:
    assert {number: (row["missing"]["call"], row["missing"]["visit"]) for number, row in by_id.items()} == {
        row["id"]: (row["months_without_call"], [quarter(name) for name in row["quarters_without_visit"]]) for row in TRUTH["pairings"]
    }
    assert sum(len(row["missing"]["call"]) for row in by_id.values()) == TRUTH["totals"]["months_without_call"]
    assert sum(len(row["missing"]["visit"]) for row in by_id.values()) == TRUTH["totals"]["quarters_without_visit"]


def test_calls_and_visits_are_counted_in_their_months(by_id: dict[str, dict[str, Any]]) -> None:
    def counted(row: dict[str, Any], kind: str) -> list[int]:
        return [row["by_month"].get(month, {kind: 0})[kind] for month in TRUTH["months"]]

    assert {number: (counted(row, "calls"), counted(row, "visits")) for number, row in by_id.items()} == {
        row["id"]: (row["calls"], row["visits"]) for row in TRUTH["pairings"]
    }


def test_help_and_solved_problems_are_owed_once_a_year(by_id: dict[str, dict[str, Any]]) -> None:
    assert {number: (row["missing"]["support"], row["missing"]["problem_solved"]) for number, row in by_id.items()} == {
        row["id"]: ([] if row["support_given"] else [YEAR], [] if row["problem_solved"] else [YEAR]) for row in TRUTH["pairings"]
    }
    assert {number: row["support_fen"] for number, row in by_id.items()} == {row["id"]: row["support_fen"] for row in TRUTH["pairings"]}


def test_units_below_one_household_for_three_cadres_are_named(lived: PairingYear) -> None:
    names = ("unit", "row", "cadres", "households", "needed")
    below = [{name: row[name] for name in names} for row in lived.gaps["units"] if not row["kept"]]
    assert below == TRUTH["departments_breaking_ratio"]


def test_every_late_record_is_named_with_file_and_row(lived: PairingYear) -> None:
    found = sorted((row["file"], row["row"], row["days"]) for row in lived.gaps["late"])
    assert found == sorted((row["file"], row["row"], row["days"]) for row in TRUTH["recorded_late"])


def rows_of(one: dict[str, Any], name: str) -> list[tuple[str, int]]:
    return sorted((row["file"], row["row"]) for row in one[name])


def test_a_text_copied_to_five_pairings_is_named(lived: PairingYear) -> None:
    found = sorted((row["on"], len(row["pairings"]), rows_of(row, "contacts")) for row in lived.gaps["copied"])
    assert found == sorted((row["date"], len(row["pairings"]), rows_of(row, "rows")) for row in TRUTH["copied_text"])


def test_a_day_with_more_than_eight_visits_is_named(lived: PairingYear) -> None:
    found = sorted((row["on"], row["visits"], rows_of(row, "contacts")) for row in lived.gaps["impossible"])
    assert found == sorted((row["date"], row["visits"], rows_of(row, "rows")) for row in TRUTH["impossible_days"])


def test_forms_and_help_plans_are_dated(lived: PairingYear) -> None:
    filed = {row["pairing"]: row["form_filed_on"] for row in lived.gaps["pairings"] if row["unit"] == "市委办"}
    assert filed == dict.fromkeys(lived.forms, FORMS)
    planned = {row["pairing"]: row["plan_agreed_on"] for row in lived.gaps["pairings"] if row["plan_agreed_on"]}
    assert planned == dict.fromkeys(lived.planned, PLANS)


def test_the_same_file_again_records_nothing(lived: PairingYear) -> None:
    size = lived.stage.size()
    for group, path in (("pairing", "任务分解表.xlsx"), ("pairing", "登记表.xlsx"), ("contact", "工作记录表-2018-06.xlsx")):
        said = lived.stage.play(group, "import", str(DATA / path), actor="helper-clerk", at=f"{END}T20:00:00")
        assert (said["recorded"], said["files"][0]["already_imported"]) == (0, True)
    assert lived.stage.size() == size


def test_nothing_was_owed_before_the_first_full_month(lived: PairingYear) -> None:
    early = lived.stage.play("pairing", "gaps", "--on", CLAIMED)
    assert len(early["pairings"]) == TRUTH["totals"]["pairings"]
    assert not any(any(row["missing"].values()) for row in early["pairings"])


def test_the_plan_that_decides_is_the_one_of_the_day(lived: PairingYear) -> None:
    before = lived.stage.play("pairing", "gaps", "--on", "2018-07-31")
    assert {name for row in before["pairings"] for name in row["missing"]["call"]} == {"2018-06", "2018-07"}
    assert not any(row["missing"]["visit"] or row["missing"]["support"] for row in before["pairings"])
