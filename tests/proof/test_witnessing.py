"""A witness signs what continues the checkpoint it saw before; everything else is refused, and says which way the log went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.proof.checkpoint import Checkpoint
from mingzhang.domain.proof.proof_text import ConsistencyText, InclusionText
from mingzhang.domain.proof.signed_note import Note, signed
from mingzhang.domain.proof.witnessing import check_growth, proved_record
from mingzhang.domain.refusal import Refused

from .made import LOG as KEY
from .made import Log

HONEST = Log(300)
REWRITTEN = Log(300, salt=" as it suits", from_leaf=20)


def refusal(seen: Checkpoint | None, shown: ConsistencyText) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as caught:
        check_growth(seen, shown)
    return caught.value.code, dict(caught.value.context)


@given(st.integers(1, 300), st.integers(0, 300))
def test_a_log_that_has_only_grown_is_signed(new: int, seen: int) -> None:
    old = min(seen, new)
    check_growth(HONEST.head(old), HONEST.growth(old, new))


@given(st.integers(21, 300), st.integers(21, 300))
def test_a_log_rewritten_before_what_was_seen_is_never_signed(first: int, second: int) -> None:
    old, new = sorted((first, second))
    code, _ = refusal(HONEST.head(old), REWRITTEN.growth(old, new))
    assert code == "checkpoint_inconsistent"


def test_what_was_rewritten_after_it_was_seen_cannot_be_known() -> None:
    check_growth(HONEST.head(20), REWRITTEN.growth(20, 300))


def test_the_first_checkpoint_of_a_log_is_taken_as_it_is() -> None:
    check_growth(None, ConsistencyText(0, (), HONEST.note(40)))


def test_a_proof_from_a_size_never_seen_here_is_not_for_this_witness() -> None:
    assert refusal(None, HONEST.growth(7, 40)) == ("checkpoint_proof_needed", {"old": 7, "seen": 0})


def test_a_shorter_log_is_refused() -> None:
    assert refusal(HONEST.head(41), HONEST.growth(40, 40)) == ("checkpoint_older", {"size": 40, "seen": 41})


def test_growth_without_a_proof_is_refused() -> None:
    assert refusal(HONEST.head(41), ConsistencyText(0, (), HONEST.note(42))) == ("checkpoint_proof_needed", {"old": 0, "seen": 41})


def test_another_root_at_the_same_size_is_a_contradiction() -> None:
    shown = ConsistencyText(41, (), REWRITTEN.note(41))
    assert refusal(HONEST.head(41), shown) == ("checkpoint_inconsistent", {"size": 41, "seen": 41})


def test_another_log_is_not_taken_for_this_one() -> None:
    other = Checkpoint("mingzhang/other", 42, HONEST.head(42).root)
    shown = replace(HONEST.growth(41, 42), note=signed(other.text, KEY, other.origin))
    assert refusal(HONEST.head(41), shown)[0] == "checkpoint_of_other_log"


@given(st.integers(1, 300), st.data())
def test_an_event_is_proved_in_every_log_that_holds_it(size: int, data: st.DataObject) -> None:
    leaf = data.draw(st.integers(0, size - 1))
    assert proved_record(HONEST.inclusion(leaf, size)) == f"record {leaf}".encode()


@pytest.mark.parametrize(
    "changed",
    [
        lambda proof: replace(proof, extra=proof.extra + b"!"),
        lambda proof: replace(proof, index=18),
        lambda proof: replace(proof, hashes=proof.hashes[:-1]),
        lambda proof: replace(proof, hashes=(*proof.hashes, bytes(32))),
        lambda proof: replace(proof, hashes=(bytes(32), *proof.hashes[1:])),
        lambda proof: replace(proof, note=Note(REWRITTEN.head(100).text, proof.note.signatures)),
    ],
)
def test_a_proof_of_something_else_is_false(changed: object) -> None:
    assert callable(changed)
    proof: InclusionText = changed(HONEST.inclusion(17, 100))
    with pytest.raises(Refused) as caught:
        proved_record(proof)
    assert caught.value.code == "proof_wrong"


def test_a_proof_that_does_not_say_of_what_proves_nothing() -> None:
    with pytest.raises(Refused) as caught:
        proved_record(replace(HONEST.inclusion(17, 100), extra=None))
    assert caught.value.code == "proof_without_record"
