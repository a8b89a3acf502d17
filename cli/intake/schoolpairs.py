"""`schoolpair import`: pairs of schools, the research they held together and the people they sent, from one workbook of three sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from mingzhang.domain.command import Command
from mingzhang.domain.refusal import Refused
from mingzhang.domain.schoolpair.commands import ExchangeStaff, HoldJointResearch, PairSchools
from mingzhang.domain.schoolpair.facts import Side
from mingzhang.domain.schoolpair.state import Exchange, SchoolPair
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.values.ids import refuse_unusable

from ..session import Session
from ..workbooks.reading import RowProblem
from ..workbooks.schools import ExchangeRow, ResearchRow, SchoolPairFile, SchoolPairRow, read_school_pairs
from .opening import opening, report_on
from .report import FileReport, only_judged
from .units import UnitNames

CONTEXT = "school-pairs"
R = TypeVar("R", SchoolPairRow, ResearchRow, ExchangeRow)


@dataclass
class _File:
    read: SchoolPairFile
    report: FileReport
    pairs: list[SchoolPairRow] = field(default_factory=list)
    research: list[tuple[ResearchRow, str]] = field(default_factory=list)
    exchanges: list[tuple[ExchangeRow, Exchange]] = field(default_factory=list)


def import_school_pairs(
    session: Session,
    paths: Sequence[Path],
    *,
    unit: str | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many rows were recorded; several files are one transaction.

    unit: whose business the pairs are; default the unit the plan with rules for school pairs is for.
    """
    whose = unit_of_pairs(session, unit)
    judge = _Judge(session, whose)
    files = [judge.file(read_school_pairs(path)) for path in paths]
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    return reports, _record(session, files, whose, on_progress)


def unit_of_pairs(session: Session, unit: str | None) -> str:
    """The unit given, or the top of the one adopted plan that lays school pairs down; else `school_pair_unit_needed`."""
    if unit is not None:
        return UnitNames(session).resolve(unit)
    tops = {plan.top for plan in session.adopted_plans() if plan.school_pairs is not None}
    if len(tops) != 1:
        raise Refused("school_pair_unit_needed", units=sorted(tops))
    return tops.pop()


def subject_digest(session: Session, subject: str) -> str:
    """A keyed digest: the same subject on the same day is the same meeting."""
    return session.vault.digest("research-subject", "".join(subject.split()))


