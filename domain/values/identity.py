"""An identity number is taken exactly as GB 11643-1999 builds it, or refused; a region code is never a reason.

New counties appear in numbers before any table knows them, so only shape, birth date and check digit are judged.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from .bad_value import BadValue
from .text import symbols

Sex = Literal["男", "女"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_XUEJI = re.compile(r"G[0-9]{17}[0-9X]|G[0-9]{15}|[JL][0-9]{17}[0-9X]")


def check_digit(first_17: str) -> str:
    """The eighteenth character for seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def id_number(text: str) -> str:
    """The cleaned identity number, upper-case X; '' for an empty cell. A 15-digit number is kept as it is.

    Refuses, in this order: `number_cell_lost_digits` (2.10902E+17), `id_malformed`, `id_birth_date`, `id_check_digit`.
    """
    number = symbols(text).upper()
    if not number:
        return ""
    if not _SHAPE.fullmatch(number):
        raise BadValue("number_cell_lost_digits" if _SCIENTIFIC.fullmatch(number) else "id_malformed")
    if _birth_date(number) is None:
        raise BadValue("id_birth_date")
    if len(number) == 18 and check_digit(number[:17]) != number[17]:
        raise BadValue("id_check_digit")
    return number


def is_id_number(text: str) -> bool:
    """Whether the text is a valid identity number of 15 or 18 characters."""
    try:
        return id_number(text) != ""
    except BadValue:
        return False


def to_18(number: str) -> str:
    """The 18-character form of a valid number: it decides whether two numbers mean one person.

    A 15-digit number (issued until 1999) gets its century, 19, and its check digit.
    """
    if len(number) == 18:
        return number
    longer = number[:6] + "19" + number[6:]
    return longer + check_digit(longer)


def birth_date(number: str) -> date:
    """The birth date in a valid number of 15 or 18 characters. Raises `BadValue("id_birth_date")` if there is none."""
    born = _birth_date(number)
    if born is None:
        raise BadValue("id_birth_date")
    return born


def sex(number: str) -> Sex:
    """The sex a valid number states: its 17th digit (the 15th of a short one), odd for 男."""
    return "男" if int(to_18(number)[16]) % 2 else "女"


def xueji_number(text: str) -> str:
    """The cleaned 学籍号 (G+ID, J+18 or L+18), upper-case; '' for an empty cell. Refuses `xueji_malformed`."""
    number = symbols(text).upper()
    if number and not _XUEJI.fullmatch(number):
        raise BadValue("number_cell_lost_digits" if _SCIENTIFIC.fullmatch(number) else "xueji_malformed")
    return number


def _birth_date(number: str) -> date | None:
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not 1880 <= year <= 2199:  # the calendar would allow the year 0012: a slip, not a birth
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
