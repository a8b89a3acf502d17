"""A second process inspects the file while the walk is under way, then hashes the log from its end until the two meet.

It tells the roots of tiles whose leaves, hashed from the stored bytes, are the stored ones. About any other tile it says nothing, and the
walk, which names what differs, hashes that one itself; so it does where there is no second process, and the file is inspected in a thread.
"""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_longlong
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any, Final

from ..bulk import collector_at_rest
from ..journal.sqlite_reading import Fault, StoredLog, inspect_file
from ..merkle.tiles import WIDTH
from .recomputed import rows_over
from .row_records import RowRecords, columns_of

LARGE_BYTES: Final = 1 << 26
"""Of smaller files the walk is done before a second process is of use."""

_SENT_AT_ONCE: Final = 32


class SecondProcess:
    """Use as a context manager, entered before there are threads (under which a process must not be split) and before the file is open."""

    def __init__(self, file: Path, *, large_bytes: int = LARGE_BYTES) -> None:
        self._file = file
        self._large_bytes = large_bytes
        self._roots: dict[int, bytes] = {}
        self._faults: list[Fault] | None = None
        self._walked: Any = RawValue(c_longlong, -1)
        self._process: BaseProcess | None = None
        self._from_it: Connection | None = None
        self._beside: ThreadPoolExecutor | None = None

    def __enter__(self) -> SecondProcess:
        # Only where a process can be split in two: a new one would take longer to begin than it could spare.
        if sys.platform == "linux" and self._file.is_file() and self._file.stat().st_size >= self._large_bytes:
            context = multiprocessing.get_context("fork")
            self._from_it, to_us = context.Pipe(duplex=False)
            self._process = context.Process(target=hash_and_inspect, args=(self._file, to_us, self._walked), daemon=True)
            self._process.start()
            to_us.close()
        else:
            self._beside = ThreadPoolExecutor(1)
            self._inspected = self._beside.submit(inspect_file, self._file)
        return self

    def __exit__(self, *_: object) -> None:
        if self._from_it is not None:
            self._from_it.close()
        if self._process is not None:
            self._process.terminate()
            self._process.join()
        if self._beside is not None:
            self._beside.shutdown()

    def root(self, index: int) -> bytes | None:
        """The root of a full tile, where it was found to be the stored one; the other process hears that the walk has come so far."""
        self._walked.value = index
        while self._from_it is not None and self._from_it.poll():
            self._hear()
        return self._roots.pop(index, None)

    def faults(self) -> list[Fault]:
        """What is wrong with the file; waits for it. A second process that was killed over it is made up for here."""
        self._walked.value = sys.maxsize
        if self._beside is not None:
            return self._inspected.result()
        while self._faults is None and self._from_it is not None:
            self._hear()
        return inspect_file(self._file) if self._faults is None else self._faults

    def _hear(self) -> None:
        if self._from_it is None:
            return
        try:
            told = self._from_it.recv()
        except (EOFError, OSError):
            self._from_it = None
            return
        if isinstance(told, dict):
            self._roots.update(told)
        else:
            self._faults = [Fault(*fault) for fault in told]


def hash_and_inspect(file: Path, to_us: Connection, walked: Any) -> None:
    """What the second process does: tells the list of faults, then roots by the index of their tile, some at a time.

    The inspection first: the hashing can stop wherever the walk has come to, so that both end at one time.
    """
    to_us.send([tuple(fault) for fault in inspect_file(file, mapped=True)])
    records = RowRecords()
    found: dict[int, bytes] = {}
    with StoredLog(file) as stored, collector_at_rest():
        for index in range(stored.tree_size() // WIDTH - 1, -1, -1):
            if index <= walked.value:
                break
            rows = stored.rows(index * WIDTH, (index + 1) * WIDTH)
            hashes = records.of(rows, columns_of(rows))[0] if len(rows) == WIDTH else []
            if hashes and b"".join(hashes) == stored.tile(0, index):
                found[index] = rows_over(hashes)[-1][0]
            if len(found) == _SENT_AT_ONCE:
                to_us.send(found)
                found = {}
    to_us.send(found)
    to_us.close()
