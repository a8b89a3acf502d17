"""`dropout import`: the 辍学台账 an office keeps and sends again and again; what it says that the ledger does not know yet is recorded.

The order of things is judged by the case itself (`domain/dropout/state.py`), here as everywhere. That an office closed a case without a
return is what it recorded, and is taken in; the lists show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.dropout.commands import CloseDropout, CountPupils, FindDropout, ReturnDropout, VisitDropout
from mingzhang.domain.dropout.state import DropoutCase, PupilCount
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.student import Student, every_reference
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.values.ids import refuse_unusable

from ..session import Session
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.schools import CaseRow, CountRow, DropoutFile, VisitRow, read_dropouts
from .dropout_cases import case_fields, registration, team_named
from .opening import opening, report_on
from .persons import Shut, known_persons
from .report import FileReport, only_judged
from .units import UnitNames

CONTEXT = "dropouts"
TEAM = (("teacher", "帮扶教师", "teacher"), ("village_cadre", "村干部", "village-cadre"), ("guardian", "监护人", "guardian"))
"""Field of the row and of the fact, column, role."""


@dataclass
class _Case:
    """What a row adds to its case: all of it, or the members of the team, the return and the closing that were not known."""

    row: CaseRow
    unit: str
    new: bool
    team: dict[str, str] = field(default_factory=dict)
    returned_on: date | None = None
    closed_on: date | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.new or self.team or self.returned_on or self.closed_on)


@dataclass
class _File:
    read: DropoutFile
    report: FileReport
    cases: list[_Case] = field(default_factory=list)
    visits: list[VisitRow] = field(default_factory=list)
    counts: list[tuple[CountRow, str, int]] = field(default_factory=list)


def import_dropouts(
    session: Session,
    paths: Sequence[Path],
    *,
    unit: str | None,
    year: int | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many rows were recorded; several files are one transaction.

    unit: whose cases they are where rows name no county. year: of 在校生数, where the cases are not all of one year.
    """
    judge = _Judge(session)
    files = [judge.file(read_dropouts(path, county=unit), year) for path in paths]
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    return reports, _record(session, files, on_progress)


