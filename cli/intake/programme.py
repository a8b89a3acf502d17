"""`programme import`, `progress import`: every row is decided as if it were told by hand, in the order of the file; then all are recorded.

A target set alike and a figure reported alike are duplicates; the same indicator, day and report with another figure is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command, Context
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.targets import ReportKind
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.programme.commands import ReportProgress, SetTarget
from mingzhang.domain.programme.facts import EvidenceKind
from mingzhang.domain.programme.target import StandingTarget
from mingzhang.domain.refusal import Refused
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.values.figures import figure_text

from ..session import Session
from ..workbooks.programme import FigureRow, TargetRow, read_figures, read_targets
from ..workbooks.reading import RowProblem, TableRead
from .opening import opening, report_on
from .report import FileReport, only_judged
from .units import UnitNames

TARGETS, FIGURES = "targets", "progress"
# Kinds of evidence that say nothing about anybody; whatever else is written there is sealed.
EVIDENCE: dict[str, EvidenceKind] = {"汇总报告": "summary", "调度表扫描件": "scan"}
# In which column a refusal's reason stands.
_COLUMNS = {
    "unit_unknown": "责任单位", "plan_not_adopted": "行动", "plan_needed": "行动", "target_unknown": "指标", "target_ambiguous": "指标",
    "target_dropped": "日期", "progress_in_future": "日期", "progress_sent_too_early": "报送日期", "target_due_before_begun": "完成期限",
    "dated_before_basis": "日期",
}  # fmt: skip


@dataclass
class _File:
    report: FileReport
    commands: list[Command] = field(default_factory=list)
    evidence: list[str | None] = field(default_factory=list)


def import_targets(
    session: Session,
    paths: Sequence[Path],
    *,
    plan: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many targets were set; several files are one transaction."""
    judge = _Judge(session, TARGETS)
    plans = _Plans(session, plan)
    for path in paths:
        read = read_targets(path)
        file = judge.opened(read.table)
        if file.report.already_imported:
            continue
        first: dict[tuple[str, str], int] = {}
        for row in read.rows:
            try:
                code, action = plans.of(row.action)
                if (code, row.code) in first:
                    raise Refused("indicator_repeated", first_row=first[code, row.code])
                first[code, row.code] = row.row
                command = _setting(row, code, action, judge.units.resolve(row.owner), on, judge.source(file))
                judge.take(file, command, None)
            except Refused as refusal:
                judge.put_aside(file, row, refusal, duplicate=refusal.code == "target_set_already")
    return judge.finish(accept_valid=accept_valid, dry_run=dry_run, kind="target", on_progress=on_progress)


