"""`application list`, `show`: where each case stands and which step it waits for, on any day and as known at any time."""

from __future__ import annotations

from datetime import date
from typing import get_args

import click

from mingzhang.domain.aid.application import Application, Stand, existing_application
from mingzhang.domain.aid.basis import Basis, basis_of

from ..cases.course import course_document, course_table, facts_of
from ..cases.named import masked_names
from ..cases.open_cases import next_steps
from ..cases.stands import stand_text
from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, KnownAt, Verb, as_of_options, example, period_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show
from ..session import Session


@click.command("list", cls=Verb, help=_("List applications and where each stands, on any day, as known at any time."))
@scheme_option()
@period_option()
@unit_option()
@click.option("--stand", type=click.Choice(get_args(Stand)[1:]), help=_("Only those that stand here."))
@as_of_options
@table_file_options
@example("mingzhang application list --scheme grant --period 2020-spring --stand submitted")
@click.pass_obj
def list_(
    globals: Globals,
    stand: str | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.projections.payments import applications

    with Session(globals) as session:
        stored = session.scheme(scheme) if scheme else None
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = applications(view, stored, period, units.wanted(unit), stand)
        steps = next_steps(session, [row.application for row in found if row.stand == "submitted"], session.as_of(on, known_at))
        names = masked_names(session, [row.student for row in found])
        document = [
            {
                "application": row.application,
                "scheme": row.scheme,
                "student": row.student,
                "name": names.get(row.student, ""),
                "period": row.period,
                **units.said(row.unit),
                "stand": row.stand,
                "next_step": steps.get(row.application),
                "tier": row.tier,
                "amount_fen": row.amount_fen,
                "held": row.held,
                "reviews": row.reviews,
            }
            for row in found
        ]
        shown = [
            {
                **row,
                "stand": stand_text(row["stand"]),
                "amount_fen": row["amount_fen"] or None,
            }
            for row in document
        ]
        columns = [
            Column(_("Student"), "student"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Scheme"), "scheme"),
            Column(_("Period"), "period"),
            Column(_("Stands at"), "stand"),
            Column(_("Next step"), "next_step"),
            Column(_("Amount in yuan"), "amount_fen"),
        ]
        total = _("Applications: {count}.").format(count=len(document))
        return show(globals, Answer(document, (Table(columns, shown, foot=total),)), rehearsal=session.rehearsal)


@click.command("show", cls=Verb, help=_("Show one application with its whole course."))
@click.argument("reference", metavar="APPLICATION")
@table_file_options
@example("mingzhang application show fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring")
@click.pass_obj
def show_(globals: Globals, reference: str) -> int:
    with Session(globals) as session:
        case: Application = existing_application(session.streams, reference)
        facts = facts_of(session, case.stream)
        step = next_steps(session, [case.stream], session.as_of(None, None)).get(case.stream)
        basis = basis_of(session.streams, case)
        name = masked_names(session, [case.student]).get(case.student, "")
        document = {
            "application": case.stream,
            "stand": case.stand,
            "next_step": step,
            "scheme": case.scheme,
            "student": case.student,
            "name": name,
            "period": case.period,
            **UnitNames(session).said(case.unit),
            "basis": case.basis,
            **(_form_document(basis) if basis is not None and basis.is_form else {}),
            "tier": case.tier,
            "amount_fen": case.amount_fen,
            "reviews": [{"number": one.number, "actor": one.actor, "event": one.ref} for one in case.reviews],
            "held_by": list(case.held_by),
            "documents_missing": list(case.documents_missing),
            "events": course_document(facts),
        }
        headline = _("{application}: {name}, {stand}.").format(
            application=case.stream, name=name, stand=stand_text(case.stand)
        )
        sentences = (headline, _("Next step: {step}.").format(step=step)) if step else (headline,)
        parts = (Text(sentences), course_table(session, facts))
        return show(globals, Answer(document, parts), rehearsal=session.rehearsal)


def _form_document(basis: Basis) -> dict[str, object]:
    """What the form says of the case that is nobody's secret."""
    return {
        "form": {
            "categories": list(basis.categories),
            "stage": basis.stage,
            "grade": basis.grade,
            "admitted_to": basis.admitted_to,
            "province": basis.province,
            "household_in": list(basis.household_in),
            "handed_in_on": basis.handed_in_on,
            "documents": list(basis.documents) if basis.documents is not None else None,
            "household": basis.household,
        }
    }
