"""Where the money of a batch goes: each payment names the fact whose box holds the account, and that box alone is opened.

What is opened here lives for the length of one command: it goes into the bank file or is compared with the bank's
answer, and is never stored or shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mingzhang.domain.facts import Fact, decode
from mingzhang.domain.money.attempts import PaymentPaidInPart, PaymentRejected
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.payment import (
    PaymentFailed,
    PaymentInstructed,
    PaymentPaid,
    PaymentPending,
    PaymentReissued,
)
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.streams import Streams

from ..session import Session

Course = list[Fact]


@dataclass(frozen=True, slots=True)
class Payee:
    """One line of a batch with the account it goes to. `number` is the 序号, from 1; `answered` is what the bank last
    said of this line in this batch (paid, part, failed, pending or "")."""

    number: int
    payment: str
    student: str
    amount_fen: int
    account: str = field(repr=False)
    account_name: str = field(repr=False)
    answered: str = ""
    erased: bool = False


def payees(
    session: Session, batch: Batch, *, signed: bool = False, answering: bool = False, seen: Streams | None = None
) -> list[Payee]:
    """The lines of the batch in their order, as they were instructed for this batch: a payment that has been reissued
    since keeps its line and its account here. Lines that were stopped are left out. `signed`: handed over against a
    signature, so that no account is needed and the name is the payee's own. `answering`: for a bank's answer about others of
    the batch, a line whose payee has been erased since keeps its place without account and name.

    Refused `person_erased` (student), `account_missing` (payment), `box_damaged`.
    """
    session.vault.need_key()
    streams = batch.payments
    courses = _courses(seen or session.streams, streams)
    instructed = [_instruction(courses.get(stream, []), batch.id, stream) for stream in streams]
    boxes = boxes_of(session, [one.account_from for one in instructed])
    opened = session.vault.open_many([boxes[one.account_from] for one in instructed], also_restricted=True)
    found = []
    for number, stream, one, fields in zip(batch.numbers, streams, instructed, opened, strict=True):
        student = stream.split("/")[2]
        if fields is None:
            if not answering:
                raise Refused("person_erased", student=student)
            answered = _answered(courses[stream], batch.id)
            found.append(Payee(number, stream, student, one.amount_fen, "", "", answered, erased=True))
            continue
        account = fields.get("account", "")
        if not account and not signed:
            raise Refused("account_missing", payment=stream)
        name = fields.get("name", "") if signed else fields.get("account_name") or fields.get("name", "")
        answered = _answered(courses[stream], batch.id)
        found.append(Payee(number, stream, student, one.amount_fen, account, name, answered))
    return _named(session, found)


def _named(session: Session, found: list[Payee]) -> list[Payee]:
    """Where a box holds an account and no name, the account is in the student's own name."""
    unnamed = [one for one in found if not one.account_name and not one.erased]
    if not unnamed:
        return found
    from ..cases.named import names_of

    names = names_of(session, [one.student for one in unnamed], also_restricted=True)
    return [
        one if one.account_name or one.erased else replace(one, account_name=names.get(one.student, "")) for one in found
    ]


def boxes_of(session: Session, references: Sequence[str]) -> Mapping[str, Sealed]:
    """The personal box of each referenced fact. Refused `event_unknown` for a fact that is not in the log or has none."""
    wanted = set(references)
    streams = list(dict.fromkeys(reference.rpartition("@")[0] for reference in references))
    boxes: dict[str, Sealed] = {}
    for row in session.ledger.journal.select_streams(streams):
        reference = f"{row.originator_id}@{row.originator_version}"
        if reference in wanted:
            person = getattr(decode(row.topic, row.state), "person", None)
            if isinstance(person, Sealed):
                boxes[reference] = person
    for reference in references:
        if reference not in boxes:
            raise Refused("event_unknown", event=reference)
    return boxes


def _courses(streams: Streams, names: Sequence[str]) -> dict[str, Course]:
    streams.fetch(names)
    return {name: [recorded.fact for recorded in streams.stored(name)] for name in names}


def _instruction(course: Course, batch: str, stream: str) -> PaymentInstructed | PaymentReissued:
    for fact in reversed(course):
        if isinstance(fact, PaymentInstructed | PaymentReissued) and fact.batch == batch:
            return fact
    raise Refused("payment_unknown", payment=stream)


_WORDS = {
    PaymentPaid: "paid", PaymentPaidInPart: "part", PaymentFailed: "failed", PaymentRejected: "failed", PaymentPending: "pending"
}  # fmt: skip


def _answered(course: Course, batch: str) -> str:
    """What the bank last said of the payment in that batch."""
    said = ""
    for fact in course:
        if type(fact) in _WORDS and getattr(fact, "batch", None) == batch:
            said = _WORDS[type(fact)]
    return said
