"""The log is in order: instants never run backwards and change only where a transaction begins; a stream's events follow one another."""

from __future__ import annotations

from collections.abc import Sequence

from ..journal.sqlite_reading import RawRow
from .members import ref, text
from .problem import Problems
from .row_records import Columns
from .transactions import TRANSACTION


class Order:
    """Followed from one event to the next. `at`: the instant of the last one that was read."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.at = b""
        self._streams: set[bytes] = set()
        self._later: dict[bytes, int] = {}  # the last version of a stream that has more than one

    def check(self, rows: Sequence[RawRow], columns: Columns, *, astray: bool) -> None:
        """Events that follow those before. astray: nobody said which transaction the first of them belongs to."""
        leaves, streams, versions, _topics, _states, instants = columns
        if instants.count(self.at) != len(rows):
            before = self.at
            for number, (leaf, stream, version, topic, _state, at) in enumerate(rows):
                if at < before:
                    self._problems.add("recorded_earlier", leaf, ref(stream, version), recorded_at=text(at), before=text(before))
                elif at != before and topic != TRANSACTION and (number or not astray):
                    self._problems.add("recorded_apart", leaf, ref(stream, version), recorded_at=text(at), before=text(before))
                before = at
        self.check_streams(leaves, streams, versions if versions.count(1) != len(rows) else None)

    def check_streams(self, leaves: Sequence[int], streams: Sequence[bytes], versions: Sequence[int] | None) -> None:
        """Each event is the next of its stream. versions: none given where each is 1."""
        known, later = self._streams, self._later
        if versions is None:
            before_them = len(known)
            known.update(streams)
            if len(known) - before_them != len(leaves):  # only a file whose index was tampered with can have this
                self._problems.add("stream_begun_twice", leaves[0], until=leaves[-1] + 1)
            return
        for leaf, stream, version in zip(leaves, streams, versions, strict=True):
            expected = 1 + (later.get(stream, 1) if stream in known else 0)
            if version != expected:
                self._problems.add("stream_version_wrong", leaf, ref(stream, version), expected=expected)
            known.add(stream)
            if version != 1:
                later[stream] = version
