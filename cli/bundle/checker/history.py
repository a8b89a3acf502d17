"""Two views of one log must agree: what each actor saw when they signed, and a checkpoint somebody kept themselves, begin this very log."""

from __future__ import annotations

import re
from typing import Sequence

from .formats import Event, Note, Proof, hash_of, number, read_consistency, read_note
from .found import Findings, NotProved
from .log import Log, LogKey, signature_of
from .people import SIGNED, UNCHECKED, Transaction
from .signatures import Tool
from .tree import consistent

_BLANKS = re.compile(r"[\s:.,_-]+")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def read_histories(files: dict[str, bytes], log: Log, findings: Findings) -> dict[int, Proof]:
    """The consistency proofs of the bundle by the size they start from."""
    found: dict[int, Proof] = {}
    for name in sorted(name for name in files if name.startswith("consistency/")):
        try:
            proof = read_consistency(files[name], name)
            if name != f"consistency/{proof.number:08d}.txt":
                raise NotProved("proof_malformed", name=name)
            if proof.below != log.written:
                raise NotProved("checkpoint_differs", name=name)
            found[proof.number] = proof
        except NotProved as not_proved:
            findings.problems.append(not_proved.point)
    return found


def check_seen(transactions: dict[int, Transaction], histories: dict[int, Proof], log: Log, findings: Findings) -> dict[int, str]:
    """Each transaction says which log its actor saw; that log must be the beginning of this one. Gives the sizes that were seen so, each
    with somebody who signed for it."""
    seen: dict[int, str] = {}
    same = 0
    for one in [one for leaf, one in sorted(transactions.items()) if one.header.leaf == leaf]:
        size, root = one.header.facts.get("seen_size"), one.header.facts.get("seen_root", "")
        if size is None:  # recorded before transactions said it
            continue
        if size and size not in histories:
            findings.problem("seen_not_shown", transaction=one.header.ref, size=size)
        elif size > one.header.leaf or not _begins(size, root, histories.get(size), log):
            findings.problem("seen_other_log", transaction=one.header.ref, size=size)
        else:
            same += 1
            if one.stands == SIGNED:
                seen[size] = str(one.header.facts["actor"])
    if same:
        findings.prove("seen_log_same", count=same)
    return seen


def check_vouched(steps: Sequence[Event], transactions: dict[int, Transaction], seen: dict[int, str], findings: Findings) -> None:
    """A record is vouched for by a signature over the whole of its transaction, or by somebody who signed later and had seen it so."""
    direct = {one.leaf for one in steps if _directly(transactions.get(one.leaf))}
    latest = max(seen, default=0)
    later = [one.leaf for one in steps if one.leaf not in direct and one.leaf < latest]
    if direct or later:
        findings.prove("vouched", direct=len(direct), later=len(later), by=seen.get(latest, "—"), size=latest)
    checked = all(one.stands != UNCHECKED for one in transactions.values())  # else it is not known who has signed, and that has been said
    if checked and len(direct) + len(later) < len(steps):
        findings.remark("not_vouched", count=len(steps) - len(direct) - len(later))


def _directly(transaction: Transaction | None) -> bool:
    return transaction is not None and transaction.stands == SIGNED and transaction.whole


def _begins(size: int, root: str, proof: Proof | None, log: Log) -> bool:
    try:
        hashes = () if proof is None else proof.hashes
        return consistent(size, hash_of(root), log.checkpoint.size, log.checkpoint.root, hashes)
    except ValueError:
        return False


def compare_with(raw: bytes, name: str, keys: list[LogKey], histories: dict[int, Proof], log: Log, tool: Tool, findings: Findings) -> None:
    """One's own checkpoint, a signed note or three lines copied from paper, against this log."""
    try:
        own = _own(raw, name, log.checkpoint.origin)
    except NotProved as not_proved:
        findings.problems.append(not_proved.point)
        return
    here = log.checkpoint
    if own.origin != here.origin:
        findings.problem("own_checkpoint_other_log", origin=own.origin, here=here.origin)
        return
    if own.signatures:
        _key, accepted = signature_of(own, keys, tool)
        if accepted is None:
            findings.left_open("checkpoint_signature_unchecked")
        elif not accepted:
            findings.problem("own_checkpoint_signature_wrong", size=own.size)
            return
    if own.size > here.size:
        findings.left_open("own_checkpoint_later", size=own.size, here=here.size)
    elif own.size not in (0, here.size) and own.size not in histories:
        findings.left_open("own_checkpoint_no_proof", size=own.size, here=here.size)
    elif consistent(own.size, own.root, here.size, here.root, () if own.size in (0, here.size) else histories[own.size].hashes):
        findings.prove("own_checkpoint_agrees", size=own.size, here=here.size)
    else:
        findings.problem("own_checkpoint_differs", size=own.size, here=here.size)


def _own(raw: bytes, name: str, origin: str) -> Note:
    """A signed note or, where it bears no signature, what stands on paper: origin (may be left out), size, root in base64 or in hex."""
    text = raw.decode("utf-8-sig", "replace")
    if "—" in text:
        return read_note(raw, name)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 2 and not lines[0].isdigit():
        origin = lines.pop(0)
    try:
        size, written = number(lines[0].replace(",", "")), " ".join(lines[1:])
        digits = _BLANKS.sub("", written)
        root = bytes.fromhex(digits) if _HEX.fullmatch(digits) else hash_of("".join(written.split()))
        return Note("", (), origin, size, root)
    except (ValueError, IndexError):
        raise NotProved("checkpoint_malformed", name=name) from None
