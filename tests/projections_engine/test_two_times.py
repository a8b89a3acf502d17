"""Whatever the facts and however they are cut into batches, the tables answer as the list of facts would."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mingzhang.projections.asof import AsOf
from mingzhang.projections.engine import Engine
from mingzhang.projections.projection import View
from tests.projections_engine.oracle import State, money_until, state_on, unit_on
from tests.projections_engine.toy import MONEY, STATE, UNIT, ListJournal, Toy

DAYS = [f"2020-03-0{n}" for n in range(1, 8)]
STUDENTS = ["s-A", "s-B"]
UNITS = [("work", 1), ("work", 2)]

day = st.sampled_from(DAYS)
student = st.sampled_from(STUDENTS)
stated = st.tuples(student, st.sampled_from(["在读", "休学", None]), day, st.none() | day)
placed = st.tuples(st.sampled_from(UNITS), st.sampled_from(["县一中", "乡小学"]), day)


@st.composite
def events(draw: st.DrawFn) -> list[State]:
    """Up to 14 events: late, tied and several facts at once, withdrawals (of withdrawn ones too) and clearings."""
    made: list[State] = []
    for leaf in range(draw(st.integers(0, 14))):
        state: State = {"states": draw(st.lists(stated, max_size=2))}
        if draw(st.booleans()):
            state["units"] = [(*key, unit, since) for key, unit, since in draw(st.lists(placed, max_size=2))]
        state["money"] = draw(st.lists(st.tuples(student, st.integers(-5, 50), day), max_size=2))
        if leaf and draw(st.booleans()):
            state["withdraws"] = draw(st.lists(st.integers(0, leaf - 1), max_size=2))
        if draw(st.integers(0, 7)) == 0:
            state["clears"] = [draw(student)]
        made.append(state)
    return made


@contextmanager
def engine_over(journal: ListJournal, rows_per_batch: int) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder) / "projections.db", journal, [Toy()], rows_per_batch=rows_per_batch)
        try:
            yield engine
        finally:
            engine.close()


def journal_of(made: list[State]) -> ListJournal:
    journal = ListJournal()
    for state in made:
        journal.add(state)
    return journal


def stored(engine: Engine) -> dict[str, list[Any]]:
    with engine.connection() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for kept in Toy.kept
            for table in kept.tables
        }


def answers(engine: Engine, size: int) -> dict[Any, Any]:
    """What held and what was paid, for every student, unit and day, as known at the size."""
    found: dict[Any, Any] = {}
    contained = engine.catch_up()
    with engine.connection() as connection:
        for on_day in DAYS:
            view = View(connection, AsOf(date.fromisoformat(on_day), size), contained)
            held = view.held(STATE)
            for row in view.rows(select(held.c.student, held.c.state)):
                assert (row.student, on_day) not in found, "two states on one day"
                found[row.student, on_day] = row.state
            units = view.held(UNIT)
            for row in view.rows(select(units.c.scheme, units.c.number, units.c.unit)):
                found[row.scheme, row.number, on_day] = row.unit
            paid = view.total(MONEY, by=["student"], of=["amount_fen"])
            for row in view.rows(select(paid)):
                found["paid", row.student, on_day] = row.amount_fen
            if on_day != DAYS[-1]:
                continue  # all money has moved by the last day
            money = view.points(MONEY)
            one_by_one = select(func.count(), func.coalesce(func.sum(money.c.amount_fen), 0))
            together = view.total(MONEY, of=["amount_fen"])
            assert view.rows(one_by_one) == view.rows(select(together.c.number, together.c.amount_fen))
    return {question: answer for question, answer in found.items() if answer}


def expected(made: list[State], size: int) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for on_day in DAYS:
        for who in STUDENTS:
            found[who, on_day] = state_on(made, who, on_day, size)
            found["paid", who, on_day] = money_until(made, who, on_day, size)
        for key in UNITS:
            found[(*key, on_day)] = unit_on(made, key, on_day, size)
    return {question: answer for question, answer in found.items() if answer}


@settings(max_examples=100, deadline=None)
@given(events(), st.integers(1, 15))
def test_every_day_at_every_log_size_is_answered_as_from_the_list_of_facts(made: list[State], batch: int) -> None:
    with engine_over(journal_of(made), batch) as engine:
        for size in range(len(made) + 1):
            assert answers(engine, size) == expected(made, size), size


@settings(max_examples=100, deadline=None)
@given(events(), st.lists(st.integers(0, 14), max_size=5), st.integers(1, 6))
def test_rebuilt_rows_equal_live_rows_at_random_cut_points(made: list[State], cuts: list[int], batch: int) -> None:
    journal = journal_of(made)
    with engine_over(journal, batch) as live:
        for cut in [*sorted(cuts), len(made)]:
            live.catch_up(limit_size=min(cut, len(made)))
            with engine_over(ListJournal(journal.rows[: min(cut, len(made))]), 1000) as rebuilt:
                rebuilt.rebuild()
                assert stored(live) == stored(rebuilt)


@settings(max_examples=80, deadline=None)
@given(events(), st.integers(0, 14))
def test_later_events_never_change_what_was_known_before(made: list[State], cut: int) -> None:
    cut = min(cut, len(made))
    with engine_over(journal_of(made[:cut]), 3) as before, engine_over(journal_of(made), 3) as after:
        for size in {0, cut // 2, cut}:  # every size on its own is the first test's
            assert answers(before, size) == answers(after, size)
