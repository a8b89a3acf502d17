"""A trail costs what it is long, not what the log is long: at ten times the events at most 1.3 times as much is wanted.

Run by hand with `python -m tests.benchmarks trace`. Both logs lie side by side on one machine, and the same payments are
traced in turns.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from mingzhang.domain.journal.sqlite import SQLiteJournalRecorder
from mingzhang.projections.trail import trace
from tests.journal.ledgers import opened
from tests.projections.large import fill, payment

FEW, MANY = 20_000, 200_000
PAYMENTS = 40
ROUNDS = 5


def _journal(file: Path, events: int) -> tuple[SQLiteJournalRecorder, int]:
    journal = opened(file)
    return journal, fill(journal, events)


def _seconds(journal: SQLiteJournalRecorder, students: int, turn: int) -> float:
    """Median of tracing some payments spread over the log."""
    taken = []
    for number in range(PAYMENTS):
        asked = payment((number * students // PAYMENTS + turn) % students)
        started = perf_counter()
        trail = trace(journal, asked)
        taken.append(perf_counter() - started)
        if not trail.complete:
            raise RuntimeError(f"{asked}: {trail.gaps}")
    return median(taken)


def ratios(few: int = FEW, many: int = MANY) -> dict[str, float]:
    """Time for a trail in the long log over that in the short one (1.3 wanted), and the milliseconds in the long one."""
    with TemporaryDirectory() as folder:
        short, long = _journal(Path(folder) / "few.db", few), _journal(Path(folder) / "many.db", many)
        pairs = [(_seconds(*short, turn), _seconds(*long, turn)) for turn in range(ROUNDS)]
        short[0].datastore.close()
        long[0].datastore.close()
    return {
        f"trace at {many} events over {few}": median(slow / fast for fast, slow in pairs),
        f"milliseconds for a trace at {many} events": median(slow for _, slow in pairs) * 1000,
    }


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name}: {ratio:.2f}")
