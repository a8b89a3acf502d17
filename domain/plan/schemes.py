"""资助项目: who may have what, how much, by which steps, paid by whom to whom and until when; all of it data.

Where a clause leaves the amount open, the plan says `unset` or gives a range, and the figure is asked for when an award is approved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, Protocol

from pydantic import Field, model_validator

from ..values.parts import parts_of
from ..values.periods import PeriodKind
from .words import Category, Fen, MonthDay, Stage, Window, Words

Level = Literal["village", "township", "department", "school", "bureau"]
"""By which kind of unit a step is taken, lowest first within each line; somebody higher up may take it as well."""


class Described(Protocol):
    """What a tier and the conditions of a scheme look at: the basis of an application."""

    @property
    def categories(self) -> tuple[Category, ...]: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def level(self) -> str | None: ...
    @property
    def admitted_to(self) -> str | None: ...
    @property
    def province(self) -> str | None: ...


class Tier(Words):
    """One step of an amount; the first that fits counts. Every list given must fit, and a tier without any takes everybody who is left.

    In the ledger the amount is kept in fen (`fen_per_year`).
    """

    code: str
    """What the award records."""
    name: str
    """档次 as lists and notices show it."""
    categories: tuple[Category, ...] | None = None
    """困难类别, any of which is enough; left out: every recognised student."""
    levels: tuple[str, ...] = ()
    """困难等级 that fit."""
    stages: tuple[Stage, ...] = ()
    """学段 that fit."""
    admitted_to: tuple[str, ...] = ()
    """录取批次 that fit: 本科, 专科."""
    provinces: tuple[str, ...] = ()
    """院校所在省 that fit."""
    other_provinces: tuple[str, ...] = ()
    """Every 院校所在省 fits but these; one who does not say where fits neither."""
    fen_per_year: Fen | None = Field(None, alias="yuan_per_year")
    """Yuan a year; of a scheme paid once, what is paid once. Left out exactly where the scheme's `amount` is `unset`: the tier then says
    who, the office how much."""
    clause: str = ""
    """Where it is laid down; left out: the scheme's clause."""

    def fits(self, case: Described) -> bool:
        if self.categories is not None and not set(self.categories) & set(case.categories):
            return False
        if self.levels and case.level not in self.levels:
            return False
        if self.stages and case.stage not in self.stages:
            return False
        if self.admitted_to and case.admitted_to not in self.admitted_to:
            return False
        if self.provinces and case.province not in self.provinces:
            return False
        return not self.other_provinces or (case.province is not None and case.province not in self.other_provinces)


class OnList(Words):
    """A kind of list that makes eligible."""

    kind: str
    """The kind of list, as `crosscheck import --kind` names it; a plan's own name makes the kind known."""
    column: Literal["类别", "保障类型"] | None = None
    """The column in which the classes stand."""
    values: tuple[str, ...] = ()
    """The classes that count (一类, 全额); left out: everybody on the list."""
    clause: str = ""
    """Where it is laid down."""


class Conditions(Words):
    """Who may be awarded a scheme, judged in this order: the first that is not met is the reason. What is left out is no condition."""

    categories: tuple[Category, ...] = ()
    """困难类别, one of which is needed."""
    levels: tuple[str, ...] = ()
    """困难等级, one of which is needed."""
    stages: tuple[Stage, ...] = ()
    """学段, one of which is needed."""
    grades: tuple[str, ...] = ()
    """年级, as workbooks write it (2020级)."""
    admitted_to: tuple[str, ...] = ()
    """录取批次, one of which is needed."""
    household: tuple[str, ...] = ()
    """户籍地 must name one of these places."""
    lists: tuple[OnList, ...] = ()
    """On one of these lists."""
    window: Window | None = None
    """Handed in on one of these days of the period's first year."""
    enrolled: bool = True
    """Shown to be enrolled on the day of payment; `false` where nobody here keeps the register. Who is known to have left or died is never
    paid, and what they were paid all the same is due back whole; leaving after the pay day takes nothing of a payment back."""


class Document(Words):
    """材料 to be handed in: any one of these does."""

    any_of: tuple[str, ...] = Field(min_length=1)
    """Names of documents as 材料 lists them, one of which must be handed in."""


