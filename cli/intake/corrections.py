"""`survey correct`: whole rows in the survey's layout; what differs from the recorded entry becomes a correction, the rest is unchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.survey.entry import CorrectEntry, Entry, PlainValue
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.survey.round import open_round

from ..session import Session
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.survey import SurveyRow, read_survey
from .opening import opening, report_on
from .persons import Shut, in_own_name, index_persons, known_persons, survey_fields
from .report import FileReport, only_judged
from .units import UnitNames


@dataclass
class _Correction:
    row: SurveyRow
    student: str
    after: dict[str, PlainValue]
    fields: dict[str, str]
    changed: tuple[str, ...]


@dataclass
class _File:
    report: FileReport
    corrections: list[_Correction] = field(default_factory=list)


def import_corrections(
    session: Session,
    paths: Sequence[Path],
    *,
    round_id: str,
    on: date | None,
    reason: str | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file (`unchanged` counts rows that differ in nothing), and how many corrections were recorded."""
    streams = session.streams
    open_round(streams, round_id)
    names = UnitNames(session)
    files = []
    seen: set[str] = set()
    for path in paths:
        rows, table = read_survey(path)
        file = _File(report_on(session, table, round_id, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        unchanged = 0
        known, shut = known_persons(session.vault, [row.person_key for row in rows]), Shut(session.vault)
        for row in rows:
            ref = known.get(row.person_key)
            if (shut_out := shut.problem(row, ref)) is not None:
                file.report.refused.append(shut_out)
                continue
            entry = streams.read(Entry, round_id, ref) if ref else None
            if ref is None or entry is None or not entry.exists or entry.withdrawn:
                named = Identity(row.name, row.id_number)
                file.report.refused.append(RowProblem(row.sheet, row.row, "身份证号", "not_surveyed", identity=named))
                continue
            correction = _compare(session, entry, ref, row, names)
            if correction is None:
                unchanged += 1
            else:
                file.corrections.append(correction)
        file.report.accepted = len(file.corrections)
        file.report.more["unchanged"] = unchanged
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    commands: list[Command] = []
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        commands += _commands(session, file, round_id, on, reason)
    if commands:
        session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return reports, sum(len(file.corrections) for file in fresh)


def _compare(session: Session, entry: Entry, ref: str, row: SurveyRow, names: UnitNames) -> _Correction | None:
    """What the row says otherwise; an empty cell says nothing. The remark is the reason for the correction, not a detail of it."""
    said: dict[str, PlainValue] = {
        "unit": names.find(row.unit) if row.unit else None,
        "categories": row.categories or None,
        "kinds": row.category_kinds or None,
        "level": row.level,
        "stage": row.stage,
        "new": row.new,
        "lifted": row.lifted,
        "income_fen": row.income_fen,
        "household_size": row.household_size,
    }
    now = dict(entry.plain)
    after: dict[str, PlainValue] = {name: value for name, value in said.items() if value is not None and now.get(name) != value}
    if after.get("new") is False and now.get("new") is None:
        del after["new"]  # nobody was said to be new, and now nobody is
    old = session.vault.open_box(entry.person) if entry.person else {}
    fields = survey_fields(row)
    remark = fields.pop("remark", None)
    changed = tuple(name for name, value in fields.items() if old.get(name) != value)
    if set(after) == {"kinds"} and now.get("categories") == row.categories:
        del after["kinds"]  # another word for the same category is no correction
    if not after and not changed:
        return None
    merged = {**old, **fields}
    if remark:
        merged["reason"] = remark
    return _Correction(row, ref, after, merged, changed)


def _commands(session: Session, file: _File, round_id: str, on: date | None, reason: str | None) -> list[Command]:
    commands: list[Command] = [opening(session, file.report, context=round_id, kind="correction", on=on)]
    source = f"{import_stream(round_id, file.report.read.sha256)}@1"
    for correction in file.corrections:
        fields = correction.fields | ({"reason": reason} if reason else {})
        index_persons(session.vault, [(correction.student, correction.fields)])
        command = CorrectEntry(
            on=on,
            sheet=correction.row.sheet,
            row=correction.row.row,
            round=round_id,
            student=correction.student,
            after=tuple(correction.after.items()),
            sealed_fields=correction.changed,
            account_given="account" in correction.fields,
            account_in_own_name=in_own_name(correction.fields),
            person=session.vault.seal(correction.student, fields),
            source=source,
        )
        commands.append(command)
    return commands
