"""`plan show`: a plan on one page: who may have what, by which steps and on which day at the earliest, and everything that is owed."""

from __future__ import annotations

from datetime import date, timedelta

import click

from mingzhang.domain.plan.course import StepDay, earliest_days
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.refusal import Refused

from ..cases.plans import plan_of, plan_text
from ..i18n import _
from ..options import Globals, Verb, example, table_file_options
from ..output import Answer, Column, Table, Text, show
from ..refusals import explain
from ..words.plan_words import names_of, rule_words, scheme_words, step_words, target_text, wanted_text, who_text
from ..words.when import when_text

Row = dict[str, object]


@click.command(
    "show", cls=Verb, help=_("Schemes, amounts, conditions, steps with their earliest days, rules, targets and duties of a plan.")
)
@click.argument("code_or_file", metavar="CODE|FILE")
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YEAR", help=_("For which year the earliest days are worked out."))
@table_file_options
@example("mingzhang plan show fuxin-2020", "mingzhang plan show funan-2020 --year 2021")
@click.pass_obj
def show_(globals: Globals, code_or_file: str, year: int | None) -> int:
    found = plan_of(plan_text(code_or_file))
    counted = year or found.effective_from.year
    course = {scheme.code: _course(scheme, counted) for scheme in found.schemes}
    title = f"{found.code}  {found.title}  {found.version}"
    parts: list[Table | Text] = [_amounts(found, title), _about(found)] if found.schemes else [Text((title,))]
    if any(scheme.steps for scheme in found.schemes):
        parts.append(_steps(found, course, counted))
    parts += [table for table in (_rules(found), _targets(found), _duties(found)) if table.rows]
    document = found.model_dump(mode="json")
    document["earliest"] = [
        {"scheme": code, "year": counted, "steps": [_day_document(day) for day in days]} for code, (days, _why) in course.items() if days
    ]
    return show(globals, Answer(document, tuple(parts)))


def _course(scheme: Scheme, year: int) -> tuple[list[StepDay], str]:
    """The steps with their days, and why there are none: a year whose calendar is unknown. A plan that names no day has no earliest one."""
    if scheme.conditions.window is None and not any(step.window for step in scheme.steps):
        return [], ""
    try:
        return earliest_days(scheme, year), ""
    except Refused as refusal:
        return [], explain(refusal).message
    except ValueError:  # `plan check` names the day
        return [], ""


def _day_document(day: StepDay) -> Row:
    days = {"begins": day.begins, "done": day.done, "wanted_by": day.wanted_by}
    return {"step": day.step.name, **{name: one and one.isoformat() for name, one in days.items()}}


def _amounts(found: Plan, title: str) -> Table:
    rows: list[Row] = []
    for scheme in found.schemes:
        clause = found.clauses[scheme.clause]
        for tier in scheme.tiers:
            covers = "、".join(
                [*(tier.categories or ()), *tier.levels, *tier.stages, *tier.admitted_to, *tier.provinces]
                + [_("not {province}").format(province=one) for one in tier.other_provinces]
            )
            said = found.clauses.get(tier.clause, clause)
            amounts = {"year_fen": tier.fen_per_year, "clause": said}
            rows.append({"scheme": scheme.name, "code": scheme.code, "tier": tier.name, "covers": covers or _("every other"), **amounts})
        if not scheme.tiers:
            covers = "、".join(scheme.conditions.categories)
            rows.append({"scheme": scheme.name, "code": scheme.code, "tier": "", "covers": covers, "year_fen": None, "clause": clause})
    heads = [
        Column(_("Scheme"), "scheme"),
        Column(_("Code"), "code"),
        Column(_("Tier"), "tier"),
        Column(_("Covers"), "covers"),
        Column(_("Yuan a year"), "year_fen", adds=False),
        Column(_("Clause"), "clause"),
    ]
    return Table(heads, rows, caption=title)


def _about(found: Plan) -> Table:
    rows: list[Row] = []
    for scheme in found.schemes:
        name = scheme.name
        for about, said in scheme_words(found, scheme):
            rows.append({"scheme": name, "about": about, "says": said})
            name = ""
    return Table([Column(_("Scheme"), "scheme"), Column(_("About"), "about"), Column(_("What the plan says"), "says")], rows)


def _steps(found: Plan, course: dict[str, tuple[list[StepDay], str]], year: int) -> Table:
    rows: list[Row] = []
    for scheme in found.schemes:
        days, _why = course[scheme.code]
        begun = scheme.conditions.window is not None  # a step before the first day the plan names has no earliest one
        for number, step in enumerate(scheme.steps):
            kind, who = step_words(step)
            row: Row = {"scheme": scheme.name if not number else "", "step": step.name, "kind": kind, "who": who}
            row["wanted"] = wanted_text(step)
            begun = begun or step.window is not None
            row["earliest"] = _earliest(days[number]) if days and begun else ""
            rows.append(row)
    heads = [
        Column(_("Scheme"), "scheme"),
        Column(_("Step"), "step"),
        Column(_("Kind"), "kind"),
        Column(_("By"), "who"),
        Column(_("Wanted"), "wanted"),
        Column(_("Earliest in {year}").format(year=year), "earliest"),
    ]
    why = dict.fromkeys(said for _days, said in course.values() if said)
    return Table(heads, rows, caption=_("Steps"), foot=" ".join(why))


def _earliest(day: StepDay) -> str:
    """A notice from its first to its last day; whatever cannot keep the plan's days is marked."""
    if day.begins is None:
        return _("after the notice")
    if day.step.kind != "notice":
        return _too_late(day.begins.isoformat(), day.begins, day.wanted_by)
    if day.done is None:
        return f"{day.begins.isoformat()} …"
    last = day.done - timedelta(days=1)
    return _too_late(f"{day.begins.isoformat()} … {last.isoformat()}", last, day.wanted_by)


def _too_late(said: str, last: date, wanted_by: date | None) -> str:
    return _("{days} (too late)").format(days=said) if wanted_by is not None and last > wanted_by else said


def _rules(found: Plan) -> Table:
    rows = [{"about": about, "says": said} for about, said in rule_words(found)]
    return Table([Column(_("About"), "about"), Column(_("What the plan says"), "says")], rows)


def _targets(found: Plan) -> Table:
    rows = [
        {"action": one.action, "target": one.code, "wanted": target_text(one), "due": one.due, "owner": who_text(found, one.owner)}
        for one in found.targets
    ]
    heads = [Column(_("Action"), "action"), Column(_("Target"), "target"), Column(_("Wanted"), "wanted"), Column(_("Due"), "due")]
    return Table([*heads, Column(_("Owner"), "owner")], rows)


def _duties(found: Plan) -> Table:
    rows = [
        {
            "duty": one.name,
            "code": one.code,
            "due": when_text(one),
            "owner": who_text(found, one.owner),
            "recipient": names_of(found, one.to),
        }
        for one in found.duties
    ]
    heads = [Column(_("Duty"), "duty"), Column(_("Code"), "code"), Column(_("Due"), "due"), Column(_("Owner"), "owner")]
    return Table([*heads, Column(_("To"), "recipient")], rows)
