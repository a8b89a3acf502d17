"""A witness signs only what continues what it signed before: never a shorter log, never another of the same size, never without proof."""

from __future__ import annotations

from ..merkle.hashing import leaf_hash
from ..merkle.proofs import check_consistency, check_inclusion
from ..refusal import Refused
from .checkpoint import Checkpoint
from .proof_text import ConsistencyText, InclusionText


def check_growth(seen: Checkpoint | None, shown: ConsistencyText) -> None:
    """Whether what is shown continues the last checkpoint seen of this log (None: nothing was seen yet). Signatures are another matter.

    Refused, in this order: `checkpoint_of_other_log` (origin, other), `checkpoint_older` (size, seen), `checkpoint_proof_needed` (old,
    seen) where the proof begins at another size than the one seen, `checkpoint_inconsistent` (size, seen).
    """
    now = shown.checkpoint
    if seen is None:
        if shown.old:
            raise Refused("checkpoint_proof_needed", old=shown.old, seen=0)
        return
    if now.origin != seen.origin:
        raise Refused("checkpoint_of_other_log", origin=seen.origin, other=now.origin)
    if now.size < seen.size:
        raise Refused("checkpoint_older", size=now.size, seen=seen.size)
    if shown.old != seen.size:
        raise Refused("checkpoint_proof_needed", old=shown.old, seen=seen.size)
    if not check_consistency(seen.size, seen.root, now.size, now.root, shown.hashes):
        raise Refused("checkpoint_inconsistent", size=now.size, seen=seen.size)


def proved_record(shown: InclusionText) -> bytes:
    """The leaf record that an inclusion proof shows to be in the log of its checkpoint; whether that counts, its signatures say.

    Refused `proof_without_record` where the text has no `extra`, `proof_wrong` (leaf, size) where the hashes do not lead to the root.
    """
    if shown.extra is None:
        raise Refused("proof_without_record")
    head = shown.checkpoint
    if not check_inclusion(leaf_hash(shown.extra), shown.index, head.size, shown.hashes, head.root):
        raise Refused("proof_wrong", leaf=shown.index, size=head.size)
    return shown.extra
