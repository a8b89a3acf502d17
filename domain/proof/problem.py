"""What `verify` finds wrong is a list of problems, each with a permanent code and, where it lies in the log, the leaf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_OF_A_CODE = 20
"""So many problems of one code are told one by one; a log of which nothing is right is still told about in one page."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`leaf` (0-based) is where it is; with `until`, it is somewhere from `leaf` on and before `until`. `event`: the `stream@version` at
    `leaf`, where it is that very event."""

    code: str
    leaf: int | None = None
    event: str | None = None
    until: int | None = None
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.until if self.until is not None else 1 + (self.leaf or 0)

    def within(self, other: Problem) -> bool:
        """Whether this one says more exactly where it is, somewhere inside of the other."""
        if self.leaf is None or other.leaf is None or self.end - self.leaf >= other.end - other.leaf:
            return False
        return other.leaf <= self.leaf and self.end <= other.end


class Problems:
    """Problems in the order of being found; `counts` has all of them, by code. `unchecked`: what could not be checked at all."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.unchecked: list[Problem] = []

    def add(self, code: str, leaf: int | None = None, event: str | None = None, *, until: int | None = None, **context: object) -> None:
        self.counts[code] += 1
        if self.counts[code] <= MOST_OF_A_CODE:
            self._found.append(Problem(code, leaf, event, until, context))

    def once(self, code: str, leaf: int | None, event: str | None = None, *, until: int | None = None, **context: object) -> None:
        """As `add`, for what follows from itself: after the first one the others are only counted."""
        if code in self.counts:
            self.counts[code] += 1
        else:
            self.add(code, leaf, event, until=until, **context)

    def leave(self, code: str, **context: object) -> None:
        """Notes what could not be checked, and why."""
        self.unchecked.append(Problem(code, context=context))

    @property
    def first_bad_leaf(self) -> int | None:
        """The first event that differs. What is only known to lie in some part of the log counts where nothing inside of that part says
        more exactly where it is."""
        placed = [one for one in self._found if one.leaf is not None and one.leaf >= 0]
        leaves = [one.leaf for one in placed if one.leaf is not None and not any(other.within(one) for other in placed)]
        return min(leaves, default=None)

    def __iter__(self) -> Iterator[Problem]:
        """By place; what has none comes first, being about the file as a whole."""
        return iter(sorted(self._found, key=lambda one: (-1 if one.leaf is None else one.leaf, one.end)))

    def __bool__(self) -> bool:
        return bool(self.counts)
