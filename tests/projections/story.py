"""One student's way from a survey file to a paid payment, through the real ledger: every fact is decided by a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.command import Command
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.fund import OpenFund, RecordArrival
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import OpenRound
from tests.college import GRANT, PAY_ON, PLAN, SPRING, answer, case, entry, house, line, registered, sha

SURVEY = f"import/{SPRING}/{sha('survey')}"


class Story:
    """A ledger in a folder whose clock stands at noon of the day it is told, and ticks."""

    def __init__(self, folder: Path) -> None:
        self.day = date(2020, 1, 1)
        ticks = count()
        numbers = count(1)

        def clock() -> datetime:
            noon = datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC)
            return noon + timedelta(milliseconds=next(ticks))

        def random_bytes(length: int) -> bytes:
            return next(numbers).to_bytes(length, "big")

        self.ledger = Ledger(
            ledger_id="synthetic",
            env={
                "PERSISTENCE_MODULE": "mingzhang.domain.journal.sqlite",
                "SQLITE_DBNAME": str(folder / "journal.db"),
            },
            clock=clock,
            random_bytes=random_bytes,
        )
        first = [one for one in house() if isinstance(one, tuple)]
        self.ledger.open_ledger(first, actor="founder", rehearsal=True)

    def on(self, month: int, number: int, actor: str, *commands: Command) -> None:
        self.day = date(2020, month, number)
        self.ledger.execute_many(commands, actor=actor)

    def awarded(self, *students: str) -> None:
        """Registered, surveyed out of a file, applied for, reviewed and approved."""
        for student in students:
            self.on(3, 2, "clerk-1", registered(student).command)
        self.on(3, 3, "clerk-1", OpenRound(round=SPRING, plan=PLAN, unit="college"))
        file = ImportFile(
            context=SPRING, kind="survey", file="survey.xlsx", sha256=sha("survey"), rows=len(students), accepted=len(students)
        )
        rows = [
            entry(student, source=f"{SURVEY}@1", sheet="Sheet1", row=number + 2) for number, student in enumerate(students, 1)
        ]
        self.on(3, 10, "surveyor-1", file, *rows)
        for month, number, actor, command in (
            (3, 16, "applicant-clerk-1", lambda s: SubmitApplication(scheme=GRANT, student=s, period=SPRING)),
            (3, 18, "reviewer-1", lambda s: PassReview(application=case(s))),
            (3, 20, "approver-1", lambda s: ApproveAward(application=case(s))),
        ):
            made: Callable[[str], Command] = command
            self.on(month, number, actor, *map(made, students))

    def funded(self) -> None:
        """Fund f1 has received 10,000 yuan."""
        treasurer = "treasurer-1"
        self.on(3, 25, treasurer, OpenFund(fund="f1", title="synthetic", unit="college", year=2020, schemes=(GRANT,)))
        self.on(4, 1, treasurer, RecordArrival(fund="f1", amount_fen=1_000_000, source="bureau"))

    def paid(self, *students: str) -> None:
        """As `awarded`, and paid by the bank on the pay day in batch b1."""
        self.awarded(*students)
        self.funded()
        self.on(
            4, 8, "preparer-1", PrepareBatch(batch="b1", scheme=GRANT, period=SPRING, fund="f1", pay_on=PAY_ON, students=students)
        )
        self.on(4, 9, "checker-1", CheckBatch(batch="b1"))
        self.on(4, 10, "releaser-1", ReleaseBatch(batch="b1"))
        self.on(4, 10, "cashier-1", ExportBatch(batch="b1", profile="pipe", file="b1.txt", sha256=sha("b1")))
        self.on(4, 16, "cashier-1", answer(*(line(number) for number in range(1, len(students) + 1))))

    def close(self) -> None:
        self.ledger.close()
