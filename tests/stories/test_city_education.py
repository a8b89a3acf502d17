"""Plan S3's targets beside plan S2's: every count and every row of the data set's truth about progress."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.stories.conftest import Lives
from tests.stories.taian_actions import PROGRESS, REPORTS, YEAR_END, ProgrammeYear, indicators


@pytest.fixture(scope="module")
def both(lives: Lives) -> ProgrammeYear:
    found = lives("city_education")
    assert isinstance(found, ProgrammeYear)
    return found


@pytest.fixture(scope="module")
def at_year_end(both: ProgrammeYear) -> dict[str, dict[str, Any]]:
    return both.listed(YEAR_END)


def test_the_whole_workbooks_are_taken(both: ProgrammeYear) -> None:
    assert both.reported is not None
    [targets] = both.set_by_workbook[0].document["files"]
    assert (len(targets["duplicates"]), targets["refused"]) == (PROGRESS["indicators"], [])
    assert (both.reported.code, both.reported.document["recorded"]) == (0, PROGRESS["reports"])


@pytest.mark.parametrize("truth", indicators("S3"), ids=lambda row: row["indicator"])
def test_a_target_stands_as_the_truth_has_it(at_year_end: dict[str, dict[str, Any]], truth: dict[str, Any]) -> None:
    row = at_year_end[truth["indicator"]]
    figures = [Decimal(row[name]) for name in ("target", "value_when_due", "value")]
    assert figures == [Decimal(str(truth[name])) for name in ("target", "value_when_due", "value_at_year_end")]
    assert (row["plan"], row["due_on"]) == ("city-education", truth["due"])
    assert (row["met_when_due"], row["met"]) == (truth["met_when_due"], truth["met_at_year_end"])


def test_as_many_targets_are_met_as_the_truth_says(at_year_end: dict[str, dict[str, Any]]) -> None:
    assert sum(1 for row in at_year_end.values() if row["met"]) == PROGRESS["met_at_year_end"]
    assert sum(1 for row in at_year_end.values() if row["value"] is not None) == PROGRESS["indicators"]


def test_missing_and_late_reports_and_falls_are_all_of_the_truth(both: ProgrammeYear) -> None:
    asked = both.asked["missing"]
    missing = [(r["indicator"], r["report"], r["period_end"], r["owner"]) for r in asked["missing"]]
    assert sorted(missing) == sorted((r["indicator"], REPORTS[r["report"]], r["period_end"], r["owner"]) for r in PROGRESS["missing"])
    late = [(r["indicator"], r["report"], r["period_end"], r["days_late"], r["owner"]) for r in asked["late"]]
    told = [(r["indicator"], REPORTS[r["report"]], r["period_end"], r["days_late"], r["owner"]) for r in PROGRESS["late"]]
    assert sorted(late) == sorted(told)
    assert {r["indicator"] for r in asked["decreasing"]} == {r["indicator"] for r in PROGRESS["decreasing"]}


def test_the_same_figures_again_record_nothing(both: ProgrammeYear) -> None:
    size = both.stage.size()
    again = both.stage.play("progress", "import", str(both.stage.ledger.parent / "进度.xlsx"), actor="clerk", at="2019-02-01T09:00:00")
    assert (again["recorded"], again["files"][0]["already_imported"], both.stage.size()) == (0, True, size)


def test_one_unit_sees_what_it_owes(both: ProgrammeYear) -> None:
    owed = both.stage.play("progress", "missing", "--unit", "师训科", "--on", "2019-01-31", at="2019-02-01T10:00:00")
    assert [row["indicator"] for row in owed["missing"]] == ["培训费占公用经费比例"]
    assert {row["owner_id"] for row in owed["late"]} == {"shixun"}
