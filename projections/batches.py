"""The facts of a whole batch are worked out per key in memory, one leaf after the other, and written in one go.

The rows are those that applying the facts one at a time would leave, known_from and known_until included, whatever
the batches (bitemporal.py gives the rule). Written one at a time, they would cost several times as much.
"""

from __future__ import annotations

from bisect import insort
from typing import Any

from sqlalchemy import and_, bindparam

from .bitemporal import Key, Points, Timeline
from .tables import FOREVER, Row, Store

_EVERY_FACT = -1


class _Held:
    """One fact of a key that is not withdrawn, and its row: as it is to be, and as it is stored (if it is)."""

    __slots__ = ("changed", "effective", "known_from", "leaf", "stored", "until", "value")

    def __init__(
        self, effective: str, leaf: int, value: Row | None, until: str, known_from: int, stored: bool
    ) -> None:
        self.effective = effective
        self.leaf = leaf
        self.value = value
        self.until = until
        self.known_from = known_from
        self.stored = stored
        self.changed = False


def _order(held: _Held) -> tuple[str, int]:
    return held.effective, held.leaf


class TimelineBatch:
    """The facts of a batch for one timeline: each key is worked out in memory, one leaf after the other, then written.

    The outcome is that of applying the facts one at a time, whatever the batches.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        # Per key: (leaf, effective day, value) of a fact, or (leaf, None, leaf of the fact withdrawn).
        self._facts: dict[Key, list[tuple[int, str | None, Any]]] = {}
        self._withdrawn: list[tuple[int, int]] = []
        self._nothing: Row = (None,) * timeline.value_width

    def fact(self, leaf: int, key: Key, value: Row | None, effective_on: str) -> None:
        """From that day on the key has this value; None: nothing holds."""
        facts = self._facts.get(key)
        if facts is None:
            self._facts[key] = [(leaf, effective_on, value)]
        else:
            facts.append((leaf, effective_on, value))

    def withdraw(self, leaf: int, named: int) -> None:
        """Takes back whatever the named leaf said, for every key; a leaf that said nothing here is passed over."""
        self._withdrawn.append((leaf, named))

    def clear(self, leaf: int, key: Key) -> None:
        """Takes back every fact of the key that earlier leaves stated."""
        self._facts.setdefault(key, []).append((leaf, None, _EVERY_FACT))

    def write(self, store: Store) -> None:
        """Works the batch out and writes it; the batch is then used up."""
        table = self.timeline.open
        empty = store.is_empty(table)
        if self._withdrawn:
            self._find_keys_of_withdrawn(store, empty)
        known: dict[Key, list[_Held]] = {} if empty else self._load(store)
        added: list[Row] = []
        changed: list[Row] = []
        removed: list[Row] = []
        past: list[Row] = []
        for key, facts in self._facts.items():
            held = known.get(key)
            if held is None and len(facts) == 1:
                # Most keys of a first import: one fact, nothing before it.
                leaf, effective, value = facts[0]
                if effective is None:
                    continue
                if value is None:
                    added.append((*key, *self._nothing, leaf, effective, effective, leaf))
                else:
                    added.append((*key, *value, leaf, effective, FOREVER, leaf))
                continue
            held = held or []
            self._work_out(key, facts, held, removed, past)
            for one in held:
                if not one.stored:
                    value = self._nothing if one.value is None else one.value
                    added.append((*key, *value, one.leaf, one.effective, one.until, one.known_from))
                elif one.changed:
                    changed.append((one.until, one.known_from, *key, one.effective, one.leaf))
        identity = [*self.timeline.key, "effective_from", "fact_leaf"]
        same = and_(*(table.c[name] == bindparam("same_" + name) for name in identity))
        store.many(table.delete().where(same), removed)
        store.many(
            table.update()
            .where(same)
            .values(effective_until=bindparam("new_until"), known_from=bindparam("new_from")),
            changed,
        )
        added.sort(key=lambda row: row[: self.timeline.key_width])
        store.many(table.insert(), added)
        past.sort(key=lambda row: (row[-1], row[: self.timeline.key_width]))
        store.many(self.timeline.past.insert(), past)

    def _find_keys_of_withdrawn(self, store: Store, empty: bool) -> None:
        named = {leaf for _, leaf in self._withdrawn}
        keys: dict[int, set[Key]] = {}
        for key, facts in self._facts.items():
            for leaf, effective, _ in facts:
                if leaf in named and effective is not None:
                    keys.setdefault(leaf, set()).add(key)
        if not empty:
            width = self.timeline.key_width
            place = width + self.timeline.value_width
            for row in store.matching(self.timeline.open, ["fact_leaf"], [(leaf,) for leaf in sorted(named)]):
                keys.setdefault(row[place], set()).add(tuple(row[:width]))
        for leaf, withdrawn in self._withdrawn:
            for key in keys.get(withdrawn, ()):
                facts = self._facts.setdefault(key, [])
                facts.append((leaf, None, withdrawn))
                facts.sort(key=lambda fact: fact[0])

    def _load(self, store: Store) -> dict[Key, list[_Held]]:
        width = self.timeline.key_width
        end = width + self.timeline.value_width
        known: dict[Key, list[_Held]] = {}
        for found in store.matching(self.timeline.open, self.timeline.key, self._facts):
            row = tuple(found)
            leaf, effective, until, known_from = row[end:]
            value = None if row[width] is None else row[width:end]
            known.setdefault(row[:width], []).append(_Held(effective, leaf, value, until, known_from, True))
        for held in known.values():
            held.sort(key=_order)
        return known

    def _work_out(
        self,
        key: Key,
        facts: list[tuple[int, str | None, Any]],
        held: list[_Held],
        removed: list[Row],
        past: list[Row],
    ) -> None:
        """Applies the facts to the key's timeline `held`, in place, leaf by leaf."""

        def close(one: _Held, leaf: int) -> None:
            # A row of this same leaf was never known as it is; an empty interval never answered anything.
            if one.known_from < leaf and one.effective < one.until and one.value is not None:
                past.append((*key, *one.value, one.leaf, one.effective, one.until, one.known_from, leaf))

        def settle(leaf: int, first: int, last: int) -> None:
            for place in range(max(first, 0), min(last + 1, len(held))):
                one = held[place]
                until = one.effective if one.value is None else held[place + 1].effective if place + 1 < len(held) else FOREVER
                if until != one.until:
                    close(one, leaf)
                    one.until, one.known_from, one.changed = until, leaf, True

        count = len(facts)
        place = 0
        while place < count:
            leaf, effective, value = facts[place]
            place += 1
            alone = place == count or facts[place][0] != leaf
            if alone and effective is not None:
                new = _Held(effective, leaf, value, "", leaf, False)
                if not held or _order(held[-1]) < (effective, leaf):  # in order, nothing late
                    held.append(new)
                    at = len(held) - 1
                else:
                    insort(held, new, key=_order)
                    at = held.index(new)
                settle(leaf, at - 1, at)
                continue
            # Several changes by one event: all are made first, so that no row is closed and opened again for nothing.
            group = [(effective, value)]
            while place < count and facts[place][0] == leaf:
                group.append(facts[place][1:])
                place += 1
            for effective, value in group:
                if effective is None:
                    for one in [one for one in held if _names(value, one, leaf)]:
                        held.remove(one)
                        close(one, leaf)
                        if one.stored:
                            removed.append((*key, one.effective, one.leaf))
                    continue
                again = next((one for one in held if one.leaf == leaf and one.effective == effective), None)
                if again is None:
                    insort(held, _Held(effective, leaf, value, "", leaf, False), key=_order)
                else:
                    again.value = value
            settle(leaf, 0, len(held))


def _names(named: int, one: _Held, leaf: int) -> bool:
    return one.leaf < leaf and (named == _EVERY_FACT or one.leaf == named)


class PointsBatch:
    """The points of a batch for one table."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._rows: list[Row] = []
        self._withdrawn: dict[int, int] = {}
        self._leaf = -1
        self._seq = 0

    def point(self, leaf: int, row: Row, effective_on: str) -> None:
        self._seq = self._seq + 1 if leaf == self._leaf else 0
        self._leaf = leaf
        self._rows.append((*row, effective_on, leaf, self._seq))

    def withdraw(self, leaf: int, named: int) -> None:
        """Takes back every point of the named leaf; the first withdrawal counts."""
        self._withdrawn.setdefault(named, leaf)

    def write(self, store: Store) -> None:
        table, past = self.points.open, self.points.past
        store.many(table.insert(), self._rows)
        if self._withdrawn:
            named = [(leaf,) for leaf in self._withdrawn]
            place = [column.name for column in table.columns].index("fact_leaf")
            gone = store.matching(table, ["fact_leaf"], named)
            store.many(past.insert(), [(*row, self._withdrawn[row[place]]) for row in gone])
            store.many(table.delete().where(table.c.fact_leaf == bindparam("named")), named)

