"""An account is the digits as written; that it cannot be a bank card is only a warning: passbooks have no check digit.

WORKBOOKS.md: "A card number that fails the Luhn check is a *warning*, not a refusal (passbook accounts are not cards)".
"""

from __future__ import annotations

import re

from .bad_value import BadValue
from .text import symbols

_DIGITS = re.compile(r"[0-9]{6,32}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def account_number(text: str) -> str:
    """The cleaned account or card number, 6 to 32 digits; '' for an empty cell.

    Refuses `number_cell_lost_digits` (6.29963E+18) and `account_malformed`.
    """
    number = symbols(text)
    if number and not _DIGITS.fullmatch(number):
        raise BadValue("number_cell_lost_digits" if _SCIENTIFIC.fullmatch(number) else "account_malformed")
    return number


def passes_luhn(number: str) -> bool:
    """Whether the digits pass the Luhn check (ISO/IEC 7812-1), as every bank card's do."""
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[0::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0
