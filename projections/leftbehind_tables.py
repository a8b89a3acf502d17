"""What the facts say about left-behind children (留守儿童): each stay on the register, and what was done for the child during it."""

from __future__ import annotations

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import text

CHILD = Timeline("left_behind", key=[text("student")], value=[text("ref"), text("unit"), text("term")])
STEP = Points("left_behind_step", columns=[text("student"), text("step"), text("kind"), text("ref")], indexes=[["student"]])


class LeftBehind(Projection):
    name = "left-behind"
    kept = (CHILD, STEP, BOXES)

    @on("leftbehind.registered")
    def _registered(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(CHILD, event, (event.stream.partition("/")[2],), (event.ref, event.state["unit"], event.state["term"]))
        keep(writer, event)

    @on("leftbehind.file_opened", "leftbehind.contact_card_issued", "leftbehind.care_recorded")
    def _step(self, event: LogEvent, writer: Writer) -> None:
        step = event.topic.partition(".")[2]
        writer.happened(STEP, event, (event.stream.partition("/")[2], step, event.state.get("kind"), event.ref))

    @on("leftbehind.ended")
    def _ended(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(CHILD, event, (event.stream.partition("/")[2],))
