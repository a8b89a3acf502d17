"""应助未助: who should be aided and is not, whose award has not reached them, and who is aided against the plan's conditions.

Eligible is judged by the rule that decides applications, on what the register says: the entries of the round that decides the period,
or, where no round does, who was recognised on its last day (or on the day asked for, if that is earlier).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import select

from mingzhang.domain.aid.basis import Basis
from mingzhang.domain.aid.eligibility import unmet_by_person
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.student.student import PRESENT
from mingzhang.domain.values.periods import Period
from mingzhang.domain.values.periods import period as period_of

from .aid_steps import StandingAward, standing_awards
from .applications import ApplicationRow, applications
from .asof import AsOf
from .payments import PaymentRow, paid_while_not_enrolled, payments
from .projection import View
from .register.offices import units_below
from .register.recognition import STUDENT, survivors
from .register.roster import enrolment_by_person, recognised
from .register.survey import entries

_NOT_GONE = PRESENT | {"毕业"}
"""Who has finished is no less due what was theirs before; who has left, is away or has died is."""

Gap = Literal["unaided", "unpaid", "ineligible"]


class GapRow(NamedTuple):
    """One gap. why: not_applied, undecided, refused, stopped or no_scheme (unaided); a payment's stand or not_prepared (unpaid);
    not_recognised, not_enrolled, or the code of the condition that is not met (ineligible).

    scheme: `<plan>.<scheme>`, None where none of the plan covers the student; amount_fen: what is due (unaided; None where the plan
    leaves it open) or was awarded; paid_fen: what they have kept; ref: the fact that recognises or awards.
    """

    gap: Gap
    why: str
    scheme: str | None
    period: str
    student: str
    unit: str
    categories: tuple[str, ...]
    amount_fen: int | None
    paid_fen: int
    ref: str


@dataclass(frozen=True, slots=True)
class _Aid:
    """What stands for each person in one scheme and period; wrongly: payments on a day on which the payee was not enrolled."""

    applied: dict[str, ApplicationRow]
    awards: dict[str, StandingAward]
    paid: dict[str, list[PaymentRow]]
    wrongly: frozenset[str]

    def paid_fen(self, person: str) -> int:
        return sum(row.paid_fen for row in self.paid.get(person, ()))

    def gone(self, person: str, status: str | None) -> bool:
        """Not enrolled: on the day of a payment they have kept, or, where they have kept none, at the end."""
        kept = [row for row in self.paid.get(person, ()) if row.paid_fen > 0]
        return any(row.payment in self.wrongly for row in kept) if kept else status is not None and status not in _NOT_GONE


def gaps(view: View, plan: Plan, period: str, scheme: str | None = None, unit: str | None = None) -> list[GapRow]:
    """The gaps of one period under this version of a plan, scheme by scheme, in the order of kind, unit and student.

    Loans are nobody's due and are left out. `scheme`: only this one, by its code in the plan; a unit means itself and those below it.
    Raises `period_malformed`.
    """
    when = period_of(period)
    merged = survivors(view)
    people = _people(view, when, merged)
    enrolled = enrolment_by_person(_at_its_end(view, when), merged)
    of_period = [one for one in plan.schemes if one.kind != "loan" and one.period == when.kind]
    awards = standing_awards(view)
    wrongly = frozenset(row.payment for row in paid_while_not_enrolled(view))
    found: list[GapRow] = []
    for one in of_period:
        if scheme is None or one.code == scheme:
            qualified = f"{plan.code}.{one.code}"
            excluded = _aided_otherwise(plan, one, when, awards, merged)
            aid = _aid(view, qualified, period, awards, merged, wrongly)
            found += sorted(_of_scheme(one, qualified, when, people, enrolled, aid, excluded, plan.coverage is not None), key=_order)
    if scheme is None and plan.coverage == "all-recognised" and of_period:
        found += sorted(_covered_by_none(of_period, period, people, enrolled), key=_order)
    wanted = units_below(view, unit) if unit is not None else None
    return [row for row in found if wanted is None or row.unit in wanted]


def _order(row: GapRow) -> tuple[str, ...]:
    return (row.gap, row.why, row.unit, row.student)


def _at_its_end(view: View, when: Period) -> View:
    return View(view.connection, AsOf(min(view.as_of.effective_on, when.last), view.as_of.known_at), view.size)


def _people(view: View, when: Period, merged: dict[str, str]) -> dict[str, Basis]:
    """Whom the period's round names, else whom anything recognises at its end."""
    found: dict[str, Basis] = {}
    for entry in entries(view, when.text):
        person = merged.get(entry.student, entry.student)
        if person not in found or entry.student == person:
            found[person] = _basis(person, entry.unit, entry.ref, entry.categories, entry.stage)
    if found:
        return found
    then = _at_its_end(view, when)
    stages = {row.student: row.stage for row in view.rows(select(then.held(STUDENT)))}
    for row in recognised(then, merged, boxes=False):
        found[row.student] = _basis(row.student, row.unit, row.ref, row.categories, stages.get(row.student))
    return found


def _basis(person: str, unit: str, ref: str, categories: tuple[str, ...], stage: str | None) -> Basis:
    return Basis(
        student=person,
        unit=unit,
        ref=ref,
        since=date.min,
        recorders=(),
        withdrawn=False,
        account_given=False,
        person=None,
        categories=categories,
        stage=stage,
    )


