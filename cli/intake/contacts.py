"""`contact import`: one row of a 工作记录表 is one contact by one helper of a running pairing, on the day it happened.

The text is sealed; a keyed digest of it stands beside, so that a text copied from pairing to pairing can be found without opening boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.contact import Contact, ContactKind, RecordContact
from mingzhang.domain.pairing.pairing import Pairing
from mingzhang.domain.survey.intake import Import, import_stream

from ..session import Session
from ..workbooks.pairing import ContactFile, ContactRow, read_contacts
from ..workbooks.reading import Identity, RowProblem
from .opening import opening
from .pairings import Helpers
from .persons import known_persons
from .report import FileReport

CONTEXT = "contacts"
KINDS: dict[str, ContactKind] = {"电话": "call", "入户": "visit", "走访": "visit", "网络": "online", "座谈": "meeting"}


class Digests:
    """Keyed digests of what contacts say: copied texts and repeated rows are found without opening a box."""

    def __init__(self, session: Session) -> None:
        self._vault = session.vault

    def text(self, text: str) -> str:
        """Blanks and line breaks make no other text."""
        return self._vault.digest("contact-text", "".join(text.split()))

    def contact(self, pairing: str, helper: str, row: ContactRow) -> str:
        """The same whole row again is the same contact, in whatever file it comes."""
        noted = row.recorded_on.isoformat() if row.recorded_on else ""
        parts = (row.held_on.isoformat(), row.way, row.content, str(row.money_fen), row.goods or "", str(row.goods_fen))
        return "c-" + self._vault.digest("contact-row", pairing, helper, *parts, row.problem_solved or "", noted)[:20]


@dataclass(frozen=True, slots=True)
class _Kept:
    row: ContactRow
    contact: str
    pairing: Pairing
    helper: str


@dataclass
class _File:
    read: ContactFile
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
    files = _judge(session, [read_contacts(path) for path in paths], digests)
    reports = [file.report for file in files]
    if dry_run or (any(report.refused for report in reports) and not accept_valid):
        return reports, 0
    return reports, _record(session, files, digests, on_progress)


def _judge(session: Session, reads: Sequence[ContactFile], digests: Digests) -> list[_File]:
    """Sorts every row: refused, recorded already, or to be recorded. Writes nothing."""
    streams = session.streams
    known = known_persons(session.vault, list(dict.fromkeys(row.person_key for read in reads for row in read.rows if row.person_key)))
    paired = _pairings_by_student(session)
    people = Helpers(session)
    taken: set[str] = set()
    seen: set[str] = set()
    files: list[_File] = []
    for read in reads:
        table = read.table
        file = _File(read, FileReport(table, list(table.refused)))
        files.append(file)
        if streams.at(Import, import_stream(CONTEXT, table.sha256)).exists or table.sha256 in seen:
            file.report.already_imported, file.report.refused = True, []
            continue
        seen.add(table.sha256)
        found: list[_Kept] = []
        for row in read.rows:
            kept = _find(session, row, paired.get(known.get(row.person_key or "", ""), []), people, digests)
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


def _pairings_by_student(session: Session) -> dict[str, list[Pairing]]:
    from mingzhang.projections.contacts import pairings

    with session.engine.view(session.as_of(None, None)) as view:
        rows = pairings(view)
    session.streams.fetch(f"pairing/{row.pairing}" for row in rows)
    found: dict[str, list[Pairing]] = {}
    for row in rows:
        found.setdefault(row.student, []).append(session.streams.read(Pairing, row.pairing))
    return found


def _find(session: Session, row: ContactRow, of_student: list[Pairing], people: Helpers, digests: Digests) -> _Kept | RowProblem:
    """The pairing and the helper a row means, or what is wrong with it, the gravest first."""

    def refused(column: str | None, code: str, **extra: int | str | None) -> RowProblem:
        named = Identity(row.name, row.id_number or "")
        return RowProblem(row.sheet, row.row, column, code, extra, identity=named)

    if row.pairing is not None:
        named = session.streams.read(Pairing, row.pairing.removeprefix("pairing/"))
        if not named.exists:
            return refused("结对编号", "pairing_unknown", pairing=row.pairing)
        of_student = [named]
    if not of_student:
        return refused("身份证号", "student_not_paired")
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
            kind=KINDS[kept.row.way],
            noted_on=kept.row.recorded_on,
            money_fen=kept.row.money_fen,
            goods_fen=kept.row.goods_fen,
            problem_solved=kept.row.problem_solved is not None,
            text_digest=digests.text(kept.row.content),
            text=box,
            source=source,
        )
        for kept, box in zip(file.rows, boxes, strict=True)
    ]


def contact_fields(row: ContactRow) -> dict[str, str]:
    """The free text of a contact: what was said and done, sealed under the student it is about."""
    said = {
        "content": row.content,
        "goods": row.goods,
        "problem_solved": row.problem_solved,
        "recorder": row.recorder,
        "way": row.way,
    }
    return {name: value for name, value in said.items() if value}
