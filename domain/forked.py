"""A part of large work is done in a second process where this one can be split in two; whoever splits it can do without."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection


@contextmanager
def forked(work: Callable[[Connection], None] | None) -> Iterator[Connection | None]:
    """Runs `work` in a process split off from this one, and gives the end at which it is heard; that process ends with the block.

    None for no work, and where a process cannot be split: a new one would take longer to begin than it could spare. To be entered before
    there are threads, and `work` must not touch what this process has open.
    """
    if work is None or sys.platform != "linux":
        yield None
        return
    context = multiprocessing.get_context("fork")
    from_it, to_us = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, from_it, to_us), daemon=True)
    process.start()
    to_us.close()
    try:
        yield from_it
    finally:
        process.terminate()
        process.join()
        from_it.close()  # last: it would complain of a broken pipe


def _run(work: Callable[[Connection], None], from_it: Connection, to_us: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the process it was split off from, which hears of the interruption
    from_it.close()  # its own copy: else it would wait for ever to be heard where that process was killed
    try:
        work(to_us)
    except Exception:  # nobody is left to hear it, or it can be done without: then it is told there what went wrong
        sys.exit(1)
    to_us.close()
