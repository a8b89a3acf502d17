"""A period replayed under another version: lists, ranges and schemes beside each other, by the rule that decides awards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.facts import AwardApproved
from mingzhang.domain.facts import Fact
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.projections.replaying import Replay, replay
from tests.college import S1, S2
from tests.county import PERIOD, PLAN, TEXT, case, compared, county, form, handed_in, match, registered
from tests.given import Given, by, given
from tests.projections.recorded import Recorded

HANDED_IN = date(2020, 8, 15)
LISTS = 'lists = [{ kind = "建档立卡" }], enrolled = false }'
BEFORE = read_plan(TEXT)


def awarded(code: str, amount_fen: int, student: str = S1, tier: str | None = None) -> tuple[str, Fact]:
    fact = AwardApproved(
        actor="approver-1", effective_on=date(2020, 9, 1), scheme=f"{PLAN}.{code}", student=student, period=PERIOD, unit="village",
        kind="grant", tier=tier, amount_fen=amount_fen, categories=("建档立卡",), plan_version="1", clause="c",
    )  # fmt: skip
    return case(code, student), fact


def replayed(log: Recorded, known: Given, *changes: tuple[str, str], **asked: Any) -> Replay:
    log.record(*known.store.log)
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    size = log.journal.head().size
    with log.view(date(2020, 12, 31)) as view:
        found = replay(view, log.journal, lambda version: BEFORE, BEFORE, read_plan(text), PERIOD, **asked)
    assert log.journal.head().size == size
    return found


def why(found: Replay) -> list[tuple[str, str, int, int | None, str]]:
    return [(row.student, row.scheme.partition(".")[2], row.now_fen, row.then_fen, row.why) for row in found.rows]


def test_who_is_on_none_of_the_other_version_s_lists_loses(log: Recorded) -> None:
    known = handed_in("crossed").add(compared(match(), code="crossed"), awarded("crossed", 300_000, tier="t"))
    found = replayed(log, known, (LISTS, LISTS.replace("建档立卡", "农村低保")))
    assert why(found) == [(S1, "crossed", 300_000, 0, "not_on_list")]


def test_who_is_on_a_list_that_only_the_other_version_counts_is_newly_covered(log: Recorded) -> None:
    known = handed_in("crossed").add(compared(match("农村低保"), code="crossed"))
    found = replayed(log, known, (LISTS, LISTS.replace('{ kind = "建档立卡" }', '{ kind = "建档立卡" }, { kind = "农村低保" }')))
    assert why(found) == [(S1, "crossed", 0, 300_000, "newly_covered")]


def test_who_was_never_compared_is_counted_and_not_guessed(log: Recorded) -> None:
    found = replayed(log, handed_in("voted"), ("lists", "lists"), scheme="voted")
    assert (found.rows, found.waiting, found.not_compared) == ([], {"county.voted": [None]}, 0)
    more = ('clause = "c"\nsteps = [\n    { kind = "review"', f'clause = "c"\nconditions = {{ {LISTS}\nsteps = [\n    {{ kind = "review"')
    found = replayed(log, given(), more, scheme="voted")
    assert (found.rows, found.not_compared) == ([], 1)


@pytest.mark.parametrize(("most", "then_fen", "told"), [("4000", 400_000, "amount_outside_range"), ("9000", 450_000, "set_by_hand")])
def test_what_an_office_set_by_hand_stays_within_the_other_version_s_range(log: Recorded, most: str, then_fen: int, told: str) -> None:
    known = handed_in("voted").add(awarded("voted", 450_000))
    found = replayed(log, known, ("most_yuan = 4500", f"most_yuan = {most}"))
    assert why(found) == [(S1, "voted", 450_000, then_fen, told)]


def test_the_version_that_decided_changes_nothing_whatever_became_known_later(log: Recorded) -> None:
    """The form was corrected after the award, so that no version gives it now: that is no version's doing."""
    known = handed_in("crossed").add(compared(match(), code="crossed"), awarded("crossed", 300_000, tier="t"))
    known = known.add(compared(code="crossed"))
    found = replayed(log, known)
    assert (why(found), found.drifted) == ([(S1, "crossed", 300_000, 300_000, "unchanged")], 1)


def test_a_student_may_not_have_beside_it_what_does_not_stack_then(log: Recorded) -> None:
    """S1 has one scheme and would be newly covered by another; S2, who has none, is."""
    known = handed_in("crossed").add(registered(S2), by("applicant-clerk-1", form("crossed", S2), HANDED_IN))
    known = known.add(compared(match("农村低保"), code="crossed"), compared(match("农村低保"), code="crossed", student=S2))
    known = known.add(by("applicant-clerk-1", form("voted"), HANDED_IN), awarded("voted", 300_000))
    wider = (LISTS, LISTS.replace("建档立卡", "农村低保"))
    assert why(replayed(log, known, wider)) == [
        (S2, "crossed", 0, 300_000, "newly_covered"),
        (S1, "voted", 300_000, 300_000, "set_by_hand"),
    ]


def test_loans_and_other_periods_are_nobody_s_due(log: Recorded) -> None:
    log.record(*given(county()).store.log)
    with log.view(date(2020, 12, 31)) as view:
        assert replay(view, log.journal, lambda version: BEFORE, BEFORE, BEFORE, "2020-spring").rows == []
