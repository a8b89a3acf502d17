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
_WORDS = re.compile(r"`[^`]+`|.", re.DOTALL)  # a command in backticks counts as one character: it is there to be copied
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
    """Words, commands, single wide characters and runs of spaces; punctuation stays with the character it belongs to."""
    piece = ""
    for char in _WORDS.findall(text):
        if not piece:
            piece = char
        elif char in _CLOSING and not piece.isspace():
            piece += char
        elif char.isspace() != piece[-1].isspace():
            yield piece
            piece = char
        elif piece[-1] in _OPENING or (_narrow(char[0]) and _narrow(piece[-1])):
            piece += char
        else:
            yield piece
            piece = char
    if piece:
        yield piece


def _narrow(char: str) -> bool:
    return char_columns(char) < 2


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns (at least 2). Line breaks in the text are kept.

    No line break falls within a number, a reference, a path or a command in backticks, which people copy from the screen: one that is too
    long stands in a line of its own and is left to the terminal, which gives it back in one piece."""
    width = max(2, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        before, line = len(lines), ""
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
        if line or len(lines) == before:
            lines.append(line.rstrip())
    return lines


def _head(text: str, width: int) -> str:
    """The longest beginning that fits, and more where it would end within a word or command."""
    if "`" in text:
        return text
    used = 0
    for index, char in enumerate(text):
        used += char_columns(char)
        if used > width and index and not (_narrow(char) and _narrow(text[index - 1])):
            return text[:index]
    return text


def widest_word(text: str) -> int:
    """The columns of the widest piece that wrapping would like to keep whole."""
    return max((columns(piece) for piece in _pieces(text)), default=0)
