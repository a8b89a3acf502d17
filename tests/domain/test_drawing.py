"""An inspector binds themselves to seed and frame first; only that seed draws, only from that frame, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from mingzhang.domain.inspection.drawing import CommitSeed, DrawSample
from mingzhang.domain.inspection.inspection import CloseInspection, Inspection, OpenInspection
from mingzhang.domain.inspection.sample import SampleDrawn, SeedCommitted, StratumDrawn
from mingzhang.domain.inspection.sampling import Stratum, commitment, draw, frame_sha256
from tests.college import house
from tests.given import Given, by, given, sealed

DAY, LATER = date(2020, 11, 10), date(2020, 11, 11)
INSPECTOR = "inspector-1"
TEXT = sealed("t-1", text="synthetic")
FRAME = (
    Stratum("shifan", ("p.grant",), ("s-1", "s-2", "s-3")),
    Stratum("zongzhi", ("p.grant", "p.waiver"), ("s-4", "s-5")),
)
OPEN = OpenInspection(inspection="i1", kind="visit", unit="college", by="synthetic")
COMMIT = CommitSeed(
    inspection="i1", commitment=commitment("seed", "salt"), of="students", unit="college", as_of=DAY, log_size=40, frame=FRAME
)
DRAW = DrawSample(inspection="i1", seed="seed", salt="salt", size=3, root="AAAA", root_size=43, frame=FRAME)


def opened() -> Given:
    return given(house(), by(INSPECTOR, OPEN, DAY))


def committed(**other: Any) -> Given:
    return opened().add(by(INSPECTOR, replace(COMMIT, **other), DAY))


def test_a_commitment_says_who_can_be_drawn_and_not_the_seed() -> None:
    fact = SeedCommitted(
        actor=INSPECTOR,
        effective_on=DAY,
        because=("inspection/i1@1",),
        number=1,
        commitment=commitment("seed", "salt"),
        of="students",
        unit="college",
        as_of=DAY,
        log_size=40,
        frame_size=5,
        frame_sha256=frame_sha256(FRAME),
    )
    opened().when(COMMIT, actor=INSPECTOR, at=DAY).then(("inspection/i1", fact))


def test_a_draw_publishes_the_seed_with_everything_needed_to_repeat_it() -> None:
    drawn = draw(FRAME, 3, "seed", "AAAA")
    fact = SampleDrawn(
        actor=INSPECTOR,
        effective_on=DAY,
        because=("inspection/i1@2",),
        number=1,
        seed="seed",
        salt="salt",
        root="AAAA",
        root_size=43,
        algorithm=1,
        of="students",
        as_of=DAY,
        log_size=40,
        size=3,
        frame_size=5,
        frame_sha256=frame_sha256(FRAME),
        strata=(
            StratumDrawn(unit="shifan", schemes=("p.grant",), held=3, drawn=2),
            StratumDrawn(unit="zongzhi", schemes=("p.grant", "p.waiver"), held=2, drawn=1),
        ),
        drawn=tuple(member for one in drawn for member in one.members),
    )
    committed().when(DRAW, actor=INSPECTOR, at=DAY).then(("inspection/i1", fact))


def test_nothing_is_drawn_without_a_commitment_nor_twice_on_one() -> None:
    opened().when(DRAW, actor=INSPECTOR, at=DAY).refused("seed_not_committed")
    committed().add(by(INSPECTOR, DRAW, DAY)).when(DRAW, actor=INSPECTOR, at=DAY).refused("seed_not_committed")


def test_another_seed_or_salt_is_refused() -> None:
    committed().when(replace(DRAW, seed="other"), actor=INSPECTOR, at=DAY).refused("seed_differs")
    committed().when(replace(DRAW, salt=None), actor=INSPECTOR, at=DAY).refused("seed_differs")


def test_another_frame_is_refused() -> None:
    other = (FRAME[0]._replace(members=("s-1", "s-2")), FRAME[1])
    committed().when(replace(DRAW, frame=other), actor=INSPECTOR, at=DAY).refused("sample_frame_differs")


def test_another_size_is_refused_where_it_was_committed_to() -> None:
    known = committed(size=2)
    known.when(DRAW, actor=INSPECTOR, at=DAY).refused("sample_size_differs")
    assert known.add(by(INSPECTOR, replace(DRAW, size=2), DAY)).store.state(Inspection, "i1").draws[0][1].size == 2


def test_more_than_there_are_cannot_be_drawn() -> None:
    committed().when(replace(DRAW, size=6), actor=INSPECTOR, at=DAY).refused("sample_larger_than_frame")
    opened().when(replace(COMMIT, size=6), actor=INSPECTOR, at=DAY).refused("sample_larger_than_frame")
    opened().when(replace(COMMIT, frame=()), actor=INSPECTOR, at=DAY).refused("sample_frame_empty")


def test_a_second_seed_waits_for_the_first_unless_that_is_lost_and_the_loss_stays_on_record() -> None:
    second = replace(COMMIT, commitment=commitment("second", None))
    committed().when(second, actor=INSPECTOR, at=DAY).refused("seed_committed_already")
    opened().when(replace(second, reason=TEXT), actor=INSPECTOR, at=DAY).refused("seed_not_committed")
    known = committed().add(by(INSPECTOR, replace(second, reason=TEXT), DAY))
    state = known.store.state(Inspection, "i1")
    assert [(fact.number, fact.replaces) for _ref, fact in state.commitments] == [(1, None), (2, 1)]
    known.when(DRAW, actor=INSPECTOR, at=DAY).refused("seed_differs")


def test_a_supplement_has_a_number_and_a_commitment_of_its_own() -> None:
    known = committed().add(by(INSPECTOR, DRAW, DAY))
    drawn = known.store.state(Inspection, "i1").draws[0][1].drawn
    rest = tuple(one._replace(members=tuple(name for name in one.members if name not in drawn)) for one in FRAME)
    again = replace(COMMIT, frame=rest, without=(1,), commitment=commitment("two", None))
    known = known.add(by(INSPECTOR, again, LATER))
    known = known.add(by(INSPECTOR, replace(DRAW, seed="two", salt=None, size=2, frame=rest), LATER))
    first, second = (fact for _ref, fact in known.store.state(Inspection, "i1").draws)
    assert (second.number, set(second.drawn) & set(first.drawn), len(second.drawn)) == (2, set(), 2)


def test_only_an_inspector_draws_and_only_while_the_inspection_runs() -> None:
    opened().when(COMMIT, actor="clerk-1", at=DAY).refused("role_missing")
    committed().when(DRAW, actor="clerk-1", at=DAY).refused("role_missing")
    closed = committed().add(by(INSPECTOR, CloseInspection(inspection="i1"), DAY))
    closed.when(DRAW, actor=INSPECTOR, at=DAY).refused("inspection_closed")


def test_nothing_is_drawn_before_the_day_of_the_commitment() -> None:
    late = opened().add(by(INSPECTOR, COMMIT, LATER))
    late.when(replace(DRAW, on=DAY), actor=INSPECTOR, at=LATER).refused("dated_before_basis")
