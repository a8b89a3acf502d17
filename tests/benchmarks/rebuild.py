"""What a rebuild costs beside a bare read of the same events, and what an as-of read costs beside today's.

Run it by hand; `ratios()` is what a test or a report asks for. Ratios are taken side by side on one machine, since
seconds say nothing about another.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from mingzhang.domain.journal.records import Head, LogRow
from mingzhang.projections.asof import AsOf
from mingzhang.projections.engine import Engine
from mingzhang.projections.projection import View
from tests.projections_engine.toy import MONEY, STATE, Toy

_SELECT = "SELECT leaf_index, originator_id, originator_version, topic, state, recorded_at FROM events "


class FileJournal:
    """A journal file with the real columns, without the write path's checks."""

    def __init__(self, path: Path, states: Sequence[dict[str, Any]]) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute(
            "CREATE TABLE events (leaf_index INTEGER PRIMARY KEY, originator_id TEXT, originator_version INTEGER, "
            "topic TEXT, state BLOB, recorded_at TEXT, UNIQUE (originator_id, originator_version))"
        )
        self._connection.executemany(
            "INSERT INTO events VALUES (?, ?, 1, 'toy.stated', ?, ?)",
            (
                (leaf, f"entry/2020-spring/{leaf:07d}", orjson.dumps(state), f"2020-03-01T00:00:00.{leaf % 10**6:06d}Z")
                for leaf, state in enumerate(states)
            ),
        )
        self._connection.commit()
        self._size = len(states)

    def close(self) -> None:
        self._connection.close()

    def head(self) -> Head:
        return Head(self._size, None)

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> list[LogRow]:
        found = self._connection.execute(
            _SELECT + "WHERE leaf_index >= ? ORDER BY leaf_index LIMIT ?", (gt_size, -1 if limit is None else limit)
        )
        return list(map(LogRow._make, found))

    def select_streams(self, names: Sequence[str]) -> list[LogRow]:
        marks = ", ".join("?" * len(names))
        found = self._connection.execute(_SELECT + f"WHERE originator_id IN ({marks}) ORDER BY leaf_index", names)
        return list(map(LogRow._make, found))


def _event(**said: Any) -> dict[str, Any]:
    """An event of about 200 bytes, as most are."""
    return {
        "actor": "staff-surveyor-01",
        "effective_on": "2020-03-01",
        "because": ["plan/fuxin-2020@1", "round/2020-spring@1"],
        "sheet": "Sheet1",
        "row": 17,
        **said,
    }


def first_facts(count: int) -> list[dict[str, Any]]:
    """Each about another student: nothing needs splitting."""
    return [_event(states=[(f"s-{leaf * 7919 % count:08d}", "在读", None, None)]) for leaf in range(count)]


def money(count: int) -> list[dict[str, Any]]:
    return [_event(money=[(f"s-{leaf * 7919 % count:08d}", 50_000, None)]) for leaf in range(count)]


def later_facts(count: int, per_student: int = 4) -> list[dict[str, Any]]:
    """Several facts for each student in effective order: each ends the one before."""
    students = count // per_student
    return [
        _event(states=[(f"s-{leaf * 7919 % students:08d}", f"年级{round_}", f"20{10 + round_}-09-01", None)])
        for leaf in range(count)
        for round_ in [leaf // students]
    ]


def late_facts(count: int, per_student: int = 4) -> list[dict[str, Any]]:
    """The same in reverse, each before the one already known."""
    return list(reversed(later_facts(count, per_student)))


def _seconds(what: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        what()
        best = min(best, time.perf_counter() - start)
    return best


def _bare_read(journal: FileJournal) -> int:
    done = 0
    while rows := journal.select_rows(gt_size=done, limit=20_000):
        for row in rows:
            orjson.loads(row.state)
        done += len(rows)
    return done


def rebuild_ratio(states: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Facts a second in a rebuild over events a second read and decoded; and the former."""
    with tempfile.TemporaryDirectory() as folder:
        journal = FileJournal(Path(folder) / "journal.db", states)
        engine = Engine(Path(folder) / "projections.db", journal, [Toy()])
        bare = _seconds(lambda: _bare_read(journal))
        rebuilt = _seconds(engine.rebuild, times=2)
        engine.close()
        journal.close()
    return bare / rebuilt, len(states) / rebuilt


def as_of_ratios(count: int) -> dict[str, float]:
    """As-of reads over today's reads of the same tables: a whole roster, a count of it, one student, and money.

    Each as-of answer lies before all, or half, of the changes to a tenth of the students.
    """
    changes = [
        _event(states=[(f"s-{leaf * 10:08d}", "休学", "2020-03-20", None)], withdraws=withdrawn)
        for leaf in range(count // 10)
        for withdrawn in [[count + leaf] if leaf % 3 == 0 else []]
    ]
    states = money(count) + first_facts(count) + changes
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        journal = FileJournal(Path(folder) / "journal.db", states)
        engine = Engine(Path(folder) / "projections.db", journal, [Toy()])
        size = engine.catch_up()
        with engine.connection() as connection:

            def roster(known_at: int) -> None:
                view = View(connection, AsOf(date(2020, 4, 1), known_at), size)
                view.rows(select(view.held(STATE)))

            def totals(known_at: int) -> None:
                view = View(connection, AsOf(date(2020, 4, 1), known_at), size)
                view.rows(select(view.total(STATE, by=["state"])))

            def student(known_at: int) -> None:
                for _ in range(100):
                    with engine.view(AsOf(date(2020, 4, 1), known_at)) as view:
                        view.rows(select(view.held(STATE, lambda c: c.student == "s-00000010")))

            def paid(known_at: int) -> None:
                view = View(connection, AsOf(date(2020, 4, 1), known_at), size)
                view.rows(select(view.total(MONEY, of=["amount_fen"])))

            for question in (roster, totals, student, paid):
                now = _seconds(lambda question=question: question(size), times=5)  # type: ignore[misc]
                for ago, known_at in (("all", size - len(changes)), ("half", size - len(changes) // 2)):
                    then = _seconds(lambda question=question, n=known_at: question(n), times=5)  # type: ignore[misc]
                    found[f"as_of_{question.__name__}_before_{ago}_changes"] = then / now
        engine.close()
        journal.close()
    return found


def ratios(count: int = 100_000) -> dict[str, float]:
    """Rebuild over bare read (higher is better, 0.1 wanted where nothing is split); as-of over now (1.2 wanted)."""
    found: dict[str, float] = {}
    for name, states in (
        ("first_facts", first_facts(count)),
        ("money", money(count)),
        ("later_facts", later_facts(count)),
        ("late_facts", late_facts(count)),
    ):
        found[f"rebuild_{name}"], found[f"rebuild_{name}_per_second"] = rebuild_ratio(states)
    found.update(as_of_ratios(count))
    return found


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name:40} {ratio:12.3f}")
