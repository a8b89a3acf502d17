"""Money, days and instants are written one way for people and one way for programs.

People read yuan with two decimals and Shanghai time; programs read whole fen and RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import date, datetime

from mingzhang.domain.values.china import CHINA

from ..clock import as_utc, rfc3339
from ..i18n import _


def yuan(amount_fen: int) -> str:
    """`200000` fen as `2,000.00`; a minus sign stands in front."""
    sign = "-" if amount_fen < 0 else ""
    whole, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{fen:02d}"


def instant_text(instant: datetime | str | None) -> str:
    """`2020-03-25 15:59:59` in Shanghai, of an instant or of the log's text for one; None is empty."""
    if instant is None:
        return ""
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    return as_utc(instant).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def in_groups(root: bytes) -> str:
    """A hash for paper: in hex, in groups of four as one reads it aloud. No letter in it can be mistaken for a digit."""
    text = root.hex()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def date_text(day: date | None) -> str:
    """ISO, as everywhere; None is empty."""
    return day.isoformat() if day else ""


def cell_text(value: object, key: str = "") -> str:
    """A value as a cell of a table; a key ending in `_fen` holds money."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and key.endswith("_fen"):
        return yuan(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, list | tuple | set | frozenset):
        members = sorted(map(str, value)) if isinstance(value, set | frozenset) else value
        return "、".join(cell_text(one) for one in members)
    if isinstance(value, dict):
        return "、".join(f"{name} {cell_text(one, str(name))}" for name, one in value.items())
    return str(value)


def json_value(value: object) -> object:
    """What the JSON writer does with a value it does not know itself.

    Raises TypeError for anything that is not plain: a model may hold sealed or personal fields, and is not to
    be printed by accident.
    """
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
