"""A command is what somebody wants done; `decide` turns it into facts or refuses, and needs nothing but its arguments.

Time, people and identifiers come in with the context; states come from `Streams`. Nothing here reads a clock or a random number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from .refusal import Refused
from .streams import Event, Streams


@dataclass(frozen=True)
class Authority:
    """In which capacity somebody acts: a role at a unit (and so over all units below it)."""

    role: str
    unit: str


@dataclass(frozen=True)
class Context:
    """What a decision may know beside the states: who acts, in which capacity, and what day it is (Asia/Shanghai)."""

    actor: str
    now: datetime
    today: date
    acting_as: Authority | None = None


@dataclass(frozen=True, kw_only=True)
class Command:
    """Base of all commands. `on` is the effective date (default: today); `evidence` are SHA-256 digests of documents."""

    name: ClassVar[str] = ""
    roles: ClassVar[frozenset[str]] = frozenset()
    """Any of these roles may give the command; no role means that the ledger's opening alone may."""

    on: date | None = None
    evidence: tuple[str, ...] = ()
    sheet: str | None = field(default=None)
    row: int | None = field(default=None)

    def needs(self) -> Sequence[str]:
        """Streams known beforehand to be read: a hint, so that thousands of commands load them at one go."""
        return ()

    def units(self, streams: Streams) -> Iterable[str]:
        """The units whose business this is; the actor's appointment must cover each of them."""
        return ()

    def preferred_role(self, streams: Streams, day: date) -> str | None:
        """Which of its roles the command would best be given in, where the states say so: somebody may hold several."""
        return None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        """The facts that follow. Refuses with a coded refusal; records nothing itself."""
        raise TypeError(f"{type(self).__name__} has no decide")

    def refuse_out_of_time(self, context: Context, *bases: tuple[date | None, str]) -> None:
        """What has not happened cannot be decided, and nothing is decided before what it rests on.

        bases: since when each holds, and the fact that says so. Refused `effective_in_future` or `dated_before_basis`.
        """
        day = self.on or context.today
        refuse_future(day, context)
        refuse_before(day, *bases)

    def stamp(self, context: Context, *because: str) -> dict[str, Any]:
        """The fields every fact carries, for `SomeFact(**self.stamp(context, ref, …), …)`."""
        common: dict[str, Any] = {
            "actor": context.actor,
            "effective_on": self.on or context.today,
            "because": tuple(ref for ref in dict.fromkeys(because) if ref),
        }
        if self.evidence:
            common["evidence"] = self.evidence
        if self.row is not None:
            common["sheet"], common["row"] = self.sheet, self.row
        return common


def refuse_future(day: date, context: Context, row: int | None = None) -> None:
    """Refuses (`effective_in_future`) a day to come; `row` is that of a file, where the day stands in one."""
    if day > context.today:
        raise Refused("effective_in_future", on=day.isoformat(), today=context.today.isoformat(), row=row)


def refuse_before(day: date, *bases: tuple[date | None, str], row: int | None = None) -> None:
    """Refuses (`dated_before_basis`) a day before any of the facts it rests on; `row` is that of a file, where the day stands in one."""
    for since, says in bases:
        if since is not None and day < since:
            raise Refused("dated_before_basis", on=day.isoformat(), since=since.isoformat(), says=says, row=row)
