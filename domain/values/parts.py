"""An amount in so many parts: as equal as whole fen allow, together the amount to the fen, an earlier part never the smaller one."""

from __future__ import annotations


def parts_of(amount_fen: int, count: int) -> tuple[int, ...]:
    """The parts, in their order: the fen that do not divide go to the first ones, one each. `count` is at least 1."""
    each, left_over = divmod(amount_fen, count)
    return tuple(each + (number < left_over) for number in range(count))
