"""What an office records of two paired schools: that they are, research held together, people sent, equipment given, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..unit import working_unit
from ..values.ids import refuse_unusable
from .facts import EquipmentDonated, JointResearchHeld, SchoolPairEnded, SchoolsPaired, Side, StaffExchanged
from .state import Exchange, SchoolPair, existing_pair

KEEPERS = frozenset({"helper-clerk", "clerk"})


@dataclass(frozen=True, kw_only=True)
class PairSchools(Command):
    """Two schools become a pair on `on`, under the office's own number."""

    name: ClassVar[str] = "PairSchools"
    roles: ClassVar[frozenset[str]] = KEEPERS
    pair: str
    town: str
    village: str
    unit: str
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"schoolpair/{self.pair}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("pair", self.pair)
        state = streams.read(SchoolPair, self.pair)
        if state.exists:
            raise Refused("school_pair_exists", pair=self.pair)
        if self.town == self.village:
            raise Refused("school_pair_with_itself", pair=self.pair)
        self.refuse_out_of_time(context)
        unit = working_unit(streams, self.unit, self.on or context.today)
        common = self.stamp(context, self.source, unit.ref)
        return [(state.stream, SchoolsPaired(**common, town=self.town, village=self.village, unit=self.unit))]


@dataclass(frozen=True, kw_only=True)
class SchoolPairCommand(Command):
    """Base of what a pair that exists does."""

    roles: ClassVar[frozenset[str]] = KEEPERS
    pair: str
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"schoolpair/{self.pair}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(SchoolPair, self.pair).unit
        return (unit,) if unit else ()

    def _pair(self, streams: Streams, context: Context) -> tuple[SchoolPair, date]:
        """The pair, and the day, which is no later than today."""
        self.refuse_out_of_time(context)
        return existing_pair(streams, self.pair), self.on or context.today


@dataclass(frozen=True, kw_only=True)
class HoldJointResearch(SchoolPairCommand):
    name: ClassVar[str] = "HoldJointResearch"
    participants: int | None = None
    subject: Sealed | None = None
    subject_digest: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._pair(streams, context)
        state.check_research(day, self.subject_digest)
        common = self.stamp(context, self.source, state.paired_ref)
        fact = JointResearchHeld(**common, participants=self.participants, subject=self.subject, subject_digest=self.subject_digest)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ExchangeStaff(SchoolPairCommand):
    """`year`: the year the exchange counts in; default the one it begins in."""

    name: ClassVar[str] = "ExchangeStaff"
    sender: Side
    year: int | None = None
    post: str | None = None
    person: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._pair(streams, context)
        exchange = Exchange(day, self.sender, self.year or day.year, self.post)
        state.check_exchange(exchange)
        common = self.stamp(context, self.source, state.paired_ref)
        fact = StaffExchanged(**common, sender=self.sender, year=exchange.year, post=self.post, person=self.person)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class DonateEquipment(SchoolPairCommand):
    name: ClassVar[str] = "DonateEquipment"
    giver: Side = "town"
    worth_fen: int = 0
    items: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._pair(streams, context)
        state.check_running(day)
        if self.worth_fen < 0:
            raise Refused("amount_not_positive", amount_fen=self.worth_fen)
        common = self.stamp(context, self.source, state.paired_ref)
        return [(state.stream, EquipmentDonated(**common, giver=self.giver, worth_fen=self.worth_fen, items=self.items))]


@dataclass(frozen=True, kw_only=True)
class EndSchoolPair(SchoolPairCommand):
    name: ClassVar[str] = "EndSchoolPair"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._pair(streams, context)
        if state.ended_on is not None:
            raise Refused("school_pair_ended", pair=self.pair, ended_on=state.ended_on.isoformat())
        state.check_running(day)
        return [(state.stream, SchoolPairEnded(**self.stamp(context, self.source, state.paired_ref), reason=self.reason))]
