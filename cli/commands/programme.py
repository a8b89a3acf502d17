"""`programme`: what the plans want reached by when and by whom, how far it has come, and which report says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import click

from mingzhang.domain.plan.targets import Direction
from mingzhang.domain.programme.commands import SetTarget
from mingzhang.domain.programme.target import StandingTarget
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.figures import figure_from_text, figure_text

from ..i18n import N_, _, ngettext
from ..intake.frame import import_options, take_in
from ..intake.programme import import_targets
from ..intake.units import UnitNames
from ..options import DAY, Globals, Noun, as_of_options, example, on_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.programmes import FigureRow, StandRow

DIRECTION_SIGNS = {"at_least": "≥", "at_most": "≤"}
REPORT_WORDS = {"monthly": N_("monthly check-in"), "quarterly": N_("quarterly summary"), "half-yearly": N_("half-year bulletin")}


class _Figure(click.ParamType[Decimal]):
    """An exact number as a workbook holds it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        if isinstance(value, Decimal):
            return value
        try:
            found = figure_from_text(value)
        except BadValue:
            found = None
        if found is None:
            self.fail(_("{text} cannot be read; write it like {example}.").format(text=value, example="99.32"), param, ctx)
        return found


FIGURE = _Figure()
plan_option = click.option("--plan", metavar="CODE", help=_("The plan, where a row or an indicator does not say which."))


@click.group(cls=Noun, help=_("Programmes: targets with direction, due date and owner, and whether they are on course."))
@example("mingzhang programme list --on 2018-12-31")
def programme() -> None:
    pass


@programme.command("import", help=_("Take a workbook of targets (指标) in; 行动 names the plan in front."))
@plan_option
@on_option
@import_options
@example("mingzhang --as clerk programme import 指标.xlsx", "mingzhang --as clerk programme import 指标.xlsx --plan taian-actions")
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_targets, _recorded, **asked)


def _recorded(count: int) -> str:
    return ngettext("{count} target set.", "{count} targets set.", count).format(count=count)


