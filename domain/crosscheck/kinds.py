"""A kind of list is one an adopted plan names, or a category of hardship; 城市低保 and 农村低保 are lists of their own.

SYSTEMS, S4: "on a list: 城市低保全额, 农村低保一二类, 单人户施保, 特困, 孤儿, 事实无人抚养". The class stands in the list, the kind is
said at import.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..plan.vocabulary import Plan
from ..refusal import Refused
from ..values.bad_value import BadValue
from ..values.categories import CATEGORIES, category

_OF_THEIR_OWN = ("城市低保", "农村低保", "城镇低保", "残疾")
"""Kinds of list that are no category by themselves: the category keeps them as sub-kinds, or has them as a synonym."""


def known_kinds(plans: Iterable[Plan]) -> tuple[str, ...]:
    """Every kind a list may be of: those the plans name, then the categories and their lists; each once."""
    named = [clause.kind for plan in plans for scheme in plan.schemes for clause in scheme.conditions.lists]
    return tuple(dict.fromkeys((*named, *CATEGORIES, *_OF_THEIR_OWN)))


def kind_of_list(written: str, plans: Iterable[Plan]) -> str:
    """The kind meant by what was written: a known kind, or a synonym of a category (建档立卡户). Refused `list_kind_unknown`."""
    known = known_kinds(plans)
    if written in known:
        return written
    try:
        found = category(written)
    except BadValue:
        raise Refused("list_kind_unknown", kind=written, kinds=list(known)) from None
    return found


def category_of(kind: str) -> str:
    """The category somebody on such a list has; the kind itself where it is none of the categories."""
    try:
        return category(kind)
    except BadValue:
        return kind


def claimed_kinds(categories: Iterable[str], sub_kinds: Iterable[str], compared: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """For each category a student was recorded under: the compared kinds of list on one of which they should stand; a category that no
    compared list is about is left out. 低保 recorded as 城市低保 is looked for on that list alone, where it is compared."""
    kinds, written = tuple(compared), frozenset(sub_kinds)
    groups = []
    for one in categories:
        group = tuple(kind for kind in kinds if category_of(kind) == one)
        narrowed = tuple(kind for kind in group if kind in written)
        if group:
            groups.append(narrowed or group)
    return tuple(groups)
