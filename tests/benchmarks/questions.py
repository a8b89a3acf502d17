"""What the real questions cost: a rebuild beside a bare read of the same log, and an as-of roster beside today's (1.2 wanted).

Run by hand with `python -m tests.benchmarks questions`. Ratios are taken side by side, since seconds say nothing about
another machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson
from eventsourcing.persistence import StoredEvent

from mingzhang.domain.facts import encode
from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.student.facts import CategoryEnded
from mingzhang.projections.asof import AsOf
from mingzhang.projections.difference import difference
from mingzhang.projections.questions import open_engine
from mingzhang.projections.register import roster
from tests.journal.ledgers import opened
from tests.projections.large import fill, student

EVENTS = 200_000
TODAY = date(2020, 6, 1)


def _best(what: Callable[[], object], times: int) -> float:
    found = float("inf")
    for _ in range(times):
        started = perf_counter()
        what()
        found = min(found, perf_counter() - started)
    return found


def _bare_read(journal: JournalRecorder) -> None:
    done = 0
    while rows := journal.select_rows(done, 20_000):
        for row in rows:
            orjson.loads(row.state)
        done += len(rows)


def _late_facts(journal: JournalRecorder, students: int) -> None:
    """A tenth of all students were lifted out in May, as was learned only afterwards."""
    fact = CategoryEnded(actor="staff-1", effective_on=date(2020, 5, 1), reason="lifted")
    journal.insert_events(
        [StoredEvent(f"student/{student(number)}", 3, fact.topic, encode(fact)) for number in range(0, students, 10)]
    )


def ratios(events: int = EVENTS) -> dict[str, float]:
    """Events a second of a rebuild over those of a bare read (higher is better); as-of over now; a difference over one roster."""
    with TemporaryDirectory() as folder:
        journal = opened(Path(folder) / "journal.db")
        students = fill(journal, events)
        before = journal.head().size
        _late_facts(journal, students)
        size = journal.head().size
        engine = open_engine(Path(folder) / "projections.db", "synthetic", journal)
        bare = _best(lambda: _bare_read(journal), 2)
        rebuilt = _best(engine.rebuild, 1)

        def asked(on: date, known_at: int) -> Callable[[], int]:
            def ask() -> int:
                with engine.view(AsOf(on, known_at)) as view:
                    return len(roster(view))

            return ask

        def seconds_a_row(on: date, known_at: int) -> float:
            ask = asked(on, known_at)
            return _best(ask, 4) / ask()

        now = _best(asked(TODAY, size), 4)
        a_row = seconds_a_row(TODAY, size)
        then = seconds_a_row(date(2020, 5, 2), before) / a_row
        earlier_day = seconds_a_row(date(2020, 4, 20), size) / a_row
        compared = _best(lambda: difference(engine, AsOf(TODAY, before), AsOf(TODAY, size)), 2)
        engine.close()
        journal.datastore.close()
    return {
        f"rebuild of {size} events over a bare read": bare / rebuilt,
        "events a second in a rebuild": size / rebuilt,
        f"roster of {students} as known before over today's, a row": then,
        "roster of an earlier day over today's, a row": earlier_day,
        "seconds for today's roster": now,
        "difference over one roster": compared / now,
    }


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name}: {ratio:.2f}")
