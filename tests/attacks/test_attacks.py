"""Every attack is found as the table says, without and with a checkpoint from outside; and the first event that differs is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.ledger import Victim
from tests.attacks.table import CASES, Case

DONE, NOT_VERIFIED = 0, 4


def verified(victim: Victim, *words: str) -> dict[str, Any]:
    """The answer of `verify`, whose exit code says the same."""
    said = victim.player.run("verify", *words)
    assert isinstance(said.document, dict), said.stderr
    assert said.code == (DONE if said.document["ok"] else NOT_VERIFIED), said.document
    return said.document


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_attack_is_found_as_the_table_says(case: Case, victim: Victim) -> None:
    leaf = case.attack(victim)
    alone = verified(victim)
    assert set(alone["problem_counts"]) == set(case.alone)
    assert alone["ok"] is (not case.alone)
    with_checkpoint = verified(victim, "--against", str(victim.outside))
    assert set(with_checkpoint["problem_counts"]) == {*case.alone, *case.more}
    for found in (alone, with_checkpoint):
        if not found["ok"]:
            named(case, leaf, found, is_alone=found is alone)


@pytest.mark.parametrize("case", [case for case in CASES if case.thorough], ids=lambda case: case.name)
def test_what_only_reading_everything_finds(case: Case, victim: Victim) -> None:
    leaf = case.attack(victim)
    found = verified(victim, "--thorough")
    assert set(found["problem_counts"]) == set(case.thorough)
    assert found["first_bad_leaf"] == leaf


def test_a_thorough_look_at_a_ledger_that_nobody_attacked_finds_nothing(victim: Victim) -> None:
    found = verified(victim, "--thorough", "--against", str(victim.outside))
    assert (found["ok"], found["problems"], found["unchecked"]) == (True, [], [])


def named(case: Case, leaf: int | None, found: dict[str, Any], *, is_alone: bool) -> None:
    first = found["first_bad_leaf"]
    if case.named == "event":
        assert first == leaf
    elif case.named == "none":
        assert first is None
    elif case.named == "end":
        assert first == found["size"]
    else:
        (part, *_) = [one for one in found["problems"] if one["leaf"] == first and one["until"] is not None] or [None]
        assert leaf is not None
        assert first == leaf or (part is not None and part["leaf"] <= leaf <= part["until"])
        assert is_alone or first <= leaf


def test_a_ledger_that_nobody_attacked_is_verified(victim: Victim) -> None:
    found = verified(victim, "--against", str(victim.outside))
    assert (found["ok"], found["problems"], found["first_bad_leaf"]) == (True, [], None)
    assert found["signatures"] == {
        "verified": 14, "wrong": 0, "unsigned_practice": 0, "unsigned_before_signing": 0, "signers": 3
    }  # fmt: skip
    (compared,) = found["compared_with"]
    assert compared["agrees"] is True
    assert [one["kind"] for one in compared["signed_by"]] == ["log"]


def test_without_a_checkpoint_it_says_what_cannot_be_told(victim: Victim) -> None:
    found = verified(victim)
    assert found["compared_with"] == []
    assert [one["code"] for one in found["unchecked"]] == ["no_outside_checkpoint", "tail_of_one_signer", "not_thorough"]


def test_every_problem_has_its_sentence_and_every_attack_its_own_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.chinese for case in CASES}) == len(CASES)
