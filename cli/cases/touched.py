"""Whom an amended plan would touch: awards that stand as an earlier version decided them, and what the new one would have given.

Nothing is decided anew: a version effective in the past changes no award; this is the list somebody needs in order to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mingzhang.domain.aid.application import Application, application_parts
from mingzhang.domain.aid.basis import basis_of
from mingzhang.domain.aid.due_amounts import due_under
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.streams import Streams

from ..i18n import _
from ..output import Column, Table
from ..session import Session
from .named import masked_names

if TYPE_CHECKING:
    from mingzhang.projections.projection import View


@dataclass(frozen=True, slots=True)
class Touched:
    """`would_fen` None: the new version would not award it, for the reason `code`."""

    application: str
    student: str
    period: str
    tier: str | None
    amount_fen: int
    would_tier: str | None
    would_fen: int | None
    code: str | None

    def document(self) -> dict[str, object]:
        return {
            "application": self.application,
            "student": self.student,
            "period": self.period,
            "tier": self.tier,
            "amount_fen": self.amount_fen,
            "would_tier": self.would_tier,
            "would_fen": self.would_fen,
            "difference_fen": (self.would_fen or 0) - self.amount_fen,
            "code": self.code,
        }


def touched(streams: Streams, view: View, plan: Plan, since: date, earlier: Collection[str]) -> list[Touched]:
    """The standing awards of the plan decided on or after `since`, by one of the `earlier` versions, that this version decides otherwise,
    in the order of their names. The states must be those of the view's log size."""
    from mingzhang.projections.aid_steps import standing_awards

    schemes = {f"{plan.code}.{scheme.code}": scheme for scheme in plan.schemes}
    prefix = f"{plan.code}."
    awards = [
        award
        for award in standing_awards(view)
        if award.scheme.startswith(prefix) and award.since >= since.isoformat() and award.plan_version in earlier
    ]
    streams.fetch(f"application/{award.scheme}/{award.student}/{award.period}" for award in awards)
    streams.fetch(f"entry/{award.period}/{award.student}" for award in awards)
    found = []
    for award in awards:
        case = streams.read(Application, award.scheme, award.student, award.period)
        one = _anew(streams, case, schemes.get(award.scheme), award.amount_fen)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.application)


def _anew(streams: Streams, case: Application, scheme: Scheme | None, amount_fen: int) -> Touched | None:
    """What the scheme gives for the case as it now stands; None where that is what it has. Amounts that people set are left alone."""
    about = (case.stream, case.student, case.period, case.tier, amount_fen)
    if scheme is None:
        return Touched(*about, None, None, "scheme_unknown")
    due = due_under(scheme, basis_of(streams, case), case)
    if due.code is not None:
        return Touched(*about, None, None, due.code)
    unchanged = due.amount_fen is None or (due.tier, due.amount_fen) == (case.tier, amount_fen)
    return None if unchanged else Touched(*about, due.tier, due.amount_fen, None)


def touched_table(session: Session, found: Sequence[Touched]) -> Table:
    """The list for people, with what it comes to."""
    names = masked_names(session, [one.student for one in found])
    rows = [
        {
            **one.document(),
            "name": names.get(one.student, ""),
            "would": one.would_tier or _("nothing"),
            "scheme": application_parts(one.application)[0],
        }
        for one in found
    ]
    heads = [
        Column(_("Student"), "name"),
        Column(_("Scheme"), "scheme"),
        Column(_("Period"), "period"),
        Column(_("Tier"), "tier"),
        Column(_("Awarded, yuan"), "amount_fen"),
        Column(_("Would be"), "would"),
        Column(_("Would be, yuan"), "would_fen"),
        Column(_("Difference, yuan"), "difference_fen"),
    ]
    said = _("{count} awards stand as an earlier version decided them; this version would decide them otherwise.")
    caption = said.format(count=len(rows))
    return Table(heads, rows, caption=caption)
