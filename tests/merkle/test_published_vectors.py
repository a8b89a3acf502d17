"""Every proof that the transparency community published as valid or invalid is judged here as it is there."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.merkle.proofs import check_consistency, check_inclusion

VECTORS = Path(__file__).parents[1] / "data" / "merkle-vectors"


def cases(name: str) -> list[Any]:
    found: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


INCLUSION, CONSISTENCY = cases("inclusion.json"), cases("consistency.json")

# Valid there, where equal sizes and equal roots are all that is asked for. Its roots say "don't care 2" and are no hashes; a
# checkpoint that bears such a root is not one, so it is refused here.
NO_HASHES = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def hashes(proof: list[str] | None) -> list[bytes]:
    return [b64decode(text) for text in proof or []]


def test_there_are_98_cases_of_each_kind() -> None:
    assert (len(INCLUSION), len(CONSISTENCY)) == (98, 98)


@pytest.mark.parametrize("case", INCLUSION)
def test_an_inclusion_proof_is_judged_as_published(case: dict[str, Any]) -> None:
    found = check_inclusion(
        b64decode(case["leafHash"] or ""), case["leafIdx"], case["treeSize"], hashes(case["proof"]), b64decode(case["root"] or "")
    )
    assert found is not case["wantErr"]


@pytest.mark.parametrize("case", CONSISTENCY)
def test_a_consistency_proof_is_judged_as_published_unless_its_roots_are_no_hashes(case: dict[str, Any]) -> None:
    found = check_consistency(
        case["size1"], b64decode(case["root1"] or ""), case["size2"], b64decode(case["root2"] or ""), hashes(case["proof"])
    )
    assert found is (False if case["name"] == NO_HASHES else not case["wantErr"])


def test_the_one_case_judged_otherwise_has_roots_that_are_not_32_bytes_long() -> None:
    (case,) = [case.values[0] for case in CONSISTENCY if case.id == NO_HASHES]
    assert not case["wantErr"]
    assert b64decode(case["root1"]) == b64decode(case["root2"]) == b"don't care 2"
