"""追缴: what was asked back and has not come yet; the oldest is returned first."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..facts import Fact
from ..sealed import Sealed


class ClawbackRaised(Fact):
    """追缴: asked back from the payee, with the fact that makes it due in `because`."""

    topic = "payment.clawback_raised"
    amount_fen: int
    reason: Sealed


class ClawbackReceived(Fact):
    """What was asked back has come, in whole or in part."""

    topic = "payment.clawback_received"
    amount_fen: int


class ClawbackDropped(Fact):
    """What was asked back need not be returned after all: the decision that had made it due was undone. demands: the facts that had asked
    for it; where none is named, the oldest demands."""

    topic = "payment.clawback_dropped"
    schema_version = 2
    amount_fen: int
    demands: tuple[str, ...]

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Nobody said which then."""
        state.setdefault("demands", [])


class ClawbackWithdrawn(Fact):
    """撤回追缴: so much of what was asked back was asked for by mistake and has not come: of the demand named, else of the newest first."""

    topic = "payment.clawback_withdrawn"
    amount_fen: int
    reason: Sealed
    demand: str | None = None


Asked = tuple[tuple[date, str, int], ...]
"""Since when, by which fact, and how much in fen, oldest first."""


def asked_since(asked: Asked, amount_fen: int) -> tuple[date | None, str]:
    """Since when so much is asked back, and the fact that says so."""
    for day, ref, fen in asked:
        amount_fen -= fen
        if amount_fen <= 0:
            return day, ref
    return None, ""


def withdrawn_of(asked: Asked, amount_fen: int, demand: str | None) -> dict[str, int]:
    """Of which demands so much is taken off, in fen; less than that where so much is not open of them."""
    taken: dict[str, int] = {}
    for _day, ref, fen in reversed(asked):
        if demand in (None, ref) and (part := min(fen, amount_fen)) > 0:
            taken[ref] = part
            amount_fen -= part
    return taken


Demands = tuple[tuple[tuple[str, ...], int, str], ...]
"""What each rests on, how much in fen, and the fact."""


def withdrawn(asked: Asked, demands: Demands, amount_fen: int, demand: str | None) -> tuple[Asked, Demands]:
    """What is left of both once so much was withdrawn."""
    return _less(asked, demands, withdrawn_of(asked, amount_fen, demand))


def undone(asked: Asked, demands: Demands, amount_fen: int, named: tuple[str, ...]) -> tuple[Asked, Demands]:
    """What is left of both once so much was dropped."""
    taken = withdrawn_of(tuple(one for one in asked if one[1] in named), amount_fen, None)
    open_, left = _less(asked, demands, taken)
    return still_asked(open_, amount_fen - sum(taken.values())), left


def _less(asked: Asked, demands: Demands, taken: dict[str, int]) -> tuple[Asked, Demands]:
    left = tuple((because, fen - taken.get(ref, 0), ref) for because, fen, ref in demands if fen > taken.get(ref, 0))
    return tuple((day, ref, fen - taken.get(ref, 0)) for day, ref, fen in asked if fen > taken.get(ref, 0)), left


def still_asked(asked: Asked, amount_fen: int) -> Asked:
    """What is left of it once so much has come."""
    left = []
    for day, ref, fen in asked:
        taken = min(fen, amount_fen)
        amount_fen -= taken
        if fen > taken:
            left.append((day, ref, fen - taken))
    return tuple(left)
