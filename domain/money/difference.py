"""What somebody decides about a difference: ask it back, pay it after, or let it stand; nothing that was paid is rewritten.

`difference/<scheme>/<student>/<period>`, under the reference that answers for the student. The fact names the late facts it rests on and
the amounts that were looked at; the same difference is then settled, and a new amount or a new reason makes it a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from ..aid.application import Application
from ..facts import Fact
from ..sealed import Sealed
from ..streams import State, Streams, replace
from ..student.student import every_reference

Remedy = Literal["claw-back", "top-up", "let-stand"]


class Freed(NamedTuple):
    """A top-up that may be prepared: for how much, by which decision, and since when."""

    fen: int
    ref: str
    on: date


class Reason(BaseModel):
    """Why what is due is not what was paid: a permanent code, and the fact that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    says: str


class DifferenceDecided(Fact):
    """`difference_fen` is due_fen less what was paid and not asked back (paid_fen − asked_back_fen) and, where that leaves too little, less
    what is coming all the same: negative for too much. top_up: the payment stream that a top-up frees to be prepared."""

    topic = "difference.decided"
    scheme: str
    student: str
    period: str
    unit: str
    remedy: Remedy
    paid_fen: int
    asked_back_fen: int
    due_fen: int
    difference_fen: int
    reasons: tuple[Reason, ...]
    top_up: str | None = None
    reason: Sealed


@dataclass(frozen=True)
class Difference(State):
    """decided: every decision with its fact, oldest first."""

    prefix: ClassVar[str] = "difference"
    decided: tuple[tuple[str, DifferenceDecided], ...] = ()

    def evolve(self, fact: Fact, ref: str) -> Difference:
        match fact:
            case DifferenceDecided():
                return replace(self, decided=(*self.decided, (ref, fact)))
        return self

    @property
    def top_ups(self) -> dict[str, Freed]:
        """By payment stream."""
        return {fact.top_up: Freed(fact.difference_fen, ref, fact.effective_on) for ref, fact in self.decided if fact.top_up is not None}


def freed_top_ups(streams: Streams, case: Application) -> dict[str, Freed]:
    """The payments of this application that top-ups were decided for, by payment stream. Decisions that were taken under another file of
    the same person count."""
    own = f"payment/{case.scheme}/{case.student}/{case.period}/"
    found: dict[str, Freed] = {}
    for ref in every_reference(streams, case.student):
        state = streams.read(Difference, case.scheme, ref, case.period)
        found |= {stream: freed for stream, freed in state.top_ups.items() if stream.startswith(own)}
    return found
