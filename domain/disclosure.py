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
