"""A fact holds until the next one in effective order, the later leaf winning ties; what was known before is kept.

This is the one meaning that all projections give to the two times (ARCHITECTURE, "Two times" and "projections").

How a `Timeline` keeps it (`batches.py` works it out). Its table has exactly one row for each fact that is not
withdrawn, from the fact's day to the day of the next fact of the same key. Two facts of one day tie: the earlier
leaf's row is left with an empty interval, which no day falls into, but stays there to hold again should the winner be
withdrawn. "Nothing holds" is a fact too: its values are null and its interval is empty. When a later leaf changes
where a row ends, or withdraws its fact, the row as it was goes to the table `<name>_past` with `known_until`, so that
earlier answers never change.

Known at log size n (events 1..n, leaves 0..n-1): a row with known_from < n <= known_until; rows without known_until
are known from then on. One new fact changes at most two rows, so nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    Subquery,
    Table,
    and_,
    cast,
    func,
    select,
    union_all,
)

from .asof import AsOf
from .tables import Field, day

Key = tuple[Any, ...]
Where = Callable[[Any], ColumnElement[bool]]
"""Narrows a read: gets the columns, gives a condition; each half of an as-of read has it, where indexes help."""


class Kept:
    """A table of what is known now, and beside it a table of what was known before."""

    def __init__(self, name: str, open_table: Table, past: Table) -> None:
        self.name = name
        self.open = open_table
        self.past = past

    @property
    def tables(self) -> tuple[Table, Table]:
        return self.open, self.past

    def _read(
        self,
        known_at: int | None,
        born: str,
        where: Where | None,
        condition: Callable[[Any], ColumnElement[bool]],
        totals: Totals | None = None,
    ) -> Subquery:
        def narrowed(table: Table) -> Select[Any]:
            wanted = condition(table.c) if where is None else and_(condition(table.c), where(table.c))
            if totals is None:
                return select(*(table.c[column.name] for column in self.open.columns)).where(wanted)
            return totals.select_from(table.c, func.count()).where(wanted)

        name = self.name + "_read"
        present = narrowed(self.open)
        if known_at is None:
            return present.subquery(name)
        # Two reads joined end to end: as one condition ("open or closed later") no index serves it.
        before = narrowed(self.past).where(self.past.c.known_until >= known_at, self.past.c[born] < known_at)
        both = union_all(present.where(self.open.c[born] < known_at), before).subquery(name)
        if totals is None:
            return both
        return totals.select_from(both.c, func.sum(both.c.number)).subquery(name + "_total")


class Totals(NamedTuple):
    """Sums, worked out in each half of an as-of read by itself: a database adds up a table faster than a union.

    by: columns to keep apart; of: columns of whole numbers to add up. Rows have these, and `number` (how many rows).
    With no `by` there is one row, of zeros where nothing is found.
    """

    by: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    def select_from(self, columns: Any, number: ColumnElement[int]) -> Select[Any]:
        """The sums over these columns. PostgreSQL would widen them to decimals; fen are whole."""
        kept = [columns[name] for name in self.by]
        sums = [(name, func.sum(columns[name])) for name in self.of]
        wholes = [
            cast(func.coalesce(amount, 0), BigInteger).label(name) for name, amount in [*sums, ("number", number)]
        ]
        return select(*kept, *wholes).group_by(*kept)


class Timeline(Kept):
    """The states of something over time: enrolment, category, account, award. Only states are intervals.

    key: what the state is of; one key holds at most one value on any day.
    value: what holds. The first value column is never null while something holds.
    indexes: further columns a question looks rows up by; the key is indexed already.
    Rows read have key, value, fact_leaf, effective_from, effective_until (first day on which it no longer holds, or
    FOREVER) and known_from.
    """

    def __init__(
        self, name: str, *, key: Sequence[Field], value: Sequence[Field], indexes: Sequence[Sequence[str]] = ()
    ) -> None:
        if not key or not value:
            raise ValueError(f"timeline {name} needs a key and a value")
        self.key = tuple(field.name for field in key)
        self.key_width = len(key)
        self.value_width = len(value)

        def columns() -> list[Column[Any]]:
            return [
                *(field.column(required=True) for field in key),
                *(field.column() for field in value),
                Column("fact_leaf", BigInteger, nullable=False),
                day("effective_from").column(required=True),
                day("effective_until").column(required=True),
                Column("known_from", BigInteger, nullable=False),
            ]

        identity = (*self.key, "effective_from", "fact_leaf")
        open_table = Table(
            name, MetaData(), *columns(), PrimaryKeyConstraint(*identity), sqlite_with_rowid=False
        )
        past = Table(
            name + "_past",
            MetaData(),
            *columns(),
            Column("known_until", BigInteger, nullable=False),
            PrimaryKeyConstraint("known_until", *identity),
            sqlite_with_rowid=False,
        )
        Index(f"{name}_fact", open_table.c.fact_leaf)
        Index(f"{name}_past_key", *(past.c[column] for column in self.key))
        for columns_of_index in indexes:
            for table in (open_table, past):
                Index(f"{table.name}_by_{'_'.join(columns_of_index)}", *(table.c[one] for one in columns_of_index))
        super().__init__(name, open_table, past)

    def held(
        self, as_of: AsOf, size: int, where: Where | None = None, totals: Totals | None = None
    ) -> Subquery:
        """What held on the day, as known at the log size. `size`: how much of the log the tables contain."""
        return self._read(
            _earlier(as_of, size),
            "known_from",
            where,
            lambda c: and_(c.effective_from <= as_of.day, c.effective_until > as_of.day),
            totals,
        )

    def history(self, as_of: AsOf, size: int, where: Where | None = None) -> Subquery:
        """All intervals, past and to come, as known at the log size; the day plays no part."""
        return self._read(
            _earlier(as_of, size), "known_from", where, lambda c: c.effective_from < c.effective_until
        )


class Points(Kept):
    """Things that happened on a day: money, contacts. They are summed, never split.

    Rows read have the columns given, then effective_on, fact_leaf and seq (several points of one event are counted
    from 0). A withdrawn point goes to `<name>_past` with known_until.
    """

    def __init__(self, name: str, *, columns: Sequence[Field], indexes: Sequence[Sequence[str]] = ()) -> None:
        def all_columns() -> list[Column[Any]]:
            return [
                *(field.column() for field in columns),
                day("effective_on").column(required=True),
                Column("fact_leaf", BigInteger, nullable=False),
                Column("seq", BigInteger, nullable=False),
            ]

        identity = ("fact_leaf", "seq")
        open_table = Table(
            name, MetaData(), *all_columns(), PrimaryKeyConstraint(*identity), sqlite_with_rowid=False
        )
        past = Table(
            name + "_past",
            MetaData(),
            *all_columns(),
            Column("known_until", BigInteger, nullable=False),
            PrimaryKeyConstraint("known_until", *identity),
            sqlite_with_rowid=False,
        )
        for columns_of_index in indexes:
            for table in (open_table, past):
                Index(f"{table.name}_by_{'_'.join(columns_of_index)}", *(table.c[one] for one in columns_of_index))
        super().__init__(name, open_table, past)

    def until(
        self, as_of: AsOf, size: int, where: Where | None = None, totals: Totals | None = None
    ) -> Subquery:
        """The points up to and including the day, as known at the log size."""
        return self._read(_earlier(as_of, size), "fact_leaf", where, lambda c: c.effective_on <= as_of.day, totals)


def _earlier(as_of: AsOf, size: int) -> int | None:
    """The log size to go back to, or None when the tables as they stand are the answer."""
    return as_of.known_at if as_of.known_at < size else None
