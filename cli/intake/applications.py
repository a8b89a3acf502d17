"""`application import`: application forms, all or nothing, each person once per scheme and period; students nobody knew become known by it.

The vault is written before the journal: a person made for a row that is not recorded after all has no facts, and is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.submitting import SubmitForm
from mingzhang.domain.command import Command
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.intake import Import, import_stream

from ..cases.chosen import scheme_on
from ..session import Session
from ..workbooks.applications import ApplicationFile, ApplicationRow, read_applications
from ..workbooks.reading import Identity, RowProblem
from .households import household_of
from .opening import opening, report_on
from .persons import Shut, file_name, in_own_name, index_persons, known_persons
from .places import Places
from .report import FileReport, only_judged
from .units import UnitNames

ATTEMPTS = 4
_OPEN_AGAIN = frozenset({"none", "returned"})
_TAKEN_MEANWHILE = frozenset({"application_exists", "file_already_imported"})


@dataclass
class _File:
    form: ApplicationFile
    report: FileReport
    rows: list[tuple[ApplicationRow, str]] = field(default_factory=list)


def import_applications(
    session: Session,
    paths: Sequence[Path],
    *,
    scheme: str,
    period: str,
    unit: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many applications were recorded. Several files are one transaction.

    scheme: as written on the command line; unit: where rows belong that name no place, and above those that do.
    """
    stored = session.scheme(scheme)
    found = scheme_on(session, stored, period, on)
    if found.basis != "form":
        raise Refused("basis_differs", scheme=found.code, basis=found.basis)
    places = Places(session, UnitNames(session).wanted(unit))
    forms = [read_applications(path) for path in paths]
    for attempt in range(ATTEMPTS):
        files = _judge(session, forms, stored, period, places)
        reports = [file.report for file in files]
        if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
            return reports, 0
        try:
            return reports, _record(session, files, found, stored, period, on, on_progress)
        except Refused as refusal:
            if refusal.code not in _TAKEN_MEANWHILE or attempt == ATTEMPTS - 1:
                raise
            session.forget_streams()
    raise Refused("ledger_contended", attempts=ATTEMPTS)


def _context(scheme: str, period: str) -> str:
    """What the files are imported into, as the import's stream names it."""
    return f"{scheme}.{period}"


