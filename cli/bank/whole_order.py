"""An answer to every line is matched at one go: written as an order again, it has the very bytes that went to the bank.

Then every number, account, name and amount in it is the one that was asked for, by the SHA-256 that was recorded with the export, and
no box has to be opened. Where the bytes differ, whoever compares line by line finds out which line it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from mingzhang.domain.money.batch import Batch
from mingzhang.domain.refusal import Refused

from ..bankfiles.answers import BankAnswer
from ..bankfiles.orders import OrderLine, OrderTerms, write_order
from ..bankfiles.profile import BankProfile
from ..session import Session
from .export import exports_of, order_terms


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """What an answer needs to be written as the order again: the numbers of its lines, what all lines share, the SHA-256 of the order."""

    numbers: list[int]
    terms: OrderTerms
    layout: BankProfile
    sha256: str

    def repeated_by(self, answer: BankAnswer) -> bool:
        """Whether the answer names exactly what was exported. False proves nothing: a bank may write a name in its own way."""
        if [line.number for line in answer.lines] != self.numbers:
            return False
        lines = [OrderLine(line.number, line.account, line.name, line.asked_fen) for line in answer.lines]
        try:
            content = write_order(lines, profile=self.layout, terms=self.terms)
        except Refused:  # a text that no order of ours can have held
            return False
        return hashlib.sha256(content).hexdigest() == self.sha256


def whole_order(session: Session, batch: Batch, layout: BankProfile) -> WholeOrder | None:
    """The order that went out; None where it names an erased person: a write about one is refused, and that is told line by line."""
    erased = session.vault.erased()
    if erased and not {line.split("/")[0] for line in batch.lines}.isdisjoint(erased):
        return None
    return WholeOrder(batch.numbers, order_terms(session, batch), layout, exports_of(session, batch.id)[0].sha256)
