"""Kept but not shown (受限), and held for a court, an audit or an inspection: what may be done instead of erasing, and what forbids it.

Where a period laid down by law has not passed, or deleting cannot be done, nothing more is done with the data than to keep them safe
(个人信息保护法 art. 47): no list, no search and no new business; only what was decided before, such as a payment, is carried through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.facts import PersonRestricted
from ..student.student import unit_of_student
from .erasing import LIST
from .facts import HoldReleased, PersonHeld, PersonsRestricted, PersonsUnrestricted, RestrictionLifted
from .person import references_of, stand_of
from .retention import last_by_class, periods


@dataclass(frozen=True, kw_only=True)
class _OnData(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer"})
    person: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.person)

    def _references(self, streams: Streams, context: Context) -> tuple[str, ...]:
        self.refuse_out_of_time(context)
        refs = references_of(streams, self.person)
        if all(stand_of(streams, ref)[1].erased for ref in refs):
            raise Refused("person_erased", student=self.person)
        return refs


@dataclass(frozen=True, kw_only=True)
class RestrictPerson(_OnData):
    """until: from when on the data are to be erased; None: from the end of the longest period that runs. Refused `retention_unset`
    where that cannot be said."""

    name: ClassVar[str] = "RestrictPerson"
    ground: Literal["requested", "retention_ended", "legal_hold"] = "requested"
    basis: str | None = None
    until: date | None = None
    streams_of: tuple[str, ...] = ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refs = self._references(streams, context)
        stands = [stand_of(streams, ref) for ref in refs]
        if all(stand.restricted for _stream, stand in stands):
            raise Refused("person_restricted", student=self.person)
        until = self.until or self._end(streams, context, refs)
        entry = streams.next_ref(LIST)
        listed = PersonsRestricted(**self.stamp(context, *_known(streams, stands)), persons=refs, reason=self.reason, basis=self.basis)
        own = [
            (stream, PersonRestricted(**self.stamp(context, entry), until=until, reason=self.ground))
            for stream, stand in stands
            if not stand.restricted
        ]
        return [(LIST, listed), *own]

    def _end(self, streams: Streams, context: Context, refs: tuple[str, ...]) -> date:
        facts = (one for name in self.streams_of for one in streams.facts(name))
        found = periods(streams, last_by_class(facts, frozenset(refs)).items(), context.today)
        unset = [one.record_class for one in found if one.free_from is None]
        if unset:
            raise Refused("retention_unset", student=self.person, classes=unset)
        return max((one.free_from for one in found if one.free_from is not None), default=context.today)


@dataclass(frozen=True, kw_only=True)
class UnrestrictPerson(_OnData):
    name: ClassVar[str] = "UnrestrictPerson"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refs = self._references(streams, context)
        stands = [stand_of(streams, ref) for ref in refs]
        shut = [(stream, stand) for stream, stand in stands if stand.restricted]
        if not shut:
            raise Refused("person_not_restricted", student=self.person)
        entry = streams.next_ref(LIST)
        because = [stand.restricted_ref for _stream, stand in shut]
        listed = PersonsUnrestricted(**self.stamp(context, *because), persons=refs, reason=self.reason)
        return [(LIST, listed), *((stream, RestrictionLifted(**self.stamp(context, entry))) for stream, _stand in shut)]


@dataclass(frozen=True, kw_only=True)
class HoldPerson(_OnData):
    """`until`: the first day on which the hold no longer runs; None: until it is released. A later hold replaces an earlier one."""

    name: ClassVar[str] = "HoldPerson"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer", "inspector"})
    until: date | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refs = self._references(streams, context)
        if self.until is not None and self.until <= context.today:
            raise Refused("hold_over_already", until=self.until.isoformat())
        stands = [stand_of(streams, ref) for ref in refs]
        because = _known(streams, stands)
        return [(stream, PersonHeld(**self.stamp(context, *because), until=self.until, reason=self.reason)) for stream, _ in stands]


@dataclass(frozen=True, kw_only=True)
class ReleasePerson(_OnData):
    name: ClassVar[str] = "ReleasePerson"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer", "inspector"})

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refs = self._references(streams, context)
        held = [(stream, stand.hold) for stream, stand in (stand_of(streams, ref) for ref in refs) if stand.hold is not None]
        if not held:
            raise Refused("person_not_held", student=self.person)
        return [(stream, HoldReleased(**self.stamp(context, hold.ref), reason=self.reason)) for stream, hold in held]


def _known(streams: Streams, stands: Sequence[tuple[str, object]]) -> list[str]:
    """What the decision rests on: the newest fact of each of the person's own streams, where there is one."""
    return [facts[-1].ref for stream, _stand in stands if (facts := streams.facts(stream))]
