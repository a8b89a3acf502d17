"""Rules about money that left: to whom, how much of it, how often, and when."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

from sqlalchemy import select

from mingzhang.domain.values.periods import Period
from mingzhang.domain.values.periods import period as period_of

from ..finding import Finding, Severity
from ..notices import NOTICE, NOTICE_CASE, NOTICE_PASS, NOTICE_STEP
from ..payments import paid_while_not_enrolled
from ..tables import FOREVER
from .chains import Chain, paid_fen
from .sources import Award, Sources


def money_paid_while_not_enrolled(sources: Sources) -> list[Finding]:
    """Paid on a day on which, by what is known now, the student was on leave, gone or dead. The graver if it had been known."""
    return [
        Finding(
            rule="paid_while_not_enrolled",
            severity=_severity(row.known_at_payment, row.amount_fen - row.returned_fen),
            subject=row.student,
            payment=row.payment,
            amount_fen=row.amount_fen - row.returned_fen,
            events=(row.ref, row.says),
            known_at_payment=row.known_at_payment,
            facts={
                "status": row.status,
                "effective_on": row.effective_on,
                "batch": row.batch,
                "paid_on": row.paid_on,
                "paid_fen": row.amount_fen,
                "returned_fen": row.returned_fen,
            },
        )
        for row in paid_while_not_enrolled(sources.view)
    ]


def more_paid_than_awarded(sources: Sources) -> list[Finding]:
    """Of all instalments of a case, less what came back, the payee has kept more than the award now stands at; 0 where it was revoked."""
    of_case: dict[tuple[str, str, str], int] = {}
    for chain in sources.chains:
        if chain.kept_fen > 0:
            of_case[chain.place] = of_case.get(chain.place, 0) + chain.kept_fen
    awards = sources.awards
    more = {place: kept for place, kept in of_case.items() if (award := awards.get(place)) is None or kept > award.amount_fen}
    cases: dict[tuple[str, str, str], list[Chain]] = {}
    for chain in sources.chains if more else ():
        if chain.kept_fen > 0 and chain.place in more:
            cases.setdefault(chain.place, []).append(chain)
    found = []
    for place, chains in cases.items():
        award = sources.awards.get(place)
        allowed = award.amount_fen if award is not None else 0
        kept = more[place]
        last = max(chains, key=lambda chain: chain.last.leaf)
        known = _known(award, last)
        found.append(
            Finding(
                rule="paid_more_than_award",
                severity="medium" if known is False else "high",
                subject=last.student,
                payment=last.payment,
                amount_fen=kept - allowed,
                events=(*(chain.last.ref for chain in chains), *((award.ref,) if award is not None else ())),
                known_at_payment=known,
                facts={
                    "scheme": last.scheme,
                    "period": last.period,
                    "paid_fen": kept,
                    "award_fen": allowed,
                    "paid_on": last.last.on,
                    "clawback_raised": any(chain.clawback_raised for chain in chains),
                },
            )
        )
    return found


def _known(award: Award | None, chain: Chain) -> bool:
    """Whether the award stood so low before the money could no longer be stopped."""
    return award is None or award.leaf < chain.last.left_at


def paid_twice_for_one_period(sources: Sources) -> list[Finding]:
    """One person, by all files merged into theirs, kept money of one scheme under two files, or of two schemes that do not stack, for times
    that overlap. What schemes of different plans say of each other no plan lays down, and is not judged."""
    people: dict[str, list[Chain]] = {}
    several: set[str] = set()
    for chain in sources.chains:
        if chain.kept_fen > 0:
            own = people.setdefault(chain.person, [])
            if own and own[0].place != chain.place:
                several.add(chain.person)
            own.append(chain)
    found = []
    for person in several:
        cases: dict[tuple[str, str, str], list[Chain]] = {}
        for chain in people[person]:
            cases.setdefault(chain.place, []).append(chain)
        for one, other in combinations(cases.values(), 2):
            if _excludes(sources, one[0], other[0]):
                found.append(_twice(sources, person, *sorted((one, other), key=lambda chains: chains[0].first.leaf)))
    return found


def _excludes(sources: Sources, one: Chain, other: Chain) -> bool:
    plan, code = one.scheme.split(".", 1)
    other_plan, other_code = other.scheme.split(".", 1)
    if plan != other_plan or not _overlap(period_of(one.period), period_of(other.period)):
        return False
    if one.scheme == other.scheme:
        return one.student != other.student
    day = max(one.last.on, other.last.on)
    schemes = sources.scheme_on(one.scheme, day), sources.scheme_on(other.scheme, day)
    if schemes[0] is None or schemes[1] is None:
        return False
    return other_code not in schemes[0].stacks_with and code not in schemes[1].stacks_with


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def _twice(sources: Sources, person: str, first: list[Chain], second: list[Chain]) -> Finding:
    before, after = first[0], second[0]
    merges = sorted(sources.merges[file] for file in {before.student, after.student} if file in sources.merges)
    learned = [leaf for leaf, _ref in merges] if before.student != after.student else []
    left_at = second[-1].first.left_at
    known = before.first.left_at <= left_at and all(leaf < left_at for leaf in learned)
    return Finding(
        rule="paid_twice_for_period",
        severity="high" if known else "medium",
        subject=person,
        payment=after.payment,
        amount_fen=min(sum(chain.kept_fen for chain in first), sum(chain.kept_fen for chain in second)),
        events=(*(chain.last.ref for chain in (*first, *second)), *(ref for _leaf, ref in merges)),
        known_at_payment=known,
        facts={
            "scheme": after.scheme,
            "other_scheme": before.scheme,
            "period": after.period,
            "other_period": before.period,
            "other_payment": before.payment,
            "paid_on": second[-1].last.on,
        },
    )


def paid_inside_a_notice(sources: Sources) -> list[Finding]:
    """Paid while the list of the case still hung (公示), or before the notice had let the case pass, also where it never did. A notice
    taken down early, without effect, is none; one that was hung up only after the money had gone is about another decision."""
    view = sources.view
    posted = {row.notice: row for row in view.rows(select(view.points(NOTICE)))}
    if not posted:
        return []
    steps = view.points(NOTICE_STEP, lambda c: c.step == "withdrawn")
    void = {row.notice for row in view.rows(select(steps)) if row.early}
    points = view.points(NOTICE_PASS)
    passed = {(row.notice, row.scheme, row.student, row.period): row for row in view.rows(select(points))}
    steps_passed = {(*place, posted[notice].step) for notice, *place in passed if notice in posted}
    chains: dict[tuple[str, str, str], list[Chain]] = {}
    for chain in sources.chains:
        chains.setdefault(chain.place, []).append(chain)
    cases = view.points(NOTICE_CASE)
    found = []
    for case in view.rows(select(cases)):
        place = (case.scheme, case.student, case.period)
        if place not in chains or case.notice in void:
            continue
        notice, let_through = posted[case.notice], passed.get((case.notice, *place))
        for chain in chains[place]:
            if let_through is not None:
                over = max(notice.last_day, _day_before(let_through.effective_on))
            else:  # held back, it may have passed with another list of the same step
                over = notice.last_day if (*place, notice.step) in steps_passed else FOREVER
            inside = [one for one in chain.paid if notice.effective_on <= one.on <= over]
            if inside:
                early, kept = inside[0], sum(one.kept_fen for one in inside)
                paid = paid_fen(inside)
                found.append(
                    Finding(
                        rule="paid_inside_notice",
                        severity=_severity(True, kept),
                        subject=chain.student,
                        payment=chain.payment,
                        amount_fen=kept,
                        events=(early.ref, notice.ref, *((let_through.ref,) if let_through is not None else ())),
                        known_at_payment=notice.fact_leaf < early.left_at,
                        facts={
                            "paid_on": early.on,
                            "paid_fen": paid,
                            "returned_fen": paid - kept,
                            "notice": case.notice,
                            "step": notice.step,
                            "last_day": notice.last_day,
                            "passed_on": let_through.effective_on if let_through is not None else None,
                        },
                    )
                )
    return found


def _severity(known: bool, kept_fen: int) -> Severity:
    """The graver where it was known, and little once all of it has come back."""
    return ("high" if known else "medium") if kept_fen > 0 else "low"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
