"""However the log was followed, and however much of it came later, the same questions have the same answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mingzhang.domain.student.facts import CategoryDetermined, CategoryEnded, IdentityMergedInto, IdentitySplit
from mingzhang.projections.asof import AsOf
from mingzhang.projections.engine import Engine
from mingzhang.projections.payments import applications, batches, payments
from mingzhang.projections.register import entries, roster, survey_totals
from tests.college import S1, S2, SPRING
from tests.given import sealed
from tests.projections.recorded import (
    AUTUMN,
    Event,
    Recorded,
    approved,
    corrected,
    enrolled,
    entry,
    instructed,
    paid,
    registered,
    returned,
    revoked,
    stored_rows,
    submitted,
    withdrawn,
)

DAYS = [date(2020, 3, 1) + timedelta(days) for days in range(6)]
days = st.sampled_from(DAYS)
students = st.sampled_from([S1, S2])
rounds = st.sampled_from([SPRING, AUTUMN])


def _file(student: str) -> str:
    return f"student/{student}"


events = st.one_of(
    st.builds(registered, students, days),
    st.builds(entry, students, days, rounds, st.sampled_from(["shifan", "zongzhi"])),
    st.builds(corrected, students, days, st.just({"unit": "shifan"}), st.just({"unit": "zongzhi"}), rounds),
    st.builds(withdrawn, students, days, rounds),
    st.builds(enrolled, students, st.sampled_from(["在读", "退学"]), days, st.sampled_from([None, f"student/{S1}@1", f"student/{S2}@2"])),
    st.builds(
        lambda s, on: (_file(s), CategoryDetermined(actor="a", effective_on=on, categories=("特困",), unit="shifan")), students, days
    ),
    st.builds(lambda s, on: (_file(s), CategoryEnded(actor="a", effective_on=on, reason="lifted")), students, days),
    st.builds(lambda on: (_file(S2), IdentityMergedInto(actor="a", effective_on=on, survivor=S1)), days),
    st.builds(lambda on: (_file(S2), IdentitySplit(actor="a", effective_on=on, other=S2, corrects="x@1", reason=sealed(S2))), days),
    st.builds(submitted, students, days),
    st.builds(approved, students, days),
    st.builds(revoked, students, days),
    st.builds(instructed, students, days),
    st.builds(paid, students, days),
    st.builds(returned, students, days),
)


@contextmanager
def journal_of(made: list[Event]) -> Iterator[Recorded]:
    with tempfile.TemporaryDirectory() as folder:
        log = Recorded(Path(folder))
        log.units()
        for event in made:
            log.record(event)
        try:
            yield log
        finally:
            log.close()


def answers(engine: Engine, known_at: int) -> list[Any]:
    found: list[Any] = []
    for on in DAYS:
        with engine.view(AsOf(on, known_at)) as view:
            # A file that only a determination knows, and no box, cannot be: its student was registered once.
            found += [entries(view, SPRING), survey_totals(view, AUTUMN), payments(view), applications(view), batches(view)]
            found.append(roster(view))
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(events, max_size=12), st.lists(st.integers(0, 40), max_size=4), st.integers(1, 9))
def test_rebuilt_rows_equal_those_followed_live_at_any_cut(made: list[Event], cuts: list[int], batch: int) -> None:
    with journal_of([registered(S1), registered(S2), *made]) as log:
        live, rebuilt = log.another_engine("live", batch), log.another_engine("rebuilt")
        for cut in sorted(cuts):
            live.catch_up(limit_size=min(cut, log.size))
        live.catch_up()
        rebuilt.rebuild()
        assert stored_rows(live) == stored_rows(rebuilt)
        live.close()
        rebuilt.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(events, max_size=12), st.integers(0, 12))
def test_what_was_known_is_what_the_log_had_said_by_then(made: list[Event], cut: int) -> None:
    first = [registered(S1), registered(S2), *made[:cut]]
    with journal_of(first) as before, journal_of([*first, *made[cut:]]) as after:
        assert answers(before.engine, before.size) == answers(after.engine, before.size)
