"""Plan S0's deadlines over the lived year: surveys, reports and head counts are discharged by the facts themselves, each on its day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.fuxin_2020 import TERMS, TRUTH, Year


@pytest.fixture(scope="module")
def rows(year: Year) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = year.player.play("due", "--on", "2020-12-31", "--plan", "fuxin-2020")
    return found


@pytest.mark.parametrize("term", TERMS)
def test_every_departments_survey_is_done_on_the_day_it_was_submitted(rows: list[dict[str, Any]], term: str) -> None:
    submitted = TRUTH["rounds"][term]["stages"][1]
    found = {row["owner"]: row for row in rows if row["duty"] == f"{term}-department-survey"}
    assert {unit: row["done_on"] for unit, row in found.items()} == dict.fromkeys(submitted["units"], submitted["as_of"])
    assert all(row["done_by"].startswith(f"round/2020-{term}@") for row in found.values())
    assert {(row["state"], row["days_late"]) for row in found.values()} == {("done_late", 10)}


@pytest.mark.parametrize("term", TERMS)
def test_the_school_reports_and_counts_heads_in_time(rows: list[dict[str, Any]], term: str) -> None:
    stages = TRUTH["rounds"][term]["stages"]
    found = {row["duty"]: (row["state"], row["done_on"]) for row in rows}
    assert found[f"{term}-school-report"] == ("done", stages[1]["as_of"])
    assert found[f"{term}-head-count"] == ("done", stages[2]["as_of"])


@pytest.mark.parametrize("term", TERMS)
def test_aid_is_discharged_by_the_last_payment(rows: list[dict[str, Any]], term: str) -> None:
    (found,) = [row for row in rows if row["duty"] == f"{term}-payment"]
    assert (found["due_on"], found["asks"]) == (None, [f"{term}-payment"])
    assert found["done_by"].startswith("payment/") and found["done_on"] == TRUTH["rounds"][term]["pay_date"]


def test_what_nobody_did_is_still_owed(rows: list[dict[str, Any]]) -> None:
    found = {row["duty"]: (row["state"], row["days_late"]) for row in rows if row["done_on"] is None}
    assert found == {"info-cards": ("late", 153), "inspections": ("open", 0)}


def test_on_the_report_day_the_autumn_was_still_to_come(year: Year) -> None:
    found = year.player.play("due", "--on", "2020-03-30", "--known-at", "2020-03-30")
    assert {row["state"] for row in found if row["period"] == "2020-autumn"} <= {"open", "external"}
