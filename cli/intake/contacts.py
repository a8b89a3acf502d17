"""`contact import`: one row of a 工作记录表 (or of a 帮扶记录) is one contact by one helper of a running pairing, on the day it happened.

The text is sealed; a keyed digest of it stands beside, so that a text copied from pairing to pairing can be found without opening boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.contact import Contact, ContactKind, RecordContact
from mingzhang.domain.pairing.pairing import Pairing
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.intake import import_stream

from ..session import Session
from ..workbooks.cells import open_file
from ..workbooks.pairing import ContactFile, ContactRow, contacts_in
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.tutoring import TutoringFile, TutoringRow, tutoring_records_in
from .opening import opening, report_on
from .pairings import Helpers
from .persons import Shut, known_persons
from .report import FileReport, only_judged
from .tutored import TutoredStudents

CONTEXT = "contacts"
Row = ContactRow | TutoringRow
KINDS: dict[str, ContactKind] = {"电话": "call", "入户": "visit", "走访": "visit", "网络": "online", "座谈": "meeting"}


class Digests:
    """Keyed digests of what contacts say: copied texts and repeated rows are found without opening a box."""

    def __init__(self, session: Session) -> None:
        self._vault = session.vault

    def text(self, text: str) -> str:
        """Blanks and line breaks make no other text."""
        return self._vault.digest("contact-text", "".join(text.split()))

    def contact(self, pairing: str, helper: str, row: Row) -> str:
        """The same whole row again is the same contact, in whatever file it comes."""
        noted = row.recorded_on.isoformat() if row.recorded_on else ""
        if isinstance(row, TutoringRow):
            said = (row.held_on.isoformat(), row.content, str(row.minutes or ""), noted)
            return "c-" + self._vault.digest("tutoring-row", pairing, helper, *said)[:20]
        parts = (row.held_on.isoformat(), row.way, row.content, str(row.money_fen), row.goods or "", str(row.goods_fen))
        return "c-" + self._vault.digest("contact-row", pairing, helper, *parts, row.problem_solved or "", noted)[:20]


@dataclass(frozen=True, slots=True)
class _Kept:
    row: Row
    contact: str
    pairing: Pairing
    helper: str


@dataclass
class _File:
    read: ContactFile | TutoringFile
    report: FileReport
    rows: list[_Kept] = field(default_factory=list)


def import_contacts(
    session: Session,
    paths: Sequence[Path],
    *,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many contacts were recorded; several files are one transaction."""
    digests = Digests(session)
    files = _judge(session, [_read(path) for path in paths], digests)
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    return reports, _record(session, files, digests, on_progress)


def _read(path: Path) -> ContactFile | TutoringFile:
    """A 工作记录表, or the 帮扶记录 of tutors where the header is that of one."""
    content = open_file(path)
    try:
        return contacts_in(content)
    except Refused as refused:
        if refused.code not in ("header_not_found", "column_missing"):
            raise
        try:
            return tutoring_records_in(content)
        except Refused:
            raise refused from None


