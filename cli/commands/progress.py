"""`progress`: the figures reported on targets month by month, put right where they were wrong, and the reports that are missing or late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import click

from mingzhang.domain.plan.targets import ReportKind
from mingzhang.domain.programme.commands import CorrectProgress, ReportProgress
from mingzhang.domain.programme.facts import TargetMet
from mingzhang.domain.values.figures import figure_text

from ..i18n import _, ngettext
from ..intake.frame import import_options, take_in
from ..intake.programme import TargetNames, evidence_kind, import_figures, replace_evidence
from ..intake.units import UnitNames
from ..options import DAY, Globals, Noun, as_of_options, example, reason_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session
from .programme import FIGURE, REPORT_WORDS, figure_document, plan_option

if TYPE_CHECKING:
    from mingzhang.projections.programmes import FallRow, OwedRow

_KINDS = click.Choice(list(get_args(ReportKind)))
_report = click.option("--report", "report", type=_KINDS, required=True, help=_("Which report: 月调度, 季汇总 or 半年通报."))
_as_of = click.option("--on", "on", type=DAY, required=True, metavar="DATE", help=_("The day the figure is as of."))
_value = click.option("--value", type=FIGURE, required=True, metavar="NUMBER", help=_("The figure, in the target's own measure."))


@click.group(cls=Noun, help=_("Progress: figures reported on targets, and which reports are missing or late."))
@example("mingzhang --as clerk progress import 进度.xlsx")
def progress() -> None:
    pass


@progress.command("import", help=_("Take a 进度 workbook in: one row is one figure, its sheet says in which report it came."))
@plan_option
@click.option("--report", "report", type=_KINDS, help=_("Which report it is, where the sheet's name does not say so."))
@import_options
@example("mingzhang --as clerk progress import 进度.xlsx", "mingzhang --as clerk progress import 七月.csv --report monthly")
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_figures, _recorded, **asked)


def _recorded(count: int) -> str:
    return ngettext("{count} figure recorded.", "{count} figures recorded.", count).format(count=count)


@progress.command("report", help=_("Report one figure of a target as of a day (--on)."))
@click.argument("indicator")
@_report
@_value
@_as_of
@unit_option(required=True, help=_("Which unit reports it (填报单位: its id, or its name)."))
@click.option("--sent-on", type=DAY, metavar="DATE", help=_("When the report was sent (报送日期). Default: today."))
@click.option("--evidence", metavar="TEXT", help=_("What backs the figure (佐证); sealed unless it is 汇总报告 or 调度表扫描件."))
@plan_option
@example("mingzhang --as clerk progress report 职业培训 --report monthly --on 2018-03-31 --value 7798 --unit 职成教科 --evidence 汇总报告")
@click.pass_obj
def report(
    globals: Globals,
    indicator: str,
    report: ReportKind,
    value: Decimal,
    on: date,
    unit: str,
    sent_on: date | None,
    evidence: str | None,
    plan: str | None,
) -> int:
    with Session(globals) as session:
        names = TargetNames(session)
        of, code = (names.plan_of(indicator, plan), indicator) if plan else names.find(indicator)
        command = ReportProgress(
            on=on,
            plan=of,
            code=code,
            report=report,
            value=value,
            unit=UnitNames(session).resolve(unit),
            sent_on=sent_on,
            evidence_kind=evidence_kind(evidence),
        )
        if evidence is not None and command.evidence_kind == "other":
            session.ledger.foresee(command, actor=session.actor)
            command = replace_evidence(session, command, evidence)
        execution = session.execute(command)
        return _said(globals, session, execution.recorded, code, _("Figure of {indicator} as of {day}: {value}."), on, value)


@progress.command("correct", help=_("Say a figure again as it should have been; the wrong one stays on file."))
@click.argument("indicator")
@_report
@_as_of
@_value
@click.option("--sent-on", type=DAY, metavar="DATE", help=_("When the report was really sent. Default: as it was."))
@reason_option(required=True)
@plan_option
@example("mingzhang --as clerk progress correct 移民培训 --report monthly --on 2018-09-30 --value 800 --reason 漏计一期")
@click.pass_obj
def correct(
    globals: Globals,
    indicator: str,
    report: ReportKind,
    on: date,
    value: Decimal,
    sent_on: date | None,
    reason: str,
    plan: str | None,
) -> int:
    with Session(globals) as session:
        names = TargetNames(session)
        of, code = (names.plan_of(indicator, plan), indicator) if plan else names.find(indicator)
        execution = session.execute(
            CorrectProgress(on=on, plan=of, code=code, report=report, value=value, sent_on=sent_on, reason=session.seal_text(reason))
        )
        return _said(globals, session, execution.recorded, code, _("Figure of {indicator} as of {day} corrected to {value}."), on, value)


def _said(globals: Globals, session: Session, recorded: Any, code: str, sentence: str, on: date, value: Decimal) -> int:
    met = any(isinstance(one.fact, TargetMet) for one in recorded)
    document = {"indicator": code, "on": on.isoformat(), "value": figure_text(value), "event": recorded[0].ref, "target_met": met}
    said = [sentence.format(indicator=code, day=on, value=figure_text(value)), *([_("The target is met.")] if met else [])]
    return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


@progress.command("list", help=_("The figures that stand, on any day, as known at any time."))
@click.option("--indicator", metavar="INDICATOR", help=_("Only those of this target."))
@plan_option
@as_of_options
@table_file_options
@example("mingzhang progress list --indicator 职业培训 --on 2018-06-30")
@click.pass_obj
def list_(globals: Globals, indicator: str | None, plan: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.programmes import figures
    from mingzhang.projections.register.offices import import_files

    with Session(globals) as session:
        units = UnitNames(session)
        of, code = (plan, None)
        if indicator is not None:
            names = TargetNames(session)
            of, code = (names.plan_of(indicator, plan), indicator) if plan else names.find(indicator)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = figures(view, of, code)
            files = import_files(view)
        document = [figure_document(row, units, files) for row in rows]
        shown = [{**row, "report": _report_word(row)} for row in document]
        heads = [
            Column(_("Indicator"), "indicator"),
            Column(_("Day"), "on"),
            Column(_("Figure"), "value", "right"),
            Column(_("Report"), "report"),
            Column(_("Unit"), "unit"),
            Column(_("Sent on"), "sent_on"),
            Column(_("File"), "file"),
            Column(_("Row"), "row", "right"),
        ]
        foot = ngettext("{count} figure.", "{count} figures.", len(document)).format(count=len(document))
        return show(globals, Answer(document, (Table(heads, shown, foot=foot),)), rehearsal=session.rehearsal)


@progress.command("missing", help=_("Reports that were not sent or came late, and figures that add up and yet fell."))
@plan_option
@unit_option(help=_("Only targets this unit answers for (its id, or its name)."))
@as_of_options
@table_file_options
@example("mingzhang progress missing --on 2019-01-31", "mingzhang progress missing --unit 基教科")
@click.pass_obj
def missing(globals: Globals, plan: str | None, unit: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.programmes import falls, reports_missing_and_late, targets

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            wanted = targets(view, plan, units.wanted(unit))
            absent, late = reports_missing_and_late(view, wanted)
            fallen = falls(view, wanted)
        document = {
            "missing": [_owed_document(row, units) for row in absent],
            "late": [_owed_document(row, units) for row in late],
            "decreasing": [_fall_document(row, units) for row in fallen],
        }
        return show(globals, Answer(document, _owed_tables(document)), rehearsal=session.rehearsal)


def _owed_document(row: OwedRow, units: UnitNames) -> dict[str, Any]:
    return {
        "plan": row.target.plan,
        "indicator": row.target.code,
        "report": row.report,
        "period_end": row.period_end,
        "due_on": row.due_on,
        "sent_on": row.sent_on,
        "days_late": row.days_late,
        "owner": units.title(row.target.owner),
        "owner_id": row.target.owner,
        "event": row.ref,
    }


def _fall_document(row: FallRow, units: UnitNames) -> dict[str, Any]:
    return {
        "plan": row.target.plan,
        "indicator": row.target.code,
        "report": row.after.report,
        "from_on": row.before.on,
        "from_value": figure_text(row.before.value),
        "to_on": row.after.on,
        "to_value": figure_text(row.after.value),
        "owner": units.title(row.target.owner),
        "owner_id": row.target.owner,
        "events": [row.before.ref, row.after.ref],
    }


def _owed_tables(document: dict[str, list[dict[str, Any]]]) -> tuple[Table, ...]:
    def worded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "report": _report_word(row)} for row in rows]

    owed = [
        Column(_("Indicator"), "indicator"),
        Column(_("Report"), "report"),
        Column(_("Period's end"), "period_end"),
        Column(_("Due"), "due_on"),
        Column(_("Sent on"), "sent_on"),
        Column(_("Days late"), "days_late", "right"),
        Column(_("Owner"), "owner"),
    ]
    fallen = [
        Column(_("Indicator"), "indicator"),
        Column(_("Report"), "report"),
        Column(_("As of"), "from_on"),
        Column(_("Figure"), "from_value", "right"),
        Column(_("As of"), "to_on"),
        Column(_("Figure"), "to_value", "right"),
        Column(_("Owner"), "owner"),
    ]
    return (
        Table(owed, worded(document["missing"]), caption=_("Reports not sent: {count}").format(count=len(document["missing"]))),
        Table(owed, worded(document["late"]), caption=_("Reports sent late: {count}").format(count=len(document["late"]))),
        Table(
            fallen,
            worded(document["decreasing"]),
            caption=_("Figures that add up and yet fell: {count}").format(count=len(document["decreasing"])),
        ),
    )


def _report_word(row: Mapping[str, Any]) -> str:
    word = REPORT_WORDS[row["report"]]
    return _(word)
