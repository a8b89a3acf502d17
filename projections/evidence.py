"""佐证材料: which documents facts name, which are kept, whom they show, which are erased; on any day, as known at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.evidence.naming import BY_DIGEST, student_in_name
from mingzhang.domain.sealed import Sealed

from .bitemporal import Points, Timeline
from .boxes import sealed
from .notices import NOTICE_CASE
from .pairing_tables import PAIRING
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

NAMED = Points(
    "evidence_named",
    columns=[text("sha256"), text("stream"), text("ref"), text("topic"), text("student"), text("pairing")],
    indexes=[["sha256"], ["student"], ["stream"]],
)
KEPT = Points(
    "evidence_kept",
    columns=[text("sha256"), text("document"), whole("bytes"), text("media_type"), text("stored"), text("title"), text("ref")],
    indexes=[["sha256"]],
)
SHOWS = Timeline("evidence_shows", key=[text("sha256"), text("student")], value=[text("ref")], indexes=[["student"]])
ERASED = Points("evidence_erased", columns=[text("sha256"), text("ref")], indexes=[["sha256"]])

EvidenceStand = Literal["kept", "hashed", "erased"]


class Evidence(Projection):
    name = "evidence"
    kept = (NAMED, KEPT, SHOWS, ERASED)

    def apply(self, events: Sequence[LogEvent], writer: Writer) -> None:
        """Any fact may name documents, and few do: all others are passed over here and now."""
        super().apply([one for one in events if one.state.get("evidence") or one.topic in self.handlers], writer)

    @on("evidence.kept")
    def _kept(self, event: LogEvent, writer: Writer) -> None:
        said, sha256 = event.state, event.stream.partition("/")[2]
        title = orjson.dumps(said["title"]).decode()
        writer.happened(KEPT, event, (sha256, said["document"], said["bytes"], said["media_type"], said["stored"], title, event.ref))
        self._shows(event, writer)

    @on("evidence.shows_named")
    def _shows(self, event: LogEvent, writer: Writer) -> None:
        sha256 = event.stream.partition("/")[2]
        for student in event.state.get("shows", ()):
            writer.holds(SHOWS, event, (sha256, student), (event.ref,))
        for student in event.state.get("not_shown", ()):
            writer.clears(SHOWS, event, (sha256, student))

    @on("evidence.erased")
    def _erased(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(ERASED, event, (event.stream.partition("/")[2], event.ref))

    @on(*sorted(BY_DIGEST))
    def _by_digest(self, event: LogEvent, writer: Writer) -> None:
        self.every_topic(event, writer)

    def every_topic(self, event: LogEvent, writer: Writer) -> None:
        named = event.state.get("evidence", ())
        if event.topic in BY_DIGEST and event.state.get("sha256"):
            named = (*named, event.state["sha256"])
        kind, _, place = event.stream.partition("/")
        pairing = place if kind == "pairing" else event.state.get("pairing")
        for sha256 in named:
            row = (sha256, event.stream, event.ref, event.topic, student_in_name(event.stream), pairing)
            writer.happened(NAMED, event, row)


class NamedBy(NamedTuple):
    """A fact that names a document. student: the one it is about, where it is about one."""

    ref: str
    topic: str
    effective_on: str
    student: str | None


class EvidenceRow(NamedTuple):
    """A document that facts name. state: `kept`; `hashed`, where only its SHA-256 is on record; or `erased`. kept_on: ISO; shows: students
    it is known to show; stored, document, bytes, media_type, title (its file's name, sealed), kept_ref: of the sealed file, where there is
    or was one."""

    sha256: str
    state: EvidenceStand
    facts: tuple[NamedBy, ...]
    shows: tuple[str, ...]
    kept_on: str | None
    kept_ref: str | None
    document: str | None
    bytes: int | None
    media_type: str | None
    stored: str | None
    title: Sealed | None


class Showing(NamedTuple):
    """The kept documents with a student on them. alone: showing nobody else; shared: others too; lists: photos of public notices that had
    the student on their list, where nobody has said whom the photo shows."""

    alone: tuple[str, ...]
    shared: tuple[str, ...]
    lists: tuple[str, ...]


def evidence_rows(view: View, sha256: str | None = None, students: Collection[str] | None = None) -> list[EvidenceRow]:
    """The documents named by the day, in the order in which they were named first. students: only those showing one of them, or named by a
    fact about one of them."""
    named = _named(view, sha256)
    about = (lambda c: c.sha256 == sha256) if sha256 is not None else None
    kept: dict[str, Any] = {}
    points = view.points(KEPT, about)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        kept[row.sha256] = row
    erased = {row.sha256 for row in view.rows(select(view.points(ERASED, about)))}
    shows: dict[str, list[str]] = {}
    held = view.held(SHOWS, about)
    for row in view.rows(select(held).order_by(held.c.fact_leaf, held.c.student)):
        shows.setdefault(row.sha256, []).append(row.student)
    found = [_row(one, facts, kept.get(one), one in erased, shows.get(one, [])) for one, facts in named.items()]
    if students is None:
        return found
    wanted = set(students)
    return [row for row in found if not wanted.isdisjoint(row.shows) or any(fact.student in wanted for fact in row.facts)]


def documents_showing(view: View, students: Collection[str]) -> Showing:
    """The documents that an erasure of this person (all references: `same_person`) has to deal with; those erased already are left out."""
    wanted = set(students)
    alone: list[str] = []
    shared: list[str] = []
    lists: list[str] = []
    notices = _notices_with(view, wanted)
    for row in evidence_rows(view):
        if row.state != "kept":
            continue
        if not wanted.isdisjoint(row.shows):
            (alone if wanted.issuperset(row.shows) else shared).append(row.sha256)
        elif not row.shows and any(fact.ref.rpartition("@")[0] in notices for fact in row.facts):
            lists.append(row.sha256)
    return Showing(tuple(alone), tuple(shared), tuple(lists))


def document_streams(view: View, students: Collection[str]) -> list[str]:
    """The streams of the documents that show, or were once said to show, any of these students, in order."""
    found: set[str] = set()
    for table in (SHOWS.open, SHOWS.past):
        found.update(view.connection.execute(select(table.c.sha256).where(table.c.student.in_(sorted(students)))).scalars())
    return [f"evidence/{sha256}" for sha256 in sorted(found)]


def stored_files(view: View) -> set[str]:
    """The SHA-256 of every sealed file that a fact has ever named, whatever day is asked for."""
    return set(view.connection.execute(select(KEPT.open.c.stored)).scalars())


def _notices_with(view: View, students: Iterable[str]) -> set[str]:
    wanted = sorted(students)
    points = view.points(NOTICE_CASE, lambda c: c.student.in_(wanted))
    return {f"notice/{row.notice}" for row in view.rows(select(points.c.notice).distinct())}


def _named(view: View, sha256: str | None) -> dict[str, list[NamedBy]]:
    points = view.points(NAMED, (lambda c: c.sha256 == sha256) if sha256 is not None else None)
    rows = view.rows(select(points).order_by(points.c.fact_leaf, points.c.seq))
    pairing = PAIRING.open.c
    whose: dict[str, str] = {}
    if any(row.pairing for row in rows):
        whose = {row.pairing: row.student for row in view.rows(select(pairing.pairing, pairing.student))}
    named: dict[str, list[NamedBy]] = {}
    for row in rows:
        student = row.student or whose.get(row.pairing)
        named.setdefault(row.sha256, []).append(NamedBy(row.ref, row.topic, row.effective_on, student))
    return named


def _row(sha256: str, facts: list[NamedBy], kept: Any, erased: bool, shows: list[str]) -> EvidenceRow:
    state: EvidenceStand = "erased" if erased else "kept" if kept is not None else "hashed"
    if kept is None:
        return EvidenceRow(sha256, state, tuple(facts), tuple(shows), None, None, None, None, None, None, None)
    return EvidenceRow(
        sha256=sha256,
        state=state,
        facts=tuple(facts),
        shows=tuple(shows),
        kept_on=kept.effective_on,
        kept_ref=kept.ref,
        document=kept.document,
        bytes=kept.bytes,
        media_type=kept.media_type,
        stored=kept.stored,
        title=sealed(kept.title),
    )
