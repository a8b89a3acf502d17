"""发放批次: prepared by one person, checked by a second, released by a third; only then does a bank file leave the house.

No release without an approved award, no open objection, a student enrolled on the pay date, and money arrived in the fund. What stands in
the way when a batch is prepared is left out and recorded with its reason; what comes up between preparing and releasing stops the release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from ..aid.application import Application
from ..aid.basis import basis_of
from ..aid.stacking import decided_before
from ..command import Context
from ..facts import Fact
from ..plan.adoption import scheme_to_pay
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import State, Streams, replace
from ..student.student import PRESENT, Student, current_student, enrolled_on, last_file, same_person, standing_of
from .chain import payments_of

SIGN_LIST = "sign-list"
"""The profile of a batch that leaves the house as a list to be signed; every other one goes to a bank."""

BatchStand = Literal["none", "prepared", "checked", "released", "exported", "cancelled"]


class Excluded(BaseModel):
    """A student left out of a batch, with the permanent code of the reason and the fact that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    code: str
    says: str | None = None


class BatchPrepared(Fact):
    """`lines` are `<student>/<instalment>` in the bank file's order (line 1 first); pay_on is the day the money is to move."""

    topic = "batch.prepared"
    scheme: str
    period: str
    unit: str | None = None
    fund: str
    pay_on: date
    lines: tuple[str, ...]
    amount_fen: int
    excluded: tuple[Excluded, ...] = ()


class BatchChecked(Fact):
    """复核: a second person counted `payments` payments of together `amount_fen` again."""

    topic = "batch.checked"
    payments: int
    amount_fen: int


class BatchReleased(Fact):
    """签发: a third person let it go; the fund has set `amount_fen` aside in the same transaction."""

    topic = "batch.released"
    payments: int
    amount_fen: int


class BatchExported(Fact):
    """The file that left the house. A further export is a copy and names the first."""

    topic = "batch.exported"
    profile: str
    file: str
    sha256: str
    copy_of: str | None = None


class BatchReconciled(Fact):
    """What one answer of the bank added up to; `partial` where it was declared not to answer every line."""

    topic = "batch.reconciled"
    file: str
    sha256: str
    paid: int
    paid_fen: int
    failed: int
    failed_fen: int
    pending: int
    pending_fen: int
    partial: bool = False


class BatchLineStopped(Fact):
    """Line `line` is left out of the file that is yet to go out; every other keeps its number. left, left_fen: what the file will hold."""

    topic = "batch.line_stopped"
    line: int
    amount_fen: int
    left: int
    left_fen: int


class BatchRejected(Fact):
    """The bank sent the file back unprocessed: `payments` lines that it had not settled, of together `amount_fen`."""

    topic = "batch.rejected"
    payments: int
    amount_fen: int
    code: str
    reason: Sealed


class BatchReturnsTaken(Fact):
    """退票: payments of this batch that came back after they had been paid."""

    topic = "batch.returns_taken"
    file: str
    sha256: str
    returned: int
    returned_fen: int


class BatchCancelled(Fact):
    """Given up before the bank saw it, for the sealed reason; its payments are free again."""

    topic = "batch.cancelled"
    reason: Sealed


@dataclass(frozen=True)
class Batch(State):
    """lines: as they were prepared, line 1 first: their numbers are permanent. stopped: those taken out; amount_fen: of the others."""

    prefix: ClassVar[str] = "batch"
    stand: BatchStand = "none"
    scheme: str = ""
    period: str = ""
    unit: str | None = None
    fund: str = ""
    pay_on: date | None = None
    lines: tuple[str, ...] = ()
    amount_fen: int = 0
    preparer: str = ""
    checker: str = ""
    prepared_ref: str = ""
    checked_ref: str = ""
    prepared_on: date | None = None
    checked_on: date | None = None
    released_on: date | None = None
    released_ref: str = ""
    exported_on: date | None = None
    exported_ref: str = ""
    profile: str = ""
    answers: tuple[str, ...] = ()
    stopped: frozenset[int] = frozenset()

    def evolve(self, fact: Fact, ref: str) -> Batch:
        match fact:
            case BatchPrepared():
                return replace(
                    self,
                    stand="prepared",
                    scheme=fact.scheme,
                    period=fact.period,
                    unit=fact.unit,
                    fund=fact.fund,
                    pay_on=fact.pay_on,
                    lines=fact.lines,
                    amount_fen=fact.amount_fen,
                    preparer=fact.actor,
                    prepared_ref=ref,
                    prepared_on=fact.effective_on,
                )
            case BatchChecked():
                return replace(self, stand="checked", checker=fact.actor, checked_ref=ref, checked_on=fact.effective_on)
            case BatchReleased():
                return replace(self, stand="released", released_ref=ref, released_on=fact.effective_on)
            case BatchExported():
                first = self if self.exported_ref else replace(self, exported_on=fact.effective_on, exported_ref=ref)
                return replace(first, stand="exported", profile=fact.profile)
            case BatchReconciled() | BatchReturnsTaken():
                return replace(self, answers=(*self.answers, fact.sha256))
            case BatchLineStopped():
                return replace(self, stopped=self.stopped | {fact.line}, amount_fen=fact.left_fen)
            case BatchCancelled():
                return replace(self, stand="cancelled")
        return self

    def payment(self, line: int, row: int | None = None) -> str:
        """The payment stream of a line (from 1); `bank_file_line_unknown` for a line the batch does not have, or that was stopped."""
        if not 1 <= line <= len(self.lines) or line in self.stopped:
            raise Refused("bank_file_line_unknown", row=row, line=line)
        student, instalment = self.lines[line - 1].split("/")
        return f"payment/{self.scheme}/{student}/{self.period}/{instalment}"

    @property
    def channel(self) -> str:
        """How it left the house: `signed` or `card`."""
        return "signed" if self.profile == SIGN_LIST else "card"

    @property
    def sent(self) -> tuple[date | None, str]:
        """Since when its file is out of the house, and the fact: nobody answers it before."""
        return self.exported_on, self.exported_ref

    @property
    def bases(self) -> tuple[tuple[date | None, str], ...]:
        """Since when each step so far holds, and its fact: the next one rests on them."""
        return (self.prepared_on, self.prepared_ref), (self.checked_on, self.checked_ref), (self.released_on, self.released_ref)

    @property
    def numbers(self) -> list[int]:
        """The numbers of its lines, but for those that were stopped."""
        return [line for line in range(1, len(self.lines) + 1) if line not in self.stopped]

    @property
    def payments(self) -> list[str]:
        """The payment streams of `numbers`."""
        return list(self.payment_of.values())

    @property
    def payment_of(self) -> dict[int, str]:
        """The payment stream of each of `numbers`: `payment` for all of them at one go."""
        before, between = f"payment/{self.scheme}/", f"/{self.period}/"
        lines = enumerate(self.lines, 1)
        return {number: before + line.replace("/", between) for number, line in lines if number not in self.stopped}


