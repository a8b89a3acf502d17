"""What the facts say about lists of other offices (比对名单), the comparisons with them, and rows of files that had to be refused."""

from __future__ import annotations

from typing import Any

import orjson

from mingzhang.domain.aid.facts import ListMatch
from mingzhang.domain.crosscheck.comparing import in_effect

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, Writer, on
from .tables import text, whole

RECEIVED = Timeline(
    "list_received",
    key=[text("crosscheck")],
    value=[text("ref"), text("kind"), whole("files"), whole("rows"), whole("accepted"), whole("refused"), text("imports")],
)
"""A list counts from its own day on, until it is withdrawn, which takes it back as if it had never come."""
LISTED = Points(
    "person_listed",
    columns=[
        text("crosscheck"), text("student"), text("kind"), text("category"), text("support"), whole("entitled"),
        text("household"), text("named_by"), text("sheet"), whole("row"), text("import_ref"), text("ref"),
    ],
    indexes=[["crosscheck"], ["student"], ["ref"]],
)  # fmt: skip
COMPARISON = Points(
    "comparison",
    columns=[
        text("comparison"), text("against"), text("unit"), text("lists"), text("kinds"), text("kinds_without_list"), whole("students"),
        whole("matched"), whole("unmatched"), whole("differing"), whole("not_ours"), text("ref"),
    ],
    indexes=[["comparison"], ["against"]],
)  # fmt: skip
COMPARED = Points(
    "compared_person",
    columns=[
        text("comparison"), text("student"), text("finding"), text("basis"), text("kind"), text("crosscheck"), text("says"), text("value"),
        whole("entitled"), text("matched_on"), whole("name_differs"), text("why"), whole("unclaimed"), text("refused_in"),
        text("refused_sheet"), whole("refused_row"), text("refused_code"),
    ],
    indexes=[["comparison"], ["student"]],
)  # fmt: skip
"""finding: `matched` (a row names the student, still entitled), `ended` (named, no longer entitled), `refused_row` (named in a row that was
refused), `unmatched` (a kind on which they should stand and do not), `only_listed` (named, and not surveyed)."""
RESOLVED = Points(
    "difference_resolved",
    columns=[text("student"), text("crosscheck"), text("says"), text("ours"), text("right"), text("comparison"), text("ref")],
    indexes=[["says"]],
)
REFUSED_ROW = Points(
    "refused_row",
    columns=[text("import_ref"), text("context"), text("file"), text("sheet"), whole("row"), text("code"), text("subject"), text("box")],
    indexes=[["import_ref"], ["context"], ["subject"]],
)
REPEATED_ROW = Points(
    "row_repeated",
    columns=[text("import_ref"), text("round"), text("student"), text("unit"), text("sheet"), whole("row")],
    indexes=[["student"]],
)
"""Rows of survey files that named somebody whom the round had recorded already."""


class CrossChecks(Projection):
    name = "crosschecks"
    kept = (RECEIVED, LISTED, COMPARISON, COMPARED, RESOLVED, REFUSED_ROW, REPEATED_ROW, BOXES)

    @on("crosscheck.list_received")
    def _received(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        value = (event.ref, said["kind"], said["files"], said["rows"], said["accepted"], said["refused"], _json(said.get("because", ())))
        writer.holds(RECEIVED, event, (_id(event),), value)

    @on("crosscheck.list_withdrawn")
    def _withdrawn(self, event: LogEvent, writer: Writer) -> None:
        writer.withdraws(RECEIVED, event, event.state["corrects"])

    @on("listing.person_listed")
    def _listed(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        source = next((one for one in get("because", ()) if one.startswith("import/")), None)
        row = (
            get("crosscheck"), get("student"), get("kind"), get("category"), get("support"), _truth(get("entitled")),
            get("household"), get("named_by"), get("sheet"), get("row"), source, event.ref,
        )  # fmt: skip
        writer.happened(LISTED, event, row)
        keep(writer, event)

    @on("crosscheck.compared")
    def _compared(self, event: LogEvent, writer: Writer) -> None:
        get, comparison = event.state.get, _id(event)
        row = (
            comparison, get("against"), get("unit"), _json(get("lists")), _json(get("kinds")), _json(get("kinds_without_list", ())),
            get("students"), get("matched"), get("unmatched"), get("differing"), get("not_ours", 0), event.ref,
        )  # fmt: skip
        writer.happened(COMPARISON, event, row)
        for finding in get("findings", ()):
            for one in _rows_of(finding):
                writer.happened(COMPARED, event, (comparison, finding["student"], *one))
        for listed in get("only_listed", ()):
            place = _place(listed.get("refused"))
            named = (listed["kind"], listed["crosscheck"], listed["says"])
            writer.happened(COMPARED, event, (comparison, listed["student"], "only_listed", None, *named, *[None] * 6, *place))

    @on("crosscheck.difference_resolved")
    def _resolved(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        row = (said["student"], _id(event), said["says"], said["ours"], said["right"], said["comparison"], event.ref)
        writer.happened(RESOLVED, event, row)

    @on("import.file_imported")
    def _refused(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        for refused in said.get("refused", ()):
            box = refused.get("person")
            if box is not None:
                place = (refused.get("sheet"), refused["row"], refused["code"])
                writer.happened(REFUSED_ROW, event, (event.ref, said["context"], said["file"], *place, box["subject"], _json(box)))
        for one in said.get("repeated") or ():
            where = (one.get("sheet"), one["row"])
            writer.happened(REPEATED_ROW, event, (event.ref, said["context"], one["student"], one["unit"], *where))


def _rows_of(finding: dict[str, Any]) -> list[tuple[Any, ...]]:
    basis, why, unclaimed = finding["basis"], finding.get("why"), finding.get("unclaimed", ())
    places = finding.get("refused", ())
    rows: list[tuple[Any, ...]] = []
    for said in finding.get("matches", ()):
        match = ListMatch.model_validate(said)
        named = (match.kind, match.crosscheck, match.says, match.value, _truth(match.entitled), match.matched_on, int(match.name_differs))
        if match.refused:
            rows += [("refused_row", basis, *named, None, None, *_place(one)) for one in places if one["source"] == match.says]
        else:
            stands = "matched" if in_effect(match) else "ended"
            rows.append((stands, basis, *named, None, int(match.kind in unclaimed), *_place(None)))
    rows += [("unmatched", basis, kind, *[None] * 6, why, None, *_place(None)) for kind in finding.get("missing", ())]
    return rows


def _place(refused: dict[str, Any] | None) -> tuple[Any, ...]:
    return (None,) * 4 if refused is None else (refused["source"], refused.get("sheet"), refused["row"], refused["code"])


def _id(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _truth(value: bool | None) -> int | None:
    return None if value is None else int(value)
