"""What a check comes to: problems say that something is not proved, open points that it could not be checked here, remarks what to know.

Each is a code with what fills its sentence; the sentences stand in one table, in both languages (sentences.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Point(NamedTuple):
    """A code of sentences.py and the values its braces name."""

    code: str
    context: dict[str, Any]


class NotProved(Exception):
    """What is read here is not what it has to be; whoever catches it makes a problem of it."""

    def __init__(self, code: str, **context: Any) -> None:
        super().__init__(code)
        self.point = Point(code, context)


class Findings:
    """All that one check found, in the order it was found."""

    def __init__(self) -> None:
        self.problems: list[Point] = []
        self.open: list[Point] = []
        self.remarks: list[Point] = []
        self.proved: list[Point] = []

    def problem(self, code: str, **context: Any) -> None:
        self.problems.append(Point(code, context))

    def left_open(self, code: str, **context: Any) -> None:
        self.open.append(Point(code, context))

    def remark(self, code: str, **context: Any) -> None:
        self.remarks.append(Point(code, context))

    def prove(self, code: str, **context: Any) -> None:
        self.proved.append(Point(code, context))
