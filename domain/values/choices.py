"""A closed word list (学段, 困难等级, 是/否) is matched word by word; a word outside it is refused, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from .bad_value import BadValue
from .text import compact

_Meaning = TypeVar("_Meaning")

STAGES: Mapping[str, str] = {
    "学前": "学前", "学前教育": "学前", "幼儿园": "学前",
    "小学": "小学",
    "初中": "初中",
    "普高": "普高", "普通高中": "普高", "高中": "普高",
    "中职": "中职", "中专": "中职", "职高": "中职", "中等职业": "中职",
    "专科": "专科", "大专": "专科", "高职": "专科",
    "本科": "本科",
}  # fmt: skip
LEVELS: Mapping[str, str] = {
    "特别困难": "特别困难", "特殊困难": "特别困难",
    "困难": "困难", "比较困难": "困难",
    "一般困难": "一般困难", "一般": "一般困难",
}  # fmt: skip
SEXES: Mapping[str, str] = {"男": "男", "女": "女", "男性": "男", "女性": "女"}
LIFTED: Mapping[str, bool] = {"已脱贫": True, "未脱贫": False, "是": True, "否": False}
YES_NO: Mapping[str, bool] = {"是": True, "否": False, "新增": True, "√": True}
CONTACT_WAYS: Mapping[str, str] = {"电话": "电话", "入户": "入户", "走访": "走访", "网络": "网络", "座谈": "座谈"}
ENROLMENT_CHANGES: Mapping[str, str] = {
    word: word for word in ("休学", "复学", "退学", "转学", "毕业", "死亡")
}  # the closed list of WORKBOOKS.md, "Registers"
STILL_ENTITLED: Mapping[str, bool] = {"继续享受": True, "不再享受": False}
RISK_REMOVED: Mapping[str, bool] = {"未消除": False, "已消除": True}
DIRECTIONS: Mapping[str, str] = {
    "不低于": "at_least", "不少于": "at_least", "达到": "at_least", "≥": "at_least", ">=": "at_least",
    "不高于": "at_most", "不超过": "at_most", "控制在": "at_most", "≤": "at_most", "<=": "at_most",
}  # fmt: skip


def choice(words: Mapping[str, _Meaning], text: str) -> _Meaning | None:
    """What the word stands for; None for an empty cell. Refuses `value_unknown`."""
    word = compact(text)
    if not word:
        return None
    if word not in words:
        raise BadValue("value_unknown")
    return words[word]


def whole_number(text: str) -> int | None:
    """A whole number above zero (`5`, `5人`); None for an empty cell.

    Refuses `not_a_whole_number` and `not_above_zero`.
    """
    written = compact(text).removesuffix("人").removesuffix("口").removesuffix(".0")
    if not written:
        return None
    if not (written.lstrip("-").isdigit() and written.isascii() and len(written) <= 9):
        raise BadValue("not_a_whole_number")
    if int(written) <= 0:
        raise BadValue("not_above_zero")
    return int(written)


def whole_number_from_cell(number: float | int) -> int:
    """A whole number above zero from a number cell. Refuses as `whole_number`."""
    if number != number or number in (float("inf"), float("-inf")) or int(number) != number:
        raise BadValue("not_a_whole_number")
    if number <= 0:
        raise BadValue("not_above_zero")
    return int(number)
