"""What all audit rules cost together: beside one full read of the tables they use (2 wanted), and at ten times the events (10 wanted).

Run by hand with `python -m tests.benchmarks findings`. The college is made up: everybody surveyed, awarded and paid, a list of another
office that names nearly all of them, and contacts of helpers. The rules about accounts ask the vault and are left out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import orjson
from eventsourcing.persistence import StoredEvent
from sqlalchemy import select

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.crosscheck.facts import ListReceived, PersonListed
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.pairing.contact import ContactRecorded
from mingzhang.domain.pairing.pairing import PairingEstablished
from mingzhang.projections import aid_steps, balances, crosschecks_tables, due_tables, evidence, hands, notices, pairing_tables
from mingzhang.projections.asof import AsOf
from mingzhang.projections.bitemporal import Kept
from mingzhang.projections.findings import RULES, Sources
from mingzhang.projections.projection import View
from mingzhang.projections.questions import open_engine
from mingzhang.projections.register import recognition
from tests.college import sha
from tests.given import sealed
from tests.journal.ledgers import opened
from tests.projections.large import EVENTS_PER_STUDENT, fill, student

EVENTS = 1_000_000
TODAY = date(2020, 6, 1)
CONTACTS_PER_STUDENT = 3
_PER_TRANSACTION = 20_000
_USED = (aid_steps, balances, crosschecks_tables, due_tables, evidence, hands, notices, pairing_tables, recognition)


def _events(students: int) -> Iterator[tuple[str, Fact]]:
    """The list, of which one in a hundred is missing, and pairings with contacts, one in a hundred written down late."""
    day = date(2020, 4, 1)
    came: dict[str, Any] = {"actor": "staff-1", "effective_on": date(2020, 3, 1)}
    yield "crosscheck/c1", ListReceived(
        **came, kind="低保", unit="college", as_of=date(2020, 3, 1), files=1, rows=students, accepted=students, refused=0
    )
    for number in range(students):
        if number % 100:
            ref = student(number)
            yield (
                f"listing/c1/{ref}",
                PersonListed(**came, because=("crosscheck/c1@1",), crosscheck="c1", student=ref, kind="低保", person=sealed(ref)),
            )
    for number in range(students):
        ref = student(number)
        yield (
            f"pairing/p{number}",
            PairingEstablished(
                actor="staff-2", effective_on=day, kind="household", student=ref, unit="college", helpers=(f"h{number // 6}",),
                person=sealed(ref),
            ),
        )  # fmt: skip
        for visit in range(CONTACTS_PER_STUDENT):
            on = day + timedelta(days=visit * 7)
            yield (
                f"contact/c{number}-{visit}",
                ContactRecorded(
                    actor="staff-2", effective_on=on, because=(f"pairing/p{number}@1",), pairing=f"p{number}", helper=f"h{number // 6}",
                    kind="call", text=sealed(f"p{number}"), text_digest=sha(f"{number} {visit}"),
                    noted_on=on + timedelta(days=40 if number % 100 == 0 else 3),
                ),
            )  # fmt: skip


def _fill(journal: JournalRecorder, events: int) -> int:
    students = fill(journal, events * EVENTS_PER_STUDENT // (EVENTS_PER_STUDENT + 2 + CONTACTS_PER_STUDENT))
    journal.clock = lambda: datetime(2020, 5, 31, tzinfo=UTC)
    waiting: list[StoredEvent] = []
    for stream, fact in _events(students):
        waiting.append(StoredEvent(stream, 1, fact.topic, encode(fact)))
        if len(waiting) == _PER_TRANSACTION:
            journal.insert_events(waiting)
            waiting = []
    journal.insert_events(waiting)
    return students


def _seconds(what: Callable[[], object]) -> float:
    started = process_time()
    what()
    return process_time() - started


def _tables() -> list[Kept]:
    return [kept for module in _USED for kept in vars(module).values() if isinstance(kept, Kept) and kept.name != "sealed_box"]


def _read(view: View) -> int:
    """Every table the rules look at, from its first row to its last."""
    kept = {one.name: one for one in _tables()}
    return sum(len(view.rows(select(one.open))) for one in kept.values())


def _read_log(journal: JournalRecorder) -> None:
    """Every event of the log decoded: the table of the rule that asks what the log itself holds."""
    done = 0
    while rows := journal.select_rows(done, _PER_TRANSACTION):
        for row in rows:
            orjson.loads(row.state)
        done += len(rows)


def _rules(view: View, journal: JournalRecorder) -> tuple[dict[str, int], dict[str, float]]:
    """How many each rule finds, all of them looking at the same sources, read anew; and the seconds of each and of all together."""
    sources, counts, seconds = Sources(view, journal), {}, {}
    for name, rule in RULES.items():
        seconds[name] = _seconds(lambda rule=rule, name=name: counts.update({name: len(rule(sources))}))  # type: ignore[misc]
    return counts, seconds | {"all rules": sum(seconds.values())}


def taken(folder: Path, events: int) -> dict[str, float]:
    """Seconds of a full read, of all rules together, and of each rule by itself after those before it: the lower of two, of each."""
    folder.mkdir()
    journal = opened(folder / "journal.db")
    _fill(journal, events)
    engine = open_engine(folder / "projections.db", "synthetic", journal)
    engine.catch_up()
    size = journal.head().size
    found: dict[str, float] = {"events": size}
    with engine.view(AsOf(TODAY, size)) as view, collector_at_rest():
        _read(view)
        found["full read"] = min(_seconds(lambda: _read(view)) for _ in range(2))
        found["read of the log"] = min(_seconds(lambda: _read_log(journal)) for _ in range(2))
        counts, once = _rules(view, journal)
        _, again = _rules(view, journal)
        found |= min(once, again, key=lambda seconds: seconds["all rules"])
    engine.close()
    journal.datastore.close()
    if counts["paid_without_complete_trail"] or not counts["paid_but_not_on_list"] or not counts["contact_recorded_late"]:
        raise RuntimeError(f"the made-up college is not what it should be: {counts}")
    return found


def ratios(events: int = EVENTS) -> dict[str, float]:
    """All rules over one full read (2 wanted), of the tables and the log or of the tables alone, with and without the rule that reads the
    log itself; and their growth at ten times the events (10 wanted), beside that of the read."""
    trail = "paid_without_complete_trail"
    with TemporaryDirectory() as folder:
        few, many = taken(Path(folder) / "few", events // 10), taken(Path(folder) / "many", events)
    others = many["all rules"] - many[trail]
    return {
        f"all rules at {int(many['events'])} events over a full read of their tables and of the log": many["all rules"]
        / (many["full read"] + many["read of the log"]),
        "all rules over a full read of their tables alone": many["all rules"] / many["full read"],
        "all but the one that reads the log itself, over a full read of their tables": others / many["full read"],
        "the one that reads the log itself, over a read of the log": many[trail] / many["read of the log"],
        f"all rules at {int(many['events'])} events over {int(few['events'])}": many["all rules"] / few["all rules"],
        "of that, all but the one that reads the log itself": others / (few["all rules"] - few[trail]),
        "growth of a full read of the tables": many["full read"] / few["full read"],
        "seconds for all rules": many["all rules"],
    }


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name}: {ratio:.2f}")
