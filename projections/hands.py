"""Whose hand was in what: every survey, application, review, approval, decision and step of a batch, with who did it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, select

from .aid_steps import PAYMENT_STEP
from .bitemporal import Points, Where
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

HAND = Points(
    "hand",
    columns=[
        text("stream"), text("about"), text("scheme"), text("student"), text("period"), text("act"), whole("judges"), text("actor"),
        whole("amount_fen"), text("ref"),
    ],
    indexes=[["student"], ["stream"]],
)  # fmt: skip
"""about: the application an objection is about, else the stream itself; judges: 1 for what decides a case and may not be done by whoever
had a hand in it before."""
STAFF_KEY = Points("staff_key", columns=[text("staff"), text("public_key"), text("ref")])

_APPLICATION = {
    "application.form_recorded": "form",
    "application.submitted": "submitted",
    "application.returned": "returned",
    "application.review_passed": "review",
    "application.review_rejected": "rejected",
    "application.exception_granted": "exception",
    "award.approved": "approval",
    "award.refused": "refused",
    "award.suspended": "suspended",
    "award.resumed": "resumed",
    "award.revoked": "revoked",
    "award.reassessed": "reassessed",
}
_OBJECTION = {
    "objection.raised": "taken",
    "objection.upheld": "decided",
    "objection.dismissed": "decided",
    "objection.appeal_raised": "appealed",
    "objection.appeal_decided": "appeal",
}
_CLAWBACK = {
    "payment.clawback_raised": "clawback",
    "payment.clawback_withdrawn": "clawback_withdrawn",
    "payment.clawback_reversed": "clawback_reversed",
}
_LOAN = {f"loan.{act}": f"loan_{act}" for act in ("applied", "approved", "refused", "disbursed")}
_BATCH = {"batch.prepared": "prepare", "batch.checked": "check", "batch.released": "release"}
JUDGING = frozenset(
    {"review", "rejected", "exception", "approval", "refused", "decided", "appeal", "loan_approved", "loan_refused", "loan_disbursed"}
)


class Hand(NamedTuple):
    """One act in the order of the log; see `HAND`."""

    stream: str
    about: str
    scheme: str
    student: str
    period: str
    act: str
    actor: str
    amount_fen: int
    ref: str
    leaf: int
    effective_on: str


class Hands(Projection):
    name = "hands"
    kept = (HAND, STAFF_KEY)
    schema_version = 2

    @on("entry.recorded", "entry.corrected")
    def _survey(self, event: LogEvent, writer: Writer) -> None:
        _, period, student = event.stream.split("/")
        _note(writer, event, "survey", ("", student, period))

    @on(*_APPLICATION)
    def _application(self, event: LogEvent, writer: Writer) -> None:
        act = _APPLICATION[event.topic]
        if act != "returned" and any(ref.startswith("objection/") for ref in event.state.get("because", ())):
            return  # what an objection or appeal brings about is its decider's act, which its own stream tells
        _note(writer, event, act, _case(event.stream))

    @on(*_OBJECTION)
    def _objection(self, event: LogEvent, writer: Writer) -> None:
        about = event.state["application"]
        _note(writer, event, _OBJECTION[event.topic], _case(about), about)

    @on(*_LOAN)
    def _loan(self, event: LogEvent, writer: Writer) -> None:
        _, student, period = event.stream.split("/")
        _note(writer, event, _LOAN[event.topic], ("", student, period))

    @on("difference.decided")
    def _difference(self, event: LogEvent, writer: Writer) -> None:
        _note(writer, event, "difference", _case(event.stream), "application/" + event.stream.partition("/")[2])

    @on(*_CLAWBACK)
    def _clawback(self, event: LogEvent, writer: Writer) -> None:
        _note(writer, event, _CLAWBACK[event.topic], _case(event.stream))

    @on(*_BATCH)
    def _batch(self, event: LogEvent, writer: Writer) -> None:
        _note(writer, event, _BATCH[event.topic], (event.state.get("scheme") or "", "", event.state.get("period") or ""))

    @on("staff.key_enrolled")
    def _key(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(STAFF_KEY, event, (event.stream.partition("/")[2], event.state["public_key"], event.ref))


def _case(stream: str) -> tuple[str, str, str]:
    _, scheme, student, period, *_ = stream.split("/")
    return scheme, student, period


def _note(writer: Writer, event: LogEvent, act: str, case: tuple[str, str, str], about: str | None = None) -> None:
    said = event.state
    row = (event.stream, about or event.stream, *case, act, int(act in JUDGING), said["actor"], said.get("amount_fen") or 0, event.ref)
    writer.happened(HAND, event, row)


def hands(view: View, where: Where | None = None) -> list[Hand]:
    """The acts known, in the log's order."""
    points = view.points(HAND, where)
    return [
        Hand(r.stream, r.about, r.scheme, r.student, r.period, r.act, r.actor, r.amount_fen, r.ref, r.fact_leaf, r.effective_on)
        for r in view.rows(select(points).order_by(points.c.fact_leaf))
    ]


