"""A Han character takes two columns of the screen: nothing here counts it as one.

click and `str.ljust` count characters, so Chinese tables made with them lean; these few functions count columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# No line may begin with these, nor end with the others (GB/T 15834 punctuation).
_CLOSING = frozenset("，。；：、？！）》〉」』】”’…,.;:?!)]}%")
_OPENING = frozenset("（《〈「『【“‘([{")
_LONG_ENOUGH = 8  # columns before a slash that make up for a break: 2020/2021 and 元/年 stay whole
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def char_columns(char: str) -> int:
    """0 for a combining or control character, 2 for a wide one, else 1."""
    if char.isascii():
        return 1 if char.isprintable() else 0
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cc", "Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def columns(text: str) -> int:
    """How many columns the text takes on one line; terminal escapes take none."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(char_columns, _ESCAPES.sub("", text)))


def pad(text: str, width: int, align: str = "left") -> str:
    """The text filled with spaces to `width` columns; a longer one is returned as it is, never cut."""
    space = max(0, width - columns(text))
    if align == "right":
        return " " * space + text
    if align == "center":
        return " " * (space // 2) + text + " " * (space - space // 2)
    return text + " " * space


def _pieces(text: str) -> Iterator[str]:
    """Words, single wide characters and runs of spaces; punctuation stays with the character it belongs to. A long reference or
    path may go on in the next line after a slash."""
    piece = ""
    for char in text:
        if not piece:
            piece = char
        elif char in _CLOSING and not piece.isspace():
            piece += char
        elif char.isspace() != piece[-1].isspace():
            yield piece
            piece = char
        elif piece[-1] in _OPENING or (char_columns(char) < 2 and char_columns(piece[-1]) < 2 and not _may_end(piece)):
            piece += char
        else:
            yield piece
            piece = char
    if piece:
        yield piece


def _may_end(piece: str) -> bool:
    """Whether a long reference or path may go on in the next line here."""
    return piece[-1] == "/" and len(piece) >= _LONG_ENOUGH


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns (at least 2). Words stay whole where they fit; a longer one goes on in
    the next line, so that no digit of a long number is lost. Line breaks in the text are kept."""
    width = max(2, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if columns(line) + columns(piece) <= width:
                line += piece
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = "" if piece.isspace() else piece
            while columns(line) > width:
                head = _head(line, width)
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    return lines


def _head(text: str, width: int) -> str:
    """The longest beginning that fits."""
    used = 0
    for index, char in enumerate(text):
        used += char_columns(char)
        if used > width:
            return text[: max(1, index)]
    return text


def widest_word(text: str) -> int:
    """The columns of the widest piece that wrapping would like to keep whole."""
    return max((columns(piece) for piece in _pieces(text)), default=0)