def _judge(session: Session, forms: Sequence[ApplicationFile], scheme: str, period: str, places: Places) -> list[_File]:
    """Sorts every row: refused, applied for already (in an earlier file or in this call), or to be recorded. Writes nothing."""
    streams, context = session.streams, _context(scheme, period)
    known = known_persons(session.vault, list(dict.fromkeys(row.person_key for form in forms for row in form.rows)))
    streams.fetch(f"application/{scheme}/{ref}/{period}" for ref in known.values())
    streams.fetch(import_stream(context, form.table.sha256) for form in forms)
    taken = {key: place for key, ref in known.items() if (place := _first_place(session, scheme, ref, period)) is not None}
    files: list[_File] = []
    seen: set[str] = set()
    shut = Shut(session.vault)
    for form in forms:
        table = form.table
        file = _File(form, report_on(session, table, context, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        for row in form.rows:
            try:
                unit = places.find(row.township, row.village, row.sheet)
            except Refused as refusal:
                file.report.refused.append(_misplaced(row, refusal))
                continue
            if unit is None:
                file.report.refused.append(_misplaced(row, Refused("unit_unknown", column="村")))
            elif (shut_out := shut.problem(row, known.get(row.person_key))) is not None:
                file.report.refused.append(shut_out)
            elif row.person_key in taken:
                first, sheet, number = taken[row.person_key]
                extra: dict[str, int | str | None] = {"first_file": first, "first_sheet": sheet, "first_row": number}
                file.report.duplicates.append(RowProblem(row.sheet, row.row, None, "already_applied", extra))
            else:
                taken[row.person_key] = (file_name(table.file), row.sheet, row.row)
                file.rows.append((row, unit))
        order = {sheet.name: number for number, sheet in enumerate(table.content.sheets)}
        file.report.refused.sort(key=lambda problem: (order.get(problem.sheet, 0), problem.row))
        file.report.accepted = len(file.rows)
    return files


def _misplaced(row: ApplicationRow, refusal: Refused) -> RowProblem:
    units = refusal.context.get("units")
    said: dict[str, int | str | None] = {"units": "、".join(map(str, units))} if isinstance(units, list) else {}
    column, named = str(refusal.context["column"]), refusal.context.get("unit")
    if named:
        said["unit"] = str(named)
    return RowProblem(row.sheet, row.row, column, refusal.code, said, Identity(row.name, row.id_number))


def _first_place(session: Session, scheme: str, ref: str, period: str) -> tuple[str, str | None, int] | None:
    """Where the standing application of a person was read: (file, sheet, row); None where there is none, or it was sent back."""
    case = session.streams.read(Application, scheme, ref, period)
    if case.stand in _OPEN_AGAIN or case.form is None:
        return None
    source = next((because for because in case.form.because if because.startswith("import/")), "")
    first = session.streams.at(Import, source.rpartition("@")[0]).file if source else ""
    return first, case.form.sheet, case.form.row or 0


def _record(
    session: Session,
    files: list[_File],
    scheme: Scheme,
    stored: str,
    period: str,
    on: date | None,
    on_progress: Callable[[int, int], None] | None,
) -> int:
    fresh = [file for file in files if not file.report.already_imported]
    registering: set[str] = set()
    commands: list[Command] = []
    for file in fresh:
        commands.append(opening(session, file.report, context=_context(stored, period), kind="application-form", on=on))
        commands += _form_commands(session, file, scheme, stored, period, on, registering)
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(len(file.rows) for file in fresh)


def _form_commands(
    session: Session, file: _File, scheme: Scheme, stored: str, period: str, on: date | None, registering: set[str]
) -> list[Command]:
    vault = session.vault
    source = f"{import_stream(_context(stored, period), file.report.read.sha256)}@1"
    refs = vault.subjects_for([row.person_key for row, _unit in file.rows])
    fields = [form_fields(row, scheme) for row, _unit in file.rows]
    boxes = vault.seal_many(list(zip(refs, fields, strict=True)))
    people = vault.seal_many([(ref, register_fields(row)) for ref, (row, _unit) in zip(refs, file.rows, strict=True)])
    index_persons(vault, list(zip(refs, fields, strict=True)))
    session.streams.fetch(f"student/{ref}" for ref in refs)
    commands: list[Command] = []
    for (row, unit), ref, box, person, said in zip(file.rows, refs, boxes, people, fields, strict=True):
        if ref not in registering and not session.streams.read(Student, ref).exists:
            registering.add(ref)
            commands.append(
                RegisterListedStudent(
                    on=on, sheet=row.sheet, row=row.row, student=ref, unit=unit, person=person, stage=row.stage, source=source
                )
            )
        commands.append(
            SubmitForm(
                on=on,
                sheet=row.sheet,
                row=row.row,
                scheme=stored,
                student=ref,
                period=period,
                unit=unit,
                person=box,
                categories=row.categories,
                stage=row.stage,
                grade=row.grade,
                admitted_to=row.admitted_to,
                province=row.province,
                household_in=tuple(place for place in scheme.conditions.household if place in (row.household_place or "")),
                asked_fen=row.asked_fen,
                fees_fen=row.fees_fen,
                board_fen=row.board_fen,
                handed_in_on=row.handed_in_on,
                documents=row.documents,
                household=household_of(session.vault, row.household_head, unit),
                account_given=row.account is not None,
                account_in_own_name=in_own_name(said),
                source=source,
            )
        )
    return commands


def register_fields(row: ApplicationRow) -> dict[str, str]:
    """What a student's file begins with, where a form is the first to name them."""
    said = {"name": row.name, "id_number": row.person_key, "sex": row.sex, "household_place": row.household_place, "phone": row.phone}
    return {name: value for name, value in said.items() if value}


def form_fields(row: ApplicationRow, scheme: Scheme) -> dict[str, str]:
    """The personal fields of a form that say something. A household's card is in the name of its head, any other in the student's."""
    holder = row.household_head if scheme.payee == "household" and row.household_head else row.name
    said = {
        "name": row.name,
        "id_number": row.person_key,
        "sex": row.sex,
        "school": row.school,
        "college": row.college,
        "grade": row.grade,
        "household_place": row.household_place,
        "household_head": row.household_head,
        "phone": row.phone,
        "account": row.account,
        "account_name": holder if row.account else None,
    }
    return {name: value for name, value in said.items() if value}
