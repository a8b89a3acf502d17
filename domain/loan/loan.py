"""生源地信用助学贷款 (S6 P3): no security but a co-borrower, within the plan's limits, never above fees and board, one a student a year.

The state pays the interest while one studies, so the subsidy ends with the studies, on the day on which they ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..calendar import is_workday
from ..command import Command, Context, refuse_before
from ..facts import Fact
from ..plan.adoption import PlanVersion, scheme_in_force, scheme_to_pay
from ..plan.schemes import Loan as LoanRules
from ..plan.schemes import Scheme
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, State, Streams, replace
from ..student.student import PRESENT, Student, current_student, same_person, standing_of
from ..unit import working_unit
from ..values.periods import period, period_of_kind

OVER = frozenset({"毕业", "退学", "死亡"})
"""The studies are over; a leave or another school does not end them."""
Stand = Literal["none", "applied", "approved", "refused", "disbursed"]


class LoanApplied(Fact):
    """asked_fen for the year, at most fees_fen + board_fen; `co_borrower` is a reference of the person's own, `person` seals who it is,
    with phone and relation."""

    topic = "loan.applied"
    scheme: str
    student: str
    period: str
    unit: str
    asked_fen: int
    fees_fen: int
    board_fen: int
    co_borrower: str | None = None
    person: Sealed | None = None


class LoanApproved(Fact):
    """For `amount_fen`, under the plan version named."""

    topic = "loan.approved"
    amount_fen: int
    plan_version: str
    clause: str


class LoanRefused(Fact):
    """Not lent, for the sealed reason."""

    topic = "loan.refused"
    reason: Sealed


class LoanDisbursed(Fact):
    """The bank lent `amount_fen`; bank_ref is its number."""

    topic = "loan.disbursed"
    amount_fen: int
    bank_ref: str | None = None


class InterestSubsidyEnded(Fact):
    """贴息结束: from `effective_on`, the day the studies ended, the borrower pays the interest."""

    topic = "loan.subsidy_ended"
    status: str


@dataclass(frozen=True)
class Loan(State):
    """`loan/<student>/<period>`."""

    prefix: ClassVar[str] = "loan"
    stand: Stand = "none"
    scheme: str = ""
    student: str = ""
    period: str = ""
    unit: str = ""
    asked_fen: int = 0
    ceiling_fen: int = 0
    amount_fen: int = 0
    applicants: tuple[str, ...] = ()
    applied_on: date | None = None
    applied_ref: str = ""
    decided_on: date | None = None
    approver: str = ""
    approved_ref: str = ""
    refused_ref: str = ""
    disbursed_on: date | None = None
    disbursed_ref: str = ""
    subsidy_ended_ref: str = ""

    def evolve(self, fact: Fact, ref: str) -> Loan:
        match fact:
            case LoanApplied():
                return replace(
                    self,
                    stand="applied",
                    scheme=fact.scheme,
                    student=fact.student,
                    period=fact.period,
                    unit=fact.unit,
                    asked_fen=fact.asked_fen,
                    ceiling_fen=fact.fees_fen + fact.board_fen,
                    applicants=(*self.applicants, fact.actor),
                    applied_on=fact.effective_on,
                    applied_ref=ref,
                    decided_on=None,
                )
            case LoanApproved():
                approved = replace(self, stand="approved", amount_fen=fact.amount_fen, approver=fact.actor)
                return replace(approved, decided_on=fact.effective_on, approved_ref=ref)
            case LoanRefused():
                return replace(self, stand="refused", decided_on=fact.effective_on, refused_ref=ref)
            case LoanDisbursed():
                return replace(self, stand="disbursed", disbursed_on=fact.effective_on, disbursed_ref=ref)
            case InterestSubsidyEnded():
                return replace(self, subsidy_ended_ref=ref)
        return self


def loan_stream(reference: str) -> str:
    """`[loan/]<student>/<period>`, whole; `reference_malformed` for anything else."""
    parts = reference.removeprefix("loan/").split("/")
    if len(parts) != 2 or not all(parts):
        raise Refused("reference_malformed", reference=reference, wanted="loan/<student>/<period>")
    return "loan/" + "/".join(parts)


def existing_loan(streams: Streams, reference: str) -> Loan:
    """The loan, or `loan_unknown`."""
    found = streams.at(Loan, loan_stream(reference))
    if not found.exists:
        raise Refused("loan_unknown", loan=reference)
    return found


def refuse_amount(rules: LoanRules, amount_fen: int, ceiling_fen: int, loan: str) -> None:
    """`loan_outside_limits`: below the least, above the most, or above fees and board where they come to less."""
    limits = [limit for limit in (rules.most_fen, ceiling_fen if rules.up_to_fees else None) if limit is not None]
    least, most = rules.least_fen if rules.least_fen is not None else 1, min(limits, default=amount_fen)
    if not least <= amount_fen <= most:
        raise Refused("loan_outside_limits", loan=loan, amount_fen=amount_fen, least_fen=least, most_fen=most)


def _rules(scheme: Scheme) -> LoanRules:
    if scheme.loan is None:
        raise Refused("scheme_is_no_loan", scheme=scheme.code)
    return scheme.loan


@dataclass(frozen=True, kw_only=True)
class ApplyForLoan(Command):
    """Applied for with a co-borrower, on a day on which the office takes applications."""

    name: ClassVar[str] = "ApplyForLoan"
    roles: ClassVar[frozenset[str]] = frozenset({"applicant-clerk"})
    scheme: str
    student: str
    period: str
    unit: str
    asked_fen: int
    fees_fen: int
    board_fen: int = 0
    co_borrower: str | None = None
    person: Sealed | None = None

    def needs(self) -> tuple[str, ...]:
        return (f"loan/{self.student}/{self.period}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        day = self.on or context.today
        scheme, version = scheme_in_force(streams, self.scheme, day)
        rules = _rules(scheme)
        period_of_kind(self.period, scheme.period)
        working_unit(streams, self.unit, day)
        student = current_student(streams, self.student)
        for ref in same_person(streams, student):
            other = streams.read(Loan, ref, self.period)
            if other.exists and other.stand != "refused":
                raise Refused("loan_exists", loan=other.stream, stand=other.stand)
            refuse_before(day, (other.decided_on, other.refused_ref))
        _refuse_stage(streams, scheme, student)
        state = streams.read(Loan, self.student, self.period)
        self._refuse_day(streams, rules, day)
        if rules.co_borrower and self.co_borrower is None:
            raise Refused("co_borrower_missing", loan=state.stream)
        for amount_fen in (self.fees_fen, self.board_fen):
            if amount_fen < 0:
                raise Refused("amount_not_positive", amount_fen=amount_fen)
        refuse_amount(rules, self.asked_fen, self.fees_fen + self.board_fen, state.stream)
        fact = LoanApplied(
            **self.stamp(context, student.details_ref, version.ref, state.refused_ref),
            scheme=self.scheme,
            student=self.student,
            period=self.period,
            unit=self.unit,
            asked_fen=self.asked_fen,
            fees_fen=self.fees_fen,
            board_fen=self.board_fen,
            co_borrower=self.co_borrower,
            person=self.person,
        )
        return [(state.stream, fact)]

    def _refuse_day(self, streams: Streams, rules: LoanRules, day: date) -> None:
        """Inside the plan's days (`outside_window`), and on a working day where the office is open on no other (`not_a_workday`)."""
        if rules.window is not None:
            first, last = rules.window.in_year(period(self.period).first.year)
            if not first <= day <= last:
                days = {"on": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
                raise Refused("outside_window", scheme=self.scheme, student=self.student, **days)
        if rules.workdays_only and not is_workday(streams, day):
            raise Refused("not_a_workday", on=day.isoformat())


def _refuse_stage(streams: Streams, scheme: Scheme, student: Student) -> None:
    """`stage_not_covered` where the student's file says a stage the scheme is not for; what no file says is for the office to look at."""
    wanted = scheme.conditions.stages
    known = [stage for ref in same_person(streams, student) if (stage := streams.read(Student, ref).stage) is not None]
    if wanted and known and not set(known) & set(wanted):
        raise Refused("stage_not_covered", scheme=scheme.code, student=student.id, stage=known[0], wanted=list(wanted))


@dataclass(frozen=True, kw_only=True)
class _OnLoan(Command):
    """Base of all commands about one loan, named `loan/<student>/<period>`."""

    loan: str

    def units(self, streams: Streams) -> Iterable[str]:
        unit = streams.at(Loan, loan_stream(self.loan)).unit
        return (unit,) if unit else ()

    def _standing(self, streams: Streams, context: Context, wanted: Stand) -> Loan:
        """The loan, if it stands at `wanted`: else `loan_not_ready`."""
        state = existing_loan(streams, self.loan)
        if state.stand != wanted:
            raise Refused("loan_not_ready", loan=state.stream, stand=state.stand, wanted=[wanted])
        student = current_student(streams, state.student, also_restricted=wanted == "approved")  # what was decided before goes on
        refuse_own_family(streams, context.actor, student.id)
        self.refuse_out_of_time(context, (state.applied_on, state.applied_ref), (state.decided_on, state.approved_ref))
        return state

    def _decided(self, streams: Streams, context: Context) -> tuple[Loan, Scheme, PlanVersion]:
        state = self._standing(streams, context, "applied")
        if context.actor in state.applicants:
            raise Refused("same_person_decided_twice", application=state.stream, staff=context.actor, did="application", step="loan")
        scheme, version = scheme_in_force(streams, state.scheme, self.on or context.today)
        return state, scheme, version


def _refuse_second(streams: Streams, state: Loan, *stands: Stand) -> None:
    """`loan_exists` where a file that was merged since has a loan of that year that stands so."""
    for ref in same_person(streams, current_student(streams, state.student, also_restricted=True)):
        other = streams.read(Loan, ref, state.period)
        if other.stream != state.stream and other.stand in stands:
            raise Refused("loan_exists", loan=other.stream, stand=other.stand)


@dataclass(frozen=True, kw_only=True)
class ApproveLoan(_OnLoan):
    """For what was asked, or for less."""

    name: ClassVar[str] = "ApproveLoan"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, scheme, version = self._decided(streams, context)
        _refuse_second(streams, state, "approved", "disbursed")
        amount = self.amount_fen if self.amount_fen is not None else state.asked_fen
        refuse_amount(_rules(scheme), amount, min(state.ceiling_fen, state.asked_fen), state.stream)
        clause = (scheme.loan.clause if scheme.loan else "") or scheme.clause
        because = self.stamp(context, state.applied_ref, version.ref)
        return [(state.stream, LoanApproved(**because, amount_fen=amount, plan_version=version.plan.version, clause=clause))]


@dataclass(frozen=True, kw_only=True)
class RefuseLoan(_OnLoan):
    name: ClassVar[str] = "RefuseLoan"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, _scheme, version = self._decided(streams, context)
        return [(state.stream, LoanRefused(**self.stamp(context, state.applied_ref, version.ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class DisburseLoan(_OnLoan):
    """The bank has lent the whole amount: noted by the office, whose money it is not, and not by whoever approved it."""

    name: ClassVar[str] = "DisburseLoan"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier", "clerk"})
    bank_ref: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._standing(streams, context, "approved")
        if context.actor == state.approver:
            raise Refused("same_person_decided_twice", application=state.stream, staff=context.actor, did="approval", step="disbursement")
        _refuse_second(streams, state, "disbursed")
        held = standing_of(streams, current_student(streams, state.student, also_restricted=True), self.on or context.today)
        if held is not None and held.status not in PRESENT:
            day = (self.on or context.today).isoformat()
            raise Refused("not_enrolled", student=state.student, on=day, status=held.status, says=held.ref)
        because = self.stamp(context, state.approved_ref)
        return [(state.stream, LoanDisbursed(**because, amount_fen=state.amount_fen, bank_ref=self.bank_ref))]


@dataclass(frozen=True, kw_only=True)
class EndInterestSubsidy(_OnLoan):
    """On the day the studies ended, whenever it is noted; refused `still_studying` while no fact says that they have."""

    name: ClassVar[str] = "EndInterestSubsidy"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier", "clerk"})

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = existing_loan(streams, self.loan)
        if state.stand != "disbursed" or state.subsidy_ended_ref:
            stand = "subsidy_ended" if state.subsidy_ended_ref else state.stand
            raise Refused("loan_not_ready", loan=state.stream, stand=stand, wanted=["disbursed"])
        scheme, _version = scheme_to_pay(streams, state.scheme, context.today)
        if _rules(scheme).interest_subsidy == "none":
            raise Refused("no_interest_subsidy", loan=state.stream, scheme=scheme.code)
        held = standing_of(streams, current_student(streams, state.student, also_restricted=True), self.on or context.today)
        if held is None or held.status not in OVER:
            raise Refused("still_studying", loan=state.stream, student=state.student)
        day = max(held.since, state.disbursed_on) if state.disbursed_on is not None else held.since
        refuse_before(context.today, (day, held.ref))
        because = self.stamp(context, state.disbursed_ref, held.ref) | {"effective_on": day}
        return [(state.stream, InterestSubsidyEnded(**because, status=held.status))]
