"""A doubtful account is paid to once somebody who does not prepare the payment has cleared it with a reason, until that is taken back.

Whose an account is, who shares it and in whose name it is, only the vault can say; a clearing names the fact that holds the account, so
that a newer account is doubtful anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..aid.facts import FormRecorded
from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..survey.entry import EntryCorrected, EntryRecorded
from .commands import REGISTRARS
from .facts import DOUBTFUL, SAID_WRONG, AccountCleared, AccountDoubted, AccountSaidWrong, DetailsCorrected, Doubtful, HouseholdRecorded
from .student import Clearing, Student, current_student, last_file, same_person, unit_of_student


def clearings_of(streams: Streams, student: Student, account: str) -> list[Clearing]:
    """What was cleared of the account that this fact holds, in the order of recording, those taken back included; under every reference
    the person ever had."""
    files = (streams.read(Student, ref) for ref in same_person(streams, student))
    return [one for file in files for one in file.clearings if one.account == account]


def clearing_for(
    streams: Streams, student: Student, account: str, code: str, others: Collection[str], *, preparer: str = ""
) -> Clearing | None:
    """The clearing that lets money go to the account all the same; None where there is none that names everybody it is shared with, or
    only the preparer's own."""
    for one in reversed(clearings_of(streams, student, account)):
        if one.code == code and not one.doubted and set(others) <= set(one.others) and one.by != preparer:
            return one
    return None


def said_wrong(streams: Streams, student: Student, account: str) -> str:
    """The newest fact by which the account that this fact holds is said to be wrong; empty where there is none."""
    files = (streams.read(Student, ref) for ref in same_person(streams, student))
    return next((ref for file in files for known, ref in reversed(file.said_wrong) if known == account), "")


def say_wrong(command: Command, streams: Streams, context: Context, ref: str, account: str, because: str, reason: Sealed) -> list[Event]:
    """What follows for the student `ref` from a payment to the account being stopped because of it; who answered for it does no more. Of
    somebody erased nothing does: nothing goes to them any more. It is said in their very file: it stays there when a merge is undone."""
    student = last_file(streams, ref)
    if student.erased:
        return []
    own = streams.read(Student, ref).stream
    says = streams.next_ref(own)
    fact = AccountSaidWrong(**command.stamp(context, because, account), account=account, reason=reason)
    standing = [one for one in clearings_of(streams, student, account) if one.code == SAID_WRONG and not one.doubted]
    return [(own, fact), *_doubted(command, context, standing, SAID_WRONG, says, reason)]


def _doubted(
    command: Command, context: Context, clearings: Iterable[Clearing], code: Doubtful, says: str, reason: Sealed
) -> list[Event]:
    return [
        (
            one.ref.rpartition("@")[0],
            AccountDoubted(**command.stamp(context, one.ref, says), account=one.account, code=code, corrects=one.ref, reason=reason),
        )
        for one in clearings
    ]


def _account_since(streams: Streams, student: Student, ref: str) -> date:
    """Since when the fact holds; `account_fact_unknown` for one that holds no account of this person's."""
    stream = ref.rpartition("@")[0]
    person = same_person(streams, student)
    found = next((one.fact for one in streams.facts(stream) if one.ref == ref), None) if stream else None
    if found is None or not _holds_account(found, stream, person):
        raise Refused("account_fact_unknown", student=student.id, event=ref)
    return found.effective_on


def _held_since(streams: Streams, says: str) -> date | None:
    return next((one.fact.effective_on for one in streams.facts(says.rpartition("@")[0]) if one.ref == says), None) if says else None


def _holds_account(fact: Fact, stream: str, person: Collection[str]) -> bool:
    match fact:
        case EntryRecorded() | EntryCorrected() | FormRecorded():
            return fact.account_given and fact.student in person
        case DetailsCorrected():
            return "account" in fact.fields and stream.partition("/")[2] in person
    return False


@dataclass(frozen=True, kw_only=True)
class ClearAccount(Command):
    """Answers for paying to the account that the fact `account` holds. `others`: with whom it is shared, or whose it is."""

    name: ClassVar[str] = "ClearAccount"
    roles: ClassVar[frozenset[str]] = frozenset({"checker", "reviewer"})
    student: str
    account: str
    code: Doubtful
    others: tuple[str, ...] = ()
    reason: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}", self.account.rpartition("@")[0])

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student, also_restricted=True)
        if self.code not in DOUBTFUL:
            raise Refused("doubt_unknown", doubt=self.code, doubts=list(DOUBTFUL))
        since = _account_since(streams, state, self.account)
        says = said_wrong(streams, state, self.account) if self.code == SAID_WRONG else ""
        if self.code == SAID_WRONG and not any(streams.read(Student, ref).said_wrong for ref in same_person(streams, state)):
            raise Refused("account_not_doubtful", student=state.id, doubt=self.code)
        self.refuse_out_of_time(context, (since, self.account), (_held_since(streams, says), says))
        refuse_own_family(streams, context.actor, state.id)
        standing = clearing_for(streams, state, self.account, self.code, self.others)
        if standing is not None:
            raise Refused("account_cleared_already", student=state.id, doubt=self.code, says=standing.ref)
        fact = AccountCleared(
            **self.stamp(context, self.account, says), account=self.account, code=self.code, others=self.others, reason=self.reason
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class DoubtAccount(Command):
    """Takes every clearing of the account for this code back: from now on nothing is paid to it until it is cleared again."""

    name: ClassVar[str] = "DoubtAccount"
    roles: ClassVar[frozenset[str]] = frozenset({"checker", "reviewer", "inspector"})
    student: str
    account: str
    code: Doubtful
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student, also_restricted=True)
        self.refuse_out_of_time(context)
        refuse_own_family(streams, context.actor, state.id)
        standing = [one for one in clearings_of(streams, state, self.account) if one.code == self.code and not one.doubted]
        if not standing:
            raise Refused("account_not_cleared", student=state.id, doubt=self.code)
        return _doubted(self, context, standing, self.code, "", self.reason)


@dataclass(frozen=True, kw_only=True)
class RecordHousehold(Command):
    """Records which household the student belongs to and who its head is, or puts it right: what a form has not said, or said wrong."""

    name: ClassVar[str] = "RecordHousehold"
    roles: ClassVar[frozenset[str]] = REGISTRARS | {"applicant-clerk"}
    student: str
    household: str
    person: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student)
        self.refuse_out_of_time(context)
        refuse_own_family(streams, context.actor, state.id)
        before = state.household.ref if state.household is not None else None
        fact = HouseholdRecorded(
            **self.stamp(context, before or state.registered_ref), household=self.household, corrects=before, person=self.person
        )
        return [(state.stream, fact)]
