"""Which lists hang where and until when, whom an objection holds, and what a public list may say of anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.facts import CaseFreed, CaseHeld, NoticePassed
from mingzhang.domain.aid.notice import NoticeCompleted, NoticeEvidenceAdded, NoticePosted, NoticeWithdrawn
from mingzhang.projections.disclosure import PublicLine, public_line
from mingzhang.projections.notices import noticed_cases, notices
from tests.college import GRANT, S1, S2, SPRING, case, sha
from tests.projections.recorded import Event, Recorded, day

SAID: dict[str, Any] = {"actor": "staff-1"}
LAST = day(4, 9)


def posted(notice: str = "n1", unit: str = "shifan", **more: Any) -> Event:
    fields: dict[str, Any] = {
        "scheme": GRANT,
        "period": SPRING,
        "step": "公示",
        "number": 1,
        "unit": unit,
        "place": "公告栏",
        "cases": (case(S1), case(S2)),
        "shown": (f"entry/{SPRING}/{S1}@1", f"entry/{SPRING}/{S2}@1"),
        "tiers": ("建档立卡", None),
        "days": 5,
        "day_kind": "workdays",
        "last_day": LAST,
        "photo": True,
        "plan_version": "2020.1",
    }
    return f"notice/{notice}", NoticePosted(**SAID, effective_on=day(4, 1), **(fields | more))


def completed(on: date, *students: str, held: tuple[str, ...] = ()) -> list[Event]:
    fact = NoticeCompleted(**SAID, effective_on=on, passed=tuple(case(s) for s in students), held=held)
    passed = NoticePassed(**SAID, effective_on=on, notice="n1", step="公示")
    return [("notice/n1", fact), *((case(student), passed) for student in students)]


def withdrawn(on: date, early: bool = False) -> Event:
    return "notice/n1", NoticeWithdrawn(**SAID, effective_on=on, early=early)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (day(4, 1), "posted"),
        (LAST, "posted"),
        (day(4, 10), "completed"),
        (day(4, 11), "overdue_to_withdraw"),
        (day(4, 12), "withdrawn"),
    ],
)
def test_a_notice_stands_as_its_days_go(log: Recorded, on: date, state: str) -> None:
    log.record(posted())
    log.record(*completed(day(4, 10), S1, S2))
    log.record(withdrawn(day(4, 12)))
    with log.view(on) as view:
        assert [row.state for row in notices(view)] == [state]


def test_a_list_nobody_completed_is_to_be_taken_down_all_the_same(log: Recorded) -> None:
    log.record(posted())
    with log.view(day(5, 1)) as view:
        (row,) = notices(view)
    assert (row.state, row.withdraw_by, row.completed_on) == ("overdue_to_withdraw", "2020-04-10", None)


def test_before_it_was_posted_there_is_no_notice(log: Recorded) -> None:
    log.record(posted())
    with log.view(day(3, 31)) as view:
        assert notices(view) == []


def test_what_was_not_yet_known_is_not_shown(log: Recorded) -> None:
    log.record(posted())
    size = log.journal.head().size
    log.record(*completed(day(4, 10), S1))
    with log.view(day(4, 10), size) as view:
        assert [(row.state, row.passed) for row in notices(view)] == [("posted", 0)]


def test_an_objection_counts_as_held_while_it_is_open(log: Recorded) -> None:
    log.record(posted(), (case(S1), CaseHeld(**SAID, effective_on=day(4, 2), objection="o1")))
    log.record((case(S1), CaseFreed(**SAID, effective_on=day(4, 8), objection="o1")))
    with log.view(day(4, 7)) as before, log.view(day(4, 8)) as after:
        assert [notices(view)[0].held for view in (before, after)] == [1, 0]


def test_a_case_that_passes_later_is_counted_with_its_own_day(log: Recorded) -> None:
    log.record(posted(), *completed(day(4, 10), S2, held=(case(S1),)))
    log.record(*completed(day(4, 20), S1))
    with log.view(day(4, 20)) as view:
        (row,) = notices(view)
        cases = noticed_cases(view, "n1")
    assert (row.passed, row.completed_on) == (2, "2020-04-10")
    assert [(one.line, one.student, one.passed_on) for one in cases] == [(1, S1, "2020-04-20"), (2, S2, "2020-04-10")]


def test_photos_add_up(log: Recorded) -> None:
    evidence = NoticeEvidenceAdded(**SAID, effective_on=day(4, 2), evidence=(sha("b"), sha("c")))
    log.record(posted(), ("notice/n1", evidence))
    with log.view(day(4, 2)) as view:
        assert notices(view)[0].photos == 2


def test_a_notice_broken_off_holds_nobody(log: Recorded) -> None:
    log.record(posted(), (case(S1), CaseHeld(**SAID, effective_on=day(4, 2), objection="o1")), withdrawn(day(4, 3), early=True))
    with log.view(day(4, 3)) as view:
        assert [(row.state, row.early, row.held) for row in notices(view)] == [("withdrawn", True, 0)]


def test_a_unit_sees_its_own_notices_and_those_below(log: Recorded) -> None:
    log.record(posted("n1", "shifan"), posted("n2", "zongzhi"))
    with log.view(day(4, 1)) as view:
        assert [[row.notice for row in notices(view, unit=unit)] for unit in ("shifan", "college")] == [["n1"], ["n1", "n2"]]


SEALED = {
    "name": "测试甲",
    "id_number": "110101200001010014",
    "xueji": "G110101200001010014",
    "phone": "13800000000",
    "account": "6222020000000000000",
    "address": "测试省测试县测试村1号",
    "guardian": "测试乙",
    "school": "测试学校",
    "grade": "2019级",
    "class_name": "3班",
    "household_place": "测试县",
    "remark": "测试备注",
}


def test_a_public_line_shows_these_seven_things_and_nothing_else() -> None:
    line = public_line(1, SEALED, unit="师范系", scheme="资助金", tier="一档")
    assert line == PublicLine(1, "测**", "测试学校", "师范系", "2019级", "3班", "资助金", "一档")
    hidden = set(SEALED) - {"school", "grade", "class_name"}
    assert [field for field in hidden if SEALED[field] in "|".join(map(str, line))] == []


@pytest.mark.parametrize("field", ["school", "grade", "class_name"])
def test_a_number_or_the_name_written_into_the_wrong_column_is_not_hung_up(field: str) -> None:
    fields = SEALED | {field: "110101200001010014 测试甲"}
    line = public_line(1, fields, unit="师范系", scheme="资助金", tier=None)
    assert "110101200001010014" not in str(line)
    assert "测试甲" not in str(line)


def test_somebody_erased_leaves_an_empty_line() -> None:
    line = public_line(3, {}, unit="师范系", scheme="资助金", tier=None)
    assert (line.name, line.school, line.grade, line.class_name) == ("", None, None, None)