class _Judge:
    """Sorts every row: refused, known already, or to be recorded. Writes nothing; `pairs` are as they will be once all is recorded."""

    def __init__(self, session: Session, unit: str) -> None:
        self._session = session
        self._unit = unit
        self._pairs: dict[str, SchoolPair] = {}
        self._seen: set[str] = set()

    def file(self, read: SchoolPairFile) -> _File:
        file = _File(read, report_on(self._session, read.table, CONTEXT, self._seen))
        streams, report = self._session.streams, file.report
        if report.already_imported:
            return file
        streams.fetch(f"schoolpair/{row.pair}" for row in read.pairs)
        for row in read.pairs:
            self._judged(file, row, self._pair, "school_pair_exists")
        for meeting in read.research:
            self._judged(file, meeting, self._research, "school_research_exists")
        for sent in read.exchanges:
            self._judged(file, sent, self._exchange, "school_exchange_exists")
        places = {sheet.name: place for place, sheet in enumerate(read.table.content.sheets)}
        report.refused.sort(key=lambda problem: (places.get(problem.sheet, 0), problem.row))
        report.accepted = len(file.pairs) + len(file.research) + len(file.exchanges)
        return file

    def _judged(self, file: _File, row: R, take: Callable[[_File, R], None], repeated: str) -> None:
        """Takes the row in, or notes why not: `repeated` is what was recorded before."""
        report = file.report
        try:
            take(file, row)
        except Refused as why:
            extra = {name: said if isinstance(said, int | str) else None for name, said in why.context.items() if name != "column"}
            column = why.context.get("column")
            problem = RowProblem(row.sheet, row.row, str(column) if column else None, why.code, extra)
            (report.duplicates if why.code == repeated else report.refused).append(problem)

    def _state(self, pair: str) -> SchoolPair:
        return self._pairs.get(pair) or self._session.streams.read(SchoolPair, pair)

    def _pair(self, file: _File, row: SchoolPairRow) -> None:
        refuse_unusable("pair", row.pair)
        state = self._state(row.pair)
        if state.exists:
            if (state.town, state.village, state.since) != (row.town, row.village, row.since):
                raise Refused("school_pair_differs", column="结对编号", pair=row.pair)
            raise Refused("school_pair_exists", pair=row.pair)
        if row.town == row.village:
            raise Refused("school_pair_with_itself", column="农村学校", pair=row.pair)
        self._not_in_future("结对日期", row.since.isoformat())
        self._pairs[row.pair] = replace(state, version=1, town=row.town, village=row.village, unit=self._unit, since=row.since)
        file.pairs.append(row)

    def _known(self, pair: str, schools: Iterable[str], column: str) -> SchoolPair:
        """The pair, whose schools are those the row names."""
        state = self._state(pair)
        if not state.exists:
            raise Refused("school_pair_unknown", column="结对编号", pair=pair)
        if not set(schools) <= {state.town, state.village}:
            raise Refused("school_not_of_pair", column=column, pair=pair)
        return state

    def _research(self, file: _File, row: ResearchRow) -> None:
        state = self._known(row.pair, row.schools, "农村学校")
        self._not_in_future("日期", row.held_on.isoformat())
        digest = subject_digest(self._session, row.subject)
        _at("日期", lambda: state.check_research(row.held_on, digest))
        self._pairs[row.pair] = replace(state, research=state.research | {(row.held_on, digest)})
        file.research.append((row, digest))

    def _exchange(self, file: _File, row: ExchangeRow) -> None:
        state = self._known(row.pair, (row.sender, row.receiver), "派出学校")
        if row.sender == row.receiver:
            raise Refused("school_not_of_pair", column="接收学校", pair=row.pair)
        self._not_in_future("起始日期", row.since.isoformat())
        side: Side = "town" if row.sender == state.town else "village"
        exchange = Exchange(row.since, side, row.year or row.since.year, row.post)
        _at("起始日期", lambda: state.check_exchange(exchange))
        self._pairs[row.pair] = replace(state, exchanges=state.exchanges | {exchange})
        file.exchanges.append((row, exchange))

    def _not_in_future(self, column: str, day: str) -> None:
        if day > self._session.today.isoformat():
            raise Refused("effective_in_future", column=column, on=day)


def _at(column: str, check: Callable[[], None]) -> None:
    """A refusal of the rule, at this column."""
    try:
        check()
    except Refused as why:
        raise Refused(why.code, **why.context, column=column) from None


def _record(session: Session, files: list[_File], unit: str, on_progress: Callable[[int, int], None] | None) -> int:
    commands: list[Command] = []
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        commands.append(opening(session, file.report, context=CONTEXT, kind="school-pairs", unit=unit))
        source = f"{import_stream(CONTEXT, file.report.read.sha256)}@1"
        commands += [
            PairSchools(
                on=row.since, sheet=row.sheet, row=row.row, pair=row.pair, town=row.town, village=row.village, unit=unit, source=source
            )
            for row in file.pairs
        ]
        commands += [
            HoldJointResearch(
                on=row.held_on,
                sheet=row.sheet,
                row=row.row,
                pair=row.pair,
                participants=row.participants,
                subject=session.seal_text(row.subject),
                subject_digest=digest,
                source=source,
            )
            for row, digest in file.research
        ]
        for row, exchange in file.exchanges:
            person = session.vault.seal(session.vault.new_subject("p"), {"name": row.name}) if row.name else None
            commands.append(
                ExchangeStaff(
                    on=row.since,
                    sheet=row.sheet,
                    row=row.row,
                    pair=row.pair,
                    sender="town" if exchange.sender == "town" else "village",
                    year=exchange.year,
                    post=row.post,
                    person=person,
                    source=source,
                )
            )
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(file.report.accepted for file in fresh)
