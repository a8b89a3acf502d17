"""Erasing a person (删除): facts first, then the key. Refused while the law holds the records, and while business with them is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.facts import PersonErased
from ..student.student import unit_of_student
from .facts import PersonsErased, RemovedFile
from .open_business import open_business
from .person import references_of, refuse_held, stand_of
from .retention import last_by_class, periods, refuse_running, subjects_in

LIST = "privacy/list"
"""The stream in which every erasure and restriction of this ledger stands: what opening a ledger carries out (`carrying_out`)."""

Ground = Literal["requested", "retention_ended", "recorded_in_error"]


@dataclass(frozen=True, kw_only=True)
class ErasePerson(Command):
    """Erases a person under every reference they ever had.

    streams_of: every stream that concerns the person, as the log was searched for them; files, documents: what goes with the key.
    """

    name: ClassVar[str] = "ErasePerson"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer"})
    person: str
    ground: Ground = "requested"
    reason: Sealed
    basis: str | None = None
    streams_of: tuple[str, ...] = ()
    files: tuple[RemovedFile, ...] = ()
    documents: tuple[str, ...] = ()

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.person}", f"person/{self.person}", LIST, *self.streams_of)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.person) or units_naming(streams, self.person, self.streams_of)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        day = self.on or context.today
        refs = references_of(streams, self.person)
        stands = [stand_of(streams, ref) for ref in refs]
        if all(stand.erased for _stream, stand in stands):
            raise Refused("person_erased", student=self.person)
        refuse_held(streams, refs, context.today)
        unfinished = open_business(streams, self.streams_of, context.today)
        if unfinished:
            raise Refused("erasure_open_business", student=self.person, open=unfinished)
        facts = (one for name in self.streams_of for one in streams.facts(name))
        found = periods(streams, last_by_class(facts, frozenset(refs)).items(), context.today)
        refuse_running(found, self.person, day)
        own = f"student/{self.person}"
        known = [name for name in dict.fromkeys((own, *self.streams_of)) if streams.facts(name)]
        because = [streams.facts(name)[-1].ref for name in known[:1]] + [one.ref for one in found]
        entry = streams.next_ref(LIST)
        listed = PersonsErased(
            **self.stamp(context, *because), persons=refs, reason=self.reason, basis=self.basis, files=self.files, documents=self.documents
        )
        erased = [(stream, PersonErased(**self.stamp(context, entry), reason=self.ground)) for stream, stand in stands if not stand.erased]
        return [(LIST, listed), *erased]


def units_naming(streams: Streams, ref: str, names: Sequence[str]) -> tuple[str, ...]:
    """The units whose facts speak of somebody who is no student: the register a helper stands in, the file whose row was refused."""
    facts = [one.fact for name in names for one in streams.facts(name) if ref in subjects_in(one.fact)]
    return tuple(dict.fromkeys(unit for fact in facts if (unit := getattr(fact, "unit", None))))
