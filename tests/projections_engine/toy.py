"""A projection, a journal and events small enough to be worked out by hand, for the engine's tests and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from mingzhang.domain.journal.records import Head, LogRow
from mingzhang.projections.bitemporal import Kept, Points, Timeline
from mingzhang.projections.projection import LogEvent, Projection, Writer, on
from mingzhang.projections.tables import text, whole

STATE = Timeline("toy_state", key=[text("student")], value=[text("state")])
UNIT = Timeline("toy_unit", key=[text("scheme"), whole("number")], value=[text("unit"), whole("level")])
MONEY = Points("toy_money", columns=[text("student"), whole("amount_fen")], indexes=[["student"]])


class Toy(Projection):
    """Each event may state several things and take several back, as real corrections do."""

    name = "toy"
    kept: ClassVar[tuple[Kept, ...]] = (STATE, UNIT, MONEY)

    @on("toy.stated", "toy.corrected")
    def stated(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        for named in said.get("withdraws", ()):
            for kept in self.kept:
                writer.withdraws(kept, event, named)
        for student in said.get("clears", ()):
            writer.clears(STATE, event, (student,))
        for student, state, since, until in said.get("states", ()):
            if state is None:
                writer.ends(STATE, event, (student,), since=since)
            else:
                writer.holds(STATE, event, (student,), (state,), since=since, until=until)
        for scheme, number, unit, since in said.get("units", ()):
            writer.holds(UNIT, event, (scheme, number), (unit, 1), since=since)
        for student, amount_fen, on_day in said.get("money", ()):
            writer.happened(MONEY, event, (student, amount_fen), on=on_day)


@dataclass
class ListJournal:
    """A journal in memory; leaf i is the event `toy@i+1`."""

    rows: list[LogRow] = field(default_factory=list)
    stream: str = "toy"

    def add(self, state: dict[str, Any], topic: str = "toy.stated") -> LogRow:
        leaf = len(self.rows)
        state = {"effective_on": "2020-03-01", **state}
        instant = f"2020-03-01T00:00:00.{leaf:06d}Z"
        self.rows.append(LogRow(leaf, self.stream, leaf + 1, topic, orjson.dumps(state), instant))
        return self.rows[-1]

    def head(self) -> Head:
        return Head(len(self.rows), self.rows[-1].recorded_at if self.rows else None)

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]:
        return self.rows[gt_size:] if limit is None else self.rows[gt_size : gt_size + limit]

    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]:
        return [row for row in self.rows if row.originator_id in names]
