"""查询留痕: the facts that say that personal data were shown in full, wherever the log has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from .bitemporal import Points
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text

LOOK = Points("look", columns=[text("ref"), text("actor")])


class Looks(Projection):
    name = "looks"
    kept = (LOOK,)

    @on("disclosure.revealed", "disclosure.bundle_exported", "batch.exported")
    def _looked(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(LOOK, event, (event.ref, event.state["actor"]))


def looks(view: View) -> Sequence[Any]:
    """Rows with fact_leaf, ref and actor, of every day up to the view's."""
    return view.rows(select(view.points(LOOK)))