def _aid(
    view: View, scheme: str, period: str, awards: Iterable[StandingAward], merged: dict[str, str], wrongly: frozenset[str]
) -> _Aid:
    paid: dict[str, list[PaymentRow]] = {}
    for row in payments(view, scheme, period):
        paid.setdefault(merged.get(row.student, row.student), []).append(row)
    return _Aid(
        {merged.get(row.student, row.student): row for row in applications(view, scheme, period)},
        {merged.get(one.student, one.student): one for one in awards if (one.scheme, one.period) == (scheme, period)},
        paid,
        wrongly,
    )


def _aided_otherwise(plan: Plan, scheme: Scheme, when: Period, awards: Iterable[StandingAward], merged: dict[str, str]) -> set[str]:
    """Who has an award of another scheme of the plan that does not stack with this one, for a time that overlaps."""
    others = {
        f"{plan.code}.{other.code}"
        for other in plan.schemes
        if other.code != scheme.code and other.code not in scheme.stacks_with and scheme.code not in other.stacks_with
    }
    found = set()
    for award in awards:
        if award.scheme in others:
            theirs = period_of(award.period)
            if theirs.first <= when.last and when.first <= theirs.last:
                found.add(merged.get(award.student, award.student))
    return found


def _of_scheme(
    scheme: Scheme,
    qualified: str,
    when: Period,
    people: dict[str, Basis],
    enrolled: dict[str, str],
    aid: _Aid,
    excluded: set[str],
    everybody: bool,
) -> Iterable[GapRow]:
    for person, basis in people.items():
        if person in aid.awards or person in excluded or not _eligible(scheme, basis, enrolled):
            continue
        why = _why_unaided(aid.applied.get(person))
        # Where a plan does not promise aid to everybody recognised, a refusal has settled the matter.
        settled = why == "refused" and not everybody
        # A form that was never handed in is missed only of those of whom the plan says more than that they may apply.
        needless = why == "not_applied" and scheme.basis == "form" and not scheme.conditions.categories
        if settled or needless:
            continue
        yield _row("unaided", why, qualified, when, basis, _due_fen(scheme, basis, when), aid.paid_fen(person))
    for person, case in aid.applied.items():  # whom no survey names, but who has applied
        if person not in people and person not in aid.awards and scheme.basis == "form" and _why_unaided(case) == "undecided":
            basis = _basis(person, case.unit, case.ref, (), None)
            yield _row("unaided", "undecided", qualified, when, basis, None, aid.paid_fen(person))
    for person, award in aid.awards.items():
        basis = people.get(person) or _basis(person, award.unit, award.ref, award.categories, None)
        against = _why_ineligible(scheme, people.get(person), gone=aid.gone(person, enrolled.get(person)))
        if against is not None:
            yield _row("ineligible", against, qualified, when, basis, award.amount_fen, aid.paid_fen(person))
        elif scheme.kind == "grant" and (unpaid := _why_unpaid(award, aid.paid.get(person, ()))) is not None:
            yield _row("unpaid", unpaid, qualified, when, basis, award.amount_fen, aid.paid_fen(person))


def _eligible(scheme: Scheme, basis: Basis, enrolled: dict[str, str]) -> bool:
    if scheme.conditions.enrolled and enrolled.get(basis.student, "在读") not in _NOT_GONE:
        return False
    if unmet_by_person(scheme, basis) is not None:
        return False
    if scheme.amount != "tiers" or scheme.basis == "form":  # a form says more than the register knows
        return True
    return scheme.tier_for(basis) is not None


def _due_fen(scheme: Scheme, basis: Basis, when: Period) -> int | None:
    tier = scheme.tier_for(basis) if scheme.amount == "tiers" else None
    return scheme.fen_per_period(tier, when.text) if tier is not None else None


def _why_unaided(case: ApplicationRow | None) -> str:
    if case is None or case.stand == "none":
        return "not_applied"
    if case.stand in ("refused", "rejected"):
        return "refused"
    return "undecided" if case.stand in ("submitted", "returned") else "stopped"


def _why_unpaid(award: StandingAward, said: Sequence[PaymentRow]) -> str | None:
    """How the first payment that has not arrived stands; None where all have, also where some of it was lawfully taken back since."""
    waiting = next((row.stand for row in said if row.stand not in ("paid", "waived")), None)
    prepared = sum(row.earlier_fen + row.amount_fen for row in said)
    if waiting is None and any(row.owed_fen for row in said):
        return "part_paid"  # what was taken back wrongly
    return waiting or ("not_prepared" if prepared < award.amount_fen else None)


def _why_ineligible(scheme: Scheme, basis: Basis | None, *, gone: bool) -> str | None:
    """The first reason why an award that stands should not, by what is known; a form may say what the register does not."""
    if scheme.kind == "grant" and scheme.conditions.enrolled and gone:  # what is waived was so on the day of the award
        return "not_enrolled"
    if scheme.basis == "form":
        return None
    if basis is None:
        return "not_recognised"
    refusal = unmet_by_person(scheme, basis)
    return refusal.code if refusal is not None else None


def _covered_by_none(
    schemes: list[Scheme], period: str, people: dict[str, Basis], enrolled: dict[str, str]
) -> Iterable[GapRow]:
    """全覆盖: whoever is recognised and meets the conditions of no scheme."""
    for person, basis in people.items():
        present = enrolled.get(person, "在读") in _NOT_GONE
        if present and not any(_eligible(scheme, basis, enrolled) for scheme in schemes):
            yield GapRow("unaided", "no_scheme", None, period, person, basis.unit, basis.categories, None, 0, basis.ref)


def _row(gap: Gap, why: str, scheme: str, when: Period, basis: Basis, amount_fen: int | None, paid_fen: int) -> GapRow:
    return GapRow(gap, why, scheme, when.text, basis.student, basis.unit, basis.categories, amount_fen, paid_fen, basis.ref)
