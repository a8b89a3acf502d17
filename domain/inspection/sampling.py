"""抽样: whom a draw takes follows from what is published, so that anybody with a hash function can repeat it (concepts/sampling.md).

Nothing here is random: every reference has a place that SHA-256 gives it, and each stratum hands over its first ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

ALGORITHM = 1
"""Written into every draw; another rule gets another number, and this one stays for the draws that name it."""


class Stratum(NamedTuple):
    """Those of one unit with the same scheme or schemes. `members`: references of students or payments."""

    unit: str
    schemes: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def label(self) -> str:
        """`college<tab>plan.grant+plan.waiver`: as the frame's text has it, and by what equal remainders are settled."""
        return f"{self.unit}\t{'+'.join(self.schemes)}"


class Drawn(NamedTuple):
    """What a draw took of a stratum, in the order of the hashes."""

    stratum: Stratum
    members: tuple[str, ...]


def commitment(seed: str, salt: str | None) -> str:
    """SHA-256 (hex) of seed and, behind a zero byte, salt: it binds whoever publishes it, and tells nobody the seed."""
    return hashlib.sha256(seed.encode() if salt is None else b"\x00".join((seed.encode(), salt.encode()))).hexdigest()


def frame_text(frame: Iterable[Stratum]) -> str:
    """The frame (抽样框) as text: unit, schemes and reference of everybody who can be drawn, a line each, in the order of their bytes."""
    return "".join(sorted(f"{one.label}\t{member}\n" for one in frame for member in one.members))


def frame_sha256(frame: Iterable[Stratum]) -> str:
    """SHA-256 (hex) of the frame's text in UTF-8."""
    return hashlib.sha256(frame_text(frame).encode()).hexdigest()


def place(seed: str, root: str, name: str) -> str:
    """Where a reference, or a stratum's label, stands: SHA-256 (hex) of seed, root and name with a zero byte between each two."""
    return hashlib.sha256(b"\x00".join((seed.encode(), root.encode(), name.encode()))).hexdigest()


def draw(frame: Sequence[Stratum], size: int, seed: str, root: str) -> list[Drawn]:
    """`size` of the frame, in the order of strata (by label); strata of which nobody was drawn are named with nobody.

    root: base64, of the log as it stood right after the seed had been committed to. ValueError for a size that is not 1 to the frame's own.
    """
    strata = sorted((one for one in frame if one.members), key=lambda one: one.label)
    held = sum(len(one.members) for one in strata)
    if not 1 <= size <= held:
        raise ValueError(f"{size} of {held}")
    in_order = {one.label: sorted(one.members, key=lambda member: place(seed, root, member)) for one in strata}
    if size < len(strata):  # too few for one of each: everybody stands in one line, or small units would never be looked at
        line = sorted((member for one in strata for member in one.members), key=lambda member: place(seed, root, member))
        first = set(line[:size])
        return [Drawn(one, tuple(member for member in in_order[one.label] if member in first)) for one in strata]
    shares = allocate({one.label: len(one.members) for one in strata}, size, seed, root)
    return [Drawn(one, tuple(in_order[one.label][: shares[one.label]])) for one in strata]


def allocate(held: dict[str, int], size: int, seed: str, root: str) -> dict[str, int]:
    """How many of each stratum, by label: in proportion, by largest remainders, and one at least.

    held: how many each stratum has, none of them empty; size: from their number to their sum. A stratum whose share is below one gets one;
    what is left is shared out among the others in the same way. Equal remainders are settled by the hash of the label.
    """
    shares: dict[str, int] = {}
    rest, left = dict(held), size
    while small := [label for label, count in rest.items() if left * count < sum(rest.values())]:
        shares |= dict.fromkeys(small, 1)
        left -= len(small)
        for label in small:
            del rest[label]
    whole = sum(rest.values())
    exact = {label: Fraction(left * count, whole) for label, count in rest.items()}
    shares |= {label: int(share) for label, share in exact.items()}
    over = left - sum(int(share) for share in exact.values())
    for label in sorted(exact, key=lambda label: (int(exact[label]) - exact[label], place(seed, root, label)))[:over]:
        shares[label] += 1
    return shares
