"""A left-behind child is on the register or not; what was issued belongs to one stay on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from ..student.student import every_reference
from .facts import ContactCardIssued, LeftBehindEnded, LeftBehindFileOpened, LeftBehindRegistered


@dataclass(frozen=True)
class LeftBehindChild(State):
    """`leftbehind/<student>`. `since`, `ended_on`: of the newest stay on the register."""

    prefix: ClassVar[str] = "leftbehind"
    unit: str = ""
    registered_ref: str = ""
    since: date = date.min
    ended_on: date | None = None
    ended_ref: str = ""
    card: bool = False
    file: bool = False

    @property
    def running(self) -> bool:
        return self.exists and self.ended_on is None

    def evolve(self, fact: Fact, ref: str) -> LeftBehindChild:
        match fact:
            case LeftBehindRegistered():
                return replace(
                    self,
                    unit=fact.unit,
                    registered_ref=ref,
                    since=fact.effective_on,
                    ended_on=None,
                    ended_ref="",
                    card=False,
                    file=False,
                )
            case LeftBehindFileOpened():
                return replace(self, file=True)
            case ContactCardIssued():
                return replace(self, card=True)
            case LeftBehindEnded():
                return replace(self, ended_on=fact.effective_on, ended_ref=ref)
        return self

    def check_day(self, day: date) -> None:
        """What is done for the child lies within the stay on the register."""
        if day < self.since:
            raise Refused("left_behind_before", student=self.id, on=day.isoformat(), since=self.since.isoformat())
        if self.ended_on is not None and day >= self.ended_on:
            raise Refused("left_behind_ended", student=self.id, ended_on=self.ended_on.isoformat())


def left_behind_child(streams: Streams, student: str) -> LeftBehindChild:
    """The child's place on the register, under whichever of the person's references it runs; else `left_behind_unknown`."""
    found = [child for ref in every_reference(streams, student) if (child := streams.read(LeftBehindChild, ref)).exists]
    if not found:
        raise Refused("left_behind_unknown", student=student)
    return max(found, key=lambda child: (child.running, child.since))
