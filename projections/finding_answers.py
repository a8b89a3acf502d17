"""What the office has answered to audit findings: by finding, the newest answer of the day."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.sealed import Sealed

from .bitemporal import Points
from .boxes import BOXES, boxes_of, keep
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text

ANSWER = Points(
    "finding_answer",
    columns=[text("finding"), text("rule"), text("kind"), text("actor"), text("ref")],
    indexes=[["finding"]],
)


class FindingAnswers(Projection):
    name = "finding-answers"
    kept = (ANSWER, BOXES)

    @on("finding.answered")
    def _answered(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        row = (event.stream.partition("/")[2], said["rule"], said["kind"], said["actor"], event.ref)
        writer.happened(ANSWER, event, row)
        keep(writer, event, "text")


class AnswerRow(NamedTuple):
    """One answer. kind: explained, corrected or referred; on: ISO."""

    finding: str
    rule: str
    kind: str
    by: str
    on: str
    ref: str
    leaf: int


def answers(view: View, finding: str | None = None) -> list[AnswerRow]:
    """All answers given by the day, in the order of recording."""
    points = view.points(ANSWER, (lambda c: c.finding == finding) if finding is not None else None)
    return [
        AnswerRow(row.finding, row.rule, row.kind, row.actor, row.effective_on, row.ref, row.fact_leaf)
        for row in view.rows(select(points).order_by(points.c.fact_leaf))
    ]


def answer_texts(view: View, rows: list[AnswerRow]) -> dict[str, Sealed]:
    """The sealed texts, by the fact that holds each."""
    boxes = boxes_of(view, [row.leaf for row in rows])
    return {row.ref: boxes[row.leaf] for row in rows if row.leaf in boxes}
