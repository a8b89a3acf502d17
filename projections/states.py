"""What decisions would have seen: the states of streams as of a day and a size of the log, read from the log itself; each stream once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from mingzhang.domain.facts import Recorded, decode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.streams import Streams

from .asof import AsOf


class Log(Protocol):
    """What is asked of the journal here."""

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]: ...
    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]: ...
    def size_at(self, recorded_at: str) -> int: ...


def streams_as_of(journal: Log, as_of: AsOf) -> Streams:
    """Streams whose states rest on the facts within the log size that hold by the day; nothing can be recorded through them."""

    def load(names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for row in journal.select_streams(names):
            if row.leaf_index < as_of.known_at:
                fact = decode(row.topic, row.state)
                if fact.effective_on <= as_of.effective_on:
                    found.setdefault(row.originator_id, []).append(Recorded(row.originator_id, row.originator_version, fact))
        return found

    return Streams(load)


class ReadOnce:
    """A log of which the same streams are asked many times within one answer: forty trails share their batches, files and plans."""

    def __init__(self, journal: Log) -> None:
        self._journal = journal
        self._streams: dict[str, list[LogRow]] = {}
        self._single: dict[int, Sequence[LogRow]] = {}
        self._sizes: dict[str, int] = {}

    def fetch(self, names: Iterable[str]) -> None:
        """Reads those of the streams at one go that were not read before."""
        new = [name for name in dict.fromkeys(names) if name not in self._streams]
        if new:
            self._streams |= {name: [] for name in new}
            for row in self._journal.select_streams(new):
                self._streams[row.originator_id].append(row)

    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]:
        """As the journal gives them: in the log's order."""
        self.fetch(names)
        return sorted(row for name in dict.fromkeys(names) for row in self._streams[name])

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]:
        if limit != 1:
            return self._journal.select_rows(gt_size, limit)
        if gt_size not in self._single:
            self._single[gt_size] = self._journal.select_rows(gt_size, 1)
        return self._single[gt_size]

    def size_at(self, recorded_at: str) -> int:
        if recorded_at not in self._sizes:
            self._sizes[recorded_at] = self._journal.size_at(recorded_at)
        return self._sizes[recorded_at]
