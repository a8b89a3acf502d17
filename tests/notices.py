"""A made-up college under a plan with a public notice before its grant is approved, and its cases on the way through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mingzhang.domain.aid.appeal import DecideAppeal, RaiseAppeal
from mingzhang.domain.aid.notice import AddNoticeEvidence, CompleteNotice, PostNotice, WithdrawNotice
from mingzhang.domain.aid.objection import RaiseObjection, UpholdObjection
from mingzhang.domain.aid.printing import PrintNotice
from mingzhang.domain.calendar import RecordCalendar
from mingzhang.domain.facts import Fact
from mingzhang.domain.plan.bundled import bundled_text
from tests.college import GRANT, PLAN, S1, S2, SPRING, adopted, appointed, case, opened, paid, reviewed, sha
from tests.given import Given, Known, by, given, sealed

POSTED, LAST, DONE = date(2020, 4, 1), date(2020, 4, 9), date(2020, 4, 10)  # 清明 4–6 April is off: 2, 3, 7, 8, 9
REASON = sealed("t-1", text="")
APPROVAL = '[[schemes.steps]]\nkind = "approve"\n'
PHOTO = sha("photo")


def plan_with(step: str = "days = 5") -> tuple[str, Fact]:
    """S0's plan with a public notice before the approval of its first scheme, the grant."""
    notice = f'[[schemes.steps]]\nkind = "notice"\nname = "公示"\n{step}\n\n'
    return adopted(bundled_text(PLAN).replace(APPROVAL, notice + APPROVAL, 1))


def public_house(step: str = "days = 5") -> Iterator[Known]:
    """As `opened`, under that plan."""
    for one in opened():
        yield plan_with(step) if isinstance(one, tuple) and one[0] == f"plan/{PLAN}" else one


def post(*students: str, **more: Any) -> PostNotice:
    fields: dict[str, Any] = {"notice": "n1", "scheme": GRANT, "period": SPRING, "unit": "college", "place": "公告栏"}
    return PostNotice(**(fields | {"applications": tuple(case(student) for student in students or (S1,))} | more))


def waiting(*students: str, step: str = "days = 5") -> Given:
    """Reviewed, and nothing but the notice missing."""
    return given(public_house(step), *(reviewed(student) for student in students or (S1,)))


def hanging(*students: str, step: str = "days = 5", **more: Any) -> Given:
    return waiting(*students, step=step).add(by("clerk-1", post(*students, **more), POSTED))


def lives() -> list[Given]:
    """Everything that can happen to a notice, an objection and an appeal, each decided by a command."""
    year = RecordCalendar(year=2020, rest=(date(2020, 4, 6),), work=(), source="synthetic", replaces=True)
    kept = hanging(S1, S2).add(
        by("administrator-1", year, POSTED),
        by("clerk-1", PrintNotice(disclosure="look-1", notice="n1"), POSTED),
        by("clerk-1", AddNoticeEvidence(notice="n1", evidence=(PHOTO,)), POSTED),
        by("clerk-1", CompleteNotice(notice="n1"), DONE),
        by("clerk-1", WithdrawNotice(notice="n1"), DONE),
    )
    objection = RaiseObjection(objection="o1", application=case(), statement=REASON)
    upheld = given(paid(S1), appointed("inspector-2", "inspector"), by("clerk-1", objection, date(2020, 4, 20))).add(
        by("inspector-1", UpholdObjection(objection="o1", finding=REASON)),
        by("clerk-1", RaiseAppeal(objection="o1", application=case(), statement=REASON)),
        by("inspector-2", DecideAppeal(objection="o1", granted=True, finding=REASON)),
    )
    return [kept, hanging().add(by("clerk-1", WithdrawNotice(notice="n1", reason=REASON), LAST)), upheld]
