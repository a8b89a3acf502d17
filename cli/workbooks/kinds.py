"""What a column's cells may hold, and how a cell of each kind becomes a value: the one place where cell types matter.

A number cell in an identity or card column is always refused: beyond 15 digits a spreadsheet has already lost some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from mingzhang.domain.values import cards, choices, dates, figures, identity, money, text
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import categories

from .cells import Cell

Clean = Callable[[Cell], object]  # None for an empty cell; raises BadValue


class Kind(Enum):
    """The value a column holds once cleaned (None where the cell is empty)."""

    TEXT = "text"  # str without inner spaces
    PERSON = "person"  # str, a person's name
    PROSE = "prose"  # str, running text
    IDENTITY = "identity"  # str, GB 11643
    XUEJI = "xueji"  # str
    ACCOUNT = "account"  # str of digits
    PHONE = "phone"  # str
    YUAN = "yuan"  # int, whole fen
    DATE = "date"  # datetime.date
    COUNT = "count"  # int above zero
    CATEGORIES = "categories"  # domain.values.categories.Categories
    LIST = "list"  # tuple[str, ...]
    PEOPLE = "people"  # tuple[str, ...]
    SEX = "sex"  # 男 or 女
    STAGE = "stage"  # str
    LEVEL = "level"  # str
    LIFTED = "lifted"  # bool
    YES_NO = "yes_no"  # bool
    CONTACT_WAY = "contact_way"  # str
    ENROLMENT_CHANGE = "enrolment_change"  # str
    STILL_ENTITLED = "still_entitled"  # bool
    RISK_REMOVED = "risk_removed"  # bool
    FIGURE = "figure"  # decimal.Decimal, exact
    DIRECTION = "direction"  # at_least or at_most


# Few different words, many cells: worth remembering while one file is read.
REPEATING = frozenset(
    {Kind.TEXT, Kind.CATEGORIES, Kind.SEX, Kind.STAGE, Kind.LEVEL, Kind.LIFTED, Kind.YES_NO, Kind.CONTACT_WAY}
)
# In these a formula is refused too: what it shows today may be something else tomorrow, or on another machine.
NO_FORMULAS = frozenset({Kind.IDENTITY, Kind.XUEJI, Kind.ACCOUNT, Kind.YUAN})


def written(cell: Cell) -> str:
    """A cell as text, for columns that hold words: 3.0 → `3`, a date → ISO.

    Refuses `number_cell_lost_digits` for a number cell of more than 15 digits.
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        if abs(cell) >= 1e15:
            raise BadValue("number_cell_lost_digits")
        return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def remembering(clean: Clean) -> Clean:
    """The same cleaner, which cleans equal texts once. It remembers what it reads: to be thrown away with the file."""
    seen: dict[str, object] = {}

    def cleaned(cell: Cell) -> object:
        if not isinstance(cell, str):
            return clean(cell)
        if cell not in seen:
            seen[cell] = clean(cell)
        return seen[cell]

    return cleaned


def _words(clean: Callable[[str], str]) -> Clean:
    def cleaned(cell: Cell) -> str | None:
        return clean(cell if isinstance(cell, str) else written(cell)) or None

    return cleaned


def _digits(clean: Callable[[str], str]) -> Clean:
    def cleaned(cell: Cell) -> str | None:
        if isinstance(cell, str):
            return clean(cell) or None
        if cell is None:
            return None
        raise BadValue("number_cell_lost_digits")

    return cleaned


def _items(clean: Callable[[str], str]) -> Clean:
    def cleaned(cell: Cell) -> tuple[str, ...] | None:
        return tuple(clean(item) for item in text.listed(written(cell))) or None

    return cleaned


def _choice(words: Mapping[str, object]) -> Clean:
    return lambda cell: choices.choice(words, cell if isinstance(cell, str) else written(cell))


def _yuan(cell: Cell) -> int | None:
    if isinstance(cell, str):
        return money.fen_from_text(cell)
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return money.fen_from_number(cell)
    raise BadValue("amount_not_a_number")


def _date(cell: Cell) -> date | None:
    if isinstance(cell, str):
        return dates.date_from_text(cell)
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return dates.date_from_number(cell)
    raise BadValue("date_not_understood")


def _count(cell: Cell) -> int | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return choices.whole_number_from_cell(cell)
    return choices.whole_number(written(cell))


def _figure(cell: Cell) -> Decimal | None:
    if isinstance(cell, str):
        return figures.figure_from_text(cell)
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return figures.figure_from_number(cell)
    raise BadValue("figure_not_a_number")


def _categories(cell: Cell) -> object:
    found = categories(written(cell))
    return found if found.categories else None


CLEANERS: Mapping[Kind, Clean] = {
    Kind.TEXT: _words(text.compact),
    Kind.PERSON: _words(text.person_name),
    Kind.PROSE: _words(text.prose),
    Kind.IDENTITY: _digits(identity.id_number),
    Kind.XUEJI: _digits(identity.xueji_number),
    Kind.ACCOUNT: _digits(cards.account_number),
    Kind.PHONE: _words(text.symbols),
    Kind.YUAN: _yuan,
    Kind.DATE: _date,
    Kind.COUNT: _count,
    Kind.CATEGORIES: _categories,
    Kind.LIST: _items(str),
    Kind.PEOPLE: _items(text.person_name),
    Kind.SEX: _choice(choices.SEXES),
    Kind.STAGE: _choice(choices.STAGES),
    Kind.LEVEL: _choice(choices.LEVELS),
    Kind.LIFTED: _choice(choices.LIFTED),
    Kind.YES_NO: _choice(choices.YES_NO),
    Kind.CONTACT_WAY: _choice(choices.CONTACT_WAYS),
    Kind.ENROLMENT_CHANGE: _choice(choices.ENROLMENT_CHANGES),
    Kind.STILL_ENTITLED: _choice(choices.STILL_ENTITLED),
    Kind.RISK_REMOVED: _choice(choices.RISK_REMOVED),
    Kind.FIGURE: _figure,
    Kind.DIRECTION: _choice(choices.DIRECTIONS),
}
