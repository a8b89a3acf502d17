"""A second process inspects the file while the walk is under way, then reads the log from its end until the two meet.

What it tells of tiles and of transactions is in share.py: only what is as it should be. The walk, which names what differs, reads the rest
itself; so it does where there is no second process, and the file is inspected in a thread.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from ctypes import c_longlong
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any, Final

from ..bulk import collector_at_rest
from ..forked import forked
from ..journal.sqlite_reading import Fault, StoredLog, inspect_file
from ..merkle.tiles import WIDTH
from .share import MembersFound, Share, TileFound

LARGE_BYTES: Final = 1 << 26
"""Of smaller files the walk is done before a second process is of use."""

_SENT_AT_ONCE: Final = 16


class SecondProcess:
    """Use as a context manager, entered before there are threads (under which a process must not be split) and before the file is open."""

    def __init__(self, file: Path, *, large_bytes: int = LARGE_BYTES) -> None:
        self._file = file
        self._large_bytes = large_bytes
        self._tiles: dict[int, TileFound] = {}
        self._members: dict[int, MembersFound] = {}
        self._faults: list[Fault] | None = None
        self._walked: Any = RawValue(c_longlong, -1)
        self._from_it: Connection | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._ends = ExitStack()

    def __enter__(self) -> SecondProcess:
        large = self._file.is_file() and self._file.stat().st_size >= self._large_bytes
        self._from_it = self._ends.enter_context(forked(partial(read_and_inspect, self._file, walked=self._walked) if large else None))
        if self._from_it is None:
            self._beside = self._ends.enter_context(ThreadPoolExecutor(1))
            self._inspected = self._beside.submit(inspect_file, self._file)
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def tile(self, index: int) -> TileFound | None:
        """What was found of a full tile; the other process hears that the walk has come so far."""
        self._walked.value = index
        while self._from_it is not None and self._from_it.poll():
            self._hear()
        return self._tiles.pop(index, None)

    def members(self, leaf: int) -> MembersFound | None:
        """What was found of the members of the transaction that begins there."""
        return self._members.pop(leaf, None)

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
        if isinstance(told, tuple):
            self._tiles.update(told[0])
            self._members.update(told[1])
        else:
            self._faults = [Fault(*fault) for fault in told]


def read_and_inspect(file: Path, to_us: Connection, walked: Any) -> None:
    """What the second process does: tells the list of faults, then of tiles by index and of transactions by leaf, some at a time.

    The inspection first: the reading can stop wherever the walk has come to, so that both end at one time.
    """
    to_us.send([tuple(fault) for fault in inspect_file(file, mapped=True)])
    tiles: dict[int, TileFound] = {}
    members: dict[int, MembersFound] = {}
    with StoredLog(file) as stored, collector_at_rest():
        share = Share(stored)
        for index in range(stored.tree_size() // WIDTH - 1, -1, -1):
            if index <= walked.value:
                break
            found, begun = share.tile(index)
            members |= begun
            if found is not None:
                tiles[index] = found
            if len(tiles) == _SENT_AT_ONCE:
                to_us.send((tiles, members))
                tiles, members = {}, {}
    to_us.send((tiles, members))
