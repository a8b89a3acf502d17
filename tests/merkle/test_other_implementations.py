"""An implementation nobody here wrote gives the same roots and inclusion proofs, and each accepts the other's: `pymerkle`, used as an
oracle only. Go's tlog, in the test beside this one, makes the same consistency proofs as well.
"""

from __future__ import annotations

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.merkle.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import root_at

from .trees import leaves, record, tiles_of

SIZE = 1500  # six tiles; it keeps no nodes, so that more would be slow
SIZES = st.one_of(st.integers(1, SIZE), st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 1024, SIZE]))


@pytest.fixture(scope="module")
def other() -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(SIZE):
        tree.append_entry(record(number))
    return tree


@given(SIZES)
def test_another_implementation_finds_the_same_root(other: pymerkle.InmemoryTree, size: int) -> None:
    assert other.get_root(size) == root_at(size, tiles_of(SIZE))


@given(st.data(), SIZES)
def test_another_implementation_makes_the_same_inclusion_proof(other: pymerkle.InmemoryTree, data: st.DataObject, size: int) -> None:
    leaf = data.draw(st.integers(0, size - 1))
    theirs = other.prove_inclusion(leaf + 1, size)
    ours = inclusion_proof(leaf, size, tiles_of(SIZE))
    assert list(theirs.path) == [leaves(SIZE)[leaf], *ours]
    assert check_inclusion(leaves(SIZE)[leaf], leaf, size, theirs.path[1:], other.get_root(size))
    theirs.path[1:] = ours
    pymerkle.verify_inclusion(leaves(SIZE)[leaf], root_at(size, tiles_of(SIZE)), theirs)


@given(st.data(), SIZES)
def test_another_implementation_proves_our_roots_consistent_in_its_own_way(
    other: pymerkle.InmemoryTree, data: st.DataObject, new: int
) -> None:
    old = data.draw(st.integers(1, new))
    old_root, new_root = root_at(old, tiles_of(SIZE)), root_at(new, tiles_of(SIZE))
    theirs = other.prove_consistency(old, new)  # finer than the RFC's where the old tree ends with a whole subtree: not to be compared
    pymerkle.verify_consistency(old_root, new_root, theirs)
    assert check_consistency(old, other.get_root(old), new, other.get_root(new), consistency_proof(old, new, tiles_of(SIZE)))
