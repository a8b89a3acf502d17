"""A pair of schools: since when, until when, and what it has kept, so that nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from .facts import JointResearchHeld, SchoolPairEnded, SchoolsPaired, StaffExchanged


class Exchange(NamedTuple):
    """One person sent: who is told apart by day, sender, year and post."""

    day: date
    sender: str
    year: int
    post: str | None


@dataclass(frozen=True)
class SchoolPair(State):
    """`research`: day and digest of the subject of each meeting."""

    prefix: ClassVar[str] = "schoolpair"
    town: str = ""
    village: str = ""
    unit: str = ""
    since: date = date.min
    paired_ref: str = ""
    ended_on: date | None = None
    research: frozenset[tuple[date, str | None]] = frozenset()
    exchanges: frozenset[Exchange] = frozenset()

    def evolve(self, fact: Fact, ref: str) -> SchoolPair:
        match fact:
            case SchoolsPaired():
                return replace(
                    self, town=fact.town, village=fact.village, unit=fact.unit, since=fact.effective_on, paired_ref=ref
                )
            case JointResearchHeld():
                return replace(self, research=self.research | {(fact.effective_on, fact.subject_digest)})
            case StaffExchanged():
                new = Exchange(fact.effective_on, fact.sender, fact.year, fact.post)
                return replace(self, exchanges=self.exchanges | {new})
            case SchoolPairEnded():
                return replace(self, ended_on=fact.effective_on)
        return self

    def check_running(self, day: date) -> None:
        """What a pair does lies between the pairing and its end."""
        if day < self.since:
            raise Refused("school_pair_before", pair=self.id, on=day.isoformat(), since=self.since.isoformat())
        self.check_not_ended(day)

    def check_not_ended(self, day: date) -> None:
        if self.ended_on is not None and day >= self.ended_on:
            raise Refused("school_pair_ended", pair=self.id, ended_on=self.ended_on.isoformat())

    def check_research(self, day: date, digest: str | None) -> None:
        self.check_running(day)
        if (day, digest) in self.research:
            raise Refused("school_research_exists", pair=self.id, on=day.isoformat())

    def check_exchange(self, exchange: Exchange) -> None:
        """People may have gone earlier in the year in which the schools were then paired; never in a year before."""
        if exchange.year < self.since.year:
            raise Refused("school_exchange_before", pair=self.id, year=exchange.year, since=self.since.isoformat())
        if exchange.day.year != exchange.year:
            raise Refused("school_exchange_year", pair=self.id, year=exchange.year, on=exchange.day.isoformat())
        self.check_not_ended(exchange.day)
        if exchange in self.exchanges:
            raise Refused("school_exchange_exists", pair=self.id, on=exchange.day.isoformat())


def existing_pair(streams: Streams, pair: str) -> SchoolPair:
    """The pair, or `school_pair_unknown`."""
    found = streams.read(SchoolPair, pair)
    if not found.exists:
        raise Refused("school_pair_unknown", pair=pair)
    return found
