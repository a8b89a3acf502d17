"""How many findings there are, open and answered, the gravest first: what somebody wants to know before reading them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..finding import Severity

if TYPE_CHECKING:
    from . import Found

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


class Counted(NamedTuple):
    """The findings of one rule and severity: how many nobody has answered, how many somebody has, and the money in question in both."""

    severity: Severity
    rule: str
    open: int
    answered: int
    amount_fen: int


def counted(found: Iterable[Found]) -> list[Counted]:
    """High ones first, then in the order of the rules; rules that found nothing are left out."""
    rows: dict[tuple[int, str], Counted] = {}
    for one in found:
        finding = one.finding
        place = (SEVERITIES.index(finding.severity), finding.rule)
        row = rows.get(place, Counted(finding.severity, finding.rule, 0, 0, 0))
        rows[place] = row._replace(
            open=row.open + (one.answer is None),
            answered=row.answered + (one.answer is not None),
            amount_fen=row.amount_fen + finding.amount_fen,
        )
    return [rows[place] for place in sorted(rows, key=lambda place: place[0])]
