"""Ledgers in real files for these tests, opened with the made-up college in them; and ways to step between read and write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.ledger import Execution, Ledger
from tests.college import house
from tests.given import By, Known

START = datetime(2020, 3, 25, 8, 0, tzinfo=UTC)
LEDGER = "ledger-0001"

Clock = Callable[[], datetime]


def ticking(start: datetime = START) -> Clock:
    """A millisecond later each time."""
    ticks = count()
    return lambda: start + timedelta(milliseconds=next(ticks))


@contextmanager
def ledger(folder: Path, *, clock: Clock | None = None) -> Iterator[Ledger]:
    """The ledger in this folder, whether it has been opened before or not."""
    made = Ledger(
        ledger_id=LEDGER,
        env={"PERSISTENCE_MODULE": "mingzhang.domain.journal.sqlite", "SQLITE_DBNAME": str(folder / "journal.db")},
        clock=clock or ticking(),
        random_bytes=os.urandom,
    )
    try:
        yield made
    finally:
        made.close()


def open_college(made: Ledger) -> Execution:
    """The ledger's first transaction: the college's units, plan and staff."""
    events = [one for one in house() if not isinstance(one, By)]
    return made.open_ledger(events, actor="founder", rehearsal=True)


def live(made: Ledger, *known: Known) -> None:
    """Earlier commands, one transaction each; the college's facts are there already and are passed over."""
    for one in known:
        if isinstance(one, By):
            made.execute(one.command, actor=one.actor)


Insert = Callable[..., Any]


def around_insert(made: Ledger, step: Callable[[Insert, Sequence[StoredEvent], dict[str, Any]], Any]) -> None:
    """`step` is called in place of the recorder's insert, with the insert itself: it may wait, fail, or do other things."""
    insert = made.recorder.insert_events

    def wrapped(stored: Sequence[StoredEvent], **more: Any) -> Any:
        return step(insert, stored, more)

    made.recorder.insert_events = wrapped  # type: ignore[method-assign, assignment]