def existing_batch(streams: Streams, batch: str) -> Batch:
    """The batch, or `batch_unknown`."""
    found = streams.read(Batch, batch)
    if not found.exists:
        raise Refused("batch_unknown", batch=batch)
    return found


def batch_in(streams: Streams, batch: str, *stands: BatchStand) -> Batch:
    """The batch, if it stands where a step needs it; else `batch_not_ready` with what comes first."""
    found = existing_batch(streams, batch)
    if found.stand not in stands:
        raise Refused("batch_not_ready", batch=batch, stand=found.stand, wanted=list(stands))
    return found


@dataclass(frozen=True)
class Obstacle:
    """Why a payment may not go out: a permanent code, and the fact that says so."""

    code: str
    says: str | None = None


DOES_NOT_STACK = "does_not_stack_with_earlier"


def obstacle(streams: Streams, case: Application, pay_on: date) -> Obstacle | None:
    """What stands in the way of paying this award on that day, the gravest first; None where nothing does."""
    if case.stand != "approved":
        return Obstacle("award_not_approved" if case.stand == "submitted" else f"award_{case.stand}", case.ref if case.exists else None)
    if case.held_by:
        return Obstacle("case_held", f"objection/{case.held_by[0]}@1")
    try:
        student = current_student(streams, case.student, also_restricted=True)
    except Refused as refusal:
        return Obstacle(refusal.code, None)
    gone = gone_on(streams, case, pay_on)
    if gone is not None:
        return Obstacle("paid_while_not_enrolled", gone)
    basis = basis_of(streams, case)
    if basis is None or basis.withdrawn:
        return Obstacle("entry_withdrawn", basis.ref if basis else None)
    for ref in same_person(streams, student):
        for payment in payments_of(streams, case.scheme, ref, case.period) if ref != case.student else ():
            if payment.committed_fen > 0:
                return Obstacle("paid_under_merged_identity", payment.ref)
    beside = decided_before(streams, case)
    return Obstacle(DOES_NOT_STACK, beside[0]) if beside else None


def gone_on(streams: Streams, case: Application, day: date) -> str | None:
    """The fact by which the student was not enrolled on a pay day, where the scheme asks for it; None where they could be paid."""
    student = last_file(streams, case.student)
    standing = standing_of(streams, student, day)
    # Where the plan asks for no proof of enrolment, somebody known to have left or died is not paid all the same.
    gone = standing is not None and standing.status not in PRESENT
    if gone or (_must_be_enrolled(streams, case, day) and not enrolled_on(streams, student, day)):
        return standing.ref if standing else student.registered_ref
    return None


def _must_be_enrolled(streams: Streams, case: Application, day: date) -> bool:
    """Whether the scheme asks for it, by the version of that day; where it has no such scheme any more, it does."""
    try:
        scheme, _version = scheme_to_pay(streams, case.scheme, day)
    except Refused:
        return True
    return scheme.conditions.enrolled


def account_fact(streams: Streams, case: Application, student: Student, channel: str = "card") -> str | None:
    """The fact whose box holds the account to pay to: the student's corrected one where it is newer than that of the survey or the form.
    What is signed for goes to whom the basis names, account or none."""
    basis = basis_of(streams, case)
    if channel == "signed":
        return basis.ref if basis is not None else None
    given = basis is not None and basis.account_given
    corrected = student.account
    if corrected is not None and (basis is None or not given or corrected.since >= basis.since):
        return corrected.ref
    return basis.ref if basis is not None and given else None


def refuse_second_hand(batch: Batch, actor: str, *, releasing: bool) -> None:
    """Whoever prepared a batch does not check it; whoever prepared or checked it does not release it."""
    if actor == batch.preparer:
        raise Refused("same_person_decided_twice", batch=batch.id, staff=actor, did="prepare", step="release" if releasing else "check")
    if releasing and actor == batch.checker:
        raise Refused("same_person_decided_twice", batch=batch.id, staff=actor, did="check", step="release")


def refuse_family_in(streams: Streams, batch: Batch, context: Context) -> None:
    """Nobody passes a batch that pays their own family."""
    for line in batch.lines:
        refuse_own_family(streams, context.actor, line.split("/")[0])