class Step(Words):
    """One step of the procedure, in its order.

    A review is passed by so many different people of the role, at the level or above; a notice (公示) hangs for so many days; a crosscheck
    (比对) compares with the scheme's lists, and who is on none is not eligible; an approval is the award, and always the last step.
    """

    kind: Literal["review", "notice", "crosscheck", "approve"]
    """What kind of step it is."""
    name: str
    """As decisions, notices and refusals call it; unlike every other step's of the scheme."""
    role: Literal["reviewer", "second-reviewer", "approver"] | None = None
    """Who decides; needed for a review and an approval, and left out otherwise."""
    level: Level | None = None
    """By which kind of unit, or one above it; left out: any that the case belongs to."""
    votes: int = Field(1, ge=1, le=9)
    """A review: how many different people must pass it."""
    days: int | None = Field(None, ge=1, le=60)
    """A notice: for how many days it hangs at least, not counting the day it is posted; left out: the office says so each time."""
    day_kind: Literal["workdays", "calendar"] = "workdays"
    """A notice: working days by the official calendar, or calendar days."""
    photo: bool = False
    """A notice: a photo of it in its place is needed before it is complete."""
    exception: bool = False
    """A crosscheck: who is on no list may be let through by the leading group (`application except`)."""
    window: Window | None = None
    """The days of the period's first year within which the plan wants it done; checked and shown, never enforced by backdating."""
    by: MonthDay | None = None
    """The day by which the plan wants it done, where it gives no range."""
    clause: str = ""
    """Where it is laid down."""

    @model_validator(mode="after")
    def _who(self) -> Step:
        if self.kind in ("review", "approve") and self.role is None:
            raise ValueError(f"step {self.name}: a {self.kind} needs a role")
        if self.kind in ("notice", "crosscheck") and self.role is not None:
            raise ValueError(f"step {self.name}: a {self.kind} is nobody's decision and has no role")
        return self


class Payment(Words):
    """By when an award is paid: within so many days of the money arriving, by a day of the period's first year, or both."""

    days_after_arrival: int | None = Field(None, ge=1)
    """Within so many days of the money arriving in the fund."""
    by: MonthDay | Literal["external"] | None = None
    """A day of the period's first year, or one that somebody else sets and the office records (`plan date … --name SCHEME-paid-by`)."""
    clause: str = ""
    """Where it is laid down."""


class Loan(Words):
    """生源地信用助学贷款: how much a year, when one applies, who signs with the student, and until when the state pays the interest."""

    least_fen: Fen | None = Field(None, alias="least_yuan")
    """Yuan a year at least; left out: no limit is said."""
    most_fen: Fen | None = Field(None, alias="most_yuan")
    """Yuan a year at most; left out: no limit is said."""
    up_to_fees: bool = True
    """Never more than fees and board together."""
    co_borrower: bool = True
    """A co-borrower is needed."""
    interest_subsidy: Literal["until_graduation", "none"] = "until_graduation"
    """Until when the state pays the interest."""
    window: Window | None = None
    """The days on which one may apply, in the period's first year."""
    workdays_only: bool = False
    """And on working days alone."""
    clause: str = ""
    """Where it is laid down."""


