"""What one version of a scheme gives for a case: judged by the rule that decides awards, so that nobody has a second opinion of it.

Used where an award is approved, and where somebody asks what would be due by what is known now or under another version of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..plan.schemes import Scheme
from .application import Application
from .basis import Basis
from .eligibility import unmet


@dataclass(frozen=True)
class Due:
    """`tier` is the plan's code for it. amount_fen: whole fen for the case's period, None where the plan leaves the figure to the office.
    code: the first condition that is not met (see `eligibility.unmet`), and then amount_fen is 0; None for an eligible case."""

    tier: str | None
    amount_fen: int | None
    code: str | None = None


def due_under(scheme: Scheme, basis: Basis | None, case: Application) -> Due:
    """What the scheme, in the version it was read from, gives for the case as it now stands.

    basis: what the case rests on (`basis.basis_of`), None where there is nothing. For somebody who has not applied, `case` is the empty
    state of the stream their application would have (`Application("application/<scheme>/<student>/<period>")`) with its `period` set.
    Enrolment is no part of it: a grant is judged by it on the day it is paid (`money.batch.obstacle`).
    """
    if basis is None or basis.withdrawn:
        return Due(None, 0, "entry_withdrawn")
    refusal = unmet(scheme, basis, case)
    if refusal is not None:
        return Due(None, 0, refusal.code)
    tier = scheme.tier_for(basis)
    if scheme.amount != "tiers":
        return Due(tier.code if tier else None, None)
    if tier is None:
        return Due(None, 0, "no_tier_fits")
    return Due(tier.code, scheme.fen_per_period(tier, case.period))