def import_figures(
    session: Session,
    paths: Sequence[Path],
    *,
    plan: str | None,
    report: ReportKind | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many figures were recorded. `report`: for sheets whose name does not say which report they are."""
    judge = _Judge(session, FIGURES)
    known = TargetNames(session)
    for path in paths:
        read = read_figures(path)
        file = judge.opened(read.table)
        if file.report.already_imported:
            continue
        first: dict[tuple[str, str, str, date], int] = {}
        for row in read.rows:
            try:
                kind = row.report or report
                if kind is None:
                    raise Refused("report_unclear", sheet=row.sheet)
                of = known.plan_of(row.code, plan)
                key = (of, row.code, kind, row.on)
                if key in first:
                    raise Refused("indicator_repeated", first_row=first[key])
                first[key] = row.row
                _refuse_told(session, of, kind, row)
                command = _reporting(row, of, kind, judge.units.resolve(row.unit), judge.source(file))
                judge.take(file, command, row.evidence)
            except Refused as refusal:
                judge.put_aside(file, row, refusal, duplicate=refusal.code == "progress_told_alike", column="填报单位")
    return judge.finish(accept_valid=accept_valid, dry_run=dry_run, kind="progress", on_progress=on_progress)


class TargetNames:
    """Which plan an indicator belongs to, as workbooks and command lines name it: by itself, or with its plan in front of a slash."""

    def __init__(self, session: Session) -> None:
        from mingzhang.projections.programmes import target_codes

        with session.engine.view(session.as_of(None, None)) as view:
            self._plans: dict[str, list[str]] = {}
            for plan, code in target_codes(view):
                self._plans.setdefault(code, []).append(plan)

    def plan_of(self, code: str, plan: str | None = None) -> str:
        """The plan's code; refused `target_unknown` or, where several plans have it and none is named, `target_ambiguous`."""
        found = [one for one in self._plans.get(code, []) if plan in (None, one)]
        if not found:
            raise Refused("target_unknown", target=code)
        if len(found) > 1:
            raise Refused("target_ambiguous", target=code, plans=found)
        return found[0]

    def find(self, written: str) -> tuple[str, str]:
        """(plan, code) behind `指标` or `plan/指标`."""
        plan, slash, code = written.removeprefix("target/").rpartition("/")
        return self.plan_of(code, plan if slash else None), code


class _Plans:
    """Which plan a row's 行动 names in front: by the plan's short name, its code or its title; else the one named with --plan."""

    def __init__(self, session: Session, named: str | None) -> None:
        self._named = named
        self._adopted = {plan.code: plan for plan in session.adopted_plans()}
        if named is not None and named not in self._adopted:
            raise Refused("plan_not_adopted", plan=named)

    def of(self, action: str) -> tuple[str, str]:
        """(plan, action without it). Refused `plan_not_adopted` where it names one that comes along, `plan_needed` where it names none."""
        found = _named_first(action, self._adopted.values())
        if found is None and self._named is not None:
            return self._named, action
        if found is None:
            other = _named_first(action, (read_plan(bundled_text(code)) for code in bundled_codes()))
            if other is not None:
                raise Refused("plan_not_adopted", plan=other[0])
            raise Refused("plan_needed", plans=sorted(self._adopted))
        return found


def _named_first(action: str, plans: Iterable[Plan]) -> tuple[str, str] | None:
    found: tuple[str, str] | None = None
    longest = 0
    for plan in plans:
        for name in _names(plan):
            if action.startswith(name) and len(name) > longest:
                longest, found = len(name), (plan.code, action.removeprefix(name).strip() or action)
    return found


def _names(plan: Plan) -> list[str]:
    return [name for name in (plan.short, plan.code, plan.title) if name]


class _Judge:
    """Decides row by row on the states as they stand, each row seeing the rows before it; nothing is recorded by it."""

    def __init__(self, session: Session, context: str) -> None:
        self.session = session
        self.units = UnitNames(session)
        self.files: list[_File] = []
        self._context = context
        self._decides = Context(actor=session.actor, now=session.clock(), today=session.today)
        self._seen: set[str] = set()

    def opened(self, table: TableRead) -> _File:
        file = _File(report_on(self.session, table, self._context, self._seen))
        self.files.append(file)
        return file

    def source(self, file: _File) -> str:
        return f"{import_stream(self._context, file.report.read.sha256)}@1"

    def take(self, file: _File, command: Command, evidence: str | None) -> None:
        self.session.streams.add(command.decide(self.session.streams, self._decides))
        file.commands.append(command)
        file.evidence.append(evidence)

    def put_aside(self, file: _File, row: TargetRow | FigureRow, refusal: Refused, *, duplicate: bool, column: str | None = None) -> None:
        named = _COLUMNS.get(refusal.code)
        if column and refusal.code == "unit_unknown":
            named = column
        problem = RowProblem(row.sheet, row.row, named, refusal.code, _plain(refusal.context))
        (file.report.duplicates if duplicate else file.report.refused).append(problem)

    def finish(
        self, *, accept_valid: bool, dry_run: bool, kind: str, on_progress: Callable[[int, int], None] | None
    ) -> tuple[list[FileReport], int]:
        self.session.forget_streams()
        for file in self.files:
            file.report.refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
            file.report.accepted = len(file.commands)
        reports = [file.report for file in self.files]
        fresh = [file for file in self.files if not file.report.already_imported]
        if not fresh or only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
            return reports, 0
        commands: list[Command] = []
        for file in fresh:
            commands.append(opening(self.session, file.report, context=self._context, kind=kind))
            commands += [_with_evidence(self.session, one, text) for one, text in zip(file.commands, file.evidence, strict=True)]
        self.session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
        return reports, sum(len(file.commands) for file in fresh)


def _setting(row: TargetRow, plan: str, action: str, owner: str, on: date | None, source: str) -> SetTarget:
    return SetTarget(
        on=on,
        sheet=row.sheet,
        row=row.row,
        plan=plan,
        code=row.code,
        action=action,
        measure=row.measure,
        value=row.value,
        direction=row.direction,
        due_on=row.due_on,
        owner=owner,
        source=source,
    )


def _reporting(row: FigureRow, plan: str, kind: ReportKind, unit: str, source: str) -> ReportProgress:
    return ReportProgress(
        on=row.on,
        sheet=row.sheet,
        row=row.row,
        plan=plan,
        code=row.code,
        report=kind,
        value=row.value,
        unit=unit,
        sent_on=row.sent_on,
        evidence_kind=evidence_kind(row.evidence),
        source=source,
    )


def evidence_kind(written: str | None) -> EvidenceKind | None:
    """What kind of evidence is named, None where there is none."""
    return None if written is None else EVIDENCE.get(written, "other")


def _with_evidence(session: Session, command: Command, written: str | None) -> Command:
    """Words that no list of kinds has are sealed, once it is certain that the row is recorded."""
    if isinstance(command, ReportProgress) and written is not None and evidence_kind(written) == "other":
        return replace_evidence(session, command, written)
    return command


def replace_evidence(session: Session, command: ReportProgress, written: str) -> ReportProgress:
    """The command with its evidence's words, sealed."""
    return replace(command, evidence_text=session.seal_text(written))


def _refuse_told(session: Session, plan: str, kind: ReportKind, row: FigureRow) -> None:
    """A figure told before: alike it is a duplicate (`progress_told_alike`); another one is for a correction to say."""
    standing = session.streams.read(StandingTarget, plan, row.code).figure(kind, row.on)
    if standing is not None and (standing.fact.value, standing.fact.sent_on) == (figure_text(row.value), row.sent_on):
        raise Refused("progress_told_alike", target=row.code, on=row.on.isoformat())


def _plain(context: Mapping[str, object]) -> dict[str, int | str | None]:
    """What a row's problem carries of a refusal's context: words and numbers; its place it knows itself."""
    said: dict[str, int | str | None] = {}
    for name, value in context.items():
        if name in ("row", "sheet", "column"):
            continue
        if isinstance(value, list | tuple):
            said[name] = "、".join(map(str, value))
        elif value is None or isinstance(value, int | str):
            said[name] = value
    return said
