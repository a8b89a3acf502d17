"""What the facts say about dropout cases (控辍保学): whose they are, who helps, each step, and the pupils they are counted against."""

from __future__ import annotations

import orjson

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import text, whole

CASE = Timeline(
    "dropout_case",
    key=[text("case_id")],
    value=[text("ref"), text("student"), text("unit"), text("stage"), text("school")],
    indexes=[["student"]],
)
MEMBER = Timeline("dropout_member", key=[text("case_id"), text("role")], value=[text("ref"), text("member_box")])
STEP = Points("dropout_step", columns=[text("case_id"), text("step"), text("ref"), whole("reason_given")], indexes=[["case_id"]])
PUPILS = Timeline("pupils_counted", key=[text("unit"), text("year"), text("stage")], value=[text("ref"), whole("pupils")])

ROLES = {"teacher": "teacher", "village_cadre": "village-cadre", "guardian": "guardian"}
"""Field of the fact -> role as plans name it."""


class Dropouts(Projection):
    name = "dropouts"
    kept = (CASE, MEMBER, STEP, PUPILS, BOXES)

    @on("dropout.found")
    def _found(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        value = (event.ref, said["student"], said["unit"], said["stage"], said.get("school"))
        writer.holds(CASE, event, (_case(event),), value)
        keep(writer, event)

    @on("dropout.team_assigned")
    def _team(self, event: LogEvent, writer: Writer) -> None:
        for field, role in ROLES.items():
            box = event.state.get(field)
            if box is not None:
                writer.holds(MEMBER, event, (_case(event), role), (event.ref, orjson.dumps(box).decode()))

    @on("dropout.persuasion_visited", "dropout.student_returned", "dropout.case_closed", "dropout.case_reopened")
    def _step(self, event: LogEvent, writer: Writer) -> None:
        step = event.topic.partition(".")[2]
        writer.happened(STEP, event, (_case(event), step, event.ref, int(event.state.get("reason") is not None)))

    @on("dropout.pupils_counted")
    def _counted(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(PUPILS, event, (said["unit"], str(said["year"]), said["stage"]), (event.ref, said["pupils"]))


def _case(event: LogEvent) -> str:
    return event.stream.partition("/")[2]
