"""What an answer is made of: a document for programs, tables and sentences for people, the tables again for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .tables import Column


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are mappings by column key, or sequences in column order. `caption` stands above, `foot` below."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object] | Sequence[object]]
    caption: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences, each of which begins a line of its own and is wrapped where the screen ends. `as_is`: never wrapped, since it is there
    to be copied (a key, stored bytes) and a line break inside would spoil it."""

    sentences: tuple[str, ...]
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is what `--json` prints; `parts` what a person reads; `exit_code` as CLI.md (0, 3 rows refused, 4 not verified).

    `filed`: what a file of tables holds, where that is something else than the parts (a trail is a story on the screen and a table of
    steps in a file); None: the parts.
    """

    document: object
    parts: tuple[Table | Text, ...] = ()
    exit_code: int = 0
    filed: tuple[Table | Text, ...] | None = None

    @classmethod
    def saying(cls, document: object, *sentences: str) -> Answer:
        """An answer that is sentences alone, for a person."""
        return cls(document, (Text(sentences),))
