"""查询留痕: whoever sees personal data in full leaves a fact behind, in a stream of its own, so that reading never conflicts
with writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .command import Command, Context
from .facts import Fact
from .refusal import Refused
from .streams import Event, Streams


class DataRevealed(Fact):
    """Which query showed whom; the values themselves are not repeated."""

    topic = "disclosure.revealed"
    query: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RevealData(Command):
    name: ClassVar[str] = "RevealData"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer", "inspector", "administrator", "cashier"})
    disclosure: str
    query: str
    students: tuple[str, ...]
    shown_units: tuple[str, ...]
    """The units the students belong to: whoever looks must be responsible for each of them."""

    def units(self, streams: Streams) -> tuple[str, ...]:
        return self.shown_units

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        if self.students and not self.shown_units:
            raise Refused("unit_not_covered", staff=context.actor, command=self.name, units=[], covers=[])
        fact = DataRevealed(**self.stamp(context), query=self.query, students=self.students)
        return [(f"disclosure/{self.disclosure}", fact)]


class BundleExported(Fact):
    """A proof bundle that shows fields of a student's data in plain left the house; the values themselves are not repeated.

    It relies on the newest fact of its payment. query: the command; fields: their names; documents: SHA-256 (hex) of each attached in
    plain; size: the log size it proves; manifest: SHA-256 (hex) of its list of files, and so of every file in it.
    """

    topic = "disclosure.bundle_exported"
    query: str
    students: tuple[str, ...]
    fields: tuple[str, ...]
    documents: tuple[str, ...] = ()
    size: int
    manifest: str


@dataclass(frozen=True, kw_only=True)
class ExportBundle(RevealData):
    """As `RevealData`, with what leaves the house. about: the newest fact of the payment (`stream@version`)."""

    name: ClassVar[str] = "ExportBundle"
    about: str
    fields: tuple[str, ...]
    documents: tuple[str, ...] = ()
    size: int
    manifest: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        ((stream, _shown),) = super().decide(streams, context)
        fact = BundleExported(
            **self.stamp(context, self.about),
            query=self.query,
            students=self.students,
            fields=self.fields,
            documents=self.documents,
            size=self.size,
            manifest=self.manifest,
        )
        return [(stream, fact)]
