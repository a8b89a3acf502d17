"""Tables are described once, with SQLAlchemy Core, for SQLite and PostgreSQL; bulk rows go straight to the driver.

SQLAlchemy spends several microseconds on every bound row; its compiled statements, run through the driver's own
`executemany`, cost a fraction of that. The price: no type of a column may need converting, so columns are text or
whole numbers, truth is 0 or 1, and dates are ISO text (which compares in time order and needs no decoding).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

FOREVER = "9999-12-31"
"""The open end of an interval of days: later than any date, so that one comparison does for both kinds of end."""

# PostgreSQL compares text by the rules of a language unless told otherwise; days need none.
_DAY: TypeEngine[str] = String(10).with_variant(String(10, collation="C"), "postgresql")
_KEYS_PER_LOOKUP = 400

Row = tuple[Any, ...]


class Field(NamedTuple):
    """A column before it belongs to a table: its name and its type."""

    name: str
    kind: TypeEngine[Any]

    def column(self, *, required: bool = False) -> Column[Any]:
        return Column(self.name, self.kind, nullable=not required)


def text(name: str) -> Field:
    """A column of text: references, codes, and JSON already written as text (sealed boxes stay as they are)."""
    return Field(name, Text())


def whole(name: str) -> Field:
    """A column of whole numbers: fen, counts, leaf indexes, and truth as 0 or 1."""
    return Field(name, BigInteger())


def day(name: str) -> Field:
    """A column of dates as ISO text, YYYY-MM-DD."""
    return Field(name, _DAY)


class Store:
    """One open transaction on the projections' database, for rows by the thousand."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._dialect = connection.dialect
        driver: Any = connection.connection.driver_connection
        self._cursor = driver.cursor()
        self._mark = "?" if self._dialect.paramstyle == "qmark" else "%s"

    def close(self) -> None:
        self._cursor.close()

    def many(self, statement: Executable, rows: Sequence[Row]) -> None:
        """Runs the statement once per row; a row's values stand in the order of the statement's parameters."""
        if rows:
            self._cursor.executemany(self.sql(statement), rows)

    def sql(self, statement: Any) -> str:
        """The statement as this database's driver wants it, parameters by position."""
        return str(statement.compile(dialect=self._dialect))

    def is_empty(self, table: Table) -> bool:
        self._cursor.execute(f"SELECT 1 FROM {self._quoted(table.name)} LIMIT 1")
        return self._cursor.fetchone() is None

    def matching(self, table: Table, columns: Sequence[str], wanted: Iterable[Row]) -> list[Row]:
        """All rows of the table whose given columns equal one of the wanted tuples; each row has every column."""
        todo = list(wanted)
        found: list[Row] = []
        if not todo:
            return found
        chosen = ", ".join(self._quoted(column.name) for column in table.columns)
        compared = ", ".join(map(self._quoted, columns))
        one = "(" + ", ".join([self._mark] * len(columns)) + ")"
        for start in range(0, len(todo), _KEYS_PER_LOOKUP):
            part = todo[start : start + _KEYS_PER_LOOKUP]
            # Few statement texts, so that the driver's statement cache serves them all: short lists are filled up
            # to a power of two with a repetition, which a list of values does not mind.
            width = 1 << (len(part) - 1).bit_length() if len(part) < _KEYS_PER_LOOKUP else _KEYS_PER_LOOKUP
            part += [part[-1]] * (width - len(part))
            sql = (
                f"SELECT {chosen} FROM {self._quoted(table.name)} "
                f"WHERE ({compared}) IN (VALUES {', '.join([one] * width)})"
            )
            self._cursor.execute(sql, [value for row in part for value in row])
            found += self._cursor.fetchall()
        return found

    def _quoted(self, name: str) -> str:
        return self._dialect.identifier_preparer.quote(name)


def create(connection: Connection, table: Table) -> None:
    """Makes the table and its indexes."""
    connection.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        connection.execute(CreateIndex(index))


def described(tables: Iterable[Table]) -> str:
    """The tables' definitions as one text: when it changes, what is stored no longer fits."""
    return "\n".join(
        str(part)
        for table in tables
        for part in (CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name))))
    )
