"""Deadlines that no duty of a plan names: lists to take down, reports on targets, and steps that do not fit their days."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzhang.domain.aid.notice import NoticePosted, NoticeWithdrawn
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.programme.facts import ProgressReported, ReportOwed, TargetSet
from mingzhang.projections.due import DueRow, due
from tests.college import GRANT, PLAN, SPRING, sha, unit
from tests.projections.recorded import Recorded, day


def said(on: date) -> dict[str, Any]:
    return {"actor": "staff-1", "effective_on": on}


def rows(log: Recorded, on: date, source: str) -> list[DueRow]:
    with log.view(on) as view:
        return [row for row in due(view) if row.source == source]


def stands(log: Recorded, on: date, source: str) -> list[tuple[Any, ...]]:
    return [(row.owner, row.period, row.due_on, row.state, row.done_on, row.days_late) for row in rows(log, on, source)]


def test_a_list_that_has_hung_its_days_is_to_be_taken_down_on_the_day_after(log: Recorded) -> None:
    posted = NoticePosted(
        **said(day(4, 1)), scheme=GRANT, period=SPRING, step="synthetic notice", number=1, unit="shifan", place="synthetic place", cases=(),
        shown=(), tiers=(), days=5, day_kind="calendar", last_day=day(4, 6), photo=False, plan_version="2020.1",
    )  # fmt: skip
    log.record(("notice/n1", posted))
    assert stands(log, day(4, 7), "notice") == [("shifan", SPRING, "2020-04-07", "open", None, 0)]
    assert stands(log, day(4, 9), "notice") == [("shifan", SPRING, "2020-04-07", "late", None, 2)]
    log.record(("notice/n1", NoticeWithdrawn(**said(day(4, 9)), early=False)))
    assert stands(log, day(4, 10), "notice") == [("shifan", SPRING, "2020-04-07", "done_late", "2020-04-09", 2)]
    assert rows(log, day(4, 10), "notice")[0].duty == "notice/n1"


def target(code: str) -> tuple[str, TargetSet]:
    fact = TargetSet(
        **said(day(1, 1)), plan=PLAN, code=code, name=code, action="synthetic", measure="所", value="3", direction="at_least",
        since=day(1, 1), due_on=day(12, 31), owner="shifan", adds_up=True, reports=(ReportOwed(kind="quarterly", within_days=10),),
    )  # fmt: skip
    return f"target/{PLAN}/{code}", fact


def figure(code: str, sent_on: date) -> tuple[str, ProgressReported]:
    fact = ProgressReported(**said(day(3, 31)), plan=PLAN, code=code, report="quarterly", value="1", unit="shifan", sent_on=sent_on)
    return f"target/{PLAN}/{code}", fact


def test_a_report_is_made_when_every_target_of_its_owner_is_in_it(log: Recorded) -> None:
    log.record(target("one"), target("two"), figure("one", day(4, 8)))
    assert stands(log, day(4, 11), "target")[0] == ("shifan", "2020-Q1", "2020-04-10", "late", None, 1)
    log.record(figure("two", day(4, 12)))
    assert stands(log, day(4, 11), "target")[0] == ("shifan", "2020-Q1", "2020-04-10", "late", None, 1)
    assert stands(log, day(4, 12), "target")[0] == ("shifan", "2020-Q1", "2020-04-10", "done_late", "2020-04-12", 2)


def test_where_two_notices_do_not_fit_the_earliest_possible_day_is_shown(log: Recorded) -> None:
    text = bundled_text("funan-2020")
    adopted = PlanAdopted(**said(day(7, 1)), code="funan-2020", plan_version="1", text=text, sha256=sha(text))
    log.record(("plan/funan-2020", adopted), unit("education-bureau", kind="bureau"))
    shown = {row.due_on: row.earliest_on for row in rows(log, day(8, 1), "scheme") if row.due_on is not None}
    assert shown["2020-09-15"] is not None and shown["2020-09-15"] > "2020-09-15"
