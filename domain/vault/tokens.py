"""People are found by ID number, account, 学籍 number, 学号 or phone through keyed tokens; no number is stored.

token = HMAC-SHA256(token key, kind ‖ 0x00 ‖ normalised value in UTF-8). Without the key a token cannot be tested
against the few billion ID numbers there can be, which a plain hash would allow in minutes.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from typing import Literal, get_args

from ..refusal import Refused

Kind = Literal["id_number", "account", "xueji", "phone", "student_number"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_SEPARATORS = re.compile(r"[\s\-‐-―]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def normalised(kind: Kind, value: str) -> str:
    """The one spelling under which a number is looked up: full-width to plain, no blanks or dashes, capitals (X, G).

    An ID number of 15 digits (issued before 1999) becomes its 18-digit form (GB 11643: century 19, check character); a
    phone loses its +86 or 0086. Whether the number is a possible one is checked where it is read, not here.
    """
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    value = _SEPARATORS.sub("", value).upper()
    if kind == "id_number" and len(value) == 15 and value.isdigit():
        longer = value[:6] + "19" + value[6:]
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, longer, strict=True))
        return longer + "10X98765432"[total % 11]
    if kind == "phone":
        value = re.sub(r"^(?:\+|00)86", "", value)
    return value


def token_of(token_key: bytes, kind: Kind, value: str) -> bytes:
    """The 32-byte token of one number. Refuses `number_missing` (kind) for an empty one: everybody would share it."""
    if kind not in KINDS:
        raise ValueError(f"no tokens are kept of the kind {kind}")
    plain = normalised(kind, value)
    if not plain:
        raise Refused("number_missing", kind=kind)
    try:
        return hmac.digest(token_key, kind.encode("ascii") + b"\x00" + plain.encode(), "sha256")
    except UnicodeEncodeError:
        raise Refused("text_not_unicode", field=kind) from None  # the error quotes the value
