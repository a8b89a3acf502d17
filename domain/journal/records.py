"""The journal is one list in one order: leaf 0, 1, 2, …, each with its instant, none earlier than the one before.

This is what every recorder must give, whatever database it stands on, and the rules they share, so that no database
restates them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, ProgrammingError, StoredEvent

from ..refusal import Refused

Clock = Callable[[], datetime]
StateRow = tuple[int, str, str, bytes]
"""What a look through the whole log needs of an event: leaf_index, its reference (`stream@version`), topic, state."""


class LogRow(NamedTuple):
    """One event in its place.

    leaf_index: position in the log, from 0, without gaps; the library's notification id is one more. originator_id,
    originator_version: the stream and the place in it. topic: permanent name of the event. state: the stored bytes,
    which are also the hashed bytes. recorded_at: RFC 3339, UTC, microseconds, `2020-03-25T07:59:59.000000Z`; such
    texts sort as the instants do.
    """

    leaf_index: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes
    recorded_at: str


class Head(NamedTuple):
    """Where the log ends: `size` events, the last of them recorded at `recorded_at` (None where there is none)."""

    size: int
    recorded_at: str | None


class ReadConflict(IntegrityError):
    """Somebody wrote into a stream after a decision had read it. The remedy is to read and decide again.

    `streams`: each such stream with the version it has come to.
    """

    def __init__(self, streams: Mapping[str, int]) -> None:
        super().__init__("written since read: " + ", ".join(f"{name}@{version}" for name, version in streams.items()))
        self.streams = dict(streams)


class JournalRecorder(ApplicationRecorder):
    """A recorder whose log is contiguous, ordered in time and append-only. One subclass for each database."""

    clock: Clock | None = None

    @abstractmethod
    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        reads: Mapping[str, int] | None = None,
        read_size: int | None = None,
        behind_until: str | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        """Appends the events and their leaves in the hash tree in their order, all or none, under one instant.

        reads: version of every stream the decision read (0: it was empty); read_size: log size when reading began.
        Both are compared, and the instant is taken from `clock`, while the write lock is held. behind_until: as for
        `next_instant`. Gives the notification ids (leaf index + 1). Raises ReadConflict, IntegrityError for a version
        that is taken, Refused (`clock_behind`, `ledger_busy`, …), and ProgrammingError where there is no clock.
        """

    @abstractmethod
    def append_rows(self, rows: Sequence[LogRow]) -> None:
        """Appends rows of a log elsewhere as they are, with their leaves, all or none: for an import or a restore.

        They keep their instants and must continue this log exactly: Refused as `check_continues` says. IntegrityError
        for a version that is taken.
        """

    @abstractmethod
    def tile(self, level: int, index: int) -> bytes:
        """A tile of the hash tree as `merkle.tiles.Tile` means it: concatenated hashes, empty where there is none."""

    @abstractmethod
    def root_at(self, size: int | None = None) -> bytes:
        """The root of the hash tree over the first `size` events, 32 bytes; of all of them where None.

        Refused `log_size_unknown` (size, last) beyond the log, `ledger_damaged` where the tiles hold less than the log.
        """

    @abstractmethod
    def head(self) -> Head:
        """The log's size and the instant of its last event."""

    @abstractmethod
    def select_rows(self, gt_size: int = 0, limit: int | None = None, stop: int | None = None) -> list[LogRow]:
        """The events past log size `gt_size` (leaf gt_size and on) up to log size `stop`, in order, `limit` at most."""

    @abstractmethod
    def select_states(
        self, left_out: Collection[str] = (), gt_size: int = 0, limit: int | None = None, stop: int | None = None
    ) -> list[StateRow]:
        """As `select_rows`, without events of the topics left out: for a look through the whole log, which costs less."""

    @abstractmethod
    def select_streams(self, names: Iterable[str]) -> list[LogRow]:
        """All events of the named streams, be they thousands, in the log's order. Unknown names give nothing."""

    @abstractmethod
    def size_at(self, recorded_at: str) -> int:
        """The log size at an instant: how many events were recorded at or before it. ValueError without a time zone."""


def instant_text(instant: datetime) -> str:
    """The instant as it is stored: UTC, always six digits of a second, `Z`. ValueError without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def stored_instant(text: str) -> str:
    """Any RFC 3339 instant (`2020-03-25T15:59:59+08:00`) as it would be stored, fit to be compared with stored ones."""
    return instant_text(datetime.fromisoformat(text))


def next_instant(clock: Clock | None, head: Head, behind_until: str | None = None) -> str:
    """The instant to record under, read now; to be called while the write lock is held.

    A clock behind the last record is refused (`clock_behind`, until), not bent: that would be a false statement.
    behind_until: up to this stored instant somebody has attested that the log had run ahead; a record that follows one
    from then or before bears its instant instead. What the machine's clock said is for the caller to keep.
    """
    if clock is None:
        raise ProgrammingError("this recorder was given no clock")
    recorded_at = instant_text(clock())
    if head.recorded_at is not None and recorded_at < head.recorded_at:
        if behind_until is None or behind_until < head.recorded_at:
            raise Refused("clock_behind", until=head.recorded_at)
        return head.recorded_at
    return recorded_at


def next_rows(stored_events: Sequence[StoredEvent], head: Head, recorded_at: str) -> list[LogRow]:
    """The events as the rows that follow the head."""
    return [  # the library allows UUIDs as names too; the database binds texts only
        LogRow(leaf, e.originator_id, e.originator_version, e.topic, e.state, recorded_at)  # type: ignore[arg-type]
        for leaf, e in enumerate(stored_events, start=head.size)
    ]


def check_continues(rows: Sequence[LogRow], head: Head) -> None:
    """Refuses (`log_not_continued`, leaf) rows of a log elsewhere that do not continue this one.

    `leaf` is the first whose place is not the next one, or whose instant is not written as ours are, or is earlier than
    the one before it.
    """
    instant = head.recorded_at or ""
    for leaf, row in enumerate(rows, start=head.size):
        if row.leaf_index != leaf or row.recorded_at < instant:
            raise Refused("log_not_continued", leaf=leaf)
        if row.recorded_at != instant:
            instant = row.recorded_at
            if not _is_stored_instant(instant):
                raise Refused("log_not_continued", leaf=leaf)


def _is_stored_instant(text: str) -> bool:
    try:
        return stored_instant(text) == text
    except ValueError:
        return False


def check_reads(
    reads: Mapping[str, int] | None,
    read_size: int | None,
    head: Head,
    written_since: Callable[[int], Iterable[tuple[str, int]]],
) -> None:
    """Raises ReadConflict if a stream has moved on since it was read; to be called while the write lock is held.

    written_since: stream and version of every event from a leaf on. Asked only where the log has grown, and then it
    costs what others wrote in between, not what was read. A log shorter than it was read was exchanged meanwhile:
    Refused `ledger_damaged`.
    """
    since = read_size or 0
    if since > head.size:
        raise Refused("ledger_damaged", detail=f"log size {head.size}, was {since} when read")
    if not reads or since == head.size:
        return
    moved = {name: version for name, version in written_since(since) if version > reads.get(name, version)}
    if moved:
        raise ReadConflict(moved)
