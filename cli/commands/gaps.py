"""`gaps`: 应助未助 and 助而不应, on any day, as known at any time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, get_args

import click

from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.periods import period as period_of

from ..cases.named import masked_names
from ..cases.plans import plans_at
from ..cases.stands import stand_text
from ..clock import KnownAt
from ..i18n import N_, _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, period_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.gaps import GapRow
    from mingzhang.projections.projection import View

KINDS = {
    "unaided": N_("due, not aided"),
    "unpaid": N_("awarded, not paid"),
    "ineligible": N_("aided, not due"),
}
REASONS = {
    "not_applied": N_("no application"),
    "undecided": N_("applied, not decided"),
    "refused": N_("refused"),
    "stopped": N_("stopped or revoked"),
    "no_scheme": N_("no scheme covers them"),
    "not_prepared": N_("in no batch yet"),
    "not_recognised": N_("not recognised"),
    "not_enrolled": N_("not enrolled"),
    "category_not_covered": N_("the category is not covered"),
    "stage_not_covered": N_("the stage is not covered"),
    "level_not_covered": N_("the level is not covered"),
    "grade_not_covered": N_("the grade is not covered"),
    "admission_not_covered": N_("the admission is not covered"),
}


@click.command(
    cls=Verb,
    help=_(
        "Who should be aided and is not (应助未助), whose award has not been paid, and who is aided against the plan's conditions: for one "
        "period, or for every period that a round or an application names."
    ),
)
@scheme_option()
@period_option()
@unit_option()
@click.option("--kind", type=click.Choice(list(KINDS)), help=_("Only gaps of this kind."))
@as_of_options
@table_file_options
@example(
    "mingzhang gaps --scheme grant --period 2020-spring --on 2020-06-30",
    "mingzhang gaps --kind unaided --unit 师范系 --xlsx 应助未助.xlsx",
)
@click.pass_obj
def gaps(
    globals: Globals,
    kind: str | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.projections.gaps import Gap
    from mingzhang.projections.gaps import gaps as gaps_of

    if kind is not None and kind not in get_args(Gap):
        raise click.UsageError(kind)
    with Session(globals) as session:
        units = UnitNames(session)
        within = units.wanted(unit)
        as_of = session.as_of(on, known_at)
        plans = plans_at(session, as_of)
        plan_code, _stop, code = _chosen(plans, scheme) if scheme else ("", "", None)
        with session.engine.view(as_of) as view:
            found: list[GapRow] = []
            for plan in plans:
                if plan_code in ("", plan.code):
                    for one in [period] if period else _periods(view, plan):
                        found += gaps_of(view, plan, one, code, within)
        found = [row for row in found if kind is None or row.gap == kind]
        return show(globals, _answer(session, plans, units, found, as_of.day), rehearsal=session.rehearsal)


def _chosen(plans: list[Plan], written: str) -> tuple[str, str, str]:
    """Plan and scheme as they were written, `grant` or `fuxin-2020.grant`. Refused `scheme_unknown`, `scheme_ambiguous`."""
    known = [f"{plan.code}.{one.code}" for plan in plans for one in plan.schemes]
    having = [one for one in known if written in (one, one.partition(".")[2])]
    if len(having) != 1:
        raise Refused("scheme_ambiguous" if having else "scheme_unknown", scheme=written, schemes=having or known)
    return having[0].partition(".")


def _periods(view: View, plan: Plan) -> list[str]:
    """The periods begun by the day that a round of the plan or an application under it names, in their order."""
    from mingzhang.projections.payments import applications
    from mingzhang.projections.register import rounds

    own = {f"{plan.code}.{scheme.code}" for scheme in plan.schemes}
    named = {row.period for row in rounds(view) if row.plan == plan.code}
    named |= {row.period for row in applications(view) if row.scheme in own}
    begun = [one for one in map(period_of, named) if one.first <= view.as_of.effective_on]
    return [one.text for one in sorted(begun)]


def _why(gap: str, why: str, scheme: Scheme | None) -> str:
    """In words; what nobody came to sign for has not failed, and a payment that was stopped is no award that was."""
    if why == "failed" and scheme is not None and scheme.channel == "signed":
        return _("not collected")
    return _(REASONS[why]) if why in REASONS and (gap, why) != ("unpaid", "stopped") else stand_text(why)


def _answer(session: Session, plans: list[Plan], units: UnitNames, found: list[GapRow], day: str) -> Answer:
    names = masked_names(session, [row.student for row in found])
    schemes = {f"{plan.code}.{scheme.code}": scheme for plan in plans for scheme in plan.schemes}
    document = [
        {
            "gap": row.gap,
            "why": row.why,
            "scheme": row.scheme,
            "period": row.period,
            "student": row.student,
            "name": names.get(row.student, ""),
            **units.said(row.unit),
            "categories": list(row.categories),
            "amount_fen": row.amount_fen,
            "paid_fen": row.paid_fen,
            "event": row.ref,
        }
        for row in found
    ]
    shown = [
        {
            **row,
            "gap": _(KINDS[str(row["gap"])]),
            "why": _why(str(row["gap"]), str(row["why"]), schemes.get(str(row["scheme"]))),
            "scheme": schemes[str(row["scheme"])].name if row["scheme"] in schemes else row["scheme"],
        }
        for row in document
    ]
    one_kind = len({row.gap for row in found}) == 1  # what is due and what was not due do not add up
    heads = [
        Column(_("Gap"), "gap"),
        Column(_("Why"), "why"),
        Column(_("Scheme"), "scheme"),
        Column(_("Period"), "period"),
        Column(_("Unit"), "unit"),
        Column(_("Student"), "student"),
        Column(_("Name"), "name"),
        Column(_("Categories"), "categories"),
        Column(_("Due or awarded, yuan"), "amount_fen", adds=one_kind),
        Column(_("Paid, yuan"), "paid_fen", adds=one_kind),
    ]
    counts = "、".join(f"{_(word)} {sum(row.gap == kind for row in found)}" for kind, word in KINDS.items())
    foot = _("{counts}; on {day}.").format(counts=counts, day=day)
    return Answer(document, (Table(heads, shown, foot=foot),))
