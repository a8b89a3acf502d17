"""What a year of pairings costs: twelve workbooks of contacts beside a bare executemany of what they stored, and the questions about them
beside a bare read of the same log.

Run by hand with `python -m tests.benchmarks duties`; the input is plan S1's example: 67 units, 12,000 records.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson
from eventsourcing.persistence import StoredEvent

from mingzhang.cli.demo.liaoning_pairing import CODE, DATA, END, MONTHS
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from tests.benchmarks.recorder import with_bare_sqlite
from tests.stories.player import Player

REPEATS = 3
QUESTIONS = {
    "due": ("due", "--on", END),
    "pairing gaps": ("pairing", "gaps", "--on", END),
    "contact list": ("contact", "list", "--on", END),
}
AT = f"{END}T18:00:00"


def _seconds(what: Callable[[], object]) -> float:
    started = perf_counter()
    what()
    return perf_counter() - started


def _stored(session: Session, before: int) -> list[StoredEvent]:
    rows = session.ledger.journal.select_rows(before)
    return [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]


def ratios() -> dict[str, float]:
    """Bare over ours for the import (higher is better); ours over a bare read and JSON decode of the whole log for the questions."""
    with TemporaryDirectory() as name, redirect_stdout(StringIO()):
        folder = Path(name)
        player = Player(folder / "ledger")
        player.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at="2018-04-02T09:00:00")
        for file, day in (("任务分解表.xlsx", "2018-04-10"), ("登记表.xlsx", "2018-05-20")):
            player.play("pairing", "import", str(DATA / file), actor="helper-clerk", at=f"{day}T17:00:00")
        before = player.size()
        files = [str(DATA / f"工作记录表-{month}.xlsx") for month in MONTHS]
        words = ("contact", "import", *files, "--accept-valid", "--copy-to", str(folder / "back"))
        taken = _seconds(lambda: player.play(*words, actor="helper-clerk", at=f"{END}T17:00:00"))
        with Session(Globals(str(player.ledger), None, "zh", True, True, None)) as session:
            stored = _stored(session, before)
            session.engine.catch_up()
            bare = with_bare_sqlite(folder / "bare.db", [stored])
            read = min(_seconds(lambda: [orjson.loads(row.state) for row in session.ledger.journal.select_rows()]) for _ in range(REPEATS))
            bare_of_log, size = read, session.ledger.journal.head().size
            rebuilt = _seconds(session.engine.rebuild)
        found = {
            f"bare / contact import of {len(stored)} facts, reading and sealing included": bare / taken,
            f"bare read / rebuild of all questions, {size} facts": bare_of_log / rebuilt,
        }
        for title, question in QUESTIONS.items():
            asked = min(_seconds(lambda words=question: player.ask(*words, at=AT)) for _ in range(REPEATS))  # type: ignore[misc]
            found[f"{title} / bare read of the log"] = asked / bare_of_log
        packed = _seconds(lambda: player.play("packet", "--out", str(folder / "packet"), "--on", END, actor="inspector", at=AT))
        found["packet of the season / bare read of the log"] = packed / bare_of_log
    return found


if __name__ == "__main__":
    for title, ratio in ratios().items():
        print(f"{title}: {ratio:.2f}")
