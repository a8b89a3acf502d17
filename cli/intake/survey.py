"""`survey import`: survey files into a round, all or nothing, each person once, every refused row remembered.

The vault is written before the journal: a person made for a row that is not recorded after all has no facts, and is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.command import Command
from mingzhang.domain.refusal import Refused
from mingzhang.domain.survey.entry import Entry, RecordEntry
from mingzhang.domain.survey.intake import Import, RepeatedRow, import_stream
from mingzhang.domain.survey.round import open_round

from ..session import Session
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.survey import SurveyFile, SurveyRow, read_survey
from .opening import opening, report_on
from .persons import Shut, file_name, in_own_name, index_persons, known_persons, survey_fields
from .report import FileReport, only_judged
from .units import UnitNames

ATTEMPTS = 4


@dataclass
class _File:
    survey: SurveyFile
    report: FileReport
    rows: list[tuple[SurveyRow, str]] = field(default_factory=list)
    repeats: list[tuple[SurveyRow, str]] = field(default_factory=list)


def import_surveys(
    session: Session,
    paths: Sequence[Path],
    *,
    round_id: str,
    unit: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many entries were recorded. Several files are one transaction.

    Somebody else may record one of the same persons while this runs: then the files are judged again, so that the row is reported as
    surveyed already instead of the whole import being refused.
    """
    names = UnitNames(session)
    unit_id = names.wanted(unit)
    surveys = [read_survey(path, unit=names.title(unit_id) if unit_id else None) for path in paths]
    for attempt in range(ATTEMPTS):
        files = _judge(session, surveys, round_id, names)
        reports = [file.report for file in files]
        if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
            return reports, 0
        try:
            recorded = _record(session, files, round_id, names, unit_id, on, on_progress)
        except Refused as refusal:
            if refusal.code not in ("already_surveyed", "file_already_imported") or attempt == ATTEMPTS - 1:
                raise
            session.forget_streams()
            continue
        return reports, recorded
    raise Refused("ledger_contended", attempts=ATTEMPTS)


def _judge(session: Session, surveys: Sequence[SurveyFile], round_id: str, names: UnitNames) -> list[_File]:
    """Sorts every row: refused, surveyed already (in an earlier file or in this call), or to be recorded. Writes nothing."""
    streams = session.streams
    open_round(streams, round_id)
    keys = list(dict.fromkeys(row.person_key for survey in surveys for row in survey.rows))
    known = known_persons(session.vault, keys)
    streams.fetch(f"entry/{round_id}/{ref}" for ref in known.values())
    streams.fetch(import_stream(round_id, survey.table.sha256) for survey in surveys)
    taken: dict[str, tuple[str, str | None, int]] = {}
    for key, ref in known.items():
        entry = streams.read(Entry, round_id, ref)
        if entry.exists and not entry.withdrawn:
            first_file = streams.at(Import, entry.source.rpartition("@")[0]).file if entry.source.startswith("import/") else ""
            taken[key] = (first_file, entry.sheet, entry.row or 0)
    files = []
    seen: set[str] = set()
    shut = Shut(session.vault)
    for survey in surveys:
        table = survey.table
        file = _File(survey, report_on(session, table, round_id, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        for row in survey.rows:
            unit = names.find(row.unit) if row.unit else None
            if unit is None:
                named = Identity(row.name, row.id_number)
                problem = RowProblem(row.sheet, row.row, "院系", "unit_unknown", identity=named)
                file.report.refused.append(problem)
            elif (shut_out := shut.problem(row, known.get(row.person_key))) is not None:
                file.report.refused.append(shut_out)
            elif row.person_key in taken:
                first, sheet, number = taken[row.person_key]
                place = ":".join(str(one) for one in (first, sheet, number) if one is not None)
                extra: dict[str, int | str | None] = {"first_file": first, "first_sheet": sheet, "first_row": number}
                extra |= {"round": round_id, "first": place}
                file.report.duplicates.append(RowProblem(row.sheet, row.row, None, "already_surveyed", extra))
                file.repeats.append((row, unit))
            else:
                taken[row.person_key] = (file_name(table.file), row.sheet, row.row)
                file.rows.append((row, unit))
        file.report.refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
        file.report.accepted = len(file.rows)
    return files


def _record(
    session: Session,
    files: list[_File],
    round_id: str,
    names: UnitNames,
    unit_id: str | None,
    on: date | None,
    on_progress: Callable[[int, int], None] | None,
) -> int:
    fresh = [file for file in files if not file.report.already_imported]
    commands: list[Command] = []
    for file in fresh:
        repeated = _repeated(session, file.repeats)
        commands.append(opening(session, file.report, context=round_id, kind="survey", on=on, unit=unit_id, repeated=repeated))
        commands += entry_commands(session, round_id, file.rows, file.report.read.sha256, on)
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(len(file.rows) for file in fresh)


def _repeated(session: Session, rows: Sequence[tuple[SurveyRow, str]]) -> tuple[RepeatedRow, ...]:
    """Rows of people recorded already, kept by reference: two departments that report one person are found by an audit years later."""
    refs = session.vault.subjects_for([row.person_key for row, _unit in rows]) if rows else []
    return tuple(
        RepeatedRow(student=ref, unit=unit, sheet=row.sheet, row=row.row) for (row, unit), ref in zip(rows, refs, strict=True)
    )


def entry_commands(
    session: Session, round_id: str, rows: Sequence[tuple[SurveyRow, str]], sha256: str, on: date | None
) -> list[RecordEntry]:
    """The commands of one file's valid rows, persons made and boxes sealed."""
    with collector_at_rest():
        return _entry_commands(session, round_id, rows, sha256, on)


def _entry_commands(
    session: Session, round_id: str, rows: Sequence[tuple[SurveyRow, str]], sha256: str, on: date | None
) -> list[RecordEntry]:
    vault = session.vault
    refs = vault.subjects_for([row.person_key for row, _unit in rows])
    fields = [survey_fields(row) for row, _unit in rows]
    boxes = vault.seal_many(list(zip(refs, fields, strict=True)))
    index_persons(vault, list(zip(refs, fields, strict=True)))
    source = f"{import_stream(round_id, sha256)}@1"
    return [
        RecordEntry(
            on=on,
            sheet=row.sheet,
            row=row.row,
            round=round_id,
            student=ref,
            unit=unit,
            person=box,
            categories=row.categories,
            kinds=row.category_kinds,
            level=row.level,
            stage=row.stage,
            new=row.new,
            lifted=row.lifted,
            income_fen=row.income_fen,
            household_size=row.household_size,
            account_given=row.account is not None,
            account_in_own_name=in_own_name(row_fields),
            source=source,
        )
        for (row, unit), ref, box, row_fields in zip(rows, refs, boxes, fields, strict=True)
    ]