def _judge(session: Session, reads: Sequence[ContactFile | TutoringFile], digests: Digests) -> list[_File]:
    """Sorts every row: refused, recorded already, or to be recorded. Writes nothing."""
    streams = session.streams
    pairings_of = _Pairings(session, reads)
    people = Helpers(session)
    taken: set[str] = set()
    seen: set[str] = set()
    shut = Shut(session.vault)
    files: list[_File] = []
    for read in reads:
        table = read.table
        file = _File(read, report_on(session, table, CONTEXT, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        found: list[_Kept] = []
        for row in read.rows:
            kept = _find(session, row, pairings_of, people, digests, shut)
            if isinstance(kept, RowProblem):
                file.report.refused.append(kept)
            else:
                found.append(kept)
        streams.fetch(f"contact/{kept.contact}" for kept in found)
        for kept in found:
            if kept.contact in taken or streams.read(Contact, kept.contact).exists:
                extra = {"contact": kept.contact}
                file.report.duplicates.append(RowProblem(kept.row.sheet, kept.row.row, None, "contact_exists", extra))
            else:
                taken.add(kept.contact)
                file.rows.append(kept)
        file.report.refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
        file.report.accepted = len(file.rows)
    return files


class _Pairings:
    """The pairings a row may mean: of the student, or of the student and the course."""

    def __init__(self, session: Session, reads: Sequence[ContactFile | TutoringFile]) -> None:
        self._session = session
        told = [row for read in reads if isinstance(read, ContactFile) for row in read.rows]
        tutored = [row for read in reads if isinstance(read, TutoringFile) for row in read.rows]
        self._known = known_persons(session.vault, list(dict.fromkeys(row.person_key for row in told if row.person_key)))
        self._tutored = TutoredStudents(session, [row.number for row in tutored]) if tutored else None
        self._of_student = _pairings_by_student(session) if told else {}

    def of(self, row: Row) -> list[Pairing] | tuple[str, str]:
        """The pairings, or the column and the code of what is wrong."""
        if isinstance(row, TutoringRow):
            if self._tutored is None:
                return []
            students = self._tutored.students(row.number, row.name)
            column = "学号" if row.number else "学生"
            if not students:
                return column, "student_not_listed"
            found = self._tutored.pairings(students, row.course)
            if len({pairing.student for pairing in found}) > 1:
                return column, "student_name_ambiguous"
            return found or ("课程", "course_without_tutor")
        if row.pairing is not None:
            named = self._session.streams.read(Pairing, row.pairing.removeprefix("pairing/"))
            return [named] if named.exists else ("结对编号", "pairing_unknown")
        ref = self._known.get(row.person_key or "")
        if ref is not None and ref not in self._of_student:
            ref = self._session.streams.read(Student, ref).survivor
        return self._of_student.get(ref or "") or ("身份证号", "student_not_paired")


def _pairings_by_student(session: Session) -> dict[str, list[Pairing]]:
    from mingzhang.projections.contacts import pairings

    with session.engine.view(session.as_of(None, None)) as view:
        rows = pairings(view)
    session.streams.fetch(f"pairing/{row.pairing}" for row in rows)
    found: dict[str, list[Pairing]] = {}
    for row in rows:
        found.setdefault(row.student, []).append(session.streams.read(Pairing, row.pairing))
    return found


def _find(session: Session, row: Row, pairings_of: _Pairings, people: Helpers, digests: Digests, shut: Shut) -> _Kept | RowProblem:
    """The pairing and the helper a row means, or what is wrong with it, the gravest first."""

    def refused(column: str | None, code: str, **extra: int | str | None) -> RowProblem:
        named = Identity(row.name, "" if isinstance(row, TutoringRow) else row.id_number or "")
        return RowProblem(row.sheet, row.row, column, code, extra, identity=named)

    of_student = pairings_of.of(row)
    if not isinstance(of_student, tuple) and of_student and (problem := shut.problem(row, of_student[0].student, None)) is not None:
        return problem
    if isinstance(of_student, tuple):
        extra = {"pairing": row.pairing} if isinstance(row, ContactRow) and row.pairing else {}
        return refused(*of_student, **extra)
    running = [pairing for pairing in of_student if pairing.ended_on is None or row.held_on < pairing.ended_on]
    if not running:
        return refused("日期", "pairing_ended", pairing=of_student[0].id)
    for pairing in running:
        helpers = [helping.helper for helping in pairing.helping if pairing.helped(helping.helper, max(row.held_on, pairing.since))]
        helper = next((ref for name in row.helpers for ref in helpers if name in (ref, people.name(ref))), None)
        if helper is None:
            continue
        if row.held_on < pairing.since:
            return refused("日期", "contact_before_pairing", pairing=pairing.id, on=row.held_on.isoformat())
        if row.held_on > session.today:
            return refused("日期", "contact_in_future", pairing=pairing.id, on=row.held_on.isoformat())
        return _Kept(row, digests.contact(pairing.id, helper, row), pairing, helper)
    return refused("帮扶人", "helper_not_named", pairing=running[0].id)


def _record(session: Session, files: list[_File], digests: Digests, on_progress: Callable[[int, int], None] | None) -> int:
    commands: list[Command] = []
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        commands.append(opening(session, file.report, context=CONTEXT, kind="contact-record"))
        commands += _contact_commands(session, file, digests)
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(len(file.rows) for file in fresh)


def _contact_commands(session: Session, file: _File, digests: Digests) -> list[Command]:
    source = f"{import_stream(CONTEXT, file.report.read.sha256)}@1"
    boxes = session.vault.seal_many([(kept.pairing.student, contact_fields(kept.row)) for kept in file.rows])
    return [
        RecordContact(
            on=kept.row.held_on,
            sheet=kept.row.sheet,
            row=kept.row.row,
            contact=kept.contact,
            pairing=kept.pairing.id,
            helper=kept.helper,
            **_told(kept.row),
            noted_on=kept.row.recorded_on,
            text_digest=digests.text(kept.row.content),
            text=box,
            source=source,
        )
        for kept, box in zip(file.rows, boxes, strict=True)
    ]


def _told(row: Row) -> dict[str, Any]:
    """How the contact was kept, for how long and with what; tutoring is a meeting, whatever its length."""
    if isinstance(row, TutoringRow):
        return {"kind": "meeting", "minutes": row.minutes}
    return {
        "kind": KINDS[row.way],
        "money_fen": row.money_fen,
        "goods_fen": row.goods_fen,
        "goods_given": row.goods is not None,
        "problem_solved": row.problem_solved is not None,
    }


def contact_fields(row: Row) -> dict[str, str]:
    """The free text of a contact: what was said and done, sealed under the student it is about."""
    if isinstance(row, TutoringRow):
        return {"content": row.content}
    said = {
        "content": row.content,
        "goods": row.goods,
        "problem_solved": row.problem_solved,
        "recorder": row.recorder,
        "way": row.way,
    }
    return {name: value for name, value in said.items() if value}
