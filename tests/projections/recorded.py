"""Facts recorded in a real journal file, and the questions asked of it: `log = Recorded(folder)`, `log.record(...)`, `log.view(day)`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent
from sqlalchemy import select

from mingzhang.domain import concepts
from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved, AwardRevoked, ReviewPassed
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid, PaymentReturned
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.facts import EnrolmentChanged, StudentRegistered
from mingzhang.domain.survey.entry import EntryCorrected, EntryRecorded, EntryWithdrawn
from mingzhang.projections.asof import AsOf
from mingzhang.projections.engine import Engine
from mingzhang.projections.projection import View
from mingzhang.projections.questions import PROJECTIONS, open_engine
from tests.college import GRANT, SPRING, house
from tests.given import sealed
from tests.journal.ledgers import opened

concepts.load()

AUTUMN = "2020-autumn"
Event = tuple[str, Fact]


def day(month: int, number: int, year: int = 2020) -> date:
    return date(year, month, number)


class Recorded:
    """A journal, its projections, and a clock that goes on by a second with every record."""

    def __init__(self, folder: Path) -> None:
        self._now = datetime(2020, 1, 1, tzinfo=UTC)
        self.journal = opened(folder / "journal.db", clock=self._clock)
        self.engine = open_engine(folder / "projections.db", "synthetic", self.journal)
        self._folder = folder
        self._versions: dict[str, int] = {}

    def _clock(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def close(self) -> None:
        self.engine.close()
        self.journal.datastore.close()

    def record(self, *events: Event) -> list[str]:
        """Appends the facts in one go and gives their references."""
        stored = []
        for stream, fact in events:
            self._versions[stream] = self._versions.get(stream, 0) + 1
            stored.append(StoredEvent(stream, self._versions[stream], fact.topic, encode(fact)))
        self.journal.insert_events(stored)
        return [f"{event.originator_id}@{event.originator_version}" for event in stored]

    def units(self) -> None:
        """The made-up college."""
        self.record(*(one for one in house() if isinstance(one, tuple)))

    @property
    def size(self) -> int:
        return self.journal.head().size

    def as_of(self, on: date, known_at: int | None = None) -> AsOf:
        return AsOf(on, self.size if known_at is None else known_at)

    @contextmanager
    def view(self, on: date, known_at: int | None = None) -> Iterator[View]:
        with self.engine.view(self.as_of(on, known_at)) as view:
            yield view

    def another_engine(self, name: str, rows_per_batch: int = 20_000) -> Engine:
        """A second file of projections over the same journal."""
        path = self._folder / f"{name}.db"
        return Engine(path, self.journal, PROJECTIONS, ledger_id="synthetic", rows_per_batch=rows_per_batch)


def stored_rows(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, in order."""
    with engine.connection() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for projection in PROJECTIONS
            for kept in projection.kept
            for table in kept.tables
        }


def _said(on: date, because: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {"actor": "staff-1", "effective_on": on, "because": because, **more}


def box(student: str) -> Sealed:
    return sealed(student)


def registered(student: str, on: date = date(2020, 3, 1), unit: str = "shifan") -> Event:
    return f"student/{student}", StudentRegistered(**_said(on), source="register", unit=unit, person=sealed(student))


def enrolled(student: str, status: Any, on: date, corrects: str | None = None, registered_on: str | None = None) -> Event:
    fact = EnrolmentChanged(**_said(on), status=status, corrects=corrects, registered_on=registered_on)
    return f"student/{student}", fact


def entry(
    student: str,
    on: date = date(2020, 3, 10),
    round: str = SPRING,
    unit: str = "shifan",
    categories: tuple[str, ...] = ("低保",),
    because: tuple[str, ...] = (),
    **more: Any,
) -> Event:
    fact = EntryRecorded(
        **_said(on, because), round=round, student=student, unit=unit, categories=categories, person=sealed(student), **more
    )
    return f"entry/{round}/{student}", fact


def corrected(student: str, on: date, before: dict[str, Any], after: dict[str, Any], round: str = SPRING) -> Event:
    fact = EntryCorrected(
        **_said(on), round=round, student=student, corrects=f"entry/{round}/{student}@1", before=before, after=after,
        person=sealed(student, phone="synthetic"),
    )  # fmt: skip
    return f"entry/{round}/{student}", fact


def withdrawn(student: str, on: date, round: str = SPRING) -> Event:
    stream = f"entry/{round}/{student}"
    return stream, EntryWithdrawn(**_said(on), round=round, student=student, corrects=f"{stream}@1", reason=sealed(student))


def submitted(student: str, on: date = date(2020, 3, 16), period: str = SPRING) -> Event:
    fact = ApplicationSubmitted(**_said(on), scheme=GRANT, student=student, period=period, unit="shifan", basis="")
    return f"application/{GRANT}/{student}/{period}", fact


def reviewed(student: str, on: date = date(2020, 3, 18), period: str = SPRING) -> Event:
    fact = ReviewPassed(**_said(on), step="synthetic", number=0, acting_role="reviewer", acting_unit="college")
    return f"application/{GRANT}/{student}/{period}", fact


def approved(student: str, on: date = date(2020, 3, 20), period: str = SPRING, amount_fen: int = 150_000) -> Event:
    fact = AwardApproved(
        **_said(on), scheme=GRANT, student=student, period=period, unit="shifan", kind="grant", tier="二档", amount_fen=amount_fen,
        categories=("低保",), plan_version="2020.1", clause="aid",
    )  # fmt: skip
    return f"application/{GRANT}/{student}/{period}", fact


def revoked(student: str, on: date, period: str = SPRING) -> Event:
    return f"application/{GRANT}/{student}/{period}", AwardRevoked(**_said(on), reason=sealed(student))


def _payment(student: str, period: str) -> str:
    return f"payment/{GRANT}/{student}/{period}/1"


def prepared(batch: str, *students: str, on: date = date(2020, 4, 8), amount_fen: int = 150_000) -> Event:
    fact = BatchPrepared(
        **_said(on), scheme=GRANT, period=SPRING, fund="f1", pay_on=day(4, 15), lines=tuple(f"{s}/1" for s in students),
        amount_fen=amount_fen * len(students),
    )  # fmt: skip
    return f"batch/{batch}", fact


def instructed(student: str, on: date = date(2020, 4, 8), period: str = SPRING, batch: str = "b1", amount_fen: int = 150_000) -> Event:
    fact = PaymentInstructed(
        **_said(on), batch=batch, line=1, attempt=1, amount_fen=amount_fen, unit="shifan", award="", account_from=""
    )
    return _payment(student, period), fact


def paid(student: str, on: date = date(2020, 4, 15), period: str = SPRING, batch: str = "b1", amount_fen: int = 150_000) -> Event:
    return _payment(student, period), PaymentPaid(**_said(on), batch=batch, amount_fen=amount_fen, bank_ref=f"bank-{student}")


def returned(student: str, on: date, period: str = SPRING, batch: str = "b1", amount_fen: int = 150_000) -> Event:
    return _payment(student, period), PaymentReturned(**_said(on), batch=batch, amount_fen=amount_fen)
