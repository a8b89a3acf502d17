"""An office with three awards of odd amounts, paid in two parts each, and two funds; its ledger is a real file, its clock ours."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import TypeVar

from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.command import Command
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.money.fund import OpenFund, RecordArrival
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.refusal import Refused
from mingzhang.domain.streams import State
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import OpenRound
from mingzhang.projections.asof import AsOf
from mingzhang.projections.questions import open_engine
from tests.college import GRANT, PLAN, S1, S2, S3, SPRING, adopted, appointed, case, entry, house, registered, sha

STUDENTS = (S1, S2, S3)
FUNDS = ("f1", "f2")
LEDGER = "synthetic"
FIRST_DAY = date(2020, 4, 1)
SURVEY = f"import/{SPRING}/{sha('survey')}"
CATEGORIES = {S1: "建档立卡", S2: "低保", S3: "其他"}

S = TypeVar("S", bound=State)


def plan_text() -> str:
    """The college's plan with awards of 1666.67, 1500 and 1000 yuan a term, each paid in two instalments."""
    text = bundled_text(PLAN)
    for old, new in (("yuan_per_year = 4000", 'yuan_per_year = "3333.34"'), ('code = "grant"', 'code = "grant"\ninstalments = 2')):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class Office:
    """The ledger in a folder. Whatever is refused may not have recorded anything."""

    def __init__(self, folder: Path, day: date = FIRST_DAY) -> None:
        self.day = day
        self._ticks = count()
        numbers = count(1)

        def random_bytes(length: int) -> bytes:
            return (next(numbers) + day.toordinal() * 1_000_000).to_bytes(length, "big")

        self.ledger = Ledger(
            ledger_id=LEDGER,
            env={"PERSISTENCE_MODULE": "mingzhang.domain.journal.sqlite", "SQLITE_DBNAME": str(folder / "journal.db")},
            clock=self._now,
            random_bytes=random_bytes,
        )
        self.engine = open_engine(folder / "projections.db", LEDGER, self.ledger.journal)

    def _now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 1, tzinfo=UTC) + timedelta(milliseconds=next(self._ticks))

    def close(self) -> None:
        self.engine.close()
        self.ledger.close()

    @property
    def size(self) -> int:
        return self.ledger.journal.head().size

    def as_of(self, day: date | None = None, size: int | None = None) -> AsOf:
        return AsOf(day or self.day, self.size if size is None else size)

    def state(self, kind: type[S], *parts: str) -> S:
        return self.ledger.streams().read(kind, *parts)

    def at(self, kind: type[S], stream: str) -> S:
        return self.ledger.streams().at(kind, stream)

    def does(self, actor: str, *commands: Command) -> str | None:
        """Gives the commands and the code of the refusal, None where there was none."""
        before = self.size
        try:
            self.ledger.execute_many(commands, actor=actor)
        except Refused as refusal:
            assert self.size == before, f"{refusal.code} recorded something"
            return refusal.code
        return None


def _made(folder: Path) -> None:
    office = Office(folder, date(2020, 1, 1))
    first = [one for one in house() if isinstance(one, tuple) and not isinstance(one[1], PlanAdopted)]
    office.ledger.open_ledger([*first, adopted(plan_text()), appointed("approver-2", "approver")], actor="founder", rehearsal=True)

    def on(day: date, actor: str, *commands: Command) -> None:
        office.day = day
        office.ledger.execute_many(commands, actor=actor)

    on(date(2020, 3, 2), "clerk-1", OpenRound(round=SPRING, plan=PLAN, unit="college"), *(registered(one).command for one in STUDENTS))
    file = ImportFile(context=SPRING, kind="survey", file="survey.xlsx", sha256=sha("survey"), rows=3, accepted=3)
    rows = [entry(one, (CATEGORIES[one],), source=f"{SURVEY}@1", sheet="Sheet1", row=row) for row, one in enumerate(STUDENTS, 3)]
    on(date(2020, 3, 10), "surveyor-1", file, *rows)
    steps: tuple[tuple[int, str, Callable[[str], Command]], ...] = (
        (16, "applicant-clerk-1", lambda student: SubmitApplication(scheme=GRANT, student=student, period=SPRING)),
        (18, "reviewer-1", lambda student: PassReview(application=case(student))),
        (20, "approver-1", lambda student: ApproveAward(application=case(student))),
    )
    for day, actor, command in steps:
        on(date(2020, 3, day), actor, *map(command, STUDENTS))
    for fund, fen in zip(FUNDS, (350_000, 200_000), strict=True):
        opened = OpenFund(fund=fund, title="synthetic", unit="college", year=2020, schemes=(GRANT,))
        on(date(2020, 3, 25), "treasurer-1", opened, RecordArrival(fund=fund, amount_fen=fen, source="bureau"))
    office.engine.catch_up()
    office.close()


@cache
def _template() -> Path:
    folder = tempfile.mkdtemp(prefix="mingzhang-months-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _made(Path(folder))
    return Path(folder)


class CopiedOffice(Office):
    """The office on 2020-04-01 in a folder of its own, gone with `close`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mingzhang-month-"))
        for file in _template().iterdir():
            shutil.copy(file, self._folder / file.name)
        super().__init__(self._folder)

    def close(self) -> None:
        with suppress(OSError):
            super().close()
        shutil.rmtree(self._folder, ignore_errors=True)
