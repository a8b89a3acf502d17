"""What an administrator answers for about the ledger itself, since no program can know it: that a clock ran ahead, that records were lost.

Both are facts in the ledger's own stream: whoever reads a later record finds them before it.
"""

from __future__ import annotations

from typing import Literal

from .facts import Fact
from .sealed import Sealed


class ClockAttested(Fact):
    """The records up to `until` (RFC 3339, UTC, as stored) were made by a clock that ran ahead. What is recorded before that moment
    has come bears the last record's instant, and the machine's own in its transaction (`clock_at`)."""

    topic = "ledger.clock_attested"
    until: str
    reason: Sealed


class LossAttested(Fact):
    """The log had been `answered` events long, and goes on after `held` of them: the others are lost, or were another copy's. `by`: what
    remembered them, the projections or a checkpoint of the ledger's own."""

    topic = "ledger.loss_attested"
    held: int
    answered: int
    by: Literal["projections", "checkpoint"]
    reason: Sealed
