"""The house's test language: `given(what had happened).when(what somebody wants).then(what is recorded)`, or `.refused(code)`.

It runs the pure core: authority and decide over streams kept in a dict, no database. Whatever is decided is written as
bytes and read back, and every reference in `because` must lead somewhere; so each test checks that as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeVar

import pytest

from mingzhang.domain import concepts
from mingzhang.domain.command import Command, Context
from mingzhang.domain.facts import Fact, Recorded, decode, encode
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.staff import authority
from mingzhang.domain.streams import State, Streams

concepts.load()

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
NOON = time(12, 0, tzinfo=CHINA)

F = TypeVar("F", bound=Fact)
S = TypeVar("S", bound=State)


@dataclass(frozen=True)
class By:
    """An earlier command, given by somebody on a day."""

    actor: str
    command: Command
    at: date | datetime


Known = tuple[str, Fact] | By


def by(actor: str, command: Command, at: date | datetime = date(2020, 3, 20)) -> By:
    return By(actor, command, at)


def sealed(subject: str, **fields: str) -> Sealed:
    """A box that is visibly none: the fields' names, and nothing in it."""
    return Sealed(subject=subject, box="c3ludGhldGlj", commitment={name: "c3ludGhldGlj" for name in fields or {"name": ""}})


@dataclass
class Store:
    """Streams as bytes, as they would lie in a journal; `log`: all facts in the order in which they were recorded."""

    rows: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    log: list[tuple[str, Fact]] = field(default_factory=list)

    def load(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        return {
            name: [Recorded(name, n, decode(topic, state)) for n, (topic, state) in enumerate(self.rows[name], start=1)]
            for name in names
            if name in self.rows
        }

    def append(self, stream: str, fact: Fact) -> None:
        self.rows.setdefault(stream, []).append((fact.topic, encode(fact)))
        self.log.append((stream, fact))

    def holds(self, ref: str) -> bool:
        stream, _, version = ref.rpartition("@")
        return 1 <= int(version) <= len(self.rows.get(stream, ()))

    def streams(self) -> Streams:
        return Streams(self.load)

    def state(self, kind: type[S], *parts: str) -> S:
        return self.streams().read(kind, *parts)


def instant(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, NOON)


def run(store: Store, actor: str, commands: Iterable[Command], at: date | datetime) -> list[Recorded]:
    """One execution: every command's authority, then its decision, states carried along. Stores what was decided."""
    now = instant(at).astimezone(UTC)
    streams = store.streams()
    today = now.astimezone(CHINA).date()
    for command in commands:
        context = Context(actor=actor, now=now, today=today)
        acting, _ = authority(streams, command, context)
        decided = command.decide(streams, Context(actor=actor, now=now, today=today, acting_as=acting))
        streams.add(decided)
    for recorded in streams.decided:
        store.append(recorded.originator_id, recorded.fact)
        assert decode(recorded.fact.topic, encode(recorded.fact)) == recorded.fact
    for recorded in streams.decided:
        assert [ref for ref in recorded.fact.because if not store.holds(ref)] == [], "because leads nowhere"
    return streams.decided


class Given:
    """What had happened. Facts are taken as they are; earlier commands are decided, and may not be refused.

    As in a ledger, no day comes before the last one: a command of an earlier day is given on that one.
    """

    def __init__(self, *known: Known | Iterable[Known]) -> None:
        self.store = Store()
        self.now = instant(date(1949, 10, 1))
        self.add(*known)

    def add(self, *known: Known | Iterable[Known]) -> Given:
        for one in known:
            if isinstance(one, By):
                self.now = max(self.now, instant(one.at))
                run(self.store, one.actor, [one.command], self.now)
            elif isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], Fact):
                self.store.append(str(one[0]), one[1])
            else:
                self.add(*one)
        return self

    def when(self, *commands: Command, actor: str, at: date | datetime = date(2020, 3, 25)) -> Outcome:
        before = {name: list(rows) for name, rows in self.store.rows.items()}
        try:
            decided = run(self.store, actor, commands, max(self.now, instant(at)))
        except Refused as refusal:
            assert self.store.rows == before, "a refused command recorded something"
            return Outcome(self.store, [], refusal)
        return Outcome(self.store, decided, None)


@dataclass
class Outcome:
    store: Store
    recorded: list[Recorded]
    refusal: Refused | None

    def then(self, *events: tuple[str, Fact]) -> Outcome:
        """Exactly these events, whole, in this order."""
        self.accepted()
        assert [(r.originator_id, r.fact) for r in self.recorded] == list(events)
        return self

    def nothing(self) -> Outcome:
        """Allowed, and there was nothing to record."""
        return self.then()

    def accepted(self) -> Outcome:
        if self.refusal is not None:
            pytest.fail(f"refused: {self.refusal}")
        return self

    def refused(self, code: str, **context: object) -> Outcome:
        """Refused with this code; what is named of the context must be as given."""
        if self.refusal is None:
            pytest.fail(f"not refused, but recorded {[r.fact.topic for r in self.recorded]}")
        assert self.refusal.code == code, str(self.refusal)
        assert {name: self.refusal.context.get(name) for name in context} == context
        return self

    def topics(self) -> list[str]:
        self.accepted()
        return [r.fact.topic for r in self.recorded]

    def only(self, kind: type[F]) -> F:
        """The one fact of that kind."""
        self.accepted()
        (found,) = [r.fact for r in self.recorded if isinstance(r.fact, kind)]
        return found

    def state(self, kind: type[S], *parts: str) -> S:
        return self.store.state(kind, *parts)


def given(*known: Known | Iterable[Known]) -> Given:
    return Given(*known)