class _Judge:
    """Sorts every row: refused, known already, or to be recorded. Writes nothing; `cases` are as they will be once all is recorded."""

    def __init__(self, session: Session) -> None:
        from mingzhang.projections.dropouts import dropout_cases

        self._session = session
        self._units = UnitNames(session)
        self._cases: dict[str, DropoutCase] = {}
        self._counts: dict[tuple[str, int, str], int | None] = {}
        self._opening: dict[str, str] = {}  # 18-character number -> the case these files open
        self._seen: set[str] = set()
        with session.engine.view(session.as_of(None, None)) as view:
            rows = dropout_cases(view)
        self._running = {row.student: row.case for row in rows if row.open}
        self._shut = Shut(session.vault)
        self._team: dict[str, Mapping[str, Sealed]] = {row.case: row.team for row in rows}

    def file(self, read: DropoutFile, year: int | None) -> _File:
        file = _File(read, report_on(self._session, read.table, CONTEXT, self._seen))
        streams, report = self._session.streams, file.report
        if report.already_imported:
            return file
        streams.fetch(f"dropout/{row.case}" for row in read.cases)
        known = known_persons(self._session.vault, [row.person_key for row in read.cases])
        first_rows: dict[str, int] = {}
        for row in read.cases:
            if row.case in first_rows:
                report.refused.append(_refused(row, "台账编号", "row_repeated", first_row=first_rows[row.case]))
                continue
            first_rows[row.case] = row.row
            if (shut_out := self._shut.problem(row, known.get(row.person_key))) is not None:
                report.refused.append(shut_out)
                continue
            try:
                case = self._case(row, known.get(row.person_key, ""))
            except _NotTaken as why:
                report.refused.append(_refused(row, why.column, why.code, **why.extra))
                continue
            if case.says_something:
                file.cases.append(case)
            else:
                report.duplicates.append(RowProblem(row.sheet, row.row, None, "dropout_case_exists", {"case": row.case}))
        for visit in read.visits:
            self._visit(file, visit)
        for count in read.counts:
            self._count(file, count, year or _year_of(read))
        places = {sheet.name: place for place, sheet in enumerate(read.table.content.sheets)}
        report.refused.sort(key=lambda problem: (places.get(problem.sheet, 0), problem.row))
        report.accepted = len(file.cases) + len(file.visits) + len(file.counts)
        return file

    def _case(self, row: CaseRow, student: str) -> _Case:
        """What the row adds, or `_NotTaken`."""
        with _taking("台账编号"):
            refuse_unusable("case", row.case)
        unit = self._units.find(row.county)
        if unit is None:
            raise _NotTaken("县市区", "unit_unknown", unit=row.county)
        for column, day in (("辍学日期", row.found_on), ("返校日期", row.returned_on), ("销号日期", row.closed_on)):
            if day is not None and day > self._session.today:
                raise _NotTaken(column, "effective_in_future", on=day.isoformat())
        state = self._cases.get(row.case) or self._session.streams.read(DropoutCase, row.case)
        if state.exists:
            self._compare(row, state, unit, student)
        elif (other := self._opening.get(row.person_key) or self._runs(student)) is not None:
            raise _NotTaken("身份证号", "dropout_case_running", case=other)
        case = _Case(row, unit, not state.exists)
        if case.new:
            if row.closed_on is None:
                self._opening[row.person_key] = row.case
            state = replace(state, version=1, student=student, unit=unit, stage=row.stage, found_on=row.found_on, since=row.found_on)
        named = {name: said for name, _column, _role in TEAM if (said := getattr(row, name))}
        case.team = {name: said for name, said in named.items() if dict((n, r) for n, _c, r in TEAM)[name] not in state.team}
        # A date of before a reopening is of the course of the case before it, which is over.
        if row.returned_on is not None and state.returned_on is None and (case.new or row.returned_on >= state.since):
            with _taking("返校日期"):
                state.check_return(row.returned_on)
            case.returned_on = row.returned_on
            state = replace(state, returned_on=row.returned_on)
        if row.closed_on is not None and state.closed_on is None and (case.new or row.closed_on >= state.since):
            with _taking("销号日期"):
                state.check_close(row.closed_on, without_return=True)
            case.closed_on = row.closed_on
            state = replace(state, closed_on=row.closed_on)
        self._cases[row.case] = replace(state, team=state.team | {role for name, _column, role in TEAM if name in named})
        return case

    def _runs(self, student: str) -> str | None:
        """The open case the pupil has already, under whichever reference."""
        references = every_reference(self._session.streams, student) if student else ()
        return next((self._running[ref] for ref in references if ref in self._running), None)

    def _compare(self, row: CaseRow, state: DropoutCase, unit: str, student: str) -> None:
        """A row about a known case says nothing else than the ledger does; an empty cell says nothing."""
        if student not in every_reference(self._session.streams, state.student):
            raise _NotTaken("身份证号", "dropout_case_differs", case=row.case)
        pairs = [("县市区", unit, state.unit), ("学段", row.stage, state.stage), ("辍学日期", row.found_on, state.found_on)]
        if row.returned_on is not None and row.returned_on >= state.since:
            pairs.append(("返校日期", row.returned_on, state.returned_on or row.returned_on))
        if row.closed_on is not None and row.closed_on >= state.since:
            pairs.append(("销号日期", row.closed_on, state.closed_on or row.closed_on))
        team = self._team.get(row.case, {})
        opened = self._session.vault.open_many(list(team.values()))
        names = {role: (fields or {}).get("name") for role, fields in zip(team, opened, strict=True)}
        pairs += [(column, getattr(row, name), names[role]) for name, column, role in TEAM if names.get(role) and getattr(row, name)]
        for column, said, held in pairs:
            if said != held:
                raise _NotTaken(column, "dropout_case_differs", case=row.case)

    def _visit(self, file: _File, row: VisitRow) -> None:
        state = self._cases.get(row.case) or self._session.streams.read(DropoutCase, row.case)
        problem = RowProblem(row.sheet, row.row, "台账编号", "dropout_case_unknown", {"case": row.case})
        if not state.exists:
            file.report.refused.append(problem)
            return
        if (shut_out := self._shut.problem(row, state.student, "台账编号")) is not None:
            file.report.refused.append(shut_out)
            return
        if row.held_on > self._session.today:
            future = RowProblem(row.sheet, row.row, "走访日期", "effective_in_future", {"on": row.held_on.isoformat()})
            file.report.refused.append(future)
            return
        try:
            state.check_visit(row.held_on)
        except Refused as why:
            extra = {name: str(said) for name, said in why.context.items()}
            found = replace(problem, column="走访日期", code=why.code, extra=extra)
            (file.report.duplicates if why.code == "dropout_visit_exists" else file.report.refused).append(found)
            return
        self._cases[row.case] = replace(state, visits=state.visits | {row.held_on})
        file.visits.append(row)

    def _count(self, file: _File, row: CountRow, year: int | None) -> None:
        unit = self._units.find(row.county)
        if unit is None:
            file.report.refused.append(RowProblem(row.sheet, row.row, "县市区", "unit_unknown", {"unit": row.county}))
            return
        if year is None:
            raise Refused("dropout_year_needed", file=file.report.read.file)
        place = unit, year, row.stage
        held = self._counts.get(place, self._session.streams.read(PupilCount, unit, str(year), row.stage).pupils)
        if held == row.pupils:
            file.report.duplicates.append(RowProblem(row.sheet, row.row, None, "pupils_counted", {"unit": row.county, "stage": row.stage}))
            return
        self._counts[place] = row.pupils
        file.counts.append((row, unit, year))


