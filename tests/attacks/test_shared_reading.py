"""Whatever was done to a log, a verification finds the same in it whether another reader told it of a share of the log or of none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import example, given
from hypothesis import strategies as st

from mingzhang.domain import concepts
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder
from mingzhang.domain.journal.sqlite_reading import RawRow, StoredLog
from mingzhang.domain.proof import verification
from mingzhang.domain.proof.second_process import SecondProcess
from mingzhang.domain.proof.share import MembersFound, Share, TileFound
from mingzhang.domain.proof.verification import Verification, verify_log
from mingzhang.domain.signing import SeedSigner
from mingzhang.domain.transaction import Capacity
from tests.attacks.forging import TRANSACTION, put, redigested, resigned, rows_of, saying, unguarded
from tests.benchmarks.verifying import ACTOR, append_signed, open_signed

SIZES = (251, 254, 256, 10, 3, 3, 0, 3, 1, 600, 180, 40, 40, 300, 20)
"""Members of one transaction after the other: begun at a tile's last place and first, ending where one ends, none, and over tiles."""

TILES = 7
SIGNERS = {ACTOR: SeedSigner(bytes(32))}


def told(journal: Path, since: int) -> tuple[dict[int, TileFound], dict[int, MembersFound]]:
    """What another reader tells of the tiles from that one on."""
    tiles: dict[int, TileFound] = {}
    members: dict[int, MembersFound] = {}
    with StoredLog(journal) as stored:
        share = Share(stored)
        for index in range(stored.tree_size() // 256 - 1, since - 1, -1):
            found, begun = share.tile(index)
            members |= begun
            if found is not None:
                tiles[index] = found
    return tiles, members


@contextmanager
def told_before(since: int) -> Iterator[None]:
    """The other reader has come to that tile before the walk begins."""

    class ToldBefore(SecondProcess):
        def tile(self, index: int) -> TileFound | None:
            if index == 0:
                self._tiles, self._members = told(self._file, since)
            return self._tiles.get(index)

    with patch.object(verification, "SecondProcess", ToldBefore):
        yield


def account(found: Verification) -> dict[str, Any]:
    """All that a verification says."""
    return {
        "problems": list(found.problems),
        "counts": found.problems.counts,
        "unchecked": found.problems.unchecked,
        "first": found.problems.first_bad_leaf,
        "log": (found.size, found.root, found.transactions),
        "signatures": found.signatures,
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of some tiles, signed by one person; some streams have several events."""
    concepts.load()
    file = tmp_path_factory.mktemp("shared") / "journal.db"
    instant = [datetime(2020, 3, 25, tzinfo=UTC)]
    datastore = SQLiteJournalDatastore(str(file))
    recorder = SQLiteJournalRecorder(datastore)
    recorder.clock = lambda: instant[-1]
    recorder.create_table()
    open_signed(recorder, instant[-1])
    acting = (Capacity(since=0, role="surveyor", unit="bureau", authority=f"staff/{ACTOR}@1"),)
    for number, size in enumerate(SIZES):
        instant.append(instant[-1] + timedelta(seconds=number % 3))
        members = [
            StoredEvent(*_place(number, count), "entry.recorded", b'{"actor":"%b","box":"%06d/%06d"}' % (ACTOR.encode(), number, count))
            for count in range(size)
        ]
        append_signed(recorder, instant[-1], members, acting)
    datastore.close()
    return file


def _place(number: int, count: int) -> tuple[str, int]:
    """The longest transaction goes on with the streams that the first began, and begins one and goes on with it."""
    if SIZES[number] == max(SIZES) and count < SIZES[0]:
        return f"entry/0/{count}", 2
    if SIZES[number] == max(SIZES) and count < SIZES[0] + 5:
        return "entry/again", count - SIZES[0] + 1
    return f"entry/{number}/{count}", 1


def test_of_a_log_in_order_a_reader_tells_all_that_the_walk_needs(whole: Path) -> None:
    read: list[tuple[int, int]] = []
    with StoredLog(whole) as stored:
        assert stored.tree_size() // 256 == TILES
        before = StoredLog.rows

        def rows(self: StoredLog, start: int, stop: int) -> Sequence[RawRow]:
            read.append((start, stop))
            return before(self, start, stop)

        tiles, members = told(whole, 0)
        plain = [index for index, found in tiles.items() if found.contents is not None]
        with patch.object(StoredLog, "rows", rows), told_before(0):
            found = verify_log(whole)
    assert found.ok
    assert sorted(tiles) == list(range(TILES))
    assert sorted(plain) == [1, 2, 3, 4, 5]  # staff are appointed in the first, and in the last one begins what ends after it
    assert [one.members for _leaf, one in sorted(members.items())] == list(SIZES[1:-2])
    own = [one for one in read if one[0] // 256 in plain]
    assert len([one for one in own if one not in [(index * 256, index * 256 + 256) for index in plain]]) == 0
    assert len(own) == len(plain)  # the reader's own reading of them


Change = Callable[[list[LogRow], int], list[LogRow]]


def _row(**changed: Any) -> Change:
    return lambda rows, leaf: [*rows[:leaf], rows[leaf]._replace(**changed), *rows[leaf + 1 :]]


def _state(written: bytes) -> Change:
    return _row(state=written)


def _said(**changed: Any) -> Change:
    return lambda rows, leaf: [*rows[:leaf], saying(rows[leaf], **changed), *rows[leaf + 1 :]]


def _of_its_transaction(**changed: Any) -> Change:
    def change(rows: list[LogRow], leaf: int) -> list[LogRow]:
        return _said(**changed)(rows, max(at for at in range(leaf + 1) if rows[at].topic == TRANSACTION))

    return change


def _role(*roles: str) -> list[dict[str, object]]:
    return [{"since": number * 2, "role": role, "unit": "bureau", "authority": f"staff/{ACTOR}@1"} for number, role in enumerate(roles)]


def _swapped(rows: list[LogRow], leaf: int) -> list[LogRow]:
    other = (leaf + 257) % len(rows)
    made = list(rows)
    made[leaf], made[other] = rows[other], rows[leaf]
    return made


def _repeated(rows: list[LogRow], leaf: int) -> list[LogRow]:
    """The next event of another one's stream."""
    taken = {(row.originator_id, row.originator_version) for row in rows}
    stream = rows[(leaf + 300) % len(rows)].originator_id
    version = next(number for number in range(2, 10_000) if (stream, number) not in taken)
    return _row(originator_id=stream, originator_version=version)(rows, leaf)


CHANGES: Mapping[str, Change] = {
    "nothing": lambda rows, leaf: rows,
    "stream": _row(originator_id="entry/other"),
    "illegible stream": _row(originator_id="entry/ot\0her"),
    "another's stream": _repeated,
    "version": _row(originator_version=7),
    "unknown topic": _row(topic="nothing.known"),
    "topic without right": _row(topic="award.approved"),
    "topic that takes powers": _row(topic="staff.relieved"),
    "topic of a transaction": _row(topic=TRANSACTION),
    "topic of a member": _row(topic="entry.recorded"),
    "empty state": _state(b""),
    "other state": _state(b'{"actor":"%b","box":"other"}' % ACTOR.encode()),
    "two actors": _state(b'{"actor":"%b","box":"","actor":"x"}' % ACTOR.encode()),
    "two actors in escapes": _state(b'{"actor":"%b","box":"","\\u0061ctor":"x"}' % ACTOR.encode()),
    "an actor further down": _state(b'{"actor":"%b","box":{"actor":"x"}}' % ACTOR.encode()),
    "another actor": _state(b'{"actor":"x","box":""}'),
    "an actor who is none": _state(b'{"actor":5,"box":""}'),
    "actor last": _state(b'{"box":"","actor":"%b"}' % ACTOR.encode()),
    "no JSON": _state(b'{"actor":"%b",' % ACTOR.encode()),
    "later": _row(recorded_at="2020-03-25T00:00:30.000000Z"),
    "earlier": _row(recorded_at="2020-03-24T00:00:00.000000Z"),
    "deleted": lambda rows, leaf: rows[:leaf] + rows[leaf + 1 :],
    "inserted": lambda rows, leaf: [*rows[:leaf], rows[leaf]._replace(originator_id="entry/new", topic="entry.recorded"), *rows[leaf:]],
    "swapped": _swapped,
    "cut off": lambda rows, leaf: rows[:leaf],
    "moved": lambda rows, leaf: [*rows[:leaf], *rows[leaf + 1 :], rows[leaf]],
    "another's transaction": _of_its_transaction(actor="x"),
    "another role": _of_its_transaction(capacities=_role("reviewer")),
    "two roles": _of_its_transaction(capacities=_role("surveyor", "reviewer")),
    "no role": _of_its_transaction(capacities=[]),
    "a member more": _of_its_transaction(members=max(SIZES) + 1),
    "another digest": _of_its_transaction(digest="0" * 64),
}


FITTINGS: Mapping[str, Callable[[list[LogRow], int], list[LogRow]]] = {
    "nothing": lambda rows, leaf: rows,
    "tree": lambda rows, leaf: rows,
    "digests": lambda rows, leaf: redigested(rows),
    "signatures": lambda rows, leaf: resigned(rows, SIGNERS, since=leaf),
}
"""What was made to fit the rows that were changed, by somebody who holds the keys; the tree with each but the first."""


@dataclass(repr=False)
class Copy:
    """The log, put back as it was before each try."""

    whole: Path
    journal: Path
    rows: list[LogRow] = field(default_factory=list)

    def change(self, change: str, leaf: int, fitting: str) -> None:
        changed = CHANGES[change](self.rows, leaf)
        with suppress(KeyError, ValueError):  # what says that it is a transaction, and is none, cannot be made to fit
            changed = FITTINGS[fitting](changed, leaf)
        shutil.copy(self.whole, self.journal)
        put(self.journal, changed, tree=fitting != "nothing")

    def compare(self, since: int, *, thorough: bool = False) -> Verification:
        """Both ways say the same."""
        alone = verify_log(self.journal, thorough=thorough)
        with told_before(since):
            together = verify_log(self.journal, thorough=thorough)
        assert account(together) == account(alone)
        return alone


@pytest.fixture(scope="module")
def copy(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(whole, tmp_path_factory.mktemp("changed") / "journal.db", rows_of(whole))


LEAVES = st.integers(0, 4 + sum(SIZES) + len(SIZES) - 1) | st.sampled_from(
    [leaf + by for leaf in (256, 511, 512, 768, 779, 783, 1024) for by in (-1, 0, 1)]
)
FITTING = st.sampled_from(sorted(FITTINGS))
SINCE = st.integers(0, TILES)


@given(change=st.sampled_from(sorted(CHANGES)), fitting=FITTING, leaf=LEAVES, since=SINCE)
@example(change="nothing", fitting="signatures", leaf=0, since=0)
def test_rows_that_were_changed_are_told_of_in_the_same_way(copy: Copy, change: str, fitting: str, leaf: int, since: int) -> None:
    copy.change(change, leaf, fitting)
    copy.compare(since)


@pytest.mark.parametrize("leaf", [511, 768, 1023])
@pytest.mark.parametrize("change", sorted(CHANGES.keys() - {"nothing"}))
def test_a_reader_who_tells_of_everything_hides_nothing(copy: Copy, change: str, leaf: int) -> None:
    copy.change(change, leaf, "signatures")
    copy.compare(0)


def test_a_thorough_look_reads_every_member_whatever_it_was_told(copy: Copy) -> None:
    copy.change("nothing", 0, "signatures")
    assert copy.compare(0).ok
    assert copy.compare(0, thorough=True).problems.counts["event_malformed"] == sum(SIZES)  # nobody wrote such entries with this program


@given(
    changed=st.sampled_from(
        ["state = 5", "state = ''", "originator_version = 'a'", "originator_version = 1.5", "originator_id = x'c0'", "topic = x'00ff'",
         "topic = CAST(topic AS BLOB)", "recorded_at = 7", "recorded_at = x'ff'", "leaf_index = leaf_index + 5000"]
    ),
    leaf=LEAVES, since=SINCE,
)  # fmt: skip
def test_what_is_no_event_is_told_of_in_the_same_way(copy: Copy, changed: str, leaf: int, since: int) -> None:
    shutil.copy(copy.whole, copy.journal)
    with unguarded(copy.journal) as connection:
        connection.execute(f"UPDATE events SET {changed} WHERE leaf_index = ?", (leaf,))
    assert not copy.compare(since).ok


@given(leaf=LEAVES, since=SINCE, also=st.booleans())
def test_hashes_that_were_changed_are_told_of_in_the_same_way(copy: Copy, leaf: int, since: int, also: bool) -> None:
    """also: the event beside it as well, from where on the events' tree and the stored one part."""
    shutil.copy(copy.whole, copy.journal)
    with unguarded(copy.journal) as connection:
        tile = (leaf // 256,)
        (hashes,) = connection.execute("SELECT hashes FROM tiles WHERE level = 0 AND tile = ?", tile).fetchone()
        at = leaf % 256 * 32
        connection.execute("UPDATE tiles SET hashes = ? WHERE level = 0 AND tile = ?", (hashes[:at] + bytes(32) + hashes[at + 32 :], *tile))
        if also:
            connection.execute("UPDATE events SET topic = 'entry.withdrawn' WHERE leaf_index = ?", (leaf + 1,))
    found = copy.compare(since)
    assert found.problems.first_bad_leaf == leaf


@given(place=st.floats(0.1, 1, exclude_max=True), since=SINCE)
def test_damaged_pages_are_told_of_in_the_same_way(copy: Copy, place: float, since: int) -> None:
    damaged = bytearray(copy.whole.read_bytes())
    page = int(place * (len(damaged) // 4096)) * 4096
    damaged[page : page + 4096] = b"\xff" * 4096
    for ending in ("-wal", "-shm"):
        copy.journal.with_name(copy.journal.name + ending).unlink(missing_ok=True)
    copy.journal.write_bytes(damaged)
    copy.compare(since)
