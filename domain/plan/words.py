"""The words all parts of a plan share: amounts in yuan, days of the year, units. Every unknown word is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..unit import UnitKind

Category = str
Stage = Literal["学前", "小学", "初中", "普高", "中职", "专科", "本科"]


def _fen(value: object) -> int:
    """Yuan as written in a plan (`4000`, `"1234.50"`) to whole fen; a float would already have lost its last digit."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("write yuan as a whole number or as text with at most two decimals")
    try:
        amount = Decimal(value) * 100
    except InvalidOperation:
        raise ValueError("write yuan as a whole number or as text with at most two decimals") from None
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 0:
        raise ValueError("an amount has at most two decimals and is not below zero")
    return int(amount)


Fen = Annotated[int, BeforeValidator(_fen)]
"""Written in yuan, kept in whole fen."""


class Words(BaseModel):
    """Base of all entries: unknown words are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitEntry(Words):
    """A unit that adopting the plan registers, if it is not there yet."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Every other place of the plan names the unit by it."""
    name: str
    """As workbooks and letters write it; an import finds the unit by it."""
    kind: UnitKind
    """What it is: duties may name a kind instead of a unit, and the levels of a step are taken by kinds."""
    parent: str | None = None
    """The `id` of the unit above it. A step's level looks upwards along it, and whoever acts for a unit acts for those below it."""


class MonthDay(Words):
    """A day of every year. 29 February is the last of February where the year has none."""

    month: int = Field(ge=1, le=12)
    """Of the year."""
    day: int = Field(ge=1, le=31)
    """Of the month."""

    def in_year(self, year: int) -> date:
        """The day in that year. ValueError for a day that no year has."""
        if (self.month, self.day) == (2, 29):
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            return date(year, 2, 29 if leap else 28)
        return date(year, self.month, self.day)


class Window(Words):
    """A range of days of every year, both ends included."""

    first: MonthDay
    """The first day that counts."""
    last: MonthDay
    """The last day that counts; not before `first`, so a range does not run over the end of the year."""

    def in_year(self, year: int) -> tuple[date, date]:
        return self.first.in_year(year), self.last.in_year(year)