class _NotTaken(Exception):
    """A row that is refused: the column and the code."""

    def __init__(self, column: str | None, code: str, **extra: int | str | None) -> None:
        super().__init__(code)
        self.column, self.code, self.extra = column, code, extra


@contextmanager
def _taking(column: str) -> Iterator[None]:
    """Turns the refusal of a rule into that of a row, at this column."""
    try:
        yield
    except Refused as why:
        raise _NotTaken(column, why.code, **{name: str(said) for name, said in why.context.items()}) from None


def _refused(row: CaseRow, column: str | None, code: str, **extra: int | str | None) -> RowProblem:
    return RowProblem(row.sheet, row.row, column, code, extra, identity=Identity(row.name, row.id_number))


def _year_of(read: DropoutFile) -> int | None:
    """The year of the cases, where they are all of one."""
    years = {row.found_on.year for row in read.cases}
    return years.pop() if len(years) == 1 else None


def _record(session: Session, files: list[_File], on_progress: Callable[[int, int], None] | None) -> int:
    commands: list[Command] = []
    registering: set[str] = set()
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        commands.append(opening(session, file.report, context=CONTEXT, kind="dropout-ledger"))
        source = f"{import_stream(CONTEXT, file.report.read.sha256)}@1"
        commands += _case_commands(session, file, source, registering)
        commands += [
            CountPupils(sheet=row.sheet, row=row.row, unit=unit, stage=row.stage, year=year, pupils=row.pupils, source=source)
            for row, unit, year in file.counts
        ]
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(file.report.accepted for file in fresh)


def _case_commands(session: Session, file: _File, source: str, registering: set[str]) -> list[Command]:
    """Per case what the file adds, in the order of the case: found, team, visits, return, closing."""
    vault = session.vault
    new = [case for case in file.cases if case.new]
    refs = dict(zip((case.row.case for case in new), vault.subjects_for([case.row.person_key for case in new]), strict=True))
    session.streams.fetch(f"student/{ref}" for ref in refs.values())
    visits: dict[str, list[VisitRow]] = {}
    for visit in sorted(file.visits, key=lambda visit: visit.held_on):
        visits.setdefault(visit.case, []).append(visit)
    commands: list[Command] = []
    for case in file.cases:
        row = case.row
        if case.new:
            ref = refs[row.case]
            found = FindDropout(
                on=row.found_on,
                sheet=row.sheet,
                row=row.row,
                case=row.case,
                student=ref,
                unit=case.unit,
                stage=row.stage,
                school=row.school,
                person=vault.seal(ref, case_fields(row.name, row.person_key, row.cause)),
                source=source,
            )
            if ref not in registering and not session.streams.read(Student, ref).exists:
                registering.add(ref)
                commands.append(registration(session, found, row.name, row.person_key))
            commands.append(found)
        if case.team:
            day = row.found_on if case.new else None
            commands.append(replace(team_named(session, row.case, case.team), on=day, sheet=row.sheet, row=row.row, source=source))
        commands += _visit_commands(session, visits.pop(row.case, []), source)
        if case.returned_on is not None:
            commands.append(ReturnDropout(on=case.returned_on, sheet=row.sheet, row=row.row, case=row.case, source=source))
        if case.closed_on is not None:
            commands.append(CloseDropout(on=case.closed_on, sheet=row.sheet, row=row.row, case=row.case, source=source, as_recorded=True))
    for rest in visits.values():  # of cases about which the file says nothing else
        commands += _visit_commands(session, rest, source)
    return commands


def _visit_commands(session: Session, visits: Sequence[VisitRow], source: str) -> list[Command]:
    return [
        VisitDropout(
            on=visit.held_on,
            sheet=visit.sheet,
            row=visit.row,
            case=visit.case,
            source=source,
            note=session.seal_text(visit.note) if visit.note else None,
        )
        for visit in visits
    ]
