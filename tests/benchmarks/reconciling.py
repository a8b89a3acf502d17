"""What a bank's answer costs: 100,000 lines from the file to the recorded facts, against reading the file and a bare sqlite3.executemany of
as many rows. Wanted: at most three times both together, by the clock. Python's collector rests on both sides; what is timed may use a
second processor.

`python -m tests.benchmarks.reconciling` prints the ratios; with `--profile` where the time goes.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

from eventsourcing.persistence import StoredEvent

from mingzhang.cli.bank import reading
from mingzhang.cli.bank.answers import reconcile
from mingzhang.cli.bank.export import export_batch
from mingzhang.cli.bankfiles.answers import read_answer
from mingzhang.cli.bankfiles.known_profiles import bundled_profile
from mingzhang.cli.commands.init import found as found_ledger
from mingzhang.cli.demo import bank_sim
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.journal.sqlite_connection import CACHE_KIB
from mingzhang.domain.money.batch import BatchChecked, BatchPrepared, BatchReleased
from mingzhang.domain.money.fund import FundOpened, FundsArrived, FundsReserved
from mingzhang.domain.money.payment import PaymentInstructed
from mingzhang.domain.survey.entry import EntryRecorded
from mingzhang.domain.transaction import TransactionRecorded
from tests.benchmarks.recorder import with_bare_sqlite

LINES = 100_000
REPEATS = 3
Clock = Callable[[], float]
PROFILE = "csv-gb18030"
GRANT, SPRING, BATCH, FUND = "fuxin-2020.grant", "2020-spring", "B1", "F1"
FEN = 150_000
DAY = date(2020, 4, 1)


def _session(folder: Path, staff: str, hour: int) -> Session:
    return Session(Globals(str(folder / "ledger"), staff, "zh", False, True, datetime(2020, 4, 30, hour, tzinfo=UTC)))


def _said(*because: str) -> dict[str, Any]:
    return {"actor": "clerk", "effective_on": DAY, "because": because}


def released(folder: Path, lines: int) -> None:
    """A ledger with one released batch: every payee has a key, a sealed account and a name of their own; the batch's steps are real facts,
    recorded without deciding them."""
    found_ledger(
        Globals(str(folder / "ledger"), "administrator", "zh", False, True, datetime(2020, 4, 1, 1, tzinfo=UTC)),
        rehearsal=True, plan_code="fuxin-2020",
    )  # fmt: skip
    with _session(folder, "clerk", 1) as session:
        people = session.vault.new_subjects(lines, "s")
        boxes = session.vault.seal_many(
            [(ref, {"name": f"测{number:06d}", "account": f"6299{number:015d}"}) for number, ref in enumerate(people)]
        )
        entries: list[tuple[str, Fact]] = [
            (
                f"entry/{SPRING}/{ref}@1",
                EntryRecorded(
                    **_said(), round=SPRING, student=ref, unit="shifan", categories=("低保",), level="困难", stage="中职",
                    account_given=True, account_in_own_name=True, person=box,
                ),
            )
            for ref, box in zip(people, boxes, strict=True)
        ]  # fmt: skip
        payments: list[tuple[str, Fact]] = [
            (
                f"payment/{GRANT}/{ref}/{SPRING}/1@1",
                PaymentInstructed(
                    **_said(f"batch/{BATCH}@1", f"entry/{SPRING}/{ref}@1"), batch=BATCH, line=line, attempt=1, amount_fen=FEN,
                    unit="shifan", award=f"application/{GRANT}/{ref}/{SPRING}@3", account_from=f"entry/{SPRING}/{ref}@1",
                ),
            )
            for line, ref in enumerate(people, 1)
        ]  # fmt: skip
        total = FEN * lines
        batch = f"batch/{BATCH}"
        steps: list[tuple[str, Fact]] = [
            (f"fund/{FUND}@1", FundOpened(**_said(), title="测试资金", unit="college", year=2020, schemes=(GRANT,))),
            (f"fund/{FUND}@2", FundsArrived(**_said(f"fund/{FUND}@1"), amount_fen=total, source="测试")),
            (
                f"{batch}@1",
                BatchPrepared(
                    **_said(), scheme=GRANT, period=SPRING, fund=FUND, pay_on=DAY, lines=tuple(f"{ref}/1" for ref in people),
                    amount_fen=total,
                ),
            ),
            (f"{batch}@2", BatchChecked(**_said(f"{batch}@1"), payments=lines, amount_fen=total)),
            (f"{batch}@3", BatchReleased(**_said(f"{batch}@1", f"{batch}@2"), payments=lines, amount_fen=total)),
            (f"fund/{FUND}@3", FundsReserved(**_said(f"{batch}@3"), batch=BATCH, amount_fen=total)),
        ]  # fmt: skip
        for number, members in enumerate((entries, payments, steps)):
            opening = TransactionRecorded(
                actor="clerk", effective_on=DAY, ledger_id=session.folder.ledger_id, command="Synthetic", capacities=(),
                members=len(members), digest="",
            )  # fmt: skip
            stored = [StoredEvent(f"transaction/{number}", 1, opening.topic, encode(opening))]
            for ref, fact in members:
                stream, _, version = ref.rpartition("@")
                stored.append(StoredEvent(stream, int(version), fact.topic, encode(fact)))
            session.ledger.journal.insert_events(stored)


def answered(folder: Path, lines: int) -> Path:
    """The ledger with its batch exported, and the bank's answer to it."""
    released(folder, lines)
    with _session(folder, "cashier", 2) as session:
        sent = export_batch(session, BATCH, PROFILE, folder, again=False, on=DAY).file
    return bank_sim.answer_order(sent, on=DAY)[0]


