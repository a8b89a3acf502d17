"""The cases somebody has still to decide, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mingzhang.domain.aid.application import Application, application_parts
from mingzhang.domain.aid.procedure import next_step
from mingzhang.domain.command import Command
from mingzhang.domain.facts import Recorded, decode
from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.streams import Streams

from ..session import Session
from .chosen import Selection, as_decided

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf


def open_cases(session: Session, chosen: Selection) -> list[str]:
    """The submitted applications of the selection that nobody has decided yet, in the list's order."""
    from mingzhang.projections.payments import applications

    with as_decided(session) as view:
        found = applications(view, chosen.scheme, chosen.period, chosen.unit, "submitted")
    return [row.application for row in found]


def case_of(command: Command) -> str:
    """The application a command is about, as its stream is named."""
    return "application/" + "/".join(application_parts(str(getattr(command, "application", ""))))


def next_steps(session: Session, references: Iterable[str], as_of: AsOf) -> dict[str, str]:
    """The plan's name for the step each open case waited for on that day, as known then; cases that waited for none are left out."""
    wanted = list(references)
    facts: dict[str, list[Recorded]] = {}
    for row in session.ledger.journal.select_streams(wanted):
        fact = decode(row.topic, row.state)
        if row.leaf_index < as_of.known_at and fact.effective_on <= as_of.effective_on:
            facts.setdefault(row.originator_id, []).append(Recorded(row.originator_id, row.originator_version, fact))
    then = Streams(lambda names: {name: facts.get(name, ()) for name in names})
    schemes: dict[str, Scheme | None] = {}
    found: dict[str, str] = {}
    for reference in wanted:
        case = then.at(Application, reference)
        if case.stand != "submitted":
            continue
        if case.scheme not in schemes:
            plan, _, code = case.scheme.partition(".")
            version = session.streams.read(AdoptedPlan, plan).version_on(as_of.effective_on)
            schemes[case.scheme] = next((one for one in version.plan.schemes if one.code == code), None) if version else None
        scheme = schemes[case.scheme]
        if scheme is not None and scheme.steps:
            found[reference] = next_step(case, scheme)[1].name
    return found
