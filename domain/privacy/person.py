"""How a natural person's data stand: erased, restricted, held. A student's stand in their own file, anybody else's in `person/<ref>`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from ..student.data_state import THERE, DataState, data_after
from ..student.student import Student, every_reference


@dataclass(frozen=True)
class Person(State):
    """`person/<ref>`: somebody who is nobody's student (a helper, a guardian, an objector), or a text sealed by itself."""

    prefix: ClassVar[str] = "person"
    standing: DataState = THERE

    def evolve(self, fact: Fact, ref: str) -> Person:
        return replace(self, standing=data_after(self.standing, fact, ref))


def references_of(streams: Streams, ref: str) -> tuple[str, ...]:
    """Every reference the person ever had; of somebody who is no student the one given."""
    return every_reference(streams, ref) if streams.read(Student, ref).exists else (ref,)


def stand_of(streams: Streams, ref: str) -> tuple[str, DataState]:
    """The stream in which it is recorded what becomes of this reference's data, and how they stand."""
    student = streams.read(Student, ref)
    if student.exists:
        return student.stream, student.standing_of_data
    person = streams.read(Person, ref)
    return person.stream, person.standing


def refuse_held(streams: Streams, refs: tuple[str, ...], day: date) -> None:
    """`legal_hold` (until: its day, or `open`) while a hold on any of the references runs."""
    for ref in refs:
        hold = stand_of(streams, ref)[1].hold
        if hold is not None and hold.runs(day):
            raise Refused("legal_hold", student=ref, until=hold.until.isoformat() if hold.until is not None else "open")
