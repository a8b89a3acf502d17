"""Tiles, roots and proofs are what RFC 6962 says, in whatever batches the log grew."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.merkle.hashing import EMPTY_ROOT, HASH_BYTES, leaf_hash, node_hash
from mingzhang.domain.merkle.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import WIDTH, root_at, top_level
from mingzhang.domain.refusal import Refused

from .trees import Tiles, flipped, leaves, root_of, tiles_of

LARGE = WIDTH * WIDTH + 3 * WIDTH + 17  # a third level of tiles, and every level with a ragged edge
EDGES = (1, 2, 3, 255, 256, 257, 511, 512, 513, WIDTH * WIDTH - 1, WIDTH * WIDTH, WIDTH * WIDTH + 1, WIDTH * WIDTH + WIDTH, LARGE)
SIZES = st.one_of(st.integers(1, 700), st.integers(1, LARGE), st.sampled_from(EDGES))


def test_a_leaf_and_a_node_begin_with_different_bytes() -> None:
    assert leaf_hash(b"fact") == sha256(b"\x00fact").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()
    assert sha256(b"").digest() == EMPTY_ROOT == root_at(0, Tiles())


@pytest.mark.parametrize("size", EDGES)
def test_the_root_is_the_one_of_rfc_6962_where_tiles_begin_and_end(size: int) -> None:
    assert root_at(size, tiles_of(LARGE)) == root_at(size, tiles_of(size)) == root_of(leaves(LARGE)[:size])


@given(SIZES)
def test_the_root_of_any_earlier_size_is_found_in_the_tiles_of_a_larger_tree(size: int) -> None:
    assert root_at(size, tiles_of(LARGE)) == root_of(leaves(LARGE)[:size])


@given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, 1200)), max_size=12))
def test_a_log_grown_in_any_batches_has_the_same_tiles(batches: list[int]) -> None:
    grown, hashes = Tiles(), leaves(LARGE)
    for batch in batches:
        grown.append(hashes[grown.size : grown.size + batch])
    assert grown.kept == Tiles([hashes[: grown.size]]).kept


@given(st.lists(st.integers(1, 600), min_size=2, max_size=8))
def test_a_full_tile_is_never_written_again_and_others_only_grow(batches: list[int]) -> None:
    grown, hashes = Tiles(), leaves(LARGE)
    for batch in batches:
        before = dict(grown.kept)
        for written in grown.append(hashes[grown.size : grown.size + batch]):
            assert grown.kept[written].startswith(before.get(written, b""))
            assert len(before.get(written, b"")) < WIDTH * HASH_BYTES


@pytest.mark.parametrize(("size", "level"), [(1, 0), (256, 0), (257, 1), (65_536, 1), (65_537, 2), (2**24, 2), (2**24 + 1, 3)])
def test_one_tile_stands_over_all_others(size: int, level: int) -> None:
    assert top_level(size) == level


@given(st.data(), SIZES)
def test_every_leaf_is_proved_in_every_tree_that_has_it_and_no_flipped_bit_passes(data: st.DataObject, size: int) -> None:
    leaf = data.draw(st.integers(0, size - 1))
    proof, root, hashed = inclusion_proof(leaf, size, tiles_of(LARGE)), root_at(size, tiles_of(LARGE)), leaves(LARGE)[leaf]
    assert check_inclusion(hashed, leaf, size, proof, root)
    together = b"".join([hashed, root, *proof])
    bit = data.draw(st.integers(0, len(together) * 8 - 1))
    changed = [flipped(together, bit)[at : at + 32] for at in range(0, len(together), 32)]
    assert not check_inclusion(changed[0], leaf, size, changed[2:], changed[1])


@given(st.data(), SIZES)
def test_a_proof_for_one_place_is_none_for_another(data: st.DataObject, size: int) -> None:
    leaf, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    proof, root = inclusion_proof(leaf, size, tiles_of(LARGE)), root_at(size, tiles_of(LARGE))
    assert check_inclusion(leaves(LARGE)[leaf], other, size, proof, root) is (leaf == other)
    assert not check_inclusion(leaves(LARGE)[leaf], leaf, size, [*proof, root], root)
    assert not proof or not check_inclusion(leaves(LARGE)[leaf], leaf, size, proof[:-1], root)


@given(st.data(), SIZES)
def test_every_tree_is_proved_to_begin_every_later_one_and_no_flipped_bit_passes(data: st.DataObject, new: int) -> None:
    old = data.draw(st.one_of(st.integers(1, new), st.sampled_from([edge for edge in EDGES if edge <= new])))
    tiles = tiles_of(LARGE)
    proof, old_root, new_root = consistency_proof(old, new, tiles), root_at(old, tiles), root_at(new, tiles)
    assert check_consistency(old, old_root, new, new_root, proof)
    together = b"".join([old_root, new_root, *proof])
    bit = data.draw(st.integers(0, len(together) * 8 - 1))
    changed = [flipped(together, bit)[at : at + 32] for at in range(0, len(together), 32)]
    assert not check_consistency(old, changed[0], new, changed[1], changed[2:])
    assert not check_consistency(old, old_root, new, new_root, [*proof, new_root])


@given(SIZES)
def test_the_empty_log_begins_every_other_and_has_one_root(size: int) -> None:
    root = root_at(size, tiles_of(LARGE))
    assert consistency_proof(0, size, tiles_of(LARGE)) == []
    assert check_consistency(0, EMPTY_ROOT, size, root, [])
    assert not check_consistency(0, root, size, root, [])
    assert not check_consistency(0, EMPTY_ROOT, size, root, [root])


def test_two_empty_logs_agree() -> None:
    assert check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not check_consistency(0, bytes(32), 0, bytes(32), [])


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_a_hash_that_is_not_32_bytes_long_proves_nothing(wrong: bytes) -> None:
    (hashed,) = leaves(1)
    assert not check_inclusion(wrong, 0, 1, [], wrong)
    assert not check_inclusion(hashed, 0, 2, [wrong], node_hash(hashed, wrong))
    assert not check_consistency(1, wrong, 1, wrong, [])
    assert not check_consistency(1, hashed, 2, node_hash(hashed, wrong), [wrong])


def test_a_smaller_log_does_not_follow_a_larger_one() -> None:
    first, second = root_of(leaves(1)), root_of(leaves(2))
    assert not check_consistency(2, second, 1, first, [])
    with pytest.raises(ValueError):
        consistency_proof(2, 1, tiles_of(2))


@pytest.mark.parametrize(("leaf", "size"), [(-1, 2), (2, 2), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(leaf: int, size: int) -> None:
    with pytest.raises(ValueError):
        inclusion_proof(leaf, size, tiles_of(2))


@pytest.mark.parametrize("lost", [(0, 0), (0, 3), (0, 259), (1, 0), (1, 1), (2, 0)])
def test_a_root_is_not_made_up_where_a_tile_it_needs_is_missing(lost: tuple[int, int]) -> None:
    tiles = Tiles([leaves(LARGE)])
    del tiles.kept[lost]
    needed = lost == (0, 259) or lost[0] == 2 or lost == (1, 1)  # whole tiles below are summed up above
    if needed:
        with pytest.raises(Refused, match="ledger_damaged"):
            root_at(LARGE, tiles)
    else:
        assert root_at(LARGE, tiles) == root_at(LARGE, tiles_of(LARGE))
        with pytest.raises(Refused, match="ledger_damaged"):
            inclusion_proof(lost[1] * WIDTH ** (lost[0] + 1), LARGE, tiles)


@pytest.mark.parametrize("edge", [b"", leaves(300)[299], bytes(32 * 50)])
def test_a_tree_is_not_grown_past_a_right_edge_that_holds_more_or_less_than_it_should(edge: bytes) -> None:
    tiles = Tiles([leaves(300)])
    tiles.kept[0, 1] = edge
    with pytest.raises(Refused, match="ledger_damaged"):
        tiles.append(leaves(1))
