"""What the facts say about targets (指标) and progress (进度): what is wanted since when, and which figures stand."""

from __future__ import annotations

from typing import Any

import orjson

from .bitemporal import Points, Timeline
from .projection import LogEvent, Projection, Writer, on
from .tables import day, text, whole

TARGET = Timeline(
    "target",
    key=[text("plan"), text("code")],
    value=[
        text("ref"), text("name"), text("action"), text("measure"), text("value"), text("direction"), day("since"), day("due_on"),
        text("owner"), whole("adds_up"), text("reports"),
    ],
)  # fmt: skip
PROGRESS = Points(
    "progress_figure",
    columns=[
        text("plan"), text("code"), text("report"), text("value"), text("unit"), day("sent_on"), text("evidence_kind"), text("ref"),
        text("source"), text("sheet"), whole("row"),
    ],
    indexes=[["plan", "code"]],
)  # fmt: skip
TARGET_MET = Points("target_met", columns=[text("plan"), text("code"), text("figure"), text("ref")])


class Programmes(Projection):
    name = "programmes"
    kept = (TARGET, PROGRESS, TARGET_MET)

    @on("target.set")
    def _set(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        value = (
            event.ref, said["name"], said["action"], said["measure"], said["value"], said["direction"], said["since"], said["due_on"],
            said["owner"], int(said["adds_up"]), orjson.dumps(said.get("reports", [])).decode(),
        )  # fmt: skip
        writer.holds(TARGET, event, (said["plan"], said["code"]), value)

    @on("target.dropped")
    def _dropped(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(TARGET, event, (event.state["plan"], event.state["code"]))

    @on("progress.reported", "progress.corrected")
    def _progress(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        corrected = said.get("corrects")
        if corrected is not None:
            writer.withdraws(PROGRESS, event, corrected)
        writer.happened(
            PROGRESS,
            event,
            (
                said["plan"], said["code"], said["report"], said["value"], said["unit"], said["sent_on"], said.get("evidence_kind"),
                event.ref, _import(said), said.get("sheet"), said.get("row"),
            ),
        )  # fmt: skip

    @on("target.met")
    def _met(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.happened(TARGET_MET, event, (said["plan"], said["code"], said["figure"], event.ref))


def _import(said: dict[str, Any]) -> str | None:
    return next((ref for ref in said.get("because", ()) if ref.startswith("import/")), None)
