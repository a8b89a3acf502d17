"""The third side of a reconciliation: a payment the bank has answered is held against its award as that stands now.

What the bank did has happened and is recorded all the same; what stands against its award since the batch was released is said, so that
somebody asks the money back or pays what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mingzhang.domain.aid.application import Application
from mingzhang.domain.money.batch import Batch

from ..session import Session


class AgainstAward(NamedTuple):
    """`code`: award_revoked, award_suspended and so on, case_held, or award_changed (another amount); `says`: the case's newest fact."""

    line: int
    payment: str
    state: str
    code: str
    says: str


def against_award(session: Session, batch: Batch, answered: Sequence[tuple[int, str]]) -> list[AgainstAward]:
    """The answered lines (number, state) whose award is not what it was when the batch was released.

    Only cases about which something was recorded since are looked at: a batch of a hundred thousand lines has few of them.
    """
    size = _size_at_release(session, batch)
    prefix, suffix = f"application/{batch.scheme}/", f"/{batch.period}"
    moved = {
        str(row.originator_id)
        for row in session.ledger.journal.select_rows(size)
        if row.originator_id.startswith(prefix) and row.originator_id.endswith(suffix)
    }
    if not moved:
        return []
    before, now = session.ledger.streams(size), session.ledger.streams()
    before.fetch(moved)
    now.fetch(moved)
    found = []
    for number, state in answered:
        payment = batch.payment(number)
        case = f"{prefix}{payment.split('/')[2]}{suffix}"
        if case not in moved:
            continue
        released, stands = before.at(Application, case), now.at(Application, case)
        code = ""
        if stands.stand != "approved":
            code = f"award_{stands.stand}"
        elif stands.held_by:
            code = "case_held"
        elif stands.amount_fen != released.amount_fen:
            code = "award_changed"
        if code:
            found.append(AgainstAward(number, payment, state, code, stands.ref))
    return found


def _size_at_release(session: Session, batch: Batch) -> int:
    """How long the log was right after the batch had been released."""
    version = int(batch.released_ref.rpartition("@")[2])
    rows = session.ledger.journal.select_streams([batch.stream])
    return next(row.leaf_index for row in rows if row.originator_version == version) + 1