@programme.command("set", help=_("Set a target of a plan, or another value, due date or owner for it from a day on."))
@click.argument("indicator")
@click.option("--plan", required=True, metavar="CODE", help=_("The plan it belongs to."))
@click.option("--value", type=FIGURE, required=True, metavar="NUMBER", help=_("What is to be reached."))
@click.option("--measure", metavar="TEXT", help=_("What it is counted in, such as 所, 万元 or %. Default: as it was."))
@click.option("--direction", type=click.Choice(list(get_args(Direction))), help=_("Whether more or less is better. Default: as it was."))
@click.option("--due", "due_on", type=DAY, metavar="DATE", help=_("By when. Default: as it was."))
@unit_option(help=_("Who answers for it (责任单位: its id, or its name). Default: as it was."))
@click.option("--action", metavar="TEXT", help=_("The action it belongs to (行动). Default: as it was."))
@click.option("--since", type=DAY, metavar="DATE", help=_("Pursued from then on. Default: 1 January of the due year."))
@click.option(
    "--adds-up/--no-adds-up", default=None, help=_("Whether each figure contains the ones before it. Default: yes unless it is a share.")
)
@on_option
@example(
    "mingzhang --as clerk programme set 招聘活动 --plan taian-actions --value 2 --on 2018-07-01",
    "mingzhang --as clerk programme set 送教下乡 --plan taian-actions --value 50 --measure 场 --direction at_least --due 2018-12-31"
    " --unit 教研室 --action 教师队伍",
)
@click.pass_obj
def set_(
    globals: Globals,
    indicator: str,
    plan: str,
    value: Decimal,
    measure: str | None,
    direction: Direction | None,
    due_on: date | None,
    unit: str | None,
    action: str | None,
    since: date | None,
    adds_up: bool | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        standing = session.streams.read(StandingTarget, plan, indicator).newest
        was = standing.fact if standing else None
        said: dict[str, object] = {"--measure": measure or (was and was.measure), "--direction": direction or (was and was.direction)}
        said |= {"--due": due_on or (was and was.due_on), "--unit": unit or (was and was.owner)}
        missing = [option for option, given in said.items() if not given]
        if missing:
            raise click.UsageError(_("A new target needs {options} as well.").format(options=", ".join(missing)))
        execution = session.execute(
            SetTarget(
                on=on,
                plan=plan,
                code=indicator,
                action=action or (was.action if was else indicator),
                measure=str(said["--measure"]),
                value=value,
                direction="at_most" if said["--direction"] == "at_most" else "at_least",
                due_on=_day(said["--due"]),
                owner=UnitNames(session).resolve(str(said["--unit"])),
                since=since,
                adds_up=adds_up,
            )
        )
        recorded, *met = execution.recorded
        document = {
            "plan": plan,
            "indicator": indicator,
            "target": figure_text(value),
            "holds_from": recorded.fact.effective_on.isoformat(),
            "event": recorded.ref,
            "target_met": bool(met),
        }
        sentence = _("Target {indicator}: {value} from {day} on.").format(
            indicator=indicator, value=figure_text(value), day=recorded.fact.effective_on
        )
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("not a day")
    return value


@programme.command("list", help=_("Every target with its latest figure, whether it is on course or met, and the report that says so."))
@click.option("--plan", metavar="CODE", help=_("Only this plan's."))
@unit_option()
@click.option("--behind", is_flag=True, help=_("Only those that are not on course."))
@as_of_options
@table_file_options
@example("mingzhang programme list --plan taian-actions --on 2018-06-30", "mingzhang programme list --behind")
@click.pass_obj
def list_(globals: Globals, plan: str | None, unit: str | None, behind: bool, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.programmes import stands, targets
    from mingzhang.projections.register.offices import import_files

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = stands(view, targets(view, plan, units.wanted(unit)))
            files = import_files(view)
        document = [stand_document(row, units, files) for row in rows if not behind or row.on_course is False]
        return show(globals, Answer(document, (_table(document),)), rehearsal=session.rehearsal)


def stand_document(row: StandRow, units: UnitNames, files: dict[str, str]) -> dict[str, Any]:
    """One target as `programme list --json` has it; figures are exact decimals written as text."""
    target = row.target
    return {
        "plan": target.plan,
        "action": target.action,
        "indicator": target.code,
        "measure": target.measure,
        "target": figure_text(target.value),
        "direction": target.direction,
        "due_on": target.due_on,
        "owner": units.title(target.owner),
        "owner_id": target.owner,
        "adds_up": target.adds_up,
        "value": figure_text(row.latest.value) if row.latest else None,
        "value_on": row.latest.on if row.latest else None,
        "met": row.met,
        "on_course": row.on_course,
        "value_when_due": figure_text(row.when_due.value) if row.when_due else None,
        "met_when_due": row.met_when_due,
        "settled_by": row.settled,
        "report": figure_document(row.latest, units, files) if row.latest else None,
        "event": target.ref,
    }


def figure_document(figure: FigureRow, units: UnitNames, files: dict[str, str]) -> dict[str, Any]:
    """A figure with the report it came in and, where it came in a file, its place there."""
    return {
        "indicator": figure.code,
        "plan": figure.plan,
        "report": figure.report,
        "on": figure.on,
        "value": figure_text(figure.value),
        **units.said(figure.unit),
        "sent_on": figure.sent_on,
        "evidence": figure.evidence_kind,
        "event": figure.ref,
        "file": files.get(figure.source or ""),
        "sheet": figure.sheet,
        "row": figure.row,
    }


def _table(document: list[dict[str, Any]]) -> Table:
    shown = [
        {
            **row,
            "wanted": f"{DIRECTION_SIGNS[row['direction']]} {row['target']} {row['measure']}",
            "says": _says(row["report"]) if row["report"] else _("no report"),
        }
        for row in document
    ]
    heads = [
        Column(_("Action"), "action"),
        Column(_("Indicator"), "indicator"),
        Column(_("Target"), "wanted"),
        Column(_("Latest"), "value", "right"),
        Column(_("On course"), "on_course"),
        Column(_("Met"), "met"),
        Column(_("Due"), "due_on"),
        Column(_("Owner"), "owner"),
        Column(_("Which report says so"), "says"),
    ]
    foot = _("{count} targets: {met} met, {behind} not on course, {none} without a figure.").format(
        count=len(document),
        met=sum(1 for row in document if row["met"]),
        behind=sum(1 for row in document if row["on_course"] is False),
        none=sum(1 for row in document if row["value"] is None),
    )
    return Table(heads, shown, foot=foot)


def _says(report: dict[str, Any]) -> str:
    word = REPORT_WORDS[report["report"]]
    return _("{report} as of {day}, sent on {sent}").format(report=_(word), day=report["on"], sent=report["sent_on"])
