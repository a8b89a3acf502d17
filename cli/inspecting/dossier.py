"""卷宗: everything the ledger holds about one student who was drawn, in one workbook, and with leave the documents themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mingzhang.domain.aid.application import Application
from mingzhang.domain.evidence.document import kept_evidence
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..cases.named import unread
from ..cases.stands import stand_text
from ..commands.trace import steps_filed
from ..evidence.opening import open_document, refuse_restricted
from ..evidence.reading import ending_of
from ..i18n import N_, _
from ..intake.reveal import as_known
from ..output import Column, Table, Text, instant_text
from ..output.files import mark
from ..output.sheets import Sheet, sheets_of
from ..session import Session
from ..words.trail import Naming

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.evidence import EvidenceRow
    from mingzhang.projections.payments import PaymentRow
    from mingzhang.projections.register import StudentEvent

NAMING = ("student.registered", "entry.recorded", "entry.corrected", "student.details_corrected")
LEFT_OUT = {"evidence_not_kept": N_("only its SHA-256"), "evidence_erased": N_("erased"), "person_restricted": N_("restricted, left out")}
"""Why a document does not lie in the folder, by the refusal."""
STATES = {"kept": N_("kept"), "hashed": N_("only its SHA-256"), "erased": N_("erased")}


@dataclass
class Dossier:
    """Of one student. name: masked, unless asked for in full; complete: no trail of a payment has a gap; `sheets` are the workbook's,
    `documents` opened files by name."""

    student: str
    name: str
    payments: int
    paid_fen: int
    complete: bool
    sheets: list[Sheet]
    documents: dict[str, bytes] = field(default_factory=dict)


class Dossiers:
    """Puts dossiers together for many students: what they share is read once."""

    def __init__(self, session: Session, as_of: AsOf, students: Sequence[str], *, reveal: bool, with_evidence: bool) -> None:
        from mingzhang.projections.evidence import document_streams, evidence_rows
        from mingzhang.projections.payments import payments
        from mingzhang.projections.register import same_person, student_streams
        from mingzhang.projections.states import ReadOnce, streams_as_of

        self._session, self._as_of, self._reveal, self._with_evidence = session, as_of, reveal, with_evidence
        self._log = ReadOnce(session.ledger.journal)
        self._states = streams_as_of(self._log, as_of)
        self._naming = Naming(session)
        with session.engine.view(as_of) as view:
            self._same = {one: same_person(view, one) for one in students}
            self._concerning = {one: sorted({*student_streams(view, one), *document_streams(view, self._same[one])}) for one in students}
            everybody = {ref for refs in self._same.values() for ref in refs}
            self._documents = evidence_rows(view, students=everybody)
            self._payments: dict[str, list[PaymentRow]] = {}
            for row in payments(view):
                self._payments.setdefault(row.student, []).append(row)
        self._log.fetch(stream for streams in self._concerning.values() for stream in streams)

    def of(self, student: str) -> Dossier:
        """The dossier of one of the students. What is opened here is handed to nobody before that is recorded. Refused as `open_document`,
        where documents are wanted."""
        from mingzhang.projections.register import student_events
        from mingzhang.projections.trail import trace

        events = student_events(self._log, student, self._as_of.known_at, streams=self._concerning[student])
        paid = [row for ref in self._same[student] for row in self._payments.get(ref, ())]
        trails = [trace(self._log, row.payment, self._as_of.known_at) for row in paid]
        name, number = self._who(student, events)
        caption = _("Student {student}, {name}").format(student=student, name=name) + (f", {number}" if number else "")
        found, documents = self._evidence(student)
        parts: list[Table | Text] = [self._file(events, caption), self._cases(student), found, *steps_filed(trails, self._naming)]
        sheets = sheets_of(parts, mark=mark(self._session.rehearsal), as_of=self._said())
        titles = (_("Student file"), _("Applications"), _("Documents"), _("Payments traced"))
        named = [replace(sheet, name=title) for sheet, title in zip(sheets, titles, strict=True)]
        paid_fen = sum(row.paid_fen for row in paid)
        return Dossier(student, name, len(paid), paid_fen, all(trail.complete for trail in trails), named, documents)

    def _said(self) -> list[str]:
        as_of = self._as_of
        said = _("As of {day}, as known at log size {size}.").format(day=as_of.effective_on.isoformat(), size=as_of.known_at)
        return [said]

    def _who(self, student: str, events: Sequence[StudentEvent]) -> tuple[str, str | None]:
        boxes: list[Sealed] = [event.person for event in events if event.person is not None and event.topic in NAMING]
        who = as_known(self._session, [box for box in boxes if box.subject == student] or boxes, reveal=self._reveal)
        return who.get("name") or unread(self._session, student), who.get("id_number")

    def _file(self, events: Sequence[StudentEvent], caption: str) -> Table:
        rows = [
            {
                "effective_on": event.effective_on,
                "recorded": instant_text(event.recorded_at),
                "summary": self._naming.summary(event.topic, event.state),
                "actor": event.actor,
                "event": event.ref,
                "leaf": event.leaf,
            }
            for event in events
        ]
        heads = [
            Column(_("Effective on"), "effective_on"),
            Column(_("Recorded at"), "recorded"),
            Column(_("What"), "summary"),
            Column(_("By"), "actor"),
            Column(_("Event"), "event"),
            Column("#", "leaf", "right"),
        ]
        return Table(heads, rows, caption=caption)

    def _cases(self, student: str) -> Table:
        """Each application with its reviews and notices, a line for every step."""
        rows: list[dict[str, object]] = []
        for stream in self._concerning[student]:
            if not stream.startswith("application/"):
                continue
            case = self._states.at(Application, stream)
            about: dict[str, object] = {
                "scheme": self._naming.scheme(case.scheme),
                "period": case.period,
                "stand": stand_text(case.stand),
                "amount_fen": case.amount_fen or None,
            }
            steps = [(one.on, _("review"), one.step, one.actor, one.ref) for one in case.reviews]
            steps += [(one.on, _("notice"), one.step, "", one.ref) for one in case.notices]
            for on, kind, step, actor, ref in sorted(steps):
                rows.append({**about, "on": on.isoformat(), "kind": kind, "step": step, "actor": actor, "event": ref})
                about = {}
            if about:
                rows.append(about)
        heads = [
            Column(_("Scheme"), "scheme"),
            Column(_("Period"), "period"),
            Column(_("Stands at"), "stand"),
            Column(_("Amount in yuan"), "amount_fen"),
            Column(_("Day"), "on"),
            Column(_("Kind"), "kind"),
            Column(_("Step"), "step"),
            Column(_("By"), "actor"),
            Column(_("Event"), "event"),
        ]
        return Table(heads, [{column.key: row.get(column.key) for column in heads} for row in rows], caption=_("Applications"))

    def _evidence(self, student: str) -> tuple[Table, dict[str, bytes]]:
        """What is kept about the student, and, where documents are wanted, those that show nobody else, opened."""
        same = set(self._same[student])
        rows: list[dict[str, object]] = []
        opened: dict[str, bytes] = {}
        for row in self._documents:
            if same.isdisjoint(row.shows) and not any(fact.student in same for fact in row.facts):
                continue
            file = self._opened(row, same, opened) if self._with_evidence else ""
            by = [fact.ref for fact in row.facts if fact.student is None or fact.student in same]
            rows.append({"sha256": row.sha256, "state": _(STATES[row.state]), "kind": row.media_type, "named_by": by, "file": file})
        heads = [
            Column("SHA-256", "sha256"),
            Column(_("State"), "state"),
            Column(_("Kind"), "kind"),
            Column(_("Named by"), "named_by"),
            *([Column(_("File"), "file")] if self._with_evidence else []),
        ]
        return Table(heads, rows, caption=_("Documents")), opened

    def _opened(self, row: EvidenceRow, same: set[str], opened: dict[str, bytes]) -> str:
        """Opens a document into `opened`; gives its file's name, or why it is left out."""
        if row.state != "kept" or row.kept_ref is None:
            return ""
        if not set(row.shows) <= same:
            return _("shows others too, left out")
        try:
            refuse_restricted(self._session, row.shows)
            content = open_document(self._session, row.sha256)
        except Refused as refused:
            if refused.code not in LEFT_OUT:
                raise
            return _(LEFT_OUT[refused.code])
        _state, kept = kept_evidence(self._session.streams, row.sha256)
        file = f"{row.sha256[:16]}{ending_of(kept.media_type)}"
        opened[file] = content
        return file
