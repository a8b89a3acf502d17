"""A transaction's events are its actor's own: each says so, in one way only, and is of a kind that their role may record.

The hot loop of a verification: a glance at the bytes for most events, and JSON only where that glance does not settle it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import methodcaller
from typing import Final

import orjson

from ..journal.sqlite_reading import RawRow
from ..transaction import LedgerOpened
from .legible import actor_in, is_as_written
from .problem import Problems
from .rights import ROLES_OF, permitted
from .transactions import TRANSACTION, OpenTransaction

_ACTOR_AT_MOST: Final = len(b'{"_v":99,"')
"""Every fact's state begins with who decided it; beyond this byte no other `actor` is expected."""


class Members:
    """Checks the members of one transaction after the other. thorough: each is read in full."""

    def __init__(self, problems: Problems, *, thorough: bool = False) -> None:
        self._problems = problems
        self._thorough = thorough
        self._beginnings: tuple[bytes, ...] = (b"",)

    def begin(self, one: OpenTransaction) -> None:
        self._beginnings = beginnings(one.actor)
        if self._thorough and not is_as_written(TRANSACTION.decode(), one.state):
            self._problems.add("event_malformed", one.leaf, one.event)

    def stand(self, one: OpenTransaction, members: int, actor: str, topics: Collection[bytes]) -> bool:
        """Whether nothing is left to be checked of so many members of these topics, of which each says at a glance whose it is."""
        if self._thorough or (one.members, one.actor) != (members, actor):
            return False
        return not one.leaf or (len(one.roles) == 1 and permitted(one.role(0), topics))

    def check(self, one: OpenTransaction, number: int, rows: Sequence[RawRow], records: bytes) -> None:
        """Events of a transaction, from its `number`-th member on; records: all their bytes in a row, none where some were not legible."""
        self._check_rights(one, number, rows)
        if self._thorough:
            self._check_actors(one, rows)
            return
        if show_their_actor(self._beginnings, [row[4] for row in rows], records):
            return
        begins = methodcaller("startswith", self._beginnings)
        unlike = [row for row in rows if not begins(row[4]) or row[4].rfind(b'"actor"') >= _ACTOR_AT_MOST or b"\\" in row[4]]
        self._check_actors(one, unlike)

    def _check_rights(self, one: OpenTransaction, number: int, rows: Sequence[RawRow]) -> None:
        """What is recorded is of a kind that the role it was recorded in may record. The opening of a ledger is nobody's right yet."""
        topics = {row[3] for row in rows}
        if not one.leaf or (len(one.roles) == 1 and permitted(one.role(number), topics)):
            return
        for place, (leaf, stream, version, topic, *_rest) in enumerate(rows):
            name, role = topic.decode(errors="replace"), one.role(number + place)
            if name not in ROLES_OF and name != LedgerOpened.topic:
                self._problems.add("topic_unknown", leaf, ref(stream, version), topic=name)
            elif role is not None and name in ROLES_OF and not permitted(role, (topic,)):
                self._problems.add("recorded_without_right", leaf, ref(stream, version), staff=one.actor, topic=name)

    def _check_actors(self, one: OpenTransaction, rows: Sequence[RawRow]) -> None:
        """Events in which the name of whoever signed for them did not show at a glance, and no other beside it."""
        for leaf, stream, version, topic, state, _at in rows:
            try:
                actor = actor_in(state)
                if self._thorough and not is_as_written(topic.decode(errors="replace"), state):
                    raise ValueError(topic)
            except ValueError:
                self._problems.add("event_malformed", leaf, ref(stream, version))
                continue
            if actor != one.actor:
                self._problems.add("actor_differs", leaf, ref(stream, version), staff=one.actor)


def beginnings(actor: str) -> tuple[bytes, ...]:
    """Every fact's state begins with who decided it, after its shape's number where that is not the first."""
    said = orjson.dumps(actor)
    return (b'{"actor":%b,' % said, b'{"_v":2,"actor":%b,' % said, b'{"_v":3,"actor":%b,' % said)


def show_their_actor(begin: tuple[bytes, ...], states: Sequence[bytes], records: bytes) -> bool:
    """Whether each state says at a glance whose it is, and nobody else's. records: all their bytes in a row, looked at together, since one
    by one costs half as much as hashing them; none, and nothing shows."""
    return records.count(b'"actor"') == len(states) and b"\\" not in records and all(map(methodcaller("startswith", begin), states))


def ref(stream: object, version: object) -> str:
    """`stream@version`, whatever is stored there."""
    return f"{text(stream)}@{version}"


def text(stored: object) -> str:
    return stored.decode(errors="replace") if isinstance(stored, bytes) else str(stored)