class Scheme(Words):
    """A kind of aid: who may have what, how much, by which steps, paid by whom to whom.

    Amounts are by tier, between two limits and said at approval, or the office's own figure and asked for at approval.
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Commands name the scheme by it (`--scheme`)."""
    name: str
    """As lists, notices and bank files call it."""
    kind: Literal["grant", "waiver", "loan"] = "grant"
    """Paid out; money not asked for (免学费); or lent by a bank, and then described under `loan`."""
    basis: Literal["survey", "form"] = "survey"
    """What a case rests on: the survey's entry (摸底排查), or an application form (申请花名册)."""
    period: PeriodKind
    """What an award is for: a calendar year, a school year, a term, or once in a life."""
    amount: Literal["tiers", "range", "unset"] = "tiers"
    """By tier; between `least_yuan` and `most_yuan`; or unset, the office's own figure."""
    least_fen: Fen | None = Field(None, alias="least_yuan")
    """With `range`: yuan of one award at least."""
    most_fen: Fen | None = Field(None, alias="most_yuan")
    """With `range`: yuan of one award at most."""
    paid_in: int = Field(1, ge=1, le=12)
    """Into how many equal parts of the year an award is one: 2 for a yearly amount awarded by term. Where two terms do not divide a year's
    amount to the fen, the autumn term, which begins the school year, has the odd fen; both together are the year's amount. Not to be
    confused with `instalments`."""
    instalments: int = Field(1, ge=1, le=12)
    """In how many payments one award is paid out, `payment prepare --instalment N`. The parts are as equal as whole fen allow, the earlier
    ones have the odd fen, and together they are the award."""
    tiers: tuple[Tier, ...] = ()
    """Highest first; the first that fits counts."""
    conditions: Conditions = Conditions()
    """Who may have it."""
    documents: tuple[Document, ...] = ()
    """材料; each of these is needed before a review."""
    steps: tuple[Step, ...] = ()
    """The procedure, in order; the last is an approval. A loan needs none."""
    stacks_with: tuple[str, ...] = ()
    """Schemes that a student may have beside it; said in both."""
    payer: str | None = None
    """The unit that owes the payment; left out: the issuer."""
    payee: Literal["student", "household"] = "student"
    """Whose account is paid into; `household`: the head's is as good as the student's."""
    channel: Literal["card", "signed", "none"] = "card"
    """By bank, signed for on a list (签领表), or not paid out by the ledger at all."""
    payment: Payment | None = None
    """By when it is paid."""
    loan: Loan | None = None
    """What a loan says of itself."""
    clause: str
    """Where it is laid down."""

    @model_validator(mode="after")
    def _amounts(self) -> Scheme:
        if self.kind == "loan":
            if self.loan is None:
                raise ValueError(f"scheme {self.code}: a loan says its limits under [loan]")
            return self
        if self.amount == "tiers" and not self.tiers:
            raise ValueError(f"scheme {self.code}: amount = tiers, but no tier is given")
        if self.amount == "range" and (self.least_fen is None or self.most_fen is None or self.least_fen > self.most_fen):
            raise ValueError(f"scheme {self.code}: amount = range needs least_yuan and most_yuan, the first not above the second")
        if self.steps[-1:] == () or self.steps[-1].kind != "approve":
            raise ValueError(f"scheme {self.code}: the last step must be an approval")
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise ValueError(f"scheme {self.code}: two steps have the same name")
        for tier in self.tiers:
            if (tier.fen_per_year is None) is not (self.amount == "unset"):
                raise ValueError(f"scheme {self.code}, tier {tier.code}: yuan_per_year is given exactly where amount = tiers")
            by_term = self.period == "term" and self.paid_in == 2
            if (tier.fen_per_year or 0) % self.paid_in and not by_term:
                parts = f"{self.paid_in} parts to the fen"
                raise ValueError(f"scheme {self.code}, tier {tier.code}: the yearly amount does not divide into {parts}")
        return self

    def tier_for(self, case: Described) -> Tier | None:
        """The first tier that fits; tiers by category stand highest first."""
        return next((tier for tier in self.tiers if tier.fits(case)), None)

    def fen_per_period(self, tier: Tier, period: str) -> int:
        """A tier's amount for that period (`2020-spring`), in whole fen: two terms that follow each other add up to the year's amount.
        ValueError where the plan leaves it to the office."""
        if tier.fen_per_year is None:
            raise ValueError(f"{self.code}, {tier.code}: the amount is unset")
        parts = parts_of(tier.fen_per_year, self.paid_in)
        return parts[-1] if period.endswith("-spring") else parts[0]

    def window_in(self, first_day: date) -> tuple[date, date] | None:
        """The days on which one may apply for a period that begins on `first_day`."""
        return None if self.conditions.window is None else self.conditions.window.in_year(first_day.year)

    def clauses(self) -> Iterator[str]:
        """Every clause the scheme cites."""
        yield self.clause
        cited = [*self.tiers, *self.steps, *self.conditions.lists, *(part for part in (self.payment, self.loan) if part is not None)]
        yield from (one.clause for one in cited if one.clause)
