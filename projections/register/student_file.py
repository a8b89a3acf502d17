"""一生一案: everything the log holds about one student, in the order it was recorded, with both dates of each fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import select

from mingzhang.domain.facts import upcast
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.sealed import Sealed

from ..aid_steps import APPLICATION_STEP, PAYMENT_STEP
from ..differences_tables import DECIDED
from ..dropouts_tables import CASE
from ..leftbehind_tables import CHILD
from ..pairing_tables import CONTACT, PAIRING
from ..projection import View
from .recognition import ENTRY, same_person

_ROWS_AT_ONCE = 20_000
_OF_STUDENTS = frozenset({"student", "entry", "application", "payment", "difference", "leftbehind"})


class StudentEvent(NamedTuple):
    """One fact about a student. effective_on: ISO day it holds from; recorded_at: RFC 3339, UTC; person: its box, if it has one; state: its
    fields as stored, boxes still sealed."""

    leaf: int
    ref: str
    topic: str
    effective_on: str
    recorded_at: str
    actor: str
    because: tuple[str, ...]
    person: Sealed | None
    state: dict[str, Any]


class Log(Protocol):
    """What is asked of the journal here."""

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]: ...
    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]: ...


def student_events(
    journal: Log, ref: str, known_at: int | None = None, *, streams: Iterable[str] | None = None
) -> list[StudentEvent]:
    """The student's whole file in the order of the log, as known at a log size (None: now), with that of merged files.

    streams: where they are known from `student_streams`, they are read straight away; else the whole log is looked through.
    """
    if streams is not None:
        rows: Iterable[LogRow] = journal.select_streams(sorted(set(streams)))
    else:
        rows = _looked_through(journal, _refs(journal, ref))
    return [_event(row) for row in rows if known_at is None or row.leaf_index < known_at]


def student_streams(view: View, student: str) -> list[str]:
    """The streams that concern the student, under any reference they ever had."""
    refs = same_person(view, student)
    found = {f"student/{ref}" for ref in refs}
    case, payment, entry = APPLICATION_STEP.open.c, PAYMENT_STEP.open.c, ENTRY.open.c
    for row in view.rows(select(entry.round, entry.student).where(entry.student.in_(refs))):
        found.add(f"entry/{row.round}/{row.student}")
    for row in view.rows(select(case.scheme, case.student, case.period).where(case.student.in_(refs)).distinct()):
        found.add(f"application/{row.scheme}/{row.student}/{row.period}")
    of_payment = select(payment.scheme, payment.student, payment.period, payment.instalment)
    for row in view.rows(of_payment.where(payment.student.in_(refs)).distinct()):
        found.add(f"payment/{row.scheme}/{row.student}/{row.period}/{row.instalment}")
    decided = DECIDED.open.c
    for row in view.rows(select(decided.scheme, decided.student, decided.period).where(decided.student.in_(refs)).distinct()):
        found.add(f"difference/{row.scheme}/{row.student}/{row.period}")
    past = ENTRY.past.c  # a withdrawn entry leaves no row that stands
    for row in view.rows(select(past.round, past.student).where(past.student.in_(refs)).distinct()):
        found.add(f"entry/{row.round}/{row.student}")
    pairing, contact = PAIRING.open.c, CONTACT.open.c
    pairings = list(view.connection.execute(select(pairing.pairing).where(pairing.student.in_(refs)).distinct()).scalars())
    found |= {f"pairing/{one}" for one in pairings}
    for table in (contact, CONTACT.past.c):
        rows = view.connection.execute(select(table.contact).where(table.pairing.in_(pairings)).distinct()).scalars()
        found |= {f"contact/{one}" for one in rows}
    cases = select(CASE.open.c.case_id).where(CASE.open.c.student.in_(refs)).distinct()
    found |= {f"dropout/{one}" for one in view.connection.execute(cases).scalars()}
    children = select(CHILD.open.c.student).where(CHILD.open.c.student.in_(refs)).distinct()
    found |= {f"leftbehind/{one}" for one in view.connection.execute(children).scalars()}
    return sorted(found)


def _refs(journal: Log, ref: str) -> set[str]:
    """The reference and those of all files merged with it, whichever of them answers."""
    found: set[str] = set()
    new = {ref}
    while new:
        found |= new
        joined: set[str] = set()
        for row in journal.select_streams([f"student/{one}" for one in sorted(new)]):
            if row.topic in ("student.identity_merged", "student.identity_merged_into"):
                said = orjson.loads(row.state)
                joined.add(said.get("other") or said["survivor"])
        new = joined - found
    return found


def _looked_through(journal: Log, refs: set[str]) -> Iterable[LogRow]:
    pairings: set[str] = set()
    cases: set[str] = set()
    start = 0
    while rows := journal.select_rows(start, _ROWS_AT_ONCE):
        start += len(rows)
        for row in rows:
            kind, _, rest = row.originator_id.partition("/")
            if kind in _OF_STUDENTS:
                if not refs.isdisjoint(rest.split("/")):
                    yield row
            elif kind == "dropout":
                if row.topic == "dropout.found" and orjson.loads(row.state)["student"] in refs:
                    cases.add(rest)
                if rest in cases:
                    yield row
            elif kind == "pairing":
                if rest not in pairings and row.topic == "pairing.established" and orjson.loads(row.state)["student"] in refs:
                    pairings.add(rest)
                if rest in pairings:
                    yield row
            elif (
                kind == "contact"
                and pairings
                # A contact struck out names its pairing no more: its stream is known by then.
                and (row.originator_id in pairings or orjson.loads(row.state).get("pairing") in pairings)
            ):
                pairings.add(row.originator_id)
                yield row


def _event(row: LogRow) -> StudentEvent:
    state = upcast(row.topic, orjson.loads(row.state))
    box = state.get("person")
    return StudentEvent(
        leaf=row.leaf_index,
        ref=f"{row.originator_id}@{row.originator_version}",
        topic=row.topic,
        effective_on=state["effective_on"],
        recorded_at=row.recorded_at,
        actor=state["actor"],
        because=tuple(state.get("because", ())),
        person=None if box is None else Sealed.model_validate(box),
        state=state,
    )
