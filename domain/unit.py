"""A unit is a department, school, village, township or office; authority over one reaches all units below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from .command import Command, Context
from .facts import Fact
from .refusal import Refused
from .sealed import Sealed
from .streams import Event, State, Streams, replace
from .values.ids import refuse_unusable

UnitKind = Literal["bureau", "office", "school", "department", "township", "village", "group", "external"]


class UnitRegistered(Fact):
    """A unit exists from `effective_on`, under `parent` (none for the top)."""

    topic = "unit.registered"
    name: str
    kind: UnitKind
    parent: str | None = None


class UnitRenamed(Fact):
    """The unit signs with another name; its id stays."""

    topic = "unit.renamed"
    name: str


class UnitClosed(Fact):
    """From `effective_on` on the unit does nothing more, for the sealed reason."""

    topic = "unit.closed"
    reason: Sealed


@dataclass(frozen=True)
class Unit(State):
    prefix: ClassVar[str] = "unit"
    name: str = ""
    kind: UnitKind = "office"
    parent: str | None = None
    open: bool = False
    closed_on: date | None = None

    def evolve(self, fact: Fact, ref: str) -> Unit:
        match fact:
            case UnitRegistered():
                return replace(self, name=fact.name, kind=fact.kind, parent=fact.parent, open=True)
            case UnitRenamed():
                return replace(self, name=fact.name)
            case UnitClosed():
                return replace(self, open=False, closed_on=fact.effective_on)
        return self


def existing_unit(streams: Streams, unit: str) -> Unit:
    """The unit, or the refusal `unit_unknown`."""
    found = streams.read(Unit, unit)
    if not found.exists:
        raise Refused("unit_unknown", unit=unit)
    return found


def working_unit(streams: Streams, unit: str, day: date) -> Unit:
    """The unit, if it had not been closed by that day: else `unit_closed`, or `unit_unknown`."""
    found = existing_unit(streams, unit)
    if found.closed_on is not None and day >= found.closed_on:
        raise Refused("unit_closed", unit=unit)
    return found


def lies_within(streams: Streams, unit: str, above: str) -> bool:
    """Whether `unit` is `above` or lies below it."""
    seen: set[str] = set()
    step: str | None = unit
    while step is not None and step not in seen:
        if step == above:
            return True
        seen.add(step)
        step = streams.read(Unit, step).parent
    return False


@dataclass(frozen=True, kw_only=True)
class RegisterUnit(Command):
    name: ClassVar[str] = "RegisterUnit"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    unit: str
    title: str
    kind: UnitKind
    parent: str | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.parent,) if self.parent else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("unit", self.unit)
        state = streams.read(Unit, self.unit)
        if state.exists:
            raise Refused("unit_exists", unit=self.unit)
        because = existing_unit(streams, self.parent).ref if self.parent else ""
        fact = UnitRegistered(**self.stamp(context, because), name=self.title, kind=self.kind, parent=self.parent)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RenameUnit(Command):
    name: ClassVar[str] = "RenameUnit"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    unit: str
    title: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = existing_unit(streams, self.unit)
        return [(state.stream, UnitRenamed(**self.stamp(context, state.ref), name=self.title))]


@dataclass(frozen=True, kw_only=True)
class CloseUnit(Command):
    name: ClassVar[str] = "CloseUnit"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    unit: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = existing_unit(streams, self.unit)
        if not state.open:
            raise Refused("unit_closed", unit=self.unit)
        return [(state.stream, UnitClosed(**self.stamp(context, state.ref), reason=self.reason))]
