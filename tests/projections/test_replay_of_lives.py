"""Of every concept: replayed to any point the rows are those of a rebuild; what was known stays known; a day sees its own facts only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.payment import PaymentReissued
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.survey.entry import EntryCorrected
from mingzhang.projections.applications import applications
from mingzhang.projections.balances import balances, moves
from mingzhang.projections.contacts import contacts, pairings
from mingzhang.projections.crosschecks import compared, comparisons, current_lists, listed, lists, resolutions
from mingzhang.projections.differences import differences
from mingzhang.projections.dropouts import dropout_cases, pupils_lost
from mingzhang.projections.due import due, plan_versions
from mingzhang.projections.finding_answers import answers as answers_given
from mingzhang.projections.findings import audit
from mingzhang.projections.gaps import gaps
from mingzhang.projections.held_money import held_too_long, paid_late
from mingzhang.projections.inspections import inspections
from mingzhang.projections.leftbehind import left_behind
from mingzhang.projections.loans import loans
from mingzhang.projections.money_sources import PaidFrom, balances_by, spendings
from mingzhang.projections.money_years import years
from mingzhang.projections.months import closed_months, disagreements, month_rows, standings
from mingzhang.projections.notices import noticed_cases, notices
from mingzhang.projections.paid_totals import paid_totals
from mingzhang.projections.payments import payments
from mingzhang.projections.periods import periods
from mingzhang.projections.programmes import falls, figures, reports_missing_and_late, stands, targets
from mingzhang.projections.projection import View
from mingzhang.projections.register.care import care
from mingzhang.projections.rules_in_force import rules_in_force
from mingzhang.projections.schoolpairs import school_pairs
from mingzhang.projections.states import streams_as_of
from mingzhang.projections.tutoring import arranged_courses, courses
from mingzhang.projections.unanswered import unanswered
from mingzhang.projections.vouchers import unbooked, vouchers
from tests.domain.test_because import merged_and_split
from tests.given import Given
from tests.lives import lives
from tests.notices import lives as noticed
from tests.projections.recorded import Event, Recorded, stored_rows

LIVES = range(len(lives()) + len(noticed()) + 1)
MONEYED = (0, 1, 2)
"""The whole way, the attempts at a payment and the differences: a cut falls on them as often as on all others."""


class Nothing(Fact):
    """Says nothing: stands in the place of a fact, so that all others keep their references."""

    topic = "test.nothing_said"


@cache
def log_of(number: int) -> tuple[Event, ...]:
    every: list[Given] = [*lives(), *noticed(), merged_and_split()]
    return tuple(every[number].store.log)


@contextmanager
def journal_of(events: Sequence[Event]) -> Iterator[Recorded]:
    with tempfile.TemporaryDirectory() as folder:
        log = Recorded(Path(folder))
        for event in events:
            log.record(event)
        try:
            yield log
        finally:
            log.close()


def _plans(view: View) -> list[Plan]:
    return [versions[-1].plan for versions in plan_versions(view).values()]


def _months(view: View) -> Any:
    closed = closed_months(view)
    named = sorted({one.month for one in closed} | {move.on[:7] for move in moves(view)})
    told = [disagreements(view, one) for one in closed]
    return closed, told, [month_rows(view, month) for month in named], [standings(view, row.fund) for row in balances(view)]


def _lots(view: View) -> Any:
    """Every arrival with what became of its money, and the payments that were made out of it."""

    def shares(one: PaidFrom) -> list[tuple[str, int]]:
        return [(lot.ref, fen) for lot, fen in one.shares]

    return {
        fund: ([astuple(lot) for lot in one.lots], [(paid.ref, shares(paid)) for paid in one.payments])
        for fund, one in spendings(view).items()
    }


QUESTIONS: dict[str, Callable[[View], Any]] = {
    "dropouts": lambda view: (dropout_cases(view), pupils_lost(view, view.as_of.effective_on.year)),
    "left-behind": left_behind,
    "school-pairs": school_pairs,
    "loans": loans,
    "notices": lambda view: [(row, noticed_cases(view, row.notice)) for row in notices(view)],
    "inspections": inspections,
    "due": due,
    "targets": lambda view: (stands(view, targets(view)), reports_missing_and_late(view, targets(view)), falls(view, targets(view))),
    "figures": figures,
    "care": lambda view: [care(view, period) for period in ("2020", "2020-spring")],
    "tutoring": lambda view: (courses(view), arranged_courses(view)),
    "lists": lambda view: (lists(view), current_lists(view), listed(view, ["l1", "l2"]), resolutions(view)),
    "comparisons": lambda view: [(row, compared(view, row.comparison)) for row in comparisons(view)],
    "pairings": lambda view: (pairings(view), contacts(view)),
    "rules": lambda view: rules_in_force(view) and None,
    "cases": lambda view: (applications(view), payments(view), balances(view)),
    "gaps": lambda view: [gaps(view, plan, period) for plan in _plans(view) for period in ("2020", "2020-spring")],
    "periods": lambda view: [periods(view, length) for length in ("month", "quarter", "half-year")],
    "months": _months,
    "vouchers": lambda view: (vouchers(view), unbooked(view)),
    "fund-sources": lambda view: (_lots(view), [balances_by(view, by) for by in ("source", "year", "source-year")]),
    "money-years": lambda view: (years(view), years(view, cut_off=(12, 31))),
    "paid": lambda view: (paid_totals(view), unanswered(view)),
    "held-money": lambda view: (held_too_long(view), paid_late(view)),
    "finding-answers": answers_given,
}
OF_THE_LOG: dict[str, Callable[[View, Recorded], Any]] = {
    "differences": lambda view, log: differences(view, streams_as_of(log.journal, view.as_of)),
    "findings": lambda view, log: audit(view, log.journal),
}
"""What is read off the log beside the tables. A finding says whether something was known in time: no facts can be left out of it by day."""


def answers(log: Recorded, on: date, known_at: int | None = None, *, by_day: bool = False) -> dict[str, Any]:
    with log.view(on, known_at) as view:
        read = {name: ask(view, log) for name, ask in OF_THE_LOG.items() if not by_day or name != "findings"}
        return read | {name: ask(view) for name, ask in QUESTIONS.items()}


def days_of(events: Sequence[Event]) -> list[date]:
    """Each day on which something holds for the first time, the day before it and the day after it."""
    held = {fact.effective_on for _, fact in events}
    return sorted({day + timedelta(days=step) for day in held for step in (-1, 0, 1)})


class Cut(NamedTuple):
    number: int
    at: int
    day: date


def cuts() -> st.SearchStrategy[Cut]:
    def of(number: int) -> st.SearchStrategy[Cut]:
        log = log_of(number)
        return st.builds(Cut, st.just(number), st.integers(1, len(log)), st.sampled_from(days_of(log)))

    return st.sampled_from([*MONEYED * 4, *LIVES]).flatmap(of)


@settings(max_examples=20, deadline=None)
@for_all(cuts(), st.integers(1, 9))
def test_rows_followed_live_to_any_point_are_those_of_a_rebuild_of_the_log_up_to_there(cut: Cut, batch: int) -> None:
    log = log_of(cut.number)
    with journal_of(log[: cut.at]) as short, journal_of(log) as whole:
        live, rebuilt = whole.another_engine("live", batch), short.another_engine("rebuilt")
        live.catch_up(limit_size=cut.at)
        rebuilt.rebuild()
        assert stored_rows(live) == stored_rows(rebuilt)
        live.catch_up()
        whole.engine.rebuild()
        assert stored_rows(live) == stored_rows(whole.engine)
        live.close()
        rebuilt.close()


@settings(max_examples=20, deadline=None)
@for_all(cuts())
def test_what_was_known_is_what_the_log_had_said_by_then(cut: Cut) -> None:
    log = log_of(cut.number)
    with journal_of(log[: cut.at]) as short, journal_of(log) as whole:
        assert answers(whole, cut.day, cut.at) == answers(short, cut.day)


@settings(max_examples=20, deadline=None)
@for_all(cuts())
def test_a_day_sees_the_facts_that_held_by_then_as_they_were_put_right_since(cut: Cut) -> None:
    log = log_of(cut.number)[: cut.at]
    # A further attempt names the failure it makes up for, which has happened; a corrected entry holds from the correction's day.
    corrections = [fact for _, fact in log if not isinstance(fact, EntryCorrected | PaymentReissued)]
    corrected = {ref for fact in corrections if (ref := getattr(fact, "corrects", None)) is not None}
    with journal_of(log) as whole, journal_of(by_day(log, cut.day, corrected)) as held:
        assert answers(whole, cut.day, by_day=True) == answers(held, cut.day, by_day=True)


def by_day(log: Sequence[Event], day: date, corrected: set[str]) -> list[Event]:
    """The log with whatever holds only later, or was put right, said by nothing. A plan's later version is known at once (`due` looks
    ahead), and that two files are one person is no matter of days."""
    kept: list[Event] = []
    versions: dict[str, int] = {}
    for stream, fact in log:
        versions[stream] = versions.get(stream, 0) + 1
        timeless = fact.topic.startswith(("plan.adopted", "plan.amended", "plan.repealed", "student.identity_", "unit.", "staff."))
        late = fact.effective_on > day and not timeless
        put_right = f"{stream}@{versions[stream]}" in corrected and not timeless
        kept.append((stream, Nothing(actor=fact.actor, effective_on=fact.effective_on) if late or put_right else fact))
    return kept


@pytest.mark.parametrize("number", LIVES)
def test_every_question_can_be_asked_about_every_life_on_each_of_its_days(number: int) -> None:
    with journal_of(log_of(number)) as log:
        for day in days_of(log_of(number))[::4]:
            answers(log, day)
