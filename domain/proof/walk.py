"""One pass over the stored bytes recomputes all that can be recomputed: leaves, tree, digests, signatures, order, and names what differs.

The log is walked tile by tile (256 events). Each event is hashed as it lies there; the hot loop touches no JSON but the transactions'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Protocol

from ..journal.sqlite_reading import Fault, RawRow
from ..merkle.tiles import WIDTH
from .legible import are_legible
from .members import Members, ref
from .order import Order
from .problem import MOST_OF_A_CODE, Problems
from .recomputed import TwoTrees
from .row_records import MemberParts, RowRecords, columns_of, joined
from .second_process import SecondProcess
from .share import Contents, TileFound
from .standing import WATCHED
from .transactions import TRANSACTION, OpenTransaction, TransactionChecks, Watched, seen

_SPECIAL: Final = frozenset((TRANSACTION, *WATCHED))


class Stored(Protocol):
    """A log as it lies somewhere."""

    faults: list[Fault]

    def extent(self) -> tuple[int, list[int]]: ...
    def tree_size(self) -> int: ...
    def rows(self, start: int, stop: int) -> Sequence[RawRow]: ...
    def tile(self, level: int, index: int) -> bytes: ...
    def strange_tiles(self, above: Collection[tuple[int, int]]) -> list[tuple[object, object]]: ...


@dataclass
class Vouching:
    """A transaction says which log its actor saw; looked at when the tree has grown so far."""

    size: int
    root: bytes
    leaf: int
    event: str
    staff: str


class Walk:
    """Verifies a log from its beginning. `problems`, `checks.signatures` and `trees` hold what was found when `run` is done."""

    def __init__(
        self,
        stored: Stored,
        problems: Problems,
        *,
        beside: Executor | None = None,
        second: SecondProcess | None = None,
        thorough: bool = False,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._stored = stored
        self._second = second
        self._progress = on_progress
        self.problems = problems
        self.checks = TransactionChecks(problems, beside)
        self._members = Members(problems, thorough=thorough)
        self.trees = TwoTrees(stored.tile)
        self.size = 0
        self._records = RowRecords()
        self._order = Order(problems)
        self._open: OpenTransaction | None = None
        self._left = 0
        self._astray = False  # inside a run of events that belong to no transaction, told already
        self._vouching: list[Vouching] = []
        self._asked: list[int] = []  # sizes that transactions of the newest tile say they saw
        self._agreed: dict[str, int] = {}
        self.tail = 0  # from this leaf on nobody but the last signer vouches for anything
        self.last_signer = ""
        self._differing: list[tuple[int, str | None]] = []  # events whose stored hash is another, and no root has told yet which is right
        self._more_differing = 0

    def run(self) -> None:
        """Walks the whole log."""
        size, outside = self._stored.extent()
        for leaf in outside:
            self.problems.add("event_out_of_place", leaf)
        for start in range(0, size, WIDTH):
            stop = min(start + WIDTH, size)
            found = self._second.tile(start // WIDTH) if self._second is not None and stop - start == WIDTH else None
            contents = found.contents if found is not None and self.trees.hashes is None else None
            if found is not None and contents is not None and self._continues(contents):
                self.trees.add_root(found.root)
                self._told(start, contents)
                self._note()
            else:
                self._read(start, stop, found)
            if self._progress is not None and not start % (64 * WIDTH):
                self._progress(start, size)
        self._end_transaction()
        self._vouch()
        self._settle(size, "event_differs")
        if self._more_differing:
            self.problems.counts["event_differs"] += self._more_differing
        self.size = size
        if size == 0:
            self.problems.add("log_empty")
        self._compare_tiles()

    def _read(self, start: int, stop: int, found: TileFound | None) -> None:
        """A tile of which little is known, or nothing."""
        rows = self._stored.rows(start, stop)
        if found is not None and len(rows) == WIDTH and self.trees.add_root(found.root):
            self._whole(rows, hashed=True)
            self._note()
        else:
            leaves = self._whole(rows) if len(rows) == stop - start else self._holed(rows, start, stop)
            self._grow(leaves, rows)

    def _continues(self, contents: Contents) -> bool:
        """Whether a tile's first instant is in order after what came before; what is not is for the rows to tell."""
        at, begins = self._order.at, contents.begins
        return contents.first == at or (contents.first > at and bool(begins) and begins[0][0] % WIDTH == 0)

    def _told(self, start: int, contents: Contents) -> None:
        """A tile that need not be read: its events are in order, and only the transactions' own are looked at. Members of which nothing was
        told are read all the same."""
        self._order.check_streams(range(start, start + WIDTH), contents.streams.split(b"\0"), contents.versions)
        place, at = start, self._order.at
        for leaf, stream, version, _topic, state, instant in contents.begins:
            self._skip(place, leaf)
            self._begin(leaf, stream, version, state, instant, at)
            place, at = leaf + 1, instant
        self._skip(place, start + WIDTH)
        self._order.at = contents.last

    def _skip(self, start: int, stop: int) -> None:
        """Members of the open transaction that need not be read; as far as they are not, they are read."""
        if self._open is not None and self._open.told is not None:
            due = min(stop - start, self._left)
            self._left -= due
            start += due
        if start < stop:
            rows = self._stored.rows(start, stop)
            self._run(rows, self._records.of(rows, columns_of(rows), hashed=True)[1])

    def _whole(self, rows: Sequence[RawRow], *, hashed: bool = False) -> list[bytes]:
        """The leaf hashes of rows that follow each other without a gap, everything about them checked on the way. hashed: they were hashed
        already, and are not wanted."""
        columns = columns_of(rows)
        hashes, members = self._records.of(rows, columns, hashed=hashed)
        if None in members:
            for row, parts in zip(rows, members, strict=True):
                if parts is None:
                    self.problems.add("event_unreadable", row[0])
            whole = [row for row, parts in zip(rows, members, strict=True) if parts]
            self._order.check(whole, columns_of(whole), astray=self._astray)
        else:
            self._order.check(rows, columns, astray=self._astray)
        if not are_legible(columns[1]):
            for leaf in (row[0] for row in rows if not are_legible(row[1:2])):
                self.problems.add("event_unreadable", leaf)
        topics = columns[3]
        special = [] if _SPECIAL.isdisjoint(topics) else [place for place, topic in enumerate(topics) if topic in _SPECIAL]
        start = 0
        for place in special:
            self._run(rows[start:place], members[start:place])
            self._one(rows[place], members[place], rows[place - 1][5] if place else self._order.at)
            start = place + 1
        self._run(rows[start:], members[start:])
        if rows:
            self._order.at = rows[-1][5]
        return hashes

    def _run(self, rows: Sequence[RawRow], members: Sequence[MemberParts | None]) -> None:
        """Events that give and take no powers: members of the open transaction, as many as it has left."""
        due = min(len(rows), self._left)
        if due and self._open is not None:
            number = self._open.members - self._left
            self._left -= due
            if self._open.told is None:
                records = self._take(members[:due])
                whole = rows[:due] if records else [row for row, parts in zip(rows, members[:due], strict=False) if parts]
                self._members.check(self._open, number, whole, records)
        for leaf, stream, version, *_rest in rows[due:]:
            self._stray(leaf, stream, version)

    def _take(self, members: Sequence[MemberParts | None]) -> bytes:
        """Adds to the digest. Gives the members' records as they were hashed; none where one of them is not stored as an event is."""
        if self._open is None:
            return b""
        if None in members:
            self._open.holed = True
            return b""
        records = joined(members)  # type: ignore[arg-type]
        self._open.digest.add(records)
        return records

    def _one(self, row: RawRow, parts: MemberParts | None, before: bytes) -> None:
        """A transaction's first event, or one that gives or takes powers."""
        leaf, stream, version, topic, state, at = row
        if parts is None:
            self._run((), ())
            return
        if topic == TRANSACTION:
            self._begin(leaf, stream, version, state, at, before)
            return
        if self._open is not None and self._left:
            number = self._open.members - self._left
            self._open.watched.append(Watched(leaf, number, stream.decode(errors="replace"), version, topic.decode(), state))
        self._run((row,), (parts,))

    def _holed(self, rows: Sequence[RawRow], start: int, stop: int) -> list[bytes | None]:
        """As `_whole`, where some places have no row, or none that could be read."""
        damaged = {fault.leaf for fault in self._stored.faults if fault.code == "page_damaged"}
        found: list[bytes | None] = []
        place, run = start, 0
        for number in range(len(rows) + 1):
            leaf = rows[number][0] if number < len(rows) else stop
            if leaf == place + number - run and number < len(rows):
                continue
            found += self._whole(rows[run:number])
            place += number - run
            run = number
            for missing in range(place, leaf):
                if missing not in damaged:
                    self.problems.add("event_missing", missing)
                found.append(None)
                if self._left and self._open is not None:
                    self._left -= 1
                    self._open.holed = True
                else:  # it may have been the one that says what follows
                    self._end_transaction()
                    self._astray = True
            place = leaf
        return found

    def _grow(self, leaves: Sequence[bytes | None], rows: Sequence[RawRow]) -> None:
        places: dict[int, str] = {}
        for leaf, is_stored in self.trees.add(leaves):
            places = places or {row[0]: ref(row[1], row[2]) for row in rows}
            if not is_stored:
                self.problems.add("tile_incomplete", leaf, places.get(leaf))
                continue
            if len(self._differing) < MOST_OF_A_CODE:
                self._differing.append((leaf, places.get(leaf)))
            else:
                self._more_differing += 1
        self._note()

    def _note(self) -> None:
        """What is said of the tree while its newest tile is still at hand."""
        self.trees.note(self._asked)
        self._asked.clear()
        self._vouch()

    def _begin(self, leaf: int, stream: bytes, version: int, state: bytes, at: bytes, before: bytes) -> None:
        self._end_transaction()
        self._astray = False
        self._open = self.checks.begin(leaf, stream, version, state, at, before)
        if self._open is None:
            self._left, self._astray = 0, True
            return
        self._left = self._open.members
        if type(size := self._open.said.get("seen_size")) is int:
            self._asked.append(size)
        self._members.begin(self._open)
        found = self._second.members(leaf) if self._second is not None else None
        if found is not None and self._members.stand(self._open, found.members, found.actor, found.topics):
            self._open.told = found.digest

    def _end_transaction(self) -> None:
        one, self._open = self._open, None
        if one is None:
            return
        stands = self.checks.end(one, self._left)
        self._left = 0
        try:
            saw = seen(one.said)
        except ValueError:
            saw = None
            self.problems.add("seen_root_malformed", one.leaf, one.event)
        if saw is None:
            if one.said.get("key"):
                self.problems.add("seen_root_malformed", one.leaf, one.event)
        elif stands:
            self._vouching.append(Vouching(*saw, one.leaf, one.event, one.actor))

    def _vouch(self) -> None:
        """Compares the roots that transactions say they saw with those the log had then."""
        for one in self._vouching:
            agrees = self.trees.vouched(one.size, one.root) if one.size <= one.leaf else None
            if one.size > one.leaf:
                self.problems.once(
                    "saw_more_than_there_is", self._since(), until=one.leaf + 1, staff=one.staff, by=one.event, seen=one.size, size=one.leaf
                )
            elif agrees is None:
                self.problems.once("seen_root_differs", self._since(), until=one.size, by=one.event, staff=one.staff)
            else:
                self._agreed[one.staff] = one.size
                self._settle(one.size, "tile_differs" if agrees == "events" else "event_differs")
            if one.staff != self.last_signer:
                self.tail, self.last_signer = one.leaf, one.staff
        if self._vouching:
            self.trees.forget(self._vouching[-1].size)
            self._vouching.clear()

    def _since(self) -> int:
        """Up to here the log is vouched for by others than the last signer, who may be the one who rewrote it."""
        return max((size for staff, size in self._agreed.items() if staff != self.last_signer), default=0)

    def _settle(self, size: int, code: str) -> None:
        """Events before `size` whose stored hash is another: a root that was signed tells which was changed, the event or the hash."""
        while self._differing and self._differing[0][0] < size:
            self.problems.add(code, *self._differing.pop(0))

    def _stray(self, leaf: int, stream: bytes, version: int) -> None:
        """An event that no transaction vouches for; of several in a row the first is told."""
        self._left = 0
        self._end_transaction()
        if not self._astray:
            self.problems.add("event_without_transaction", leaf, ref(stream, version))
        self._astray = True

    def _compare_tiles(self) -> None:
        """The tiles above the leaves are those of the events, and there are no more of them."""
        wanted = self.trees.events.tiles_above()
        if self._stored.tree_size() > self.size:
            self.problems.add("log_shorter_than_tree", self.size, tree=self._stored.tree_size(), size=self.size)
        for level, index in self._stored.strange_tiles(wanted):
            self.problems.add("tile_strange", tile=f"{level}/{index}")
        for level, index in wanted:
            kept = self._stored.tile(level, index)
            if kept != self.trees.events.tile(level, index) and (self.trees.hashes is None or kept != self.trees.hashes.tile(level, index)):
                width = WIDTH ** (level + 1)
                self.problems.add("tile_differs", index * width, until=min(self.size, (index + 1) * width), tile=f"{level}/{index}")
