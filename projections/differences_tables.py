"""What was decided about differences, as the tables keep it."""

from __future__ import annotations

from .bitemporal import Points
from .projection import LogEvent, Projection, Writer, on
from .tables import text, whole

DECIDED = Points(
    "difference_decided",
    columns=[
        text("scheme"), text("student"), text("period"), text("remedy"), whole("difference_fen"), text("top_up"), text("ref"),
    ],
    indexes=[["student"], ["scheme", "period"]],
)  # fmt: skip


class Differences(Projection):
    name = "differences"
    kept = (DECIDED,)

    @on("difference.decided")
    def _decided(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        row = (said["scheme"], said["student"], said["period"], said["remedy"], said["difference_fen"], said.get("top_up"), event.ref)
        writer.happened(DECIDED, event, row)
