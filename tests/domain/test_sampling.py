"""A draw follows from seed, root and frame alone: in proportion, never more than there is, and the same whoever lists the frame how."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.inspection.sampling import Drawn, Stratum, allocate, commitment, draw, frame_sha256, frame_text, place

ROOT = "AAAA"
COUNTS = st.lists(st.integers(1, 60), min_size=1, max_size=12)


def frame(counts: list[int]) -> list[Stratum]:
    return [
        Stratum(f"u{number:02d}", ("p.grant",), tuple(f"s-{number:02d}-{member}" for member in range(count)))
        for number, count in enumerate(counts)
    ]


def taken(drawn: list[Drawn]) -> set[str]:
    return {member for one in drawn for member in one.members}


@given(COUNTS, st.data())
def test_shares_add_up_and_no_stratum_gives_more_than_it_has_or_nothing(counts: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(len(counts), sum(counts)))
    held = {one.label: len(one.members) for one in frame(counts)}
    shares = allocate(held, size, "seed", ROOT)
    assert sum(shares.values()) == size
    assert all(1 <= shares[label] <= count for label, count in held.items())


@given(COUNTS, st.data())
def test_shares_are_proportional_wherever_nobody_had_to_be_given_one(counts: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(len(counts), sum(counts)))
    held = {one.label: len(one.members) for one in frame(counts)}
    exact = {label: size * count / sum(counts) for label, count in held.items()}
    if min(exact.values()) >= 1:
        shares = allocate(held, size, "seed", ROOT)
        assert all(abs(shares[label] - share) < 1 for label, share in exact.items())


def test_a_stratum_whose_share_is_below_one_gets_one() -> None:
    assert sorted(allocate({"large": 97, "a": 1, "b": 2}, 10, "seed", ROOT).items()) == [("a", 1), ("b", 1), ("large", 8)]


@given(COUNTS, st.data())
def test_the_order_in_which_the_frame_is_listed_changes_nothing(counts: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, sum(counts)))
    listed = frame(counts)
    shuffled = [one._replace(members=tuple(data.draw(st.permutations(one.members)))) for one in data.draw(st.permutations(listed))]
    assert draw(listed, size, "seed", ROOT) == [Drawn(*one) for one in _in_listed_order(draw(shuffled, size, "seed", ROOT), listed)]
    assert frame_sha256(listed) == frame_sha256(shuffled)


def _in_listed_order(drawn: list[Drawn], listed: list[Stratum]) -> list[tuple[Stratum, tuple[str, ...]]]:
    by_label = {one.label: one for one in listed}
    return [(by_label[one.stratum.label], one.members) for one in drawn]


@given(COUNTS, st.data())
def test_as_many_are_drawn_as_were_asked_for_each_once_and_all_of_the_frame(counts: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, sum(counts)))
    drawn = draw(frame(counts), size, "seed", ROOT)
    members = [member for one in drawn for member in one.members]
    assert len(members) == len(set(members)) == size
    assert all(set(one.members) <= set(one.stratum.members) for one in drawn)


def test_over_many_seeds_everybody_of_a_stratum_is_drawn_equally_often() -> None:
    """20 of 60 in three strata: 6,000 draws give each of them 2,000 times, give or take what chance gives."""
    listed, seeds = frame([30, 15, 15]), 6000
    counted = Counter(member for seed in range(seeds) for member in taken(draw(listed, 20, str(seed), ROOT)))
    expected, spread = seeds / 3, (seeds * (1 / 3) * (2 / 3)) ** 0.5
    assert len(counted) == 60
    assert all(abs(count - expected) < 4.5 * spread for count in counted.values())


def test_equal_remainders_go_to_each_stratum_equally_often() -> None:
    """One too few for two each: over many seeds, no unit is left out because of its name."""
    held = {one.label: len(one.members) for one in frame([10, 10, 10, 10])}
    seeds = 2000
    short = Counter(label for seed in range(seeds) for label, share in allocate(held, 7, str(seed), ROOT).items() if share == 1)
    assert all(abs(count - seeds / 4) < 4.5 * (seeds * 3 / 16) ** 0.5 for count in short.values())


def test_fewer_than_there_are_strata_are_drawn_from_one_line_so_that_small_units_can_be_met() -> None:
    listed = frame([50, 1, 1, 1])
    met = Counter(member for seed in range(3000) for member in taken(draw(listed, 2, str(seed), ROOT)))
    small = [met[f"s-{number:02d}-0"] for number in (1, 2, 3)]
    expected = 3000 * 2 / 53
    assert all(abs(count - expected) < 4.5 * expected**0.5 for count in small)


def test_seed_root_and_reference_are_hashed_with_a_zero_byte_between_them() -> None:
    assert place("seed", "root", "s-1") == hashlib.sha256(b"seed\x00root\x00s-1").hexdigest()
    assert commitment("seed", None) == hashlib.sha256(b"seed").hexdigest()
    assert commitment("seed", "salt") == hashlib.sha256(b"seed\x00salt").hexdigest()


def test_another_root_draws_others() -> None:
    """What is in the log only after the commitment cannot be allowed for when the seed is chosen."""
    listed = frame([40, 40])
    drawn = {frozenset(taken(draw(listed, 10, "seed", str(number)))) for number in range(50)}
    assert len(drawn) == 50


def test_the_frame_is_written_a_line_each_in_the_order_of_bytes() -> None:
    listed = [Stratum("b", ("p.x", "p.y"), ("s-2", "s-1")), Stratum("a", ("p.x",), ("s-3",))]
    assert frame_text(listed) == "a\tp.x\ts-3\nb\tp.x+p.y\ts-1\nb\tp.x+p.y\ts-2\n"
    rows = frame_text(listed).splitlines(keepends=True)
    random.Random(1).shuffle(rows)
    assert "".join(sorted(rows)) == frame_text(listed)
