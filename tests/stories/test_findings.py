"""What audit rules find in the years of the other plans: the odd records that were planted, the office's own delays, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.projections.trail import trace
from tests.stories.conftest import Lives
from tests.stories.forms import Opened
from tests.stories.funan_2020 import TRUTH as FUNAN
from tests.stories.liaoning_pairing import TRUTH
from tests.stories.test_funan_2020 import NUMBERS as FUNAN_NUMBERS

ELSEWHERE = {
    "hunan_tutoring": {},
    "city_education": {},
    "funan_2020": {"paid_late": 1, "account_shared_by_several_students": 3},
    "sunan_2022": {"backdated_entry": 1},
    "schools": {},
}
"""By story: Funan paid its county grant five days late and cleared three accounts across households; Sunan dated a duty back, without a
report, to the very day on which it had been due. The year of S2 and S3 is lived twice, its targets (`city_education`) and its schools
(`schools`); no money is paid in either."""


def found(lives: Lives, story: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lives(story).stage.ask("findings")
    return rows


@pytest.fixture(scope="module")
def pairing(lives: Lives) -> dict[str, list[dict[str, Any]]]:
    """The findings of plan S1's year by rule, each with the rows of the files its events were read from."""
    session = Session(Globals(str(lives("liaoning_pairing").stage.ledger), None, "zh", True, True, None))
    journal, told = session.ledger.journal, found(lives, "liaoning_pairing")

    def place(event: str) -> tuple[str, int | None]:
        source = next(step for step in trace(journal, event).steps if step.event == event).source
        return (source.file, source.row) if source is not None else ("", None)

    by_rule: dict[str, list[dict[str, Any]]] = {}
    for row in told:
        by_rule.setdefault(row["rule"], []).append(row | {"places": sorted(place(event) for event in row["events"])})
    session.__exit__()
    return by_rule


def rows_of(one: dict[str, Any]) -> list[tuple[str, int]]:
    return sorted((row["file"], row["row"]) for row in one["rows"])


def test_every_contact_written_down_late_is_found_in_its_row(pairing: dict[str, list[dict[str, Any]]]) -> None:
    told = sorted((*row["places"], row["days"]) for row in pairing["contact_recorded_late"])
    assert told == sorted(((row["file"], row["row"]), row["days"]) for row in TRUTH["recorded_late"])


def test_every_copied_text_is_found_with_all_its_rows(pairing: dict[str, list[dict[str, Any]]]) -> None:
    told = sorted((row["on"], row["count"], row["places"]) for row in pairing["contact_text_copied"])
    assert told == sorted((row["date"], len(row["pairings"]), rows_of(row)) for row in TRUTH["copied_text"])


def test_every_impossible_day_is_found_with_all_its_rows(pairing: dict[str, list[dict[str, Any]]]) -> None:
    told = sorted((row["on"], row["count"], row["places"]) for row in pairing["contact_schedule_impossible"])
    assert told == sorted((row["date"], row["visits"], rows_of(row)) for row in TRUTH["impossible_days"])


def test_nothing_else_is_found_in_a_year_of_pairings(pairing: dict[str, list[dict[str, Any]]]) -> None:
    assert set(pairing) == {"contact_recorded_late", "contact_text_copied", "contact_schedule_impossible"}


@pytest.mark.parametrize("story", ELSEWHERE)
def test_the_other_years_hold_what_their_offices_did_and_nothing_else(lives: Lives, story: str) -> None:
    assert Counter(row["rule"] for row in found(lives, story)) == ELSEWHERE[story]


def test_the_accounts_found_in_funan_are_the_truths_suspicious_ones_with_all_who_share_them(lives: Lives) -> None:
    opened = Opened(lives("funan_2020").stage, FUNAN_NUMBERS)
    told = [
        sorted(opened.numbers[student] for student in {*row["students"], *row["others"]})
        for row in found(lives, "funan_2020")
        if row["rule"] == "account_shared_by_several_students"
    ]
    opened.close()
    assert sorted(told) == sorted(sorted(row["students"]) for row in FUNAN["shared_accounts"] if row["suspicious"])
    [late] = [row for row in found(lives, "funan_2020") if row["rule"] == "paid_late"]
    assert (late["due_on"], late["days"], late["plan"]) == ("2020-09-20", 5, "funan-2020")


def test_the_duty_found_backdated_in_sunan_is_the_offices_own(lives: Lives) -> None:
    [late] = found(lives, "sunan_2022")
    assert (late["topic"], late["subject"].partition("/")[0], late["amount_fen"]) == ("duty.discharged", "duty", 0)
