"""A power cut leaves the write-ahead log at any length, or a page of it torn: what is left is whole transactions with their leaves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mingzhang.domain.survey.intake import ImportFile
from tests.college import S1, S2, S3, SPRING, entry, opened, sha
from tests.faults import whole
from tests.ledger.ledgers import ledger, live, open_college
from tests.stories import log

FILE = ImportFile(context=SPRING, kind="survey", file="synthetic.xlsx", sha256=sha("file"), unit="shifan", rows=3, accepted=3)
HEADER, FRAME = 32, 24 + 4096
"""Bytes before the first page of SQLite's write-ahead log, and of each page in it (sqlite.org/fileformat2.html, section 4)."""


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files of a ledger as they lie on the disk while a writer is at work: the last transactions are in the write-ahead log."""
    folder, taken = tmp_path_factory.mktemp("at-work"), tmp_path_factory.mktemp("cut-off")
    with ledger(folder) as made:
        open_college(made)
        live(made, *opened())
        made.execute_many((FILE, entry(S1), entry(S2), entry(S3)), actor="surveyor-1", file_sha256=(sha("file"),))
        for name in ("journal.db", "journal.db-wal"):
            shutil.copy(folder / name, taken / name)
    assert (taken / "journal.db-wal").stat().st_size > HEADER + 5 * FRAME
    yield taken


def frames(ledger_folder: Path) -> int:
    return ((ledger_folder / "journal.db-wal").stat().st_size - HEADER) // FRAME


def sizes_after(cut_off: Path, folder: Path, harm: Callable[[bytes, int], bytes]) -> list[int]:
    """How many events are left after harm to each page of the write-ahead log; fails where what is left is not whole."""
    found = []
    for number in range(frames(cut_off) + 1):
        copy = folder / str(number)
        copy.mkdir()
        shutil.copy(cut_off / "journal.db", copy / "journal.db")
        (copy / "journal.db-wal").write_bytes(harm((cut_off / "journal.db-wal").read_bytes(), HEADER + number * FRAME))
        if _has_log(copy):
            assert whole.problems(copy) == [], number
            found.append(len(log.rows(copy)))
        else:
            found.append(0)
    return found


def _has_log(folder: Path) -> bool:
    """Before its first transaction is on the disk, a ledger has no table yet."""
    with closing(sqlite3.connect(folder / "journal.db")) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'events'").fetchone()[0])


SIZE_IN_FULL = 32
NOISE = b"\xff"  # not zeros: pages have many of their own

HARM: dict[str, Callable[[bytes, int], bytes]] = {
    "cut off between two pages": lambda wal, at: wal[:at],
    "cut off within a page": lambda wal, at: wal[: at + FRAME // 2],
    "a page that arrived as noise": lambda wal, at: wal[:at] + NOISE * FRAME + wal[at + FRAME :],
    "a page that arrived by half": lambda wal, at: wal[: at + FRAME // 2] + NOISE * (FRAME // 2) + wal[at + FRAME :],
}


@pytest.mark.parametrize("how", HARM)
def test_whatever_a_power_cut_leaves_of_the_write_ahead_log_is_whole_transactions(cut_off: Path, tmp_path: Path, how: str) -> None:
    sizes = sizes_after(cut_off, tmp_path, HARM[how])
    assert sizes == sorted(sizes), "what had been recorded earlier is never lost before what came later"
    assert len(set(sizes)) >= 4, sizes
    assert sizes[-1] == max(sizes) == SIZE_IN_FULL, "nothing harmed, nothing lost"
