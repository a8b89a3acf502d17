"""Any byte that is flipped in any column of any event, or in any tile of the tree, is found, and the event is named; and any byte of the
file, unless nothing that is read from the file becomes another by it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain import concepts
from mingzhang.domain.proof.verification import Verification, verify_log
from tests.attacks.forging import rows_of, unguarded
from tests.attacks.ledger import Victim

TEXTS = ("originator_id", "topic", "state", "recorded_at")


class Copy:
    """The log alone, put back as it was before each try."""

    def __init__(self, journal: Path, at: Path) -> None:
        self.whole = journal
        self.journal = at
        self.rows = rows_of(journal)
        with closing(sqlite3.connect(journal)) as connection:
            self.tiles = connection.execute("SELECT level, tile, hashes FROM tiles ORDER BY level, tile").fetchall()

    def verified(self, statement: str, values: tuple[object, ...]) -> Verification:
        shutil.copy(self.whole, self.journal)
        with unguarded(self.journal) as connection:
            connection.execute(statement, values)
        return verify_log(self.journal)


@pytest.fixture(scope="module")
def copy(untouched: Victim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    concepts.load()
    with closing(sqlite3.connect(untouched.journal)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield Copy(untouched.journal, tmp_path_factory.mktemp("flipped") / "journal.db")


@given(place=st.floats(0, 1, exclude_max=True), column=st.sampled_from(TEXTS), at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_of_an_event_is_found(copy: Copy, place: float, column: str, at: float, bit: int) -> None:
    leaf = int(place * len(copy.rows))
    kept = getattr(copy.rows[leaf], column)
    changed = bytearray(kept if column == "state" else kept.encode())
    changed[int(at * len(changed))] ^= 1 << bit
    value = "CAST(? AS TEXT)" if column != "state" else "?"
    found = copy.verified(f"UPDATE events SET {column} = {value} WHERE leaf_index = ?", (bytes(changed), leaf))
    assert not found.ok
    assert found.problems.first_bad_leaf == leaf


def read(journal: Path) -> object:
    """All that this program reads from the file, its index included; of a file that cannot be read, that it cannot."""
    streams = "SELECT * FROM events WHERE originator_id IN (SELECT originator_id FROM events NOT INDEXED) ORDER BY originator_id"
    things = "SELECT type, name, sql FROM sqlite_master"
    with closing(sqlite3.connect(f"file:{journal}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        try:
            asked = ("SELECT * FROM events NOT INDEXED ORDER BY leaf_index", streams, "SELECT * FROM tiles", things)
            return [connection.execute(one).fetchall() for one in asked]
        except (sqlite3.Error, UnicodeDecodeError):
            return "nothing"


@pytest.fixture(scope="module")
def as_it_was(copy: Copy) -> object:
    return read(copy.whole)


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_of_the_file_is_found_or_changes_nothing(copy: Copy, as_it_was: object, place: float, bit: int) -> None:
    changed = bytearray(copy.whole.read_bytes())
    changed[int(place * len(changed))] ^= 1 << bit
    for ending in ("-wal", "-shm"):
        copy.journal.with_name(copy.journal.name + ending).unlink(missing_ok=True)
    copy.journal.write_bytes(changed)
    assert not verify_log(copy.journal).ok or read(copy.journal) == as_it_was


@pytest.mark.parametrize("page", range(3))
def test_any_flipped_byte_of_the_first_pages_is_told_without_breaking_down(copy: Copy, as_it_was: object, page: int) -> None:
    """The schema and the roots of the tables lie there: what SQLite says of them is not always text."""
    whole = copy.whole.read_bytes()
    for at in range(page * 4096, (page + 1) * 4096, 37):
        changed = bytearray(whole)
        changed[at] ^= 0x80
        copy.journal.write_bytes(changed)
        assert not verify_log(copy.journal).ok or read(copy.journal) == as_it_was


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 62))
def test_any_flipped_bit_of_a_version_is_found(copy: Copy, place: float, bit: int) -> None:
    leaf = int(place * len(copy.rows))
    version = copy.rows[leaf].originator_version ^ 1 << bit
    found = copy.verified("UPDATE OR IGNORE events SET originator_version = ? WHERE leaf_index = ?", (version, leaf))
    taken = any((row.originator_id, row.originator_version) == (copy.rows[leaf].originator_id, version) for row in copy.rows)
    assert found.ok is taken  # a version that is there already cannot be put into the file
    assert found.problems.first_bad_leaf == (None if taken else leaf)


@given(place=st.floats(0, 1, exclude_max=True), at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_tile_is_found(copy: Copy, place: float, at: float, bit: int) -> None:
    level, tile, hashes = copy.tiles[int(place * len(copy.tiles))]
    changed = bytearray(hashes)
    changed[int(at * len(changed))] ^= 1 << bit
    found = copy.verified("UPDATE tiles SET hashes = ? WHERE level = ? AND tile = ?", (bytes(changed), level, tile))
    assert not found.ok
    leaf = int(at * len(changed)) // 32 * 256**level + tile * 256 ** (level + 1)
    assert found.problems.first_bad_leaf == leaf
