"""An answer to every line is matched at one go: written as an order again, it has the very bytes that went to the bank.

Then every number, account, name and amount in it is the one that was asked for, by the SHA-256 that was recorded with the export, and
no box has to be opened. Where the bytes differ, whoever compares line by line finds out which line it is.
"""

from __future__ import annotations

import hashlib

from mingzhang.domain.money.batch import Batch
from mingzhang.domain.refusal import Refused

from ..bankfiles.answers import BankAnswer
from ..bankfiles.profile import BankProfile
from ..session import Session
from .export import exports_of, order_bytes


def repeats_the_order(session: Session, batch: Batch, layout: BankProfile, answer: BankAnswer) -> bool:
    """Whether the answer names exactly what was exported. False proves nothing: a bank may write a name in its own way."""
    if [line.number for line in answer.lines] != batch.numbers or _has_erased(session, batch):
        return False
    lines = ((line.number, line.account, line.name, line.asked_fen) for line in answer.lines)
    try:
        content = order_bytes(session, batch, layout, lines)
    except Refused:  # a text that no order of ours can have held
        return False
    return hashlib.sha256(content).hexdigest() == exports_of(session, batch.id)[0].sha256


def _has_erased(session: Session, batch: Batch) -> bool:
    """A write about an erased person is refused: that is told line by line."""
    erased = session.vault.erased()
    return bool(erased) and not {line.split("/")[0] for line in batch.lines}.isdisjoint(erased)
