"""What a comparison costs: 10,000 entries of a round against a list of as many people, beside a bare intersection of two sets of numbers
and a bare executemany of what the comparison stored.

Run by hand with `python -m tests.benchmarks crosscheck`.
"""

from __future__ import annotations

import csv
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from eventsourcing.persistence import StoredEvent

from mingzhang.cli.commands.init import found as found_ledger
from mingzhang.cli.intake.survey import entry_commands
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import OpenRound
from tests.benchmarks.recorder import with_bare_sqlite
from tests.benchmarks.survey_import import ROUND, SHA, UNITS, survey_rows
from tests.stories.player import Player

ENTRIES = 10_000


def _prepared(folder: Path, entries: int) -> tuple[Player, set[str], set[str]]:
    """A round of so many entries and a list that names every second of them, and as many again whom nobody surveyed."""
    rows = survey_rows(entries + entries // 2)
    surveyed, listed = rows[:entries], rows[:entries:2] + rows[entries:]
    globals = Globals(str(folder / "ledger"), "surveyor", "zh", False, True, datetime(2020, 3, 1, 9, tzinfo=UTC))
    found_ledger(globals, rehearsal=True, plan_code="fuxin-2020")
    with Session(globals) as session:
        session.ledger.execute(OpenRound(round=ROUND, plan="fuxin-2020", unit="college"), actor="clerk")
        opening = ImportFile(context=ROUND, kind="survey", file="大表.xlsx", sha256=SHA, rows=entries, accepted=entries)
        placed = [(row, UNITS[number % len(UNITS)]) for number, row in enumerate(surveyed)]
        session.execute_many([opening, *entry_commands(session, ROUND, placed, SHA, date(2020, 3, 1))])
    with (folder / "名单.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("姓名", "身份证号"), *((row.name, row.id_number) for row in listed)])
    player = Player(folder / "ledger")
    words = ("crosscheck", "import", str(folder / "名单.csv"), "--kind", "建档立卡", "--on", "2020-03-01")
    player.play(*words, actor="clerk", at="2020-03-02T10:00:00")
    return player, {str(row.id_number) for row in surveyed}, {str(row.id_number) for row in listed}


def ratios(entries: int = ENTRIES) -> dict[str, float]:
    """Ours over bare (lower is better), for so many entries and for twice as many over that: 2 is in proportion, 4 would be quadratic."""
    taken = {}
    for count in (entries, 2 * entries):
        with TemporaryDirectory() as name, redirect_stdout(StringIO()):
            folder = Path(name)
            player, ours, theirs = _prepared(folder, count)
            before = player.size()
            started = perf_counter()
            player.play("crosscheck", "compare", "--round", ROUND, actor="reviewer", at="2020-03-03T10:00:00")
            taken[count] = perf_counter() - started
            with Session(Globals(str(player.ledger), None, "zh", True, True, None)) as session:
                rows = session.ledger.journal.select_rows(before)
            stored = [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]
            started = perf_counter()
            matched = len(ours & theirs)
            bare = perf_counter() - started + with_bare_sqlite(folder / "bare.db", [stored])
            assert matched == (count + 1) // 2
        if count == entries:
            over_bare = taken[count] / bare
    return {
        f"comparison of {entries} entries / bare intersection and write": over_bare,
        f"comparison of {2 * entries} entries / of {entries}": taken[2 * entries] / taken[entries],
    }


if __name__ == "__main__":
    for title, ratio in ratios().items():
        print(f"{title}: {ratio:.2f}")
