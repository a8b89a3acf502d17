"""What the facts say about pairings (结对) and the contacts kept: who helps whom, since when, and what each contact brought."""

from __future__ import annotations

from typing import Any

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import day, text, whole

PAIRING = Timeline(
    "pairing",
    key=[text("pairing")],
    value=[text("ref"), text("kind"), text("student"), text("unit"), text("household")],
    indexes=[["student"]],
)
PAIRING_HELPER = Timeline("pairing_helper", key=[text("pairing"), text("helper")], value=[text("ref")], indexes=[["helper"]])
PAIRING_STEP = Points("pairing_step", columns=[text("pairing"), text("step"), text("ref")], indexes=[["pairing"]])
HELPER_SWAP = Points("helper_swap", columns=[text("pairing"), text("outgoing"), text("incoming")])
ALLOCATION = Timeline(
    "allocation", key=[text("unit")], value=[text("ref"), whole("cadres"), whole("students"), text("source"), whole("row")]
)
COURSE = Timeline(
    "failed_course",
    key=[text("student"), text("period"), text("course")],
    value=[text("ref"), whole("failed"), text("source"), whole("row")],
)
"""What the 挂科名单 says of a course: failed, or passed after all."""
COURSE_TUTOR = Points(
    "course_tutor",
    columns=[text("student"), text("period"), text("course"), text("pairing"), text("tutor"), text("peer"), text("ref")],
)
PARENTS_TOLD = Points("parents_told", columns=[text("student"), text("period"), text("course"), text("ref")])
TUTORING_CHECK = Points("tutoring_check", columns=[text("pairing"), text("check_name"), text("ref")])
CONTACT = Points(
    "contact",
    columns=[
        text("contact"), text("pairing"), text("helper"), text("kind"), day("noted_on"), whole("money_fen"), whole("goods_fen"),
        whole("problem_solved"), whole("minutes"), text("text_digest"), text("ref"), text("source"), whole("row"),
        whole("goods_given"),
    ],
    indexes=[["pairing"], ["helper"]],
)  # fmt: skip


class Pairings(Projection):
    name = "pairings"
    schema_version = 2
    kept = (
        PAIRING, PAIRING_HELPER, PAIRING_STEP, HELPER_SWAP, CONTACT, ALLOCATION, COURSE, COURSE_TUTOR, PARENTS_TOLD, TUTORING_CHECK, BOXES,
    )  # fmt: skip

    @on("pairing.established")
    def _established(self, event: LogEvent, writer: Writer) -> None:
        said, pairing = event.state, event.stream.partition("/")[2]
        writer.holds(PAIRING, event, (pairing,), (event.ref, said["kind"], said["student"], said["unit"], said.get("household")))
        for helper in dict.fromkeys(said["helpers"]):
            writer.holds(PAIRING_HELPER, event, (pairing, helper), (event.ref,))
        keep(writer, event)

    @on("pairing.helper_replaced")
    def _replaced(self, event: LogEvent, writer: Writer) -> None:
        said, pairing = event.state, event.stream.partition("/")[2]
        writer.ends(PAIRING_HELPER, event, (pairing, said["outgoing"]))
        writer.holds(PAIRING_HELPER, event, (pairing, said["incoming"]), (event.ref,))
        writer.happened(HELPER_SWAP, event, (pairing, said["outgoing"], said["incoming"]))

    @on("pairing.family_facts_clarified", "pairing.help_plan_agreed", "pairing.form_filed")
    def _step(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(PAIRING_STEP, event, (event.stream.partition("/")[2], event.topic.partition(".")[2], event.ref))

    @on("pairing.ended")
    def _ended(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(PAIRING, event, (event.stream.partition("/")[2],))

    @on("contact.recorded", "contact.corrected")
    def _contact(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        corrected = get("corrects")
        if corrected is not None:
            writer.withdraws(CONTACT, event, corrected)
        row = (
            event.stream.partition("/")[2], get("pairing"), get("helper"), get("kind"), get("noted_on"), get("money_fen", 0),
            get("goods_fen", 0), int(get("problem_solved", False)), get("minutes"), get("text_digest"), event.ref,
            source(event), get("row"), int(get("goods_given", False)),
        )  # fmt: skip
        writer.happened(CONTACT, event, row)
        keep(writer, event, "text")

    @on("contact.struck_out")
    def _struck_out(self, event: LogEvent, writer: Writer) -> None:
        writer.withdraws(CONTACT, event, event.state["corrects"])

    @on("allocation.set")
    def _allocation(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(ALLOCATION, event, (said["unit"],), (event.ref, said["cadres"], said["students"], source(event), said.get("row")))
        keep(writer, event)

    @on("tutoring.course_failed", "tutoring.course_passed")
    def _course(self, event: LogEvent, writer: Writer) -> None:
        _, student, period = event.stream.split("/")
        failed = int(event.topic == "tutoring.course_failed")
        value = (event.ref, failed, source(event), event.state.get("row"))
        writer.holds(COURSE, event, (student, period, event.state["course"]), value)
        keep(writer, event)

    @on("tutoring.tutor_arranged")
    def _tutor(self, event: LogEvent, writer: Writer) -> None:
        _, student, period = event.stream.split("/")
        get = event.state.get
        row = (student, period, get("course"), get("pairing"), get("tutor"), get("peer"), event.ref)
        writer.happened(COURSE_TUTOR, event, row)

    @on("tutoring.parents_notified")
    def _parents(self, event: LogEvent, writer: Writer) -> None:
        _, student, period = event.stream.split("/")
        for course in event.state["courses"]:
            writer.happened(PARENTS_TOLD, event, (student, period, course, event.ref))

    @on("tutoring.checked")
    def _checked(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(TUTORING_CHECK, event, (event.stream.partition("/")[2], event.state["check"], event.ref))


def source(event: LogEvent) -> str | None:
    """The import a fact came with (`import/…@1`), None where somebody typed it in."""
    because: Any = event.state.get("because", ())
    return next((ref for ref in because if ref.startswith("import/")), None)
