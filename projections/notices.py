"""公示: which lists hang where, until when they must, who may pass by them, and which should have been taken down by now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import select

from .aid_steps import APPLICATION_STEP
from .applications import all_equal
from .bitemporal import Points
from .projection import LogEvent, Projection, View, Writer, on
from .register.offices import units_below
from .tables import day, text, whole

NOTICE = Points(
    "notice",
    columns=[
        text("notice"), text("scheme"), text("period"), text("step"), whole("number"), text("unit"), text("place"), whole("days"),
        text("day_kind"), day("last_day"), whole("photo"), whole("photos"), text("plan_version"), text("ref"),
    ],
    indexes=[["notice"], ["scheme", "period"]],
)  # fmt: skip
NOTICE_STEP = Points(
    "notice_step",
    columns=[text("notice"), text("step"), whole("passed"), whole("held"), whole("closed"), whole("photos"), whole("early"), text("ref")],
    indexes=[["notice"]],
)
NOTICE_CASE = Points(
    "notice_case",
    columns=[text("notice"), whole("line"), text("scheme"), text("student"), text("period"), text("shown"), text("tier"), text("ref")],
    indexes=[["notice"], ["student"]],
)

NOTICE_PASS = Points(
    "notice_pass", columns=[text("notice"), text("scheme"), text("student"), text("period"), text("ref")], indexes=[["notice"]]
)

NoticeStand = Literal["posted", "completed", "withdrawn", "overdue_to_withdraw"]


class Notices(Projection):
    name = "notices"
    kept = (NOTICE, NOTICE_STEP, NOTICE_CASE, NOTICE_PASS)

    @on("notice.posted")
    def _posted(self, event: LogEvent, writer: Writer) -> None:
        said, notice = event.state, event.stream.partition("/")[2]
        row = (
            notice, said["scheme"], said["period"], said["step"], said["number"], said["unit"], said["place"], said["days"],
            said["day_kind"], said["last_day"], int(said["photo"]), len(said.get("evidence", ())), said["plan_version"],
            event.ref,
        )  # fmt: skip
        writer.happened(NOTICE, event, row)
        for line, (case, shown, tier) in enumerate(zip(said["cases"], said["shown"], said["tiers"], strict=True), start=1):
            writer.happened(NOTICE_CASE, event, (notice, line, *case.split("/")[1:4], shown, tier, event.ref))

    @on("notice.evidence_added", "notice.completed", "notice.withdrawn")
    def _step(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        counts = (len(said.get(name, ())) for name in ("passed", "held", "closed"))
        row = (
            event.stream.partition("/")[2], event.topic.partition(".")[2], *counts, len(said.get("evidence", ())),
            int(said.get("early", False)), event.ref,
        )  # fmt: skip
        writer.happened(NOTICE_STEP, event, row)


    @on("case.notice_passed")
    def _passed(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(NOTICE_PASS, event, (event.state["notice"], *event.stream.split("/")[1:4], event.ref))


class NoticeRow(NamedTuple):
    """A notice posted by the day. Dates are ISO; completed_on, withdrawn_on: None where it was not; withdraw_by: when its period is over
    and the list is to come down; early: taken down before that, without effect. held: cases of it that an objection holds on the day;
    passed: those it has let through."""

    notice: str
    scheme: str
    period: str
    step: str
    number: int
    unit: str
    place: str
    days: int
    day_kind: str
    posted_on: str
    last_day: str
    withdraw_by: str
    completed_on: str | None
    withdrawn_on: str | None
    early: bool
    state: NoticeStand
    cases: int
    passed: int
    held: int
    photo: bool
    photos: int
    plan_version: str
    ref: str


class NoticedCase(NamedTuple):
    """One line of a list, from 1. `shown` is the fact that told who it is when the list was made; passed_on (ISO): by this notice."""

    notice: str
    line: int
    application: str
    student: str
    shown: str
    tier: str | None
    passed_on: str | None


def notices(
    view: View, scheme: str | None = None, period: str | None = None, unit: str | None = None, notice: str | None = None
) -> list[NoticeRow]:
    """The notices of the day, in the order they were posted. A unit means itself and those below it."""
    wanted = units_below(view, unit) if unit is not None else None
    points = view.points(NOTICE, all_equal(scheme=scheme, period=period, notice=notice))
    posted = [row for row in view.rows(select(points).order_by(points.c.fact_leaf)) if wanted is None or row.unit in wanted]
    steps: dict[str, list[Any]] = {}
    said = view.points(NOTICE_STEP)
    for row in view.rows(select(said).order_by(said.c.fact_leaf)):
        steps.setdefault(row.notice, []).append(row)
    cases: dict[str, list[tuple[str, str, str]]] = {}
    for row in view.rows(select(view.points(NOTICE_CASE))):
        cases.setdefault(row.notice, []).append((row.scheme, row.student, row.period))
    held = _held(view)
    return [_row(row, steps.get(row.notice, []), cases.get(row.notice, []), held, view.as_of.day) for row in posted]


def _held(view: View) -> set[tuple[str, str, str]]:
    """The cases that an objection holds on the day."""
    steps = view.points(APPLICATION_STEP, lambda c: c.step.in_(("held", "freed")))
    open_: dict[tuple[str, str, str], set[str]] = {}
    for row in view.rows(select(steps).order_by(steps.c.fact_leaf)):
        by = open_.setdefault((row.scheme, row.student, row.period), set())
        (by.add if row.step == "held" else by.discard)(row.objection)
    return {case for case, by in open_.items() if by}


def _row(row: Any, steps: list[Any], cases: list[tuple[str, str, str]], held: set[tuple[str, str, str]], today: str) -> NoticeRow:
    completions = [step for step in steps if step.step == "completed"]
    withdrawal = next((step for step in steps if step.step == "withdrawn"), None)
    completed_on = completions[0].effective_on if completions else None
    withdraw_by = (date.fromisoformat(row.last_day) + timedelta(days=1)).isoformat()
    early = withdrawal is not None and bool(withdrawal.early)
    state: NoticeStand = "posted"
    if withdrawal is not None:
        state = "withdrawn"
    elif today > withdraw_by:
        state = "overdue_to_withdraw"
    elif completed_on is not None:
        state = "completed"
    return NoticeRow(
        notice=row.notice,
        scheme=row.scheme,
        period=row.period,
        step=row.step,
        number=row.number,
        unit=row.unit,
        place=row.place,
        days=row.days,
        day_kind=row.day_kind,
        posted_on=row.effective_on,
        last_day=row.last_day,
        withdraw_by=withdraw_by,
        completed_on=completed_on,
        withdrawn_on=withdrawal.effective_on if withdrawal is not None else None,
        early=early,
        state=state,
        cases=len(cases),
        passed=sum(step.passed for step in completions),
        held=0 if early else sum(case in held for case in cases),
        photo=bool(row.photo),
        photos=row.photos + sum(step.photos for step in steps if step.step == "evidence_added"),
        plan_version=row.plan_version,
        ref=row.ref,
    )


def noticed_cases(view: View, notice: str) -> list[NoticedCase]:
    """The lines of one notice's list as it was hung up."""
    passes = view.points(NOTICE_PASS, lambda c: c.notice == notice)
    passed = {(row.scheme, row.student, row.period): row.effective_on for row in view.rows(select(passes))}
    points = view.points(NOTICE_CASE, lambda c: c.notice == notice)
    return [
        NoticedCase(
            notice=row.notice,
            line=row.line,
            application=f"application/{row.scheme}/{row.student}/{row.period}",
            student=row.student,
            shown=row.shown,
            tier=row.tier,
            passed_on=passed.get((row.scheme, row.student, row.period)),
        )
        for row in view.rows(select(points).order_by(points.c.line))
    ]
