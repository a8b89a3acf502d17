"""What the facts say about pairings (结对) and the contacts kept: who helps whom, since when, and what each contact brought."""

from __future__ import annotations

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import day, text, whole

PAIRING = Timeline(
    "pairing", key=[text("pairing")], value=[text("ref"), text("kind"), text("student"), text("unit")], indexes=[["student"]]
)
PAIRING_HELPER = Timeline("pairing_helper", key=[text("pairing"), text("helper")], value=[text("ref")], indexes=[["helper"]])
PAIRING_STEP = Points("pairing_step", columns=[text("pairing"), text("step"), text("ref")], indexes=[["pairing"]])
CONTACT = Points(
    "contact",
    columns=[
        text("contact"), text("pairing"), text("helper"), text("kind"), day("noted_on"), whole("money_fen"), whole("goods_fen"),
        whole("problem_solved"), whole("minutes"), text("text_digest"), text("ref"),
    ],
    indexes=[["pairing"], ["helper"]],
)  # fmt: skip


class Pairings(Projection):
    name = "pairings"
    kept = (PAIRING, PAIRING_HELPER, PAIRING_STEP, CONTACT, BOXES)

    @on("pairing.established")
    def _established(self, event: LogEvent, writer: Writer) -> None:
        said, pairing = event.state, event.stream.partition("/")[2]
        writer.holds(PAIRING, event, (pairing,), (event.ref, said["kind"], said["student"], said["unit"]))
        for helper in dict.fromkeys(said["helpers"]):
            writer.holds(PAIRING_HELPER, event, (pairing, helper), (event.ref,))
        keep(writer, event)

    @on("pairing.helper_replaced")
    def _replaced(self, event: LogEvent, writer: Writer) -> None:
        said, pairing = event.state, event.stream.partition("/")[2]
        writer.ends(PAIRING_HELPER, event, (pairing, said["outgoing"]))
        writer.holds(PAIRING_HELPER, event, (pairing, said["incoming"]), (event.ref,))

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
        )  # fmt: skip
        writer.happened(CONTACT, event, row)
        keep(writer, event, "text")

    @on("contact.struck_out")
    def _struck_out(self, event: LogEvent, writer: Writer) -> None:
        writer.withdraws(CONTACT, event, event.state["corrects"])
