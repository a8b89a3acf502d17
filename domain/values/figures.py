"""A figure of a report (99.32 %, 5.87 亿元) is an exact decimal from the cell to the answer; it never becomes a floating-point number.

WORKBOOKS.md, "指标与进度": target and progress are numbers in the measure their indicator names.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from .bad_value import BadValue
from .text import symbols

_FIGURE = re.compile(r"(?P<minus>[-−])?(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)%?")
_LARGEST = Decimal(10) ** 12  # above it a typing slip is certain, whatever is measured


def figure_from_text(text: str) -> Decimal | None:
    """The number people typed (`99.32`, `99.32%`, `30,000`); None for an empty cell.

    Refuses `figure_not_a_number` (also 1.2万, 1e3), `figure_below_zero`, `figure_too_large`.
    """
    written = symbols(text)
    if not written:
        return None
    parts = _FIGURE.fullmatch(written)
    if parts is None:
        raise BadValue("figure_not_a_number")
    return _bounded(Decimal(parts["number"].replace(",", "")) * (-1 if parts["minus"] else 1))


def figure_from_number(number: float | int) -> Decimal:
    """The number of a number cell, judged as the spreadsheet shows it: 15 significant digits. Refuses as `figure_from_text`."""
    if isinstance(number, float) and not math.isfinite(number):
        raise BadValue("figure_not_a_number")
    return _bounded(Decimal(number) if isinstance(number, int) else Decimal(f"{number:.15g}"))


def figure_text(figure: Decimal) -> str:
    """The one written form of a figure, as facts and answers have it: `99.32`, `30000`, `8` for 8.0."""
    plain = f"{figure:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _bounded(figure: Decimal) -> Decimal:
    if figure < 0:
        raise BadValue("figure_below_zero")
    if figure > _LARGEST:
        raise BadValue("figure_too_large")
    return figure
