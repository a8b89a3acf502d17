"""Plan S2's targets, reports and figures agree with the data set's truth, row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.stories.taian_actions import PROGRESS, REPORTS, YEAR_END, ProgrammeYear, indicators, live, told_of


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> ProgrammeYear:
    return live(tmp_path_factory.mktemp("actions"), "taian-actions")


@pytest.fixture(scope="module")
def at_year_end(actions: ProgrammeYear) -> dict[str, dict[str, Any]]:
    return actions.listed(YEAR_END)


def exact(value: object) -> Decimal:
    return Decimal(str(value))


def test_the_workbook_meets_the_targets_that_the_plan_set(actions: ProgrammeYear) -> None:
    all_or_nothing, valid = actions.set_by_workbook
    [file] = all_or_nothing.document["files"]
    assert (all_or_nothing.code, all_or_nothing.document["recorded"]) == (3, 0)
    assert len(file["duplicates"]) == len(indicators("S2")) and {row["code"] for row in file["duplicates"]} == {"target_set_already"}
    assert [row["code"] for row in file["refused"]] == ["plan_not_adopted"] * len(indicators("S3"))
    assert valid.document["files"][0]["accepted"] == 0


def test_only_figures_of_adopted_plans_are_taken(actions: ProgrammeYear) -> None:
    assert actions.reported is not None
    [file] = actions.reported.document["files"]
    assert (actions.reported.code, file["rows"]) == (3, PROGRESS["reports"])
    assert {row["code"] for row in file["refused"]} == {"target_unknown"}
    assert (len(file["refused"]), file["accepted"]) == (187, 396)


@pytest.mark.parametrize("truth", indicators("S2"), ids=lambda row: row["indicator"])
def test_a_target_stands_as_the_truth_has_it(at_year_end: dict[str, dict[str, Any]], truth: dict[str, Any]) -> None:
    row = at_year_end[truth["indicator"]]
    direction = {"不低于": "at_least", "不高于": "at_most"}[truth["direction"]]
    assert (exact(row["target"]), row["direction"], row["due_on"]) == (exact(truth["target"]), direction, truth["due"])
    assert (exact(row["value_when_due"]), row["met_when_due"]) == (exact(truth["value_when_due"]), truth["met_when_due"])
    assert (exact(row["value"]), row["met"]) == (exact(truth["value_at_year_end"]), truth["met_at_year_end"])


def test_the_report_that_says_so_is_named_with_its_place(at_year_end: dict[str, dict[str, Any]]) -> None:
    report = at_year_end["职业培训"]["report"]
    assert (report["file"], report["sheet"], report["on"], report["unit"]) == ("进度.xlsx", "半年通报", YEAR_END, "职成教科")
    assert report["event"].startswith("target/taian-actions/职业培训@") and report["row"] > 2


def test_a_target_that_is_due_next_year_owes_nothing_yet(at_year_end: dict[str, dict[str, Any]]) -> None:
    second = at_year_end["第二年新建改扩建幼儿园"]
    assert (second["value"], second["on_course"], second["met_when_due"]) == (None, None, None)


def test_reports_missing_are_those_of_the_truth(actions: ProgrammeYear) -> None:
    found = [(r["indicator"], r["report"], r["period_end"], r["owner"]) for r in actions.asked["missing"]["missing"]]
    told = told_of(PROGRESS["missing"], "S2")
    assert sorted(found) == sorted((r["indicator"], REPORTS[r["report"]], r["period_end"], r["owner"]) for r in told)


def test_reports_late_are_those_of_the_truth_to_the_day(actions: ProgrammeYear) -> None:
    found = [(r["indicator"], r["report"], r["period_end"], r["days_late"]) for r in actions.asked["missing"]["late"]]
    told = told_of(PROGRESS["late"], "S2")
    assert sorted(found) == sorted((r["indicator"], REPORTS[r["report"]], r["period_end"], r["days_late"]) for r in told)


def test_figures_that_fell_although_they_add_up_are_found(actions: ProgrammeYear) -> None:
    rows = actions.asked["missing"]["decreasing"]
    found = [(r["indicator"], r["from_on"], exact(r["from_value"]), r["to_on"], exact(r["to_value"])) for r in rows]
    told = told_of(PROGRESS["decreasing"], "S2")
    assert sorted(found) == sorted((r["indicator"], r["from"][0], exact(r["from"][1]), r["to"][0], exact(r["to"][1])) for r in told)


def test_before_the_figures_came_nothing_was_known_of_them(actions: ProgrammeYear) -> None:
    before = actions.listed(YEAR_END, "--known-at", str(actions.before_figures))
    assert {row["value"] for row in before.values()} == {None}


def test_in_the_middle_of_the_year_the_pace_says_who_is_behind(actions: ProgrammeYear) -> None:
    rows = actions.listed("2018-06-30")
    assert rows["建设辅导站"]["on_course"] is False and rows["职业培训"]["on_course"] is True
    assert (rows["农村学校结对率"]["on_course"], rows["农村学校结对率"]["value_when_due"]) == (False, "83.51")


def test_a_figure_is_corrected_and_the_wrong_one_stays_known(actions: ProgrammeYear) -> None:
    play, size = actions.stage.play, actions.stage.size()
    words = ("移民培训", "--report", "monthly", "--on", "2018-09-30", "--value", "800", "--reason", "漏计一期")
    play("progress", "correct", *words, actor="clerk", at="2019-02-01T09:00:00")
    asked = ("progress", "missing", "--on", "2019-01-31")
    now = play(*asked, at="2019-02-01T10:00:00")["decreasing"]
    then = play(*asked, "--known-at", str(size), at="2019-02-01T10:00:00")["decreasing"]
    assert {row["indicator"] for row in then} - {row["indicator"] for row in now} == {"移民培训"}
