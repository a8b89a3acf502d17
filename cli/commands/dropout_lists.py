"""`dropout list` and `dropout rates`: what is open, closed without a return, never visited; and the pupils lost, against the caps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.plan.school_rules import DropoutRules, rate_percent
from mingzhang.domain.plan.vocabulary import Plan

from ..cases.named import masked_or_mark
from ..cases.plans import plans_at
from ..clock import KnownAt
from ..i18n import N_, _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.dropouts import CaseRow, LostRow

TEAM: tuple[str, ...] = ("teacher", "village-cadre", "guardian")
"""三帮一, where no plan in force says who is on the team."""
ROLE_WORDS = {"teacher": N_("teacher"), "village-cadre": N_("village cadre"), "guardian": N_("guardian")}
KINDS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "open": lambda row: bool(row["open"]),
    "returned_but_not_closed": lambda row: bool(row["returned_on"] and row["open"]),
    "closed_without_return": lambda row: not row["open"] and not row["returned_on"],
    "never_visited": lambda row: not row["visits"],
    "team_incomplete": lambda row: bool(row["team_missing"]),
}


@click.command(
    "list",
    cls=Verb,
    help=_("The cases on any day: open, returned but not closed, closed without return, never visited, team incomplete."),
)
@unit_option()
@click.option("--kind", type=click.Choice([kind.replace("_", "-") for kind in KINDS]), help=_("Only cases of this kind."))
@as_of_options
@table_file_options
@example("mingzhang dropout list --on 2018-12-31", "mingzhang dropout list --kind never-visited --unit 肥城市")
@click.pass_obj
def list_(globals: Globals, unit: str | None, kind: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.dropouts import dropout_cases

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        team = _team(plans_at(session, as_of))
        with session.engine.view(as_of) as view:
            cases = dropout_cases(view, units.wanted(unit))
        rows = _rows(session, units, cases, team)
        lists = {name: [row["case"] for row in rows if is_one(row)] for name, is_one in KINDS.items()}
        shown = [row for row in rows if kind is None or KINDS[kind.replace("-", "_")](row)]
        document = {"team": list(team), "cases": shown, **lists}
        foot = _(
            "{cases} cases: {open} open, {returned_but_not_closed} returned but not closed, {closed_without_return} closed without return, "
            "{never_visited} never visited, {team_incomplete} with an incomplete team."
        ).format(cases=len(rows), **{name: len(members) for name, members in lists.items()})
        return show(globals, Answer(document, (_case_table(shown, foot),)), rehearsal=session.rehearsal)


def _team(plans: list[Plan]) -> tuple[str, ...]:
    """Who must be on a team by the plans in force."""
    rules = [plan.dropout for plan in plans if plan.dropout is not None]
    return tuple(dict.fromkeys(role for rule in rules for role in rule.team)) if rules else TEAM


def _rows(session: Session, units: UnitNames, cases: list[CaseRow], team: tuple[str, ...]) -> list[dict[str, Any]]:
    boxes = [case.person for case in cases]
    members = [(case.case, role, box) for case in cases for role, box in case.team.items()]
    opened = session.vault.open_many([*boxes, *(box for _case, _role, box in members)])
    names = [(fields or {}).get("name", "") for fields in opened]
    helping: dict[str, dict[str, str]] = {}
    for (case, role, box), name in zip(members, names[len(boxes) :], strict=True):
        helping.setdefault(case, {})[role] = masked_or_mark(session, box.subject, name)
    return [
        {
            "case": case.case,
            "student": case.student,
            "name": masked_or_mark(session, case.student, name),
            **units.said(case.unit),
            "stage": case.stage,
            "school": case.school,
            "found_on": case.found_on,
            "team": helping.get(case.case, {}),
            "team_missing": list(case.missing(team)),
            "visits": case.visits,
            "last_visit_on": case.last_visit_on,
            "returned_on": case.returned_on,
            "closed_on": case.closed_on,
            "closing_reason_given": case.closing_reason,
            "reopened": case.reopened,
            "open": case.open,
            "event": case.ref,
        }
        for case, name in zip(cases, names[: len(boxes)], strict=True)
    ]


def _case_table(rows: list[dict[str, Any]], foot: str) -> Table:
    heads = [
        Column(_("Case"), "case"),
        Column(_("Unit"), "unit"),
        Column(_("Stage"), "stage"),
        Column(_("Student"), "name"),
        Column(_("Left on"), "found_on"),
        Column(_("Visits"), "visits", "right"),
        Column(_("Missing in the team"), "missing"),
        Column(_("Returned on"), "returned_on"),
        Column(_("Closed on"), "closed_on"),
    ]
    return Table(heads, [{**row, "missing": [_(ROLE_WORDS[role]) for role in row["team_missing"]]} for row in rows], foot=foot)


@click.command(
    "rates",
    cls=Verb,
    help=_("Of the pupils at the start of the year, how many left in it and were not back, against the caps of the plans."),
)
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YEAR", help=_("The calendar year. Default: that of --on."))
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang dropout rates --year 2018 --on 2018-12-31", "mingzhang --json dropout rates --year 2018 --unit 肥城市")
@click.pass_obj
def rates(globals: Globals, year: int | None, unit: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.dropouts import pupils_lost

    with Session(globals) as session:
        units = UnitNames(session)
        asked = session.as_of(on, known_at)
        of_year = year or asked.effective_on.year
        ruling = [(plan.code, plan.dropout) for plan in plans_at(session, asked) if plan.dropout is not None]
        # A rate is fixed on the day the plan counts on: who returns afterwards is of the next year.
        last = min((rules.counted_on.in_year(of_year) for _code, rules in ruling), default=date(of_year, 12, 31))
        day = min(asked.effective_on, last)
        with session.engine.view(AsOf(day, asked.known_at)) as view:
            lost = pupils_lost(view, of_year, units.wanted(unit))
        by_unit = [{**units.said(row.unit), **_rate(row.stage, row.not_returned, row.pupils, ruling)} for row in lost]
        altogether = [_rate(stage, *_sum(lost, stage), ruling) for stage in dict.fromkeys(row.stage for row in lost)]
        document = {"year": of_year, "counted_on": day.isoformat(), "units": by_unit, "total": altogether}
        heads = [
            Column(_("Unit"), "unit"),
            Column(_("Stage"), "stage"),
            Column(_("Pupils"), "pupils", "right"),
            Column(_("Not returned"), "not_returned", "right"),
            Column(_("Rate, %"), "rate_percent", "right"),
            Column(_("Cap, %"), "cap_percent", "right"),
            Column(_("Above the cap"), "above_cap"),
        ]
        rows = [*by_unit, *({**row, "unit": _("all together")} for row in altogether)]
        caption = _("Dropout rates of {year}, as of {day}").format(year=of_year, day=day.isoformat())
        return show(globals, Answer(document, (Table(heads, rows, caption=caption),)), rehearsal=session.rehearsal)


def _sum(lost: list[LostRow], stage: str) -> tuple[int, int | None]:
    """Not returned, and pupils, of a stage in all units; no pupils where one of the units was not counted."""
    rows = [row for row in lost if row.stage == stage]
    counted = [row.pupils for row in rows if row.pupils is not None]
    return sum(row.not_returned for row in rows), sum(counted) if len(counted) == len(rows) else None


def _rate(stage: str, not_returned: int, pupils: int | None, ruling: list[tuple[str, DropoutRules]]) -> dict[str, Any]:
    """One line: the rate to four decimals as text, and the strictest cap there is with the plan that lays it down."""
    caps: list[tuple[Decimal, str, DropoutRules]] = []
    for code, rules in ruling:
        caps += [(cap, code, rules) for of, cap in rules.caps.items() if of == stage]
    strictest = min(caps, key=lambda one: one[:2], default=None)
    return {
        "stage": stage,
        "pupils": pupils,
        "not_returned": not_returned,
        "rate_percent": str(rate_percent(not_returned, pupils)) if pupils else None,
        "cap_percent": str(strictest[0]) if strictest else None,
        "plan": strictest[1] if strictest else None,
        "above_cap": strictest[2].above_cap(stage, not_returned, pupils) if strictest and pupils else None,
    }
