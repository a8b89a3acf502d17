"""An application, a payment and a batch go step by step, and the steps are kept as they were decided; what stands is read off them.

Steps of one stream were decided one after the other, so what it had come to by a day is what its newest step not after that
day says. Awards are states: they stand from approval until something stops them. Money moves on its day and is summed.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson
from sqlalchemy import select

from .bitemporal import Points, Timeline, Where
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, View, Writer, on
from .tables import day, text, whole

_CASE = [text("scheme"), text("student"), text("period")]

AWARD = Timeline(
    "award",
    key=_CASE,
    value=[
        text("ref"), text("unit"), text("kind"), text("tier"), whole("amount_fen"), text("plan_version"), text("clause"),
        text("categories"),
    ],
    indexes=[["student"]],
)  # fmt: skip
AWARD_AMOUNT = Timeline(
    "award_amount",
    key=_CASE,
    value=[text("ref"), text("tier"), whole("amount_fen"), text("plan_version"), text("clause")],
    indexes=[["student"]],
)
"""What a reassessment made of an award, from its day on."""
AWARD_STOP = Timeline("award_stop", key=_CASE, value=[text("state"), text("ref")], indexes=[["student"]])
APPLICATION_STEP = Points(
    "application_step",
    columns=[*_CASE, text("step"), text("unit"), text("tier"), whole("amount_fen"), text("objection"), text("ref")],
    indexes=[["student"], ["scheme", "period"]],
)
PAYMENT_STEP = Points(
    "payment_step",
    columns=[
        *_CASE, text("instalment"), text("step"), text("batch"), whole("line"), whole("attempt"), whole("amount_fen"), whole("moved_fen"),
        text("unit"), text("award"), text("account_from"), text("bank_ref"), text("ref"),
    ],
    indexes=[["student"], ["scheme", "period"], ["batch"], ["bank_ref"]],
)  # fmt: skip
"""moved_fen: what the step moved to the payee, negative where it came back."""
BATCH_STEP = Points(
    "batch_step",
    columns=[
        text("batch"), text("step"), text("scheme"), text("period"), text("unit"), text("fund"), day("pay_on"), whole("payments"),
        whole("amount_fen"), text("ref"),
    ],
    indexes=[["batch"]],
)  # fmt: skip

PAYMENT_STANDS = {
    "instructed": "instructed",
    "reissued": "instructed",
    "paid": "paid",
    "paid_in_part": "part_paid",
    "failed": "failed",
    "rejected": "rejected",
    "stopped": "stopped",
    "pending": "pending",
    "returned": "returned",
    "cancelled": "cancelled",
    "reversed": "reversed",
    "waiver_granted": "waived",
}
"""How a payment stands after a step; other steps leave it as it stood."""
_PAID_OUT = {"paid": 1, "paid_in_part": 1, "returned": -1, "reversed": -1, "clawback_received": -1}


class Applications(Projection):
    name = "applications"
    kept = (AWARD, AWARD_AMOUNT, AWARD_STOP, APPLICATION_STEP, BOXES)
    schema_version = 3

    @on(
        "application.submitted", "application.documents_checked", "application.review_passed", "application.review_rejected",
        "application.returned", "application.exception_granted", "case.held", "case.freed", "case.notice_passed", "case.noticed",
        "case.unnoticed", "case.compared", "award.refused",
    )  # fmt: skip
    def _step(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        step = event.topic.partition(".")[2]
        row = (*_case(event), step, said.get("unit"), said.get("tier"), said.get("amount_fen"), said.get("objection"), event.ref)
        writer.happened(APPLICATION_STEP, event, row)

    @on("application.form_recorded")
    def _form(self, event: LogEvent, writer: Writer) -> None:
        self._step(event, writer)
        keep(writer, event)

    @on("award.approved")
    def _approved(self, event: LogEvent, writer: Writer) -> None:
        self._step(event, writer)
        said = event.state
        value = (
            event.ref, said["unit"], said["kind"], said.get("tier"), said["amount_fen"], said["plan_version"], said["clause"],
            orjson.dumps(said["categories"]).decode(),
        )  # fmt: skip
        writer.holds(AWARD, event, _case(event), value)

    @on("award.reassessed")
    def _reassessed(self, event: LogEvent, writer: Writer) -> None:
        self._step(event, writer)
        said = event.state
        value = (event.ref, said.get("tier"), said["amount_fen"], said["plan_version"], said["clause"])
        writer.holds(AWARD_AMOUNT, event, _case(event), value)

    @on("award.suspended", "award.revoked")
    def _stopped(self, event: LogEvent, writer: Writer) -> None:
        self._step(event, writer)
        writer.holds(AWARD_STOP, event, _case(event), (event.topic.partition(".")[2], event.ref))

    @on("award.resumed")
    def _resumed(self, event: LogEvent, writer: Writer) -> None:
        self._step(event, writer)
        writer.ends(AWARD_STOP, event, _case(event))


class Payments(Projection):
    name = "payments"
    kept = (PAYMENT_STEP, BATCH_STEP)
    schema_version = 3

    @on(
        "payment.instructed", "payment.reissued", "payment.paid", "payment.failed", "payment.pending", "payment.returned",
        "payment.cancelled", "payment.reversed", "payment.clawback_raised", "payment.clawback_received", "payment.clawback_dropped",
        "payment.waiver_granted", "payment.paid_in_part", "payment.rejected", "payment.stopped", "payment.clawback_reversed",
        "payment.clawback_withdrawn",
    )  # fmt: skip
    def _step(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        step = event.topic.partition(".")[2]
        amount = get("amount_fen") or 0
        row = (
            *event.stream.split("/")[1:5], step, get("batch"), get("line"), get("attempt"), amount, amount * _PAID_OUT.get(step, 0),
            get("unit"), get("award"), get("account_from"), get("bank_ref"), event.ref,
        )  # fmt: skip
        writer.happened(PAYMENT_STEP, event, row)

    @on(
        "batch.prepared", "batch.checked", "batch.released", "batch.exported", "batch.reconciled", "batch.returns_taken", "batch.cancelled",
        "batch.line_stopped", "batch.rejected",
    )  # fmt: skip
    def _batch(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        stopped = event.topic == "batch.line_stopped"
        count = get("left") if stopped else None if (lines := get("lines")) is None else len(lines)
        row = (
            event.stream.partition("/")[2], event.topic.partition(".")[2], get("scheme"), get("period"), get("unit"), get("fund"),
            get("pay_on"), count, get("left_fen" if stopped else "amount_fen"), event.ref,
        )  # fmt: skip
        writer.happened(BATCH_STEP, event, row)


def _case(event: LogEvent) -> tuple[str, str, str]:
    _, scheme, student, period = event.stream.split("/")
    return scheme, student, period


class StandingAward(NamedTuple):
    """An award that stands: `state` approved or suspended; `ref` the approval, or what suspended it; `leaf` that fact's; `since` its day.
    unit, categories: as they were when it was approved; plan_version: which decided its amount; amount_fen: as the newest reassessment by
    the day has it, amount_ref, amount_leaf and amount_since: the fact that says so (the approval where there was none) and its day."""

    scheme: str
    student: str
    period: str
    amount_fen: int
    state: str
    ref: str
    leaf: int
    unit: str
    categories: tuple[str, ...]
    since: str
    plan_version: str
    amount_ref: str
    amount_leaf: int
    amount_since: str


def standing_awards(view: View, scheme: str | None = None) -> list[StandingAward]:
    """The awards that stand on the day: approved by then, and not revoked, be it by a decision that reaches back to before."""
    where: Where | None = (lambda c: c.scheme == scheme) if scheme is not None else None
    stops = {
        (row.scheme, row.student, row.period): (row.fact_leaf, row.state, row.ref)
        for row in view.rows(select(view.held(AWARD_STOP, where)))
    }
    amounts = {(row.scheme, row.student, row.period): row for row in view.rows(select(view.held(AWARD_AMOUNT, where)))}
    award = view.held(AWARD, where)
    found: list[StandingAward] = []
    names = ("scheme", "student", "period", "amount_fen", "ref", "fact_leaf", "unit", "categories", "effective_from", "plan_version")
    for row in view.rows(select(*(award.c[name] for name in names))):
        place = (row.scheme, row.student, row.period)
        stopped_at, state, stop_ref = stops.get(place, (-1, "", ""))
        if stopped_at > row.fact_leaf and state == "revoked":
            continue
        anew = amounts.get(place)
        amount = anew if anew is not None and anew.fact_leaf > row.fact_leaf else row  # approved once more, it begins anew
        stands = ("approved", row.ref, row.fact_leaf) if stopped_at < row.fact_leaf else (state, stop_ref, stopped_at)
        found.append(
            StandingAward(
                scheme=row.scheme,
                student=row.student,
                period=row.period,
                amount_fen=amount.amount_fen,
                state=stands[0],
                ref=stands[1],
                leaf=stands[2],
                unit=row.unit,
                categories=tuple(orjson.loads(row.categories)),
                since=row.effective_from,
                plan_version=amount.plan_version,
                amount_ref=amount.ref,
                amount_leaf=amount.fact_leaf,
                amount_since=amount.effective_from,
            )
        )
    return found
