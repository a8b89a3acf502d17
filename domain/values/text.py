"""Text typed by hand is cleaned of what nobody meant to type, and of nothing else.

WORKBOOKS.md: "surrounding and inner spaces, full-width digits and letters, a leading apostrophe"; 无, /, — and - alone
mean an empty cell.
"""

from __future__ import annotations

import re

# Marks that have no width: they arrive with text copied from chats and web pages and make equal names differ.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202C, 0x2060, 0xFEFF, 0x00AD])
_FULL_WIDTH_LETTERS = {
    code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]
}
_PROSE = _FULL_WIDTH_LETTERS | _INVISIBLE
_SYMBOLS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | _INVISIBLE
# The dot in names such as 阿依古丽·买买提 is typed in six ways.
_DOTS = dict.fromkeys([0x2022, 0x2027, 0x30FB, 0xFF65, 0x22C5, 0x2219, 0x16EB], "·")

_APOSTROPHES = "'‘’＇`"
_EMPTY = frozenset({"", "无", "/", "／", "\\", "—", "——", "-", "--", "－", "–", "―", "─"})
_SPACE_BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SPACES = re.compile(r"\s+")


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: blank, or 无, /, — or - alone."""
    return text in _EMPTY or not text.strip() or "".join(text.split()) in _EMPTY


def compact(text: str) -> str:
    """One word: every space removed, digits and letters half-width, no leading apostrophe. '' for an empty cell.

    For names, units, classes and terms. Punctuation is left as written.
    """
    if not text.isascii():
        text = text.translate(_PROSE)
    if text[:1] in _APOSTROPHES:
        text = text.lstrip(_APOSTROPHES)
    text = "".join(text.split())
    return "" if text in _EMPTY else text


def symbols(text: str) -> str:
    """As `compact`, and punctuation becomes half-width too: for numbers, dates and column names."""
    if not text.isascii():
        text = text.translate(_SYMBOLS)
    if text[:1] in _APOSTROPHES:
        text = text.lstrip(_APOSTROPHES)
    text = "".join(text.split())
    return "" if text in _EMPTY else text


def prose(text: str) -> str:
    """Running text: spaces beside Chinese characters removed, other runs of spaces made one. '' for an empty cell."""
    if not text.isascii():
        text = text.translate(_PROSE)
        text = _SPACE_BESIDE_HAN.sub("", text)
    text = _SPACES.sub(" ", text).strip()
    if text[:1] in _APOSTROPHES:
        text = text.lstrip(_APOSTROPHES)
    return "" if text in _EMPTY else text


def person_name(text: str) -> str:
    """A person's name: as `compact`, with one kind of dot inside (阿依古丽·买买提). Rare characters stay."""
    return compact(text).translate(_DOTS)


def listed(text: str) -> tuple[str, ...]:
    """The items of a cell that holds a list, separated by `、` `,` `;` `，` `；` or `/`, in their order, each once."""
    return tuple(dict.fromkeys(item for item in (compact(part) for part in _SEPARATORS.split(text)) if item))


_SEPARATORS = re.compile("[、,;，；/／\n]")