def one_answer(folder: Path, file: Path, clock: Clock = perf_counter) -> tuple[float, list[StoredEvent]]:
    """Seconds of one reconciliation, from the open ledger to the recorded facts, and what it stored."""
    with _session(folder, "cashier", 3) as session:
        before = session.ledger.journal.head().size
        started = clock()
        reconcile(session, BATCH, file, partial=False, on=None)
        taken = clock() - started
        rows = session.ledger.journal.select_rows(before)
    return taken, [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]


def _reading(file: Path, clock: Clock) -> float:
    with collector_at_rest():
        started = clock()
        read_answer(file.read_bytes(), file.name, bundled_profile(PROFILE))
        return clock() - started


def _processor_time() -> float:
    """Of this process and of those it has split off."""
    return sum(os.times()[:4])


def ratios(lines: int = LINES) -> dict[str, float]:
    """Ours divided by reading the file and the bare rows, side by side: by the clock, and by the processor's time, which other work on the
    machine changes less."""
    found: dict[str, float] = {}
    with TemporaryDirectory() as name:
        made = Path(name) / "made"
        made.mkdir()
        file = answered(made, lines)
        for title, clock, large_bytes in (
            ("by the clock", perf_counter, reading.LARGE_BYTES),
            ("by processor time, a second process counted", _processor_time, reading.LARGE_BYTES),
            ("by the clock, without a second process", perf_counter, sys.maxsize),
        ):
            as_it_comes, as_ours = [], []
            for _ in range(REPEATS):
                with TemporaryDirectory() as copy, patch.object(reading, "LARGE_BYTES", large_bytes):
                    folder = Path(copy)
                    shutil.copytree(made / "ledger", folder / "ledger")
                    taken, stored = one_answer(folder, file, clock)
                    bare = with_bare_sqlite(folder / "bare.db", [stored], clock)
                    cached = with_bare_sqlite(folder / "cached.db", [stored], clock, CACHE_KIB)
                read = _reading(file, clock)
                as_it_comes.append(taken / (read + bare))
                as_ours.append(taken / (read + cached))
            found[f"reconciling {lines} lines / reading the file and a bare executemany of as many rows, {title}"] = median(as_it_comes)
            found[f"the same, the bare connection with as large a page cache as the journal's, {title}"] = median(as_ours)
    return found


def profile(lines: int = LINES) -> None:
    import cProfile
    import pstats

    with TemporaryDirectory() as name:
        file = answered(Path(name), lines)
        with cProfile.Profile() as run:
            one_answer(Path(name), file)
    pstats.Stats(run).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    if "--profile" in sys.argv:
        profile(50_000)
    else:
        for title, ratio in ratios().items():
            print(f"{title}: {ratio:.2f}")
