"""What deadlines are worked out from: plans in force, days the office was told, duties on record, and the facts that discharge duties."""

from __future__ import annotations

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import day, text, whole

PLAN_TEXT = Timeline("plan_text", key=[text("plan")], value=[text("ref"), text("toml")])
PLAN_DAY = Points("plan_day", columns=[text("plan"), text("name"), text("period"), day("day"), text("ref")])
DUTY_RECORD = Points(
    "duty_record",
    columns=[text("plan"), text("code"), text("unit"), text("period"), text("step"), text("sha256"), text("ref")],
    indexes=[["plan", "code"]],
)
DUTY_FACT = Points(
    "duty_fact",
    columns=[text("topic"), text("plan"), text("unit"), text("period"), text("kind"), text("stream"), text("ref")],
    indexes=[["topic"]],
)
"""Facts that discharge a duty or set a deadline going, with what they say of plan, unit, period and kind; null where they do not."""
FUND_FOR = Points("fund_for", columns=[text("fund"), text("scheme")], indexes=[["fund"]])
INSPECTION = Timeline(
    "inspection", key=[text("inspection")], value=[text("ref"), text("kind"), text("unit"), text("inspector_unit"), text("plan")]
)
INSPECTION_STEP = Points(
    "inspection_step",
    columns=[
        text("inspection"), whole("number"), text("step"), text("severity"), text("clause"), text("subject"), whole("amount_fen"),
        day("rectify_by"), text("sha256"), text("actor"), text("ref"),
    ],
    indexes=[["inspection"]],
)  # fmt: skip


class Due(Projection):
    name = "due"
    kept = (
        PLAN_TEXT, PLAN_DAY, DUTY_RECORD, DUTY_FACT, FUND_FOR, INSPECTION, INSPECTION_STEP, BOXES,
    )  # fmt: skip

    @on("plan.adopted", "plan.amended")
    def _plan(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(PLAN_TEXT, event, (event.state["code"],), (event.ref, event.state["text"]))

    @on("plan.repealed")
    def _repealed(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(PLAN_TEXT, event, (event.state["code"],))

    @on("plan.date_set")
    def _told(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.happened(PLAN_DAY, event, (said["plan"], said["name"], said["period"], said["day"], event.ref))

    @on("duty.discharged", "duty.excused", "duty.reopened")
    def _record(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        step = event.topic.partition(".")[2]
        if step == "reopened":  # what is taken back never held
            writer.withdraws(DUTY_RECORD, event, said["corrects"])
            return
        row = (said["plan"], said["code"], said["unit"], said["period"], step, said.get("sha256"), event.ref)
        writer.happened(DUTY_RECORD, event, row)

    @on("fund.opened")
    def _fund(self, event: LogEvent, writer: Writer) -> None:
        for scheme in event.state["schemes"]:
            writer.happened(FUND_FOR, event, (event.stream.partition("/")[2], scheme))

    @on("fund.arrived", "fund.requested", "notice.completed", "round.reported", "crosscheck.compared")
    def _fact(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        scheme = get("scheme") or ""
        plan = get("plan") or (scheme.partition(".")[0] or None)
        row = (event.topic, plan, get("unit"), get("period"), get("kind"), event.stream, event.ref)
        writer.happened(DUTY_FACT, event, row)

    @on("inspection.opened")
    def _opened(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        value = (event.ref, said["kind"], said["unit"], said["by"], said.get("plan"))
        writer.holds(INSPECTION, event, (event.stream.partition("/")[2],), value)
        keep(writer, event, "scope")

    @on("inspection.closed")
    def _closed(self, event: LogEvent, writer: Writer) -> None:
        self._fact(event, writer)
        self._inspection(event, writer)

    @on("inspection.finding_raised", "inspection.finding_answered")
    def _finding(self, event: LogEvent, writer: Writer) -> None:
        self._inspection(event, writer)
        keep(writer, event, "text")

    @on("inspection.finding_rectified")
    def _rectified(self, event: LogEvent, writer: Writer) -> None:
        self._inspection(event, writer)
        keep(writer, event, "note")

    def _inspection(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        row = (
            event.stream.partition("/")[2], get("number"), event.topic.partition(".")[2].removeprefix("finding_"), get("severity"),
            get("clause"), get("subject"), get("amount_fen"), get("rectify_by"), get("sha256"), event.state["actor"], event.ref,
        )  # fmt: skip
        writer.happened(INSPECTION_STEP, event, row)
