"""A made-up county for tests of application forms: a bureau, a township, two villages, and schemes that take their steps in other ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.facts import CaseCompared, CaseNoticed, ListMatch, NoticePassed
from mingzhang.domain.aid.submitting import SubmitForm
from mingzhang.domain.facts import Fact
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.staff import ROLES
from mingzhang.domain.student.commands import RegisterListedStudent
from tests.college import S1, appointed, sha, unit
from tests.given import Given, Known, by, given, sealed

PLAN, PERIOD = "county", "2020"
HANDED_IN = date(2020, 9, 1)  # a Tuesday

_HEAD = """
code = "county"
title = "synthetic"
title_en = "synthetic"
version = "1"
effective_from = 2020-01-01
issuer = "bureau"
source = "test"
top = "bureau"

[[units]]
id = "bureau"
name = "synthetic bureau"
kind = "bureau"

[clauses]
c = "synthetic"
"""

_GRANT = """
[[schemes]]
code = "grant"
name = "synthetic grant"
basis = "form"
period = "year"
payee = "household"
clause = "c"
tiers = [{ code = "t", name = "t", yuan_per_year = 3000, admitted_to = ["本科"] }]
documents = [{ any_of = ["申请表"] }, { any_of = ["学生证复印件", "录取通知书复印件"] }]
steps = [
    { kind = "review", name = "村审核", role = "reviewer", level = "village" },
    { kind = "notice", name = "村公示", level = "village", days = 5 },
    { kind = "review", name = "乡镇审核", role = "second-reviewer", level = "township" },
    { kind = "approve", name = "县审批", role = "approver", level = "bureau" },
]

[schemes.conditions]
categories = ["建档立卡"]
stages = ["本科"]
grades = ["2020级"]
household = ["甲县"]
lists = [{ kind = "建档立卡" }, { kind = "农村低保", column = "类别", values = ["一类"] }]
window = { first = { month = 8, day = 1 }, last = { month = 8, day = 31 } }
enrolled = false
"""

_CROSSED = """
[[schemes]]
code = "crossed"
name = "synthetic comparison"
basis = "form"
period = "year"
clause = "c"
tiers = [{ code = "t", name = "t", yuan_per_year = 3000 }]
conditions = { lists = [{ kind = "建档立卡" }], enrolled = false }
steps = [
    { kind = "crosscheck", name = "自动比对", exception = true },
    { kind = "approve", name = "县审批", role = "approver" },
]
"""

_VOTED = """
[[schemes]]
code = "voted"
name = "synthetic committee"
basis = "form"
period = "year"
amount = "range"
least_yuan = 2000
most_yuan = 4500
clause = "c"
steps = [
    { kind = "review", name = "评审组", role = "reviewer", votes = 2 },
    { kind = "approve", name = "县审批", role = "approver" },
]
"""

TEXT = _HEAD + _GRANT + _CROSSED + _VOTED


def scheme(code: str = "grant") -> Scheme:
    return read_plan(TEXT).scheme(code)


def case(code: str = "grant", student: str = S1) -> str:
    return f"application/{PLAN}.{code}/{student}/{PERIOD}"


def county() -> Iterator[Known]:
    """Units, the plan, for each role somebody at the bureau (`<role>-1`), and reviewers further below."""
    yield unit("bureau", kind="bureau")
    yield unit("town", "bureau", "township")
    yield unit("village", "town", "village")
    yield unit("other-village", "town", "village")
    adopted = PlanAdopted(actor="founder", effective_on=date(2020, 1, 1), code=PLAN, plan_version="1", text=TEXT, sha256=sha(TEXT))
    yield f"plan/{PLAN}", adopted
    for role in ROLES:
        yield appointed(f"{role}-1", role, "bureau")
    yield appointed("reviewer-2", "reviewer", "bureau")
    yield appointed("village-reviewer", "reviewer", "village")
    yield appointed("village-second", "second-reviewer", "village")
    yield appointed("town-second", "second-reviewer", "town")


def form(code: str = "grant", student: str = S1, **more: Any) -> SubmitForm:
    """A form that lacks nothing."""
    fields: dict[str, Any] = {
        "unit": "village",
        "person": sealed(student, name="", account=""),
        "categories": ("建档立卡",),
        "stage": "本科",
        "grade": "2020级",
        "admitted_to": "本科",
        "household_in": ("甲县",),
        "handed_in_on": date(2020, 8, 15),
        "documents": ("申请表", "学生证复印件"),
        "account_given": True,
    }
    return SubmitForm(scheme=f"{PLAN}.{code}", student=student, period=PERIOD, **(fields | more))


def registered(student: str = S1) -> Known:
    return by("applicant-clerk-1", RegisterListedStudent(student=student, unit="village", person=sealed(student)), HANDED_IN)


def handed_in(code: str = "grant", student: str = S1, **more: Any) -> Given:
    """The county, with one form on record."""
    return given(county(), registered(student), by("applicant-clerk-1", form(code, student, **more), HANDED_IN))


def match(kind: str = "建档立卡", value: str | None = None, **more: Any) -> ListMatch:
    return ListMatch(crosscheck="l1", kind=kind, says=f"listing/l1/{S1}@1", value=value, **more)


def compared(*matches: ListMatch, code: str = "grant", student: str = S1) -> tuple[str, Fact]:
    """What a comparison writes into the case."""
    fact = CaseCompared(actor="clerk-1", effective_on=HANDED_IN, comparison="c1", lists=("l1",), matches=matches)
    return case(code, student), fact


def hung(step: str, last_day: date, code: str = "grant") -> tuple[str, Fact]:
    return case(code), CaseNoticed(actor="clerk-1", effective_on=HANDED_IN, notice="n1", step=step, last_day=last_day)


def notice_passed(step: str, day: date, code: str = "grant") -> tuple[str, Fact]:
    return case(code), NoticePassed(actor="clerk-1", effective_on=day, notice="n1", step=step)


def state(known: Given, code: str = "grant", student: str = S1) -> Application:
    return known.store.state(Application, f"{PLAN}.{code}", student, PERIOD)
