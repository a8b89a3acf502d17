"""A list that may be hung up shows a name, masked unless it is for the wall, and what an onlooker needs to object, and nothing else.

What may be shown is named here and everything else is left out, so that a field somebody adds to a form later stays inside. No identity
number, card, phone, address, household or day of birth; no 学籍 number either, since a G number contains the identity number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from mingzhang.domain.vault.masking import mask_name, mask_words

SCHOOL_FIELDS = ("school", "college")
GRADE_FIELDS = ("grade",)
CLASS_FIELDS = ("class_name", "class")
_NUMBERS = re.compile(r"[0-9]{5,}")


class PublicLine(NamedTuple):
    """One line of a public list; None where the ledger does not know it. `name` is masked unless the list is printed to be hung up."""

    line: int
    name: str
    school: str | None
    unit: str
    grade: str | None
    class_name: str | None
    scheme: str
    tier: str | None


def public_line(
    line: int,
    fields: Mapping[str, str],
    *,
    name: str | None = None,
    grade: str | None = None,
    unit: str,
    scheme: str,
    tier: str | None,
    whole_name: bool = False,
) -> PublicLine:
    """The line of somebody whose opened box holds `fields` (none: erased); `name` and `grade` go before what the box says. What is hung up
    is masked here, whatever is written in a field it should not be written in: a class of five digits or more is no class.
    whole_name: for the wall, where people must know of whom it speaks."""
    full = name or fields.get("name", "")
    return PublicLine(
        line=line,
        name=full if whole_name else mask_name(full),
        school=_shown(fields, SCHOOL_FIELDS, full),
        unit=unit,
        grade=grade if grade is not None and not _NUMBERS.search(grade) else _shown(fields, GRADE_FIELDS, full),
        class_name=_shown(fields, CLASS_FIELDS, full),
        scheme=scheme,
        tier=tier,
    )


def _shown(fields: Mapping[str, str], names: tuple[str, ...], person: str) -> str | None:
    written = next((fields[name].strip() for name in names if fields.get(name, "").strip()), None)
    return mask_words(written, [person]) if written is not None else None
