"""What doubts about accounts cost: who may not be paid of 100,000 payees (`payment prepare`), and the rules of findings that look at
accounts over as many payments; one in a hundred payees shares an account, one in a hundred has one in another name.

Each against what cannot be done without: reading the table of accounts (for findings the payments as well), asking the vault which
accounts are shared, and opening the boxes of those who are under suspicion, and no others.
`python -m tests.benchmarks.accounts` prints the ratios, and how both grow from a tenth of it; with `--profile` where the time goes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from eventsourcing.persistence import StoredEvent
from sqlalchemy import select

from mingzhang.cli.bank.doubtful import VaultAccounts
from mingzhang.cli.bank.held import doubts_about
from mingzhang.cli.commands.init import found as found_ledger
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.money.batch import BatchChecked, BatchExported, BatchPrepared, BatchReleased
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid
from mingzhang.domain.survey.entry import EntryRecorded
from mingzhang.domain.transaction import TransactionRecorded
from mingzhang.projections.account_facts import ACCOUNT_FACT
from mingzhang.projections.aid_steps import PAYMENT_STEP
from mingzhang.projections.boxes import boxes_of
from mingzhang.projections.findings import audit
from mingzhang.projections.projection import View

PAYEES = 100_000
OF_A_HUNDRED = 100
REPEATS = 3
GRANT, SPRING, BATCH = "fuxin-2020.grant", "2020-spring", "B1"
FEN = 150_000
DAY = date(2020, 4, 1)
RULES = ("account_shared_by_several_students", "account_belongs_to_staff", "account_name_not_student")


def _session(folder: Path, staff: str) -> Session:
    return Session(Globals(str(folder / "ledger"), staff, "zh", False, True, datetime(2020, 4, 30, 3, tzinfo=UTC)))


def _said(*because: str) -> dict[str, Any]:
    return {"actor": "clerk", "effective_on": DAY, "because": because}


def paid(folder: Path, payees: int) -> list[str]:
    """A ledger in which as many were paid, as real facts that nobody decided; gives the payees. Of each hundred the first has the account
    of the second, and the third one in another name, of which nobody said whose it is."""
    found_ledger(
        Globals(str(folder / "ledger"), "administrator", "zh", False, True, datetime(2020, 4, 1, 1, tzinfo=UTC)),
        rehearsal=True, plan_code="fuxin-2020",
    )  # fmt: skip
    with _session(folder, "clerk") as session:
        people = session.vault.new_subjects(payees, "s")
        fields = [_fields(number) for number in range(payees)]
        boxes = session.vault.seal_many(list(zip(people, fields, strict=True)))
        session.vault.add_tokens([("account", one["account"], ref) for ref, one in zip(people, fields, strict=True)])
        entries: list[tuple[str, Fact]] = [
            (
                f"entry/{SPRING}/{ref}@1",
                EntryRecorded(
                    **_said(), round=SPRING, student=ref, unit="shifan", categories=("低保",), level="困难", stage="中职",
                    account_given=True, account_in_own_name=number % OF_A_HUNDRED != 2 or None, person=box,
                ),
            )
            for number, (ref, box) in enumerate(zip(people, boxes, strict=True))
        ]  # fmt: skip
        payments: list[tuple[str, Fact]] = []
        for line, ref in enumerate(people, 1):
            stream, entry = f"payment/{GRANT}/{ref}/{SPRING}/1", f"entry/{SPRING}/{ref}@1"
            instructed = PaymentInstructed(
                **_said(f"batch/{BATCH}@1", entry), batch=BATCH, line=line, attempt=1, amount_fen=FEN, unit="shifan",
                award=f"application/{GRANT}/{ref}/{SPRING}@3", account_from=entry,
            )  # fmt: skip
            payments.append((f"{stream}@1", instructed))
            payments.append((f"{stream}@2", PaymentPaid(**_said(f"{stream}@1"), batch=BATCH, amount_fen=FEN)))
        _record(session, entries, payments, _batch(people))
        with session.engine.view(session.as_of(None, None)):
            return people


def _fields(number: int) -> dict[str, str]:
    shared = number + 1 if number % OF_A_HUNDRED == 0 else number
    name = f"测{number:06d}"
    return {"name": name, "account": f"6299{shared:015d}", "account_name": f"别{number:06d}" if number % OF_A_HUNDRED == 2 else name}


def _batch(people: list[str]) -> list[tuple[str, Fact]]:
    batch, many, total = f"batch/{BATCH}", len(people), FEN * len(people)
    lines = tuple(f"{ref}/1" for ref in people)
    return [
        (f"{batch}@1", BatchPrepared(**_said(), scheme=GRANT, period=SPRING, fund="F1", pay_on=DAY, lines=lines, amount_fen=total)),
        (f"{batch}@2", BatchChecked(**_said(f"{batch}@1"), payments=many, amount_fen=total)),
        (f"{batch}@3", BatchReleased(**_said(f"{batch}@2"), payments=many, amount_fen=total)),
        (f"{batch}@4", BatchExported(**_said(f"{batch}@3"), profile="pipe", file="order.txt", sha256="0" * 64)),
    ]


def _record(session: Session, *parts: list[tuple[str, Fact]]) -> None:
    for number, members in enumerate(parts):
        opening = TransactionRecorded(
            actor="clerk", effective_on=DAY, ledger_id=session.folder.ledger_id, command="Synthetic", capacities=(),
            members=len(members), digest="",
        )  # fmt: skip
        stored = [StoredEvent(f"transaction/{number}", 1, opening.topic, encode(opening))]
        for ref, fact in members:
            stream, _, version = ref.rpartition("@")
            stored.append(StoredEvent(stream, int(version), fact.topic, encode(fact)))
        session.ledger.journal.insert_events(stored)


def _least(session: Session, view: View, people: list[str], *, payments: bool) -> None:
    """What cannot be done without: the table read, the vault asked, the boxes opened of whoever shares or did not say whose it is."""
    shared = {subject for _token, subject in session.vault.shared("account")}
    leaves = []
    table = view.points(ACCOUNT_FACT)
    for student, leaf, own in view.each(select(table.c.student, table.c.fact_leaf, table.c.in_own_name)):
        if student in shared or not own:
            leaves.append(leaf)
    if payments:
        steps = view.points(PAYMENT_STEP)
        for _row in view.each(select(steps)):
            pass
    session.vault.open_many(list(boxes_of(view, leaves).values()))


def _doubts(session: Session, _view: View, people: list[str]) -> None:
    assert len(doubts_about(session, GRANT, people)) == 3 * len(people) // OF_A_HUNDRED


def _findings(session: Session, view: View, people: list[str]) -> None:
    found = audit(view, session.ledger.journal, RULES, accounts=VaultAccounts(session.vault)).found
    assert len(found) == 2 * len(people) // OF_A_HUNDRED


def _seconds(asked: Callable[[], None]) -> float:
    with collector_at_rest():
        started = process_time()
        asked()
        return process_time() - started


def measured(payees: int) -> dict[str, tuple[float, float]]:
    """By question, its seconds and those of what cannot be done without, each the median of some."""
    found = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        people = paid(folder, payees)
        with _session(folder, "preparer") as session, session.engine.view(session.as_of(None, None)) as view:
            for title, question, payments in (("doubts", _doubts, False), ("findings", _findings, True)):
                ours, least = [], []
                for _ in range(REPEATS):
                    ours.append(_seconds(lambda question=question: question(session, view, people)))  # type: ignore[misc]
                    least.append(_seconds(lambda payments=payments: _least(session, view, people, payments=payments)))  # type: ignore[misc]
                found[title] = median(ours), median(least)
    return found


def ratios(payees: int = PAYEES) -> dict[str, float]:
    large, small = measured(payees), measured(payees // 10)
    told = {}
    for title, what in (("doubts", "doubts about the accounts of"), ("findings", "the rules about accounts over payments to")):
        (ours, least), (before, _least_before) = large[title], small[title]
        told[f"{what} {payees} payees / reading the tables and opening the suspects' boxes"] = ours / least
        told[f"the same / ten times that of a tenth: at most 1 is linear, {ours:.1f} s"] = ours / (10 * before)
    return told


def profile(payees: int = PAYEES) -> None:
    import cProfile
    import pstats

    with TemporaryDirectory() as name:
        folder = Path(name)
        people = paid(folder, payees)
        with _session(folder, "preparer") as session, session.engine.view(session.as_of(None, None)) as view:
            for question in (_doubts, _findings):
                profiler = cProfile.Profile()
                profiler.runcall(question, session, view, people)
                pstats.Stats(profiler).sort_stats("cumulative").print_stats(25)


if __name__ == "__main__":
    if "--profile" in sys.argv:
        profile()
    else:
        for what, ratio in ratios().items():
            print(f"{ratio:8.2f}  {what}")
