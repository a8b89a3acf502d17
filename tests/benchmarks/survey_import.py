"""What the rules, the seals and the trail cost: 20,000 survey entries validated, decided, sealed and appended, against a bare
sqlite3.executemany of the very bytes that were stored. Wanted: 0.2 of bare.

`python -m tests.benchmarks.survey_import` prints the ratios; with `--profile` where the time goes.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from eventsourcing.persistence import StoredEvent

from mingzhang.cli.commands.init import found as found_ledger
from mingzhang.cli.intake.survey import entry_commands
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.cli.workbooks.survey import SurveyRow
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import OpenRound
from mingzhang.domain.values.identity import check_digit
from tests.benchmarks.recorder import with_bare_sqlite

ENTRIES = 20_000
REPEATS = 3
ROUND = "2020-spring"
SHA = "0" * 64
UNITS = ("shifan", "zongzhi", "gongjian", "nongmu", "jixie")


def survey_rows(number: int = ENTRIES) -> list[SurveyRow]:
    """Rows as full as the departments' files have them; the numbers are invented and right by their check digit."""
    rows = []
    for one in range(number):
        first_17 = f"21099920{one % 10:02d}{one // 900 % 9 + 1:02d}{one // 8100 % 9 + 10:02d}{one % 900:03d}"
        rows.append(
            SurveyRow(
                sheet="Sheet1",
                row=one + 3,
                name="测某某",
                id_number=first_17 + check_digit(first_17),
                xueji="G" + first_17 + check_digit(first_17),
                sex="女",
                unit=None,
                major="小学教育",
                grade="2019级",
                class_name="19小学1班",
                stage="专科",
                household_place="某市某县某乡某村",
                household_size=4,
                income_fen=341_100,
                categories=("建档立卡",),
                category_kinds=("建档立卡户",),
                level="特别困难",
                lifted=False,
                new=True,
                guardian="测某",
                phone=f"1990000{one % 10000:04d}",
                account=f"6299{one:015d}",
                account_name="测某某",
                remark=None,
            )
        )
    return rows


def one_import(folder: Path, rows: list[SurveyRow]) -> tuple[float, float, list[StoredEvent]]:
    """(seconds in all, seconds of them in execute_many, the stored events) of one import into a new ledger."""
    seconds = count()
    globals = Globals(str(folder / "ledger"), "surveyor", "zh", False, True, datetime(2020, 3, 1, 9, tzinfo=UTC))
    found_ledger(globals, rehearsal=True, plan_code="fuxin-2020")
    with Session(globals) as session:
        session.ledger.execute(OpenRound(round=ROUND, plan="fuxin-2020", unit="college"), actor="clerk")
        before = session.ledger.journal.head().size
        started = perf_counter()
        opening = ImportFile(context=ROUND, kind="survey", file="大表.xlsx", sha256=SHA, rows=len(rows), accepted=len(rows))
        units = [UNITS[next(seconds) % 5] for _ in rows]
        commands = [opening, *entry_commands(session, ROUND, list(zip(rows, units, strict=True)), SHA, date(2020, 3, 1))]
        made = perf_counter()
        session.execute_many(commands)
        done = perf_counter()
        stored = [
            StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)
            for row in session.ledger.journal.select_rows(before)
        ]
    return done - started, done - made, stored


def ratios() -> dict[str, float]:
    """Median of bare time divided by ours. Each new student gives two events (file opened, entry recorded); both are counted on both
    sides."""
    rows = survey_rows()
    whole, deciding = [], []
    for _ in range(REPEATS):
        with TemporaryDirectory() as folder:
            all_seconds, execute_seconds, stored = one_import(Path(folder), rows)
        with TemporaryDirectory() as folder:
            bare = with_bare_sqlite(Path(folder) / "bare.db", [stored])
        whole.append(bare / all_seconds)
        deciding.append(bare / execute_seconds)
    return {
        f"bare / import of {ENTRIES} entries, persons, keys and seals included": median(whole),
        f"bare / execute_many alone of {ENTRIES} entries": median(deciding),
    }


def profile() -> None:
    import cProfile
    import pstats

    rows = survey_rows()
    with TemporaryDirectory() as folder, cProfile.Profile() as run:
        one_import(Path(folder), rows)
    pstats.Stats(run).sort_stats("tottime").print_stats(32)


if __name__ == "__main__":
    if "--profile" in sys.argv:
        profile()
    else:
        for name, ratio in ratios().items():
            print(f"{name}: {ratio:.3f}")
