"""`student import` and `staff import`: the school's registers, told apart by their headers, each file once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.staff import RegisterStaff, names_somebody
from mingzhang.domain.student.commands import ChangeEnrolment, RegisterStudent
from mingzhang.domain.student.facts import Enrolment
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.vault.vault import Vault

from ..i18n import ngettext
from ..session import Session
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.registers import (
    StaffRow,
    StatusChangeRow,
    StudentRegisterFile,
    StudentRegisterRow,
    read_staff,
    read_student_file,
)
from .opening import opening, report_on
from .persons import Shut, index_persons, known_persons
from .report import FileReport, only_judged
from .units import UnitNames

ENROLMENTS: dict[str, Enrolment] = {"休学": "休学", "复学": "复学", "退学": "退学", "转学": "转学", "毕业": "毕业", "死亡": "死亡"}
_REGISTERS = "registers"


def import_students(
    session: Session,
    paths: Sequence[Path],
    *,
    registered_until: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """学籍名册 and 学籍异动. Such lists are kept all year: `registered_until` takes only whom the school had admitted, and what it had
    registered, by that day, and the same file may come again with a later day."""
    names = UnitNames(session)
    reports: list[FileReport] = []
    commands: list[Command] = []
    registering: set[str] = set()
    seen: set[str] = set()
    part = f"{_REGISTERS}-{registered_until.isoformat()}" if registered_until else _REGISTERS
    accepted = 0
    for path in paths:
        file = read_student_file(path)
        report = report_on(session, file.table, part, seen)
        reports.append(report)
        if report.already_imported:
            continue
        source = f"{import_stream(part, file.table.sha256)}@1"
        rows: list[Command]
        if isinstance(file, StudentRegisterFile):
            admitted = [r for r in file.rows if registered_until is None or r.enrolled_on <= registered_until]
            kind, valid = "student-register", _with_units(session.vault, admitted, names, report)
            report.accepted = len(valid)
            rows = [] if dry_run else [*_registrations(session, valid, source)]
            registering |= {row.student for row in rows if isinstance(row, RegisterStudent)}
        else:
            told = [r for r in file.rows if registered_until is None or (r.registered_on or date.min) <= registered_until]
            kind, rows = "status-changes", _changes(session, told, report, source, registering)
            report.accepted = len(rows)
        accepted += report.accepted
        if not dry_run:
            commands += [opening(session, report, context=part, kind=kind), *rows]
    return _finish(session, reports, commands, accepted, accept_valid, dry_run, on_progress)


def lines_recorded(count: int) -> str:
    """What either import says it has done."""
    return ngettext("{count} line recorded.", "{count} lines recorded.", count).format(count=count)


def _finish(
    session: Session,
    reports: list[FileReport],
    commands: list[Command],
    accepted: int,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None,
) -> tuple[list[FileReport], int]:
    if not commands or only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    fresh = [report.read.sha256 for report in reports if not report.already_imported]
    session.execute_many(commands, file_sha256=fresh, on_progress=on_progress)
    return reports, accepted


def _with_units(
    vault: Vault, rows: Sequence[StudentRegisterRow], names: UnitNames, report: FileReport
) -> list[tuple[StudentRegisterRow, str]]:
    """The rows whose 院系 is a unit of the ledger; the others are refused."""
    valid: list[tuple[StudentRegisterRow, str]] = []
    shut, known = Shut(vault), known_persons(vault, [row.person_key for row in rows])
    for row in rows:
        unit = names.find(row.unit) if row.unit else None
        if (shut_out := shut.problem(row, known.get(row.person_key))) is not None:
            report.refused.append(shut_out)
        elif unit is None:
            named = Identity(row.name, row.id_number)
            report.refused.append(RowProblem(row.sheet, row.row, "院系", "unit_unknown", identity=named))
        else:
            valid.append((row, unit))
    return valid


def _registrations(
    session: Session, valid: Sequence[tuple[StudentRegisterRow, str]], source: str
) -> list[RegisterStudent]:
    vault = session.vault
    refs = vault.subjects_for([row.person_key for row, _unit in valid])
    fields = [
        {
            name: value
            for name, value in (
                ("name", row.name),
                ("id_number", row.id_number),
                ("xueji", row.xueji),
                ("sex", row.sex),
                ("major", row.major),
                ("grade", row.grade),
                ("class_name", row.class_name),
            )
            if value
        }
        for row, _unit in valid
    ]
    boxes = vault.seal_many(list(zip(refs, fields, strict=True)))
    index_persons(vault, list(zip(refs, fields, strict=True)))
    return [
        RegisterStudent(
            sheet=row.sheet,
            row=row.row,
            student=ref,
            unit=unit,
            person=box,
            stage=row.stage,
            admitted_on=row.enrolled_on,
            source=source,
        )
        for (row, unit), ref, box in zip(valid, refs, boxes, strict=True)
    ]


def _changes(
    session: Session, rows: Sequence[StatusChangeRow], report: FileReport, source: str, registering: set[str]
) -> list[Command]:
    """A change of somebody the ledger does not know yet, nor learns of in this call, is refused: the 学籍名册 comes first."""
    streams = session.streams
    known = known_persons(session.vault, list(dict.fromkeys(row.person_key for row in rows)))
    streams.fetch(f"student/{ref}" for ref in known.values())
    commands: list[Command] = []
    shut = Shut(session.vault)
    for row in rows:
        ref = known.get(row.person_key)
        if (shut_out := shut.problem(row, ref)) is not None:
            report.refused.append(shut_out)
            continue
        if ref is None or not (ref in registering or streams.read(Student, ref).exists):
            named = Identity(row.name, row.id_number)
            report.refused.append(RowProblem(row.sheet, row.row, "身份证号", "student_not_registered", identity=named))
            continue
        note = session.vault.seal(ref, {"note": row.remark}) if row.remark else None
        commands.append(
            ChangeEnrolment(
                on=row.effective_on,
                sheet=row.sheet,
                row=row.row,
                student=ref,
                status=ENROLMENTS[row.change],
                registered_on=row.registered_on,
                note=note,
                source=source,
            )
        )
    return commands


def import_staff(
    session: Session,
    paths: Sequence[Path],
    *,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """教职工: who works here and to which account their wages go. A row without 工号, or with one
    that names its owner (an identity number, say), is known by the person's own reference."""
    names = UnitNames(session)
    reports: list[FileReport] = []
    commands: list[Command] = []
    seen: set[str] = set()
    accepted = 0
    for path in paths:
        file = read_staff(path)
        report = report_on(session, file.table, _REGISTERS, seen)
        reports.append(report)
        if report.already_imported:
            continue
        report.accepted = len(file.rows)
        accepted += len(file.rows)
        if not dry_run:
            source = f"{import_stream(_REGISTERS, file.table.sha256)}@1"
            commands += [opening(session, report, context=_REGISTERS, kind="staff-register"), *_staff(session, file.rows, names, source)]
    return _finish(session, reports, commands, accepted, accept_valid, dry_run, on_progress)


def _staff(session: Session, rows: Sequence[StaffRow], names: UnitNames, source: str) -> list[Command]:
    vault = session.vault
    refs = vault.subjects_for([row.id_number for row in rows], prefix="p")
    fields = [
        {k: v for k, v in (("name", r.name), ("id_number", r.id_number), ("account", r.account), ("post", r.post)) if v} for r in rows
    ]
    boxes = vault.seal_many(list(zip(refs, fields, strict=True)))
    index_persons(vault, list(zip(refs, fields, strict=True)))
    return [
        RegisterStaff(
            sheet=row.sheet,
            row=row.row,
            staff=row.number if row.number and not names_somebody(row.number) else ref,
            person=box,
            unit=names.find(row.unit) if row.unit else None,
            source=source,
        )
        for row, ref, box in zip(rows, refs, boxes, strict=True)
    ]
