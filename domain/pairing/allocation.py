"""任务分解表: how many cadres a unit has and how many students it is handed; the last figures of a unit are the ones that count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..unit import working_unit


class AllocationSet(Fact):
    """From `effective_on` on the unit is to help so many students with so many cadres; `person` seals name and phone of its 联络员."""

    topic = "allocation.set"
    unit: str
    cadres: int
    students: int
    person: Sealed | None = None


@dataclass(frozen=True)
class Allocation(State):
    """`allocation/<unit>`."""

    prefix: ClassVar[str] = "allocation"
    cadres: int = 0
    students: int = 0

    def evolve(self, fact: Fact, ref: str) -> Allocation:
        if isinstance(fact, AllocationSet):
            return replace(self, cadres=fact.cadres, students=fact.students)
        return self


@dataclass(frozen=True, kw_only=True)
class SetAllocation(Command):
    """Hands a unit its share; the figures it has already are refused (`allocation_unchanged`)."""

    name: ClassVar[str] = "SetAllocation"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    unit: str
    cadres: int
    students: int
    person: Sealed | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"allocation/{self.unit}", f"unit/{self.unit}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        unit = working_unit(streams, self.unit, self.on or context.today)
        state = streams.read(Allocation, self.unit)
        if self.cadres < 1 or self.students < 0:
            raise Refused("allocation_impossible", unit=self.unit, cadres=self.cadres, students=self.students)
        if state.exists and (state.cadres, state.students) == (self.cadres, self.students):
            raise Refused("allocation_unchanged", unit=self.unit)
        fact = AllocationSet(
            **self.stamp(context, self.source, unit.ref, state.ref if state.exists else ""),
            unit=self.unit,
            cadres=self.cadres,
            students=self.students,
            person=self.person,
        )
        return [(state.stream, fact)]
