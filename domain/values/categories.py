"""困难类别 is a closed list: every term in use means one of sixteen categories, and a term nobody knows is refused.

WORKBOOKS.md, "困难类别 terms and their synonyms". The sub-kind of 低保 is kept: funds for town
and country differ.
"""

from __future__ import annotations

from typing import NamedTuple

from .bad_value import BadValue
from .text import listed

CATEGORIES: tuple[str, ...] = (
    "建档立卡",
    "脱贫不稳定",
    "边缘易致贫",
    "突发严重困难",
    "低保",
    "低保边缘",
    "特困",
    "孤儿",
    "事实无人抚养儿童",
    "残疾学生",
    "残疾人子女",
    "烈士子女",
    "单人户施保",
    "低收入",
    "疫情返贫",
    "其他",
)

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "建档立卡": ("建档立卡户", "建档立卡贫困户", "建档立卡学生", "脱贫户", "脱贫家庭"),
    "突发严重困难": ("突发困难",),
    "低保": ("城市低保", "农村低保", "城镇低保"),
    "特困": ("特困供养", "特困人员", "特困救助供养"),
    "残疾学生": ("残疾",),
}
_KEPT_KINDS = frozenset(_SYNONYMS["低保"])
_CATEGORY_OF: dict[str, str] = {category: category for category in CATEGORIES} | {
    synonym: category for category, synonyms in _SYNONYMS.items() for synonym in synonyms
}
_ORDER = {category: position for position, category in enumerate(CATEGORIES)}


class Categories(NamedTuple):
    """What one cell says.

    `categories`: canonical terms, each once, in the order of `CATEGORIES`, so that equal sets are equal tuples.
    `kinds`: sub-kinds as written (`城市低保`), in the order of the cell.
    """

    categories: tuple[str, ...]
    kinds: tuple[str, ...]


NO_CATEGORIES = Categories((), ())


def category(term: str) -> str:
    """The canonical category of one term or synonym. Refuses `category_unknown`."""
    known = _CATEGORY_OF.get(term)
    if known is None:
        raise BadValue("category_unknown")
    return known


def categories(text: str) -> Categories:
    """The categories of a cell, none for an empty one. Refuses `category_unknown` if any term is unknown."""
    terms = listed(text)
    found = {category(term) for term in terms}
    return Categories(
        tuple(sorted(found, key=_ORDER.__getitem__)), tuple(term for term in terms if term in _KEPT_KINDS)
    )
