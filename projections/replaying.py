"""What another version of a plan would have given for a period, beside what stands; nothing is recorded, and nobody's case is touched.

Judged by the rule that decides awards (`due_under`). Only what the version changes counts: where the version that decided an award and the
other one give the same by what is known now, the award stands as it is; what a later fact changes is another question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.basis import Basis, basis_of
from mingzhang.domain.aid.due_amounts import Due, due_under
from mingzhang.domain.aid.lists import as_lists_stand
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.streams import Streams
from mingzhang.domain.student.student import PRESENT
from mingzhang.domain.values.periods import Period
from mingzhang.domain.values.periods import period as period_of

from .aid_steps import StandingAward, standing_awards
from .applications import applications
from .projection import View
from .register.offices import units_below
from .register.recognition import survivors
from .register.roster import enrolment_by_person
from .register.survey import entries
from .states import Log, streams_as_of

_NOT_GONE = PRESENT | {"毕业"}


class ReplayRow(NamedTuple):
    """One student in one scheme. now_fen: what stands awarded, 0 where nothing does; then_fen: what the other version gives, None where it
    leaves the figure to the office and none is known.

    why: unchanged, amount_changed, tier_changed, newly_covered, set_by_hand, amount_outside_range, scheme_dropped, schemes_do_not_stack, or
    the code of the condition that is not met. clause: of the tier or scheme in the other version, or in the one that decided, where the
    other has none; ref: the fact that awards or recognises.
    """

    student: str
    unit: str
    scheme: str
    categories: tuple[str, ...]
    now_tier: str | None
    now_fen: int
    then_tier: str | None
    then_fen: int | None
    why: str
    clause: str
    ref: str

    @property
    def difference_fen(self) -> int:
        return (self.then_fen or 0) - self.now_fen


@dataclass
class Replay:
    """rows: everybody with an award, and whom the other version newly covers, by scheme, unit and student. waiting: by scheme, the fen
    the other version gives each who is due by both and not awarded, for reasons no version knows (nobody applied, a review, an
    objection), None where an office sets it; not_compared: whether they stand on a list that the other version asks for was never looked
    at; drifted: awards that the version that decided them would give otherwise by what is known now."""

    rows: list[ReplayRow] = field(default_factory=list)
    waiting: dict[str, list[int | None]] = field(default_factory=dict)
    not_compared: int = 0
    drifted: int = 0


PlanOf = Callable[[str], Plan]


def replay(
    view: View, journal: Log, decided_by: PlanOf, now: Plan, then: Plan, period: str, scheme: str | None = None, unit: str | None = None
) -> Replay:
    """The period under `then`, beside what stands under `now`, the version in force.

    decided_by: the version of the plan with that name, for an award names its own; scheme: only this one, by its code; a unit means itself
    and those below it. Loans are nobody's due and are left out. Raises `period_malformed`.
    """
    return _Replaying(view, streams_as_of(journal, view.as_of), decided_by, now, then, period_of(period)).of(scheme, unit)


class _Replaying:
    def __init__(self, view: View, streams: Streams, decided_by: PlanOf, now: Plan, then: Plan, when: Period) -> None:
        self._view, self._streams, self._decided_by, self._when = view, streams, decided_by, when
        self._now, self._then = now, then
        self._merged = survivors(view)
        self._awards = [one for one in standing_awards(view) if one.scheme.startswith(f"{now.code}.")]
        self._entries = {self._person(one.student): one.student for one in entries(view, when.text)}
        self._enrolled = enrolment_by_person(view, self._merged)
        self._found = Replay()

    def of(self, scheme: str | None, unit: str | None) -> Replay:
        now, then = _schemes(self._now, self._when), _schemes(self._then, self._when)
        asked = [code for code in dict.fromkeys((*then, *now)) if scheme in (None, code)]
        wanted = units_below(self._view, unit) if unit is not None else None
        rows: list[ReplayRow] = []
        for code in asked:
            rows += self._awarded(code, then.get(code))
        rows = self._stacked(rows)
        for code in asked:
            if code in then:
                rows += self._newly_covered(code, now.get(code), then[code], rows, wanted)
        self._found.rows = sorted(
            (row for row in rows if wanted is None or row.unit in wanted), key=lambda row: (row.scheme, row.unit, row.student)
        )
        return self._found

    def _person(self, student: str) -> str:
        return self._merged.get(student, student)

    def _awarded(self, code: str, then: Scheme | None) -> list[ReplayRow]:
        """Whoever has an award of the scheme for the period, each judged by the version that decided it and by the other one."""
        qualified = f"{self._now.code}.{code}"
        awards = [one for one in self._awards if (one.scheme, one.period) == (qualified, self._when.text)]
        self._fetch(qualified, (one.student for one in awards))
        return [self._award_again(award, code, then) for award in awards]

    def _award_again(self, award: StandingAward, code: str, then: Scheme | None) -> ReplayRow:
        case, basis = self._case(award.scheme, award.student)
        decided = next((one for one in self._decided_by(award.plan_version).schemes if one.code == code), None)
        before = due_under(decided, basis, case) if decided is not None else None
        about = (self._person(award.student), award.unit, award.scheme, award.categories)
        clause = _clause(decided, case.tier) if decided is not None else ""
        if then is None:
            return ReplayRow(*about, case.tier, award.amount_fen, None, 0, "scheme_dropped", clause, award.ref)
        due = due_under(then, basis, case)
        if before is not None and before.amount_fen is not None and (before.tier, before.amount_fen) != (case.tier, award.amount_fen):
            self._found.drifted += 1
        tier, amount, why = _anew(case.tier, award.amount_fen, before, due, then)
        return ReplayRow(*about, case.tier, award.amount_fen, tier, amount, why, _clause(then, tier) or clause, award.ref)

    def _newly_covered(
        self, code: str, now: Scheme | None, then: Scheme, rows: Sequence[ReplayRow], wanted: Iterable[str] | None
    ) -> list[ReplayRow]:
        """Whom the other version gives what the one in force does not; they have no award, and may never have applied."""
        qualified = f"{self._now.code}.{code}"
        has = {row.student for row in rows if row.scheme == qualified}
        applied = {self._person(row.student): row.student for row in applications(self._view, qualified, self._when.text)}
        people = {**(self._entries if then.basis == "survey" else {}), **applied}
        self._fetch(qualified, people.values())
        barred = self._barred(then, rows)
        found: list[ReplayRow] = []
        for person, student in sorted(people.items()):
            if person in has or person in barred or self._enrolled.get(person, "在读") not in _NOT_GONE:
                continue
            case, basis = self._case(qualified, student)
            if basis is None or (wanted is not None and basis.unit not in wanted):
                continue
            due = due_under(then, basis, case)
            before = due_under(now, basis, case) if now is not None else Due(None, 0, "scheme_unknown")
            if due.code == "not_compared" and before.code != "not_compared":
                self._found.not_compared += 1
            if due.code is not None:
                continue
            if before.code is None:
                self._found.waiting.setdefault(qualified, []).append(due.amount_fen)
                continue
            found.append(self._newcomer(person, qualified, basis, then, due))
        return found

    def _newcomer(self, person: str, qualified: str, basis: Basis, then: Scheme, due: Due) -> ReplayRow:
        clause = _clause(then, due.tier)
        return ReplayRow(
            person, basis.unit, qualified, basis.categories, None, 0, due.tier, due.amount_fen, "newly_covered", clause, basis.ref
        )

    def _fetch(self, qualified: str, students: Iterable[str]) -> None:
        wanted = list(students)
        names = [f"application/{qualified}/{student}/{self._when.text}" for student in wanted]
        self._streams.fetch([*names, *(f"entry/{self._when.text}/{student}" for student in wanted)])

    def _case(self, qualified: str, student: str) -> tuple[Application, Basis | None]:
        case = self._streams.read(Application, qualified, student, self._when.text)
        if not case.exists:
            case = replace(case, scheme=qualified, student=student, period=self._when.text)
        elif case.compared is not None:
            case = as_lists_stand(self._streams, case)
        return case, basis_of(self._streams, case)

    def _stacked(self, rows: list[ReplayRow]) -> list[ReplayRow]:
        """Of two awards that may stand beside each other now and not under the other version, the one the plan names first stays."""
        order = {f"{self._then.code}.{one.code}": one for one in self._then.schemes}
        together = {(one.code, other.code) for one in self._now.schemes for other in self._now.schemes if _stack(one, other)}
        kept: dict[str, list[Scheme]] = {}
        found = []
        for row in rows:  # in the order of the other version's schemes
            own = order.get(row.scheme)
            if own is not None and row.then_fen:
                if any(not _stack(own, other) and (own.code, other.code) in together for other in kept.get(row.student, ())):
                    found.append(row._replace(then_tier=None, then_fen=0, why="schemes_do_not_stack", clause=own.clause))
                    continue
                kept.setdefault(row.student, []).append(own)
            found.append(row)
        return found

    def _barred(self, then: Scheme, rows: Sequence[ReplayRow]) -> set[str]:
        """Who has, under the other version, something of a scheme that this one does not stack with, for a time that overlaps."""
        against = {f"{self._then.code}.{one.code}" for one in self._then.schemes if one.code != then.code and not _stack(then, one)}
        found = {row.student for row in rows if row.scheme in against and row.then_fen}
        for award in self._awards:
            theirs = period_of(award.period)
            overlaps = theirs.first <= self._when.last and self._when.first <= theirs.last
            if award.scheme in against and theirs.kind != self._when.kind and overlaps:
                found.add(self._person(award.student))
        return found


def _schemes(plan: Plan, when: Period) -> Mapping[str, Scheme]:
    return {one.code: one for one in plan.schemes if one.kind != "loan" and one.period == when.kind}


def _stack(one: Scheme, other: Scheme) -> bool:
    return other.code in one.stacks_with or one.code in other.stacks_with


def _clause(scheme: Scheme, tier: str | None) -> str:
    return next((one.clause for one in scheme.tiers if one.code == tier and one.clause), scheme.clause)


def _anew(tier: str | None, amount_fen: int, before: Due | None, due: Due, then: Scheme) -> tuple[str | None, int | None, str]:
    """(tier, fen, why) of an award under the other version."""
    if before == due and (due.code is not None or due.amount_fen is not None):
        return tier, amount_fen, "unchanged"
    if due.code is not None:
        return None, 0, due.code
    if due.amount_fen is None:  # what an office set by hand stays, as far as the other version's limits let it
        least, most = then.least_fen, then.most_fen
        if then.amount == "range" and least is not None and most is not None and not least <= amount_fen <= most:
            return due.tier, min(max(amount_fen, least), most), "amount_outside_range"
        return due.tier, amount_fen, "set_by_hand"
    if (due.tier, due.amount_fen) == (tier, amount_fen):
        return tier, amount_fen, "unchanged"
    return due.tier, due.amount_fen, "tier_changed" if due.tier != tier else "amount_changed"
