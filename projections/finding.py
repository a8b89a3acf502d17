"""What a rule finds: about whom, how grave, how much money, and the facts that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    subject: the student's reference, or a batch's id; amount_fen: the money in question; events: `stream@version` of the facts that show
    it; known_at_payment: whether it was known when the money left (None where that is no question, or none has); facts: plain values its
    sentence names.
    """

    rule: str
    severity: Severity
    subject: str
    payment: str | None
    amount_fen: int
    events: tuple[str, ...]
    known_at_payment: bool | None
    facts: dict[str, object] = field(default_factory=dict)
