"""Which events go into a bundle: the payment's trail, and of each event what shows who recorded it, with which key, and by whose leave.

Nothing else about anybody goes along. A transaction's other members are left out, unless they are few and are about money or the ledger
alone: then it is whole, and its signature covers each.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from mingzhang.domain.facts import upcast
from mingzhang.domain.journal.records import JournalRecorder, LogRow, instant_text
from mingzhang.domain.refusal import Refused

MOST_COMPANIONS = 8
"""So many members of a transaction are taken along to make it whole."""
_ABOUT_NOBODY = ("batch/", "fund/", "ledger/", "plan/", "unit/", "staff/", "round/", "calendar/")


class Gathering:
    """Rows of the log by leaf, up to a size; each row that is taken brings its transaction, its key and its appointment with it."""

    def __init__(self, journal: JournalRecorder, size: int, ledger_id: str) -> None:
        self._journal = journal
        self._size = size
        self._ledger = f"ledger/{ledger_id}"
        self._streams: dict[str, list[LogRow]] = {}
        self._headers: list[int] = []
        self._members: dict[int, int] = {}
        self.rows: dict[int, LogRow] = {}

    def gather(self, trail: Iterable[LogRow]) -> list[LogRow]:
        """All rows of the bundle, in the log's order. Refused `ledger_damaged` where an event has no transaction."""
        waiting = [*trail, *self._stream(self._ledger)]
        waiting += self._newest(max(row.leaf_index for row in waiting))
        while waiting:
            self._take(waiting)
            headers = [self.rows[leaf] for leaf in sorted(self.rows) if self.rows[leaf].topic == "transaction.recorded"]
            waiting = [row for header in headers for row in self._companions(header)]
        return [self.rows[leaf] for leaf in sorted(self.rows)]

    def seen_sizes(self) -> list[int]:
        """The log sizes at which the actors of these transactions decided."""
        seen = {_state(row).get("seen_size") for row in self.rows.values() if row.topic == "transaction.recorded"}
        return sorted(size for size in seen if size)

    def _newest(self, last: int) -> list[LogRow]:
        """The newest signed transaction after a leaf: whoever signed it vouches for the whole log they saw, the trail included."""
        leaf = self._size - 1
        while leaf > last:
            header = self._header(self._row(leaf))
            if header.leaf_index > last and _state(header).get("key"):
                return [header]
            leaf = header.leaf_index - 1
        return []

    def _take(self, waiting: list[LogRow]) -> None:
        while waiting:
            row = waiting.pop()
            if row.leaf_index in self.rows:
                continue
            self.rows[row.leaf_index] = row
            if row.topic == "transaction.recorded":
                waiting += self._keys(row)
            else:
                header = self._header(row)
                waiting += [header, *self._authority(header, row)]

    def _stream(self, name: str) -> list[LogRow]:
        if name not in self._streams:
            self._streams[name] = [row for row in self._journal.select_streams([name]) if row.leaf_index < self._size]
        return self._streams[name]

    def _keys(self, header: LogRow) -> list[LogRow]:
        """The key a transaction is signed with, from its enrolment to its end."""
        state = _state(header)
        key = state.get("key")
        if not key:
            return []
        staff = self._stream(f"staff/{state['actor']}")
        return [row for row in staff if row.topic in ("staff.key_enrolled", "staff.key_revoked") and _state(row)["key"] == key]

    def _companions(self, header: LogRow) -> Sequence[LogRow]:
        """The members that are still missing, where they are few and about nobody."""
        members = int(_state(header)["members"])
        missing = members - sum(header.leaf_index < leaf <= header.leaf_index + members for leaf in self.rows)
        if not 0 < missing <= MOST_COMPANIONS:
            return ()
        rows = self._journal.select_rows(header.leaf_index, members + 1)
        others = [row for row in rows if row.leaf_index not in self.rows]
        return others if all(row.originator_id.startswith(_ABOUT_NOBODY) for row in others) else ()

    def _authority(self, header: LogRow, row: LogRow) -> list[LogRow]:
        """The appointment by which this member was decided."""
        number = row.leaf_index - header.leaf_index - 1
        said = [one["authority"] for one in _state(header).get("capacities", ()) if one["since"] <= number]
        stream, _at, version = said[-1].rpartition("@") if said else ("", "", "")
        return [one for one in self._stream(stream) if str(one.originator_version) == version] if stream else []

    def _header(self, row: LogRow) -> LogRow:
        """The first event of the row's transaction: rows of one instant are whole transactions, one after the other."""
        at = bisect_right(self._headers, row.leaf_index)
        if at and row.leaf_index <= self._headers[at - 1] + self._members[self._headers[at - 1]]:
            return self._row(self._headers[at - 1])
        leaf = self._journal.size_at(instant_text(datetime.fromisoformat(row.recorded_at) - timedelta(microseconds=1)))
        while leaf < row.leaf_index:
            header = self._row(leaf)
            if header.topic != "transaction.recorded":
                break
            members = int(_state(header)["members"])
            if leaf not in self._members:
                insort(self._headers, leaf)
                self._members[leaf] = members
            if row.leaf_index <= leaf + members:
                return header
            leaf += members + 1
        raise Refused("ledger_damaged", detail=f"leaf {row.leaf_index}")

    def _row(self, leaf: int) -> LogRow:
        return self.rows[leaf] if leaf in self.rows else self._journal.select_rows(leaf, 1)[0]


def _state(row: LogRow) -> dict[str, Any]:
    found: dict[str, Any] = upcast(row.topic, orjson.loads(row.state))
    return found
