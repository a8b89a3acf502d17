"""Money is whole fen from the first cleaning on: no floating-point amount ever leaves this file.

WORKBOOKS.md: thousands separators and a trailing 元 are removed; more than two decimals or an amount below zero is
refused.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from .bad_value import BadValue
from .text import symbols

_AMOUNT = re.compile(r"(?P<minus>[-−])?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<cents>[0-9]+))?")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])|(?:元整|元|圆)$", re.IGNORECASE)
_LARGEST_FEN = 10**14  # a thousand thousand million yuan: above it a typing slip is certain


def fen_from_text(text: str) -> int | None:
    """Whole fen of an amount in yuan as people type it (`5,359.50元`, `２５８７.５０`); None for an empty cell.

    Refuses `amount_not_a_number` (also 1.2万, 1e3, 1,23), `amount_negative`, `amount_decimals`, `amount_too_large`.
    """
    written = _CURRENCY.sub("", symbols(text))
    written = _CURRENCY.sub("", written)
    if not written:
        if symbols(text):
            raise BadValue("amount_not_a_number")
        return None
    parts = _AMOUNT.fullmatch(written)
    if parts is None:
        raise BadValue("amount_not_a_number")
    cents = parts["cents"] or ""
    fen_exact = int(parts["whole"].replace(",", "")) * 100 + int((cents + "00")[:2])
    if parts["minus"] and (fen_exact or cents.strip("0")):
        raise BadValue("amount_negative")
    if len(cents) > 2:
        raise BadValue("amount_decimals")
    return _bounded(fen_exact)


def fen_from_number(yuan: float | int) -> int:
    """Whole fen of a number cell in yuan.

    A spreadsheet shows at most 15 significant digits, so a cell that shows 0.3 may hold 0.30000000000000004: what is
    judged is what the spreadsheet shows. Refuses as `fen_from_text`.
    """
    if isinstance(yuan, float) and not math.isfinite(yuan):
        raise BadValue("amount_not_a_number")
    if isinstance(yuan, int) or yuan.is_integer():
        fen = int(yuan) * 100
    else:
        exact = Decimal(f"{yuan:.15g}") * 100
        if exact < 0:
            raise BadValue("amount_negative")
        if exact != exact.to_integral_value():
            raise BadValue("amount_decimals")
        fen = int(exact)
    if fen < 0:
        raise BadValue("amount_negative")
    return _bounded(fen)


def fen_from_fen_text(text: str) -> int:
    """Whole fen of an amount already written in fen (`150000`, bank profile `pipe`). Refuses `amount_not_a_number`."""
    written = symbols(text)
    if not (written.isascii() and written.isdigit()):
        raise BadValue("amount_negative" if written.startswith("-") else "amount_not_a_number")
    return _bounded(int(written))


def yuan_text(fen: int) -> str:
    """Yuan with two decimals and no separators, as banks want it: 150000 → `1500.00`."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def yuan_grouped(fen: int) -> str:
    """Yuan with thousands separators, for people: 150000000 → `1,500,000.00`."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def _bounded(fen: int) -> int:
    if fen > _LARGEST_FEN:
        raise BadValue("amount_too_large")
    return fen