def hands_of(view: View, students: Iterable[str], staff: Iterable[str] | None = None) -> list[Hand]:
    """Those about these students, of these people."""
    about, by = sorted(students), None if staff is None else sorted(staff)
    return hands(view, lambda c: c.student.in_(about) if by is None else c.student.in_(about) & c.actor.in_(by))


def hands_on(view: View, batches: Iterable[str], staff: Iterable[str]) -> list[Hand]:
    """Those on these batches (by stream), of these people."""
    streams, by = sorted(batches), sorted(staff)
    return hands(view, lambda c: c.stream.in_(streams) & c.actor.in_(by)) if streams else []


def judged_by_an_earlier_hand(view: View) -> set[str]:
    """Students about whose case of one period somebody judged who also did something else in it: the only ones a rule need look at, as long
    as every student has one file and every person one staff id."""
    judges = view.points(HAND, lambda c: c.judges > 0)
    points = view.points(HAND, lambda c: c.student != "")
    acts = select(points.c.student).where(points.c.actor.in_(select(judges.c.actor).distinct()))
    # An expression, so that the rows are sorted as they come and not looked up one by one through the index of students.
    of_one = acts.group_by(func.coalesce(points.c.student, ""), points.c.student, points.c.period, points.c.actor)
    several = of_one.having(func.count() > 1, func.sum(points.c.judges) > 0).distinct()
    return {row.student for row in view.rows(several)}


class OneKey(NamedTuple):
    """Two staff ids that signed with one key are one person: `of` gives one id for both; `ref` the enrolment that shows it, `leaf` its."""

    of: str
    ref: str
    leaf: int


def same_key(view: View) -> dict[str, OneKey]:
    """Staff ids whose key another id had before, by what is enrolled."""
    first: dict[str, str] = {}
    found: dict[str, OneKey] = {}
    points = view.points(STAFF_KEY)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        owner = first.setdefault(row.public_key, row.staff)
        if owner != row.staff:
            found.setdefault(row.staff, OneKey(found[owner].of if owner in found else owner, row.ref, row.fact_leaf))
    return found


class Line(NamedTuple):
    """One step of a payment: instructed, reissued or paid."""

    payment: str
    scheme: str
    period: str
    batch: str
    step: str
    amount_fen: int
    leaf: int


def lines(view: View, where: Where) -> list[Line]:
    """The payments instructed and paid, in the log's order."""
    points = view.points(PAYMENT_STEP, where)
    rows = view.rows(select(points).where(points.c.step.in_(("instructed", "reissued", "paid"))).order_by(points.c.fact_leaf))
    return [
        Line(row.ref.rpartition("@")[0], row.scheme, row.period, row.batch or "", row.step, row.amount_fen, row.fact_leaf) for row in rows
    ]


def lines_of(view: View, students: Iterable[str]) -> list[Line]:
    wanted = sorted(students)
    return lines(view, lambda c: c.student.in_(wanted))


def lines_in(view: View, batch: str) -> list[Line]:
    return lines(view, lambda c: c.batch == batch)


def first_paid(found: Iterable[Line]) -> Line | None:
    """The first of them to leave the house."""
    return next((line for line in found if line.step == "paid"), None)
