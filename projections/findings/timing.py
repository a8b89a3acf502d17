"""Rules about days: paid late, money that lay too long, and facts written down long after the day they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select

from mingzhang.domain.student.student import PRESENT
from mingzhang.domain.values.china import day_of_record

from ..aid_steps import APPLICATION_STEP, AWARD
from ..bitemporal import Points, Timeline, Where
from ..due_tables import DUTY_RECORD
from ..finding import Finding, Severity
from ..held_money import PaidLate, held_too_long, paid_late
from ..notices import NOTICE
from ..payment_deadlines import payment_deadlines
from ..register.recognition import ENROLMENT, ENTRY, IDENTIFIED
from .chains import Chain
from .sources import Sources


def money_paid_late(sources: Sources) -> list[Finding]:
    """Paid after the day that the plan sets: by its payment clause, so many days after the money arrived, or a day of its own, or one that
    the office was told; or by the day of a duty of its own that a payment discharges. Of several the earliest. One finding for each batch
    and pair of days. Payments that the bank had turned back in time, and which therefore went out late, are told apart, and less grave."""
    late = [*paid_late(sources.view), *_after_duties(sources)]
    first: dict[str, PaidLate] = {}
    for row in late:
        if row.paid_ref not in first or row.due_on < first[row.paid_ref].due_on:
            first[row.paid_ref] = row
    answered = {chain.payment: chain.answered_on for chain in sources.chains} if late else {}
    kept_fen = {paid.ref: paid.kept_fen for chain in sources.chains for paid in chain.paid} if late else {}
    groups: dict[tuple[str, str, str, bool], list[PaidLate]] = {}
    for row in first.values():
        if row.days_late > sources.switches.days("paid_late", row.plan, row.paid_on):
            in_time = answered.get(row.payment, row.paid_on) <= row.due_on
            groups.setdefault((row.batch, row.due_on, row.paid_on, in_time), []).append(row)
    return [
        Finding(
            rule="paid_late",
            severity="low" if in_time else "medium",
            subject=batch,
            payment=None,
            amount_fen=sum(kept_fen[row.paid_ref] for row in rows),  # what came back and went out again is counted once
            events=tuple(dict.fromkeys(ref for row in rows for ref in (*row.events[1:], row.paid_ref))),
            known_at_payment=None,
            facts={
                "paid_on": paid_on,
                "due_on": due_on,
                "days": rows[0].days_late,
                "count": len(rows),
                "fund": rows[0].fund,
                "after_arrival": rows[0].arrival is not None,
                "tried_in_time": in_time,
                "plan": rows[0].plan,
                "clause": rows[0].clause,
            },
        )
        for (batch, due_on, paid_on, in_time), rows in groups.items()
    ]


def _after_duties(sources: Sources) -> list[PaidLate]:
    """What was paid after the day of a duty to pay. What was decided to be paid afterwards (a top-up) makes nothing late."""
    deadlines = payment_deadlines(sources.view, sources.versions)
    found = []
    for chain in sources.chains if deadlines else ():
        deadline = deadlines.get((chain.scheme, chain.period))
        if deadline is None or chain.instalment.startswith("t"):
            continue
        for paid in chain.paid:
            if paid.on > deadline.due_on:
                days = (date.fromisoformat(paid.on) - date.fromisoformat(deadline.due_on)).days
                batch = sources.batches.get(paid.batch)
                found.append(
                    PaidLate(
                        chain.payment, chain.student, paid.batch, batch.fund if batch is not None else "", paid.on, deadline.due_on, days,
                        paid.amount_fen, None, deadline.plan, deadline.clause, paid.ref, (paid.ref, *deadline.events),
                    )
                )  # fmt: skip
    return found


def money_held_too_long(sources: Sources) -> list[Finding]:
    """Money that arrived and was neither paid nor returned upward within the days that the plan's payment clause gives; first in, first
    out. Where the clause gives no days, nothing is held too long."""
    days = sources.switches.days
    return [
        Finding(
            rule="money_held_too_long",
            severity="high" if row.gone_on is None else "medium",
            subject=row.fund,
            payment=None,
            amount_fen=row.held_fen,
            events=row.events,
            known_at_payment=None,
            facts={
                "arrival": row.arrival,
                "on": row.arrived_on,
                "due_on": row.due_on,
                "days": row.days_over,
                "still_held_fen": row.still_held_fen,
                "gone_on": row.gone_on,
                "plan": row.plan,
                "clause": row.clause,
            },
        )
        for row in held_too_long(sources.view)
        if row.days_over > days("money_held_too_long", row.plan, row.arrived_on)
    ]


class _Late(NamedTuple):
    """A fact that was written down late: `topic`, its day, what it is about, and the payments that went out on it. last_day: until when a
    notice hung."""

    topic: str
    ref: str
    leaf: int
    on: str
    subject: str
    scheme: str | None
    plan: str | None
    period: str | None
    severity: Severity
    chains: tuple[Chain, ...] = ()
    last_day: str | None = None


def backdated_entry(sources: Sources) -> list[Finding]:
    """Written down more days after the day it says than the plan allows (30 where it says nothing), and of a kind whose day decides over
    money or a duty: a notice hung up (also where it was written down only after its last day), an application handed in, an award
    approved, a duty discharged without its report; a survey entry or a recognition of somebody who was paid; and somebody said to be
    enrolled on a day for which they had been paid before that was written down. Registers that come with their own day of registration
    are not judged by this rule, nor are money and contacts, which have rules of their own, nor facts whose earlier day is against whoever
    wrote them down (a withdrawal)."""
    found = []
    for late in (*_notices(sources), *_cases(sources), *_duties(sources), *_people(sources), *_enrolled(sources)):
        recorded_on, by = _recorded(sources, late.leaf)
        first = min(late.chains, key=lambda chain: chain.first.left_at, default=None)
        found.append(
            Finding(
                rule="backdated_entry",
                severity=late.severity,
                subject=late.subject,
                payment=first.payment if first is not None else None,
                amount_fen=sum(chain.kept_fen for chain in late.chains),
                events=(late.ref, *(chain.last.ref for chain in late.chains)),
                known_at_payment=None if first is None else late.leaf < first.first.left_at,
                facts={
                    "fact": late.ref,
                    "topic": late.topic,
                    "on": late.on,
                    "recorded_on": recorded_on,
                    "staff": by,
                    "days": (date.fromisoformat(recorded_on) - date.fromisoformat(late.on)).days,
                    "scheme": late.scheme,
                    "plan": late.plan,
                    "period": late.period,
                    **({"last_day": late.last_day} if late.last_day is not None else {}),
                },
            )
        )
    return found


def _recorded(sources: Sources, leaf: int) -> tuple[str, str]:
    """The day in Asia/Shanghai on which an event was written down, and by whom."""
    [row] = sources.journal.select_rows(leaf, 1)
    return day_of_record(row.recorded_at).isoformat(), orjson.loads(row.state)["actor"]


def _is_late(sources: Sources, leaf: int, on: str, plan: str | None) -> bool:
    days = sources.switches.days("backdated_entry", plan, on)
    return leaf >= sources.size_after(_later(on, days))


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _late_days(sources: Sources, kept: Points | Timeline, where: Where | None = None) -> list[str]:
    """The days of which anything was written down late: the database looks at all facts, and only those of these days are read."""
    view = sources.view
    rows, day = (view.points(kept, where), "effective_on") if isinstance(kept, Points) else (view.history(kept, where), "effective_from")
    c = rows.c
    newest = view.rows(select(c[day].label("on"), func.max(c.fact_leaf).label("leaf")).group_by(c[day]))
    least = sources.switches.least_days("backdated_entry")
    return sorted(row.on for row in newest if row.leaf >= sources.size_after(_later(row.on, least)))


def _of_days(sources: Sources, kept: Points | Timeline, where: Where | None = None) -> Iterable[Any]:
    days = _late_days(sources, kept, where)
    view = sources.view
    for on in days:
        rows = view.points(kept, where) if isinstance(kept, Points) else view.history(kept, where)
        column = rows.c["effective_on" if isinstance(kept, Points) else "effective_from"]
        yield from view.rows(select(rows).where(column == on).order_by(rows.c.fact_leaf))


def _notices(sources: Sources) -> Iterator[_Late]:
    view = sources.view
    for row in view.rows(select(view.points(NOTICE))):
        plan = row.scheme.partition(".")[0]
        if _is_late(sources, row.fact_leaf, row.effective_on, plan) or row.fact_leaf >= sources.size_after(row.last_day):
            yield _Late(
                "notice.posted", row.ref, row.fact_leaf, row.effective_on, row.notice, row.scheme, plan, row.period, "high",
                last_day=row.last_day,
            )  # fmt: skip


def _cases(sources: Sources) -> Iterator[_Late]:
    submitted = list(_of_days(sources, APPLICATION_STEP, lambda c: c.step == "submitted"))
    awarded = list(_of_days(sources, AWARD))
    paid: dict[tuple[str, str, str], list[Chain]] = {}
    for chain in sources.chains if submitted or awarded else ():
        paid.setdefault(chain.place, []).append(chain)
    for row in submitted:
        if _is_late(sources, row.fact_leaf, row.effective_on, row.scheme.partition(".")[0]):
            yield _of_case("application.submitted", row, row.effective_on, "low", paid)
    for row in awarded:
        if _is_late(sources, row.fact_leaf, row.effective_from, row.scheme.partition(".")[0]):
            yield _of_case("award.approved", row, row.effective_from, "medium", paid)


def _of_case(topic: str, row: Any, on: str, severity: Severity, paid: dict[tuple[str, str, str], list[Chain]]) -> _Late:
    chains = tuple(paid.get((row.scheme, row.student, row.period), ()))
    plan = row.scheme.partition(".")[0]
    return _Late(topic, row.ref, row.fact_leaf, on, row.student, row.scheme, plan, row.period, severity, chains)


def _duties(sources: Sources) -> Iterator[_Late]:
    for row in _of_days(sources, DUTY_RECORD, lambda c: (c.step == "discharged") & c.sha256.is_(None)):
        if _is_late(sources, row.fact_leaf, row.effective_on, row.plan):
            about = row.ref.rpartition("@")[0]
            yield _Late("duty.discharged", row.ref, row.fact_leaf, row.effective_on, about, None, row.plan, row.period, "low")


def _people(sources: Sources) -> Iterator[_Late]:
    """Entries and recognitions of people who were paid."""
    entries = list(_of_days(sources, ENTRY))
    identified = list(_of_days(sources, IDENTIFIED, lambda c: c.round.is_(None) & c.ref.is_not(None)))
    paid: dict[tuple[str, str], list[Chain]] = {}
    for chain in sources.chains if entries or identified else ():
        paid.setdefault((chain.person, chain.period), []).append(chain)
        paid.setdefault((chain.person, ""), []).append(chain)

    def paid_on_it(row: Any, period: str) -> list[Chain]:
        """The payments of plans by whose figure the fact is late."""
        chains = paid.get((sources.person(row.student), period), ())
        return [one for one in chains if _is_late(sources, row.fact_leaf, row.effective_from, _plan(one))]

    for row in entries:
        if chains := paid_on_it(row, row.round):
            yield _of_person("entry.recorded", row, row.round, "medium", chains)
    for row in identified:
        if chains := paid_on_it(row, ""):
            yield _of_person("student.category_determined", row, None, "medium", chains)


def _of_person(topic: str, row: Any, period: str | None, severity: Severity, chains: Sequence[Chain]) -> _Late:
    return _Late(topic, row.ref, row.fact_leaf, row.effective_from, row.student, None, None, period, severity, tuple(chains))


def _plan(chain: Chain) -> str:
    return chain.scheme.partition(".")[0]


def _enrolled(sources: Sources) -> Iterator[_Late]:
    """Said to be enrolled on the day of a payment, only after it had left, of somebody of whom another fact said that they were not."""
    view = sources.view
    gone: dict[str, str] = {}
    for row in view.rows(select(view.history(ENROLMENT, lambda c: c.status.not_in(sorted(PRESENT))))):
        person = sources.person(row.student)
        gone[person] = min(gone.get(person, row.effective_from), row.effective_from)
    paid: dict[str, list[Chain]] = {}
    for chain in sources.chains:
        if chain.person in gone:
            paid.setdefault(chain.person, []).append(chain)
    for row in _of_days(sources, ENROLMENT, lambda c: c.registered_on.is_(None)) if paid else ():
        person = sources.person(row.student)
        if row.status not in PRESENT or person not in paid:
            continue
        since = max(row.effective_from, gone[person])
        covered = [
            chain
            for chain in paid[person]
            if since <= chain.last.on < row.effective_until
            and chain.last.left_at < row.fact_leaf
            and _is_late(sources, row.fact_leaf, row.effective_from, _plan(chain))
        ]
        if covered:
            yield _of_person("student.enrolment_changed", row, covered[0].period, "high", covered)
