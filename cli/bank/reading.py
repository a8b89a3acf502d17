"""A large answer is read, and held against the order, by a second process while this one loads the payments that were asked for.

It can only save time: what it does not tell, because it refuses the file or was killed, is read here and refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any, Final

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.forked import forked
from mingzhang.domain.refusal import Refused

from ..bankfiles.answers import BankAnswer, BankLine, read_answer
from .incoming import BankFile
from .whole_order import WholeOrder

LARGE_BYTES: Final = 1 << 20
"""A smaller file is read before a second process is of use."""

_columns = attrgetter(*(field.name for field in fields(BankLine)))


class AnswerReading:
    """One answer being read. `heard` is where the second process tells what it has read, None where there is none."""

    def __init__(self, came: BankFile, order: WholeOrder | None, heard: Connection | None) -> None:
        self._came = came
        self._order = order
        self._heard = heard

    def done(self, parts: Mapping[int, int]) -> tuple[BankAnswer, bool]:
        """The answer, and whether it repeats the order line by line. parts: as `read_answer` wants it. Refuses as `read_answer`."""
        told = None if parts else self._told()
        return _read(self._came, self._order, parts) if told is None else told

    def _told(self) -> tuple[BankAnswer, bool] | None:
        if self._heard is None:
            return None
        try:
            answer, columns, repeats = self._heard.recv()
        except (EOFError, OSError):
            return None
        return replace(answer, lines=tuple(map(BankLine, *columns))), repeats


@contextmanager
def reading(came: BankFile, order: WholeOrder | None) -> Iterator[AnswerReading]:
    """Begins to read the file; to be entered while nothing else is going on."""

    def beside(to_us: Connection) -> None:
        with collector_at_rest():
            try:
                answer, repeats = _read(came, order, {})
            except Refused:
                return  # told by whoever reads it again
            columns: tuple[Any, ...] = tuple(zip(*map(_columns, answer.lines), strict=True))
            to_us.send((replace(answer, lines=()), columns, repeats))

    with forked(beside if len(came.content) >= LARGE_BYTES else None) as heard:
        yield AnswerReading(came, order, heard)


def _read(came: BankFile, order: WholeOrder | None, parts: Mapping[int, int]) -> tuple[BankAnswer, bool]:
    answer = read_answer(came.content, came.file, came.layout, parts)
    return answer, not parts and order is not None and order.repeated_by(answer)
