"""Whom a row of 学业帮扶 is about: 学号 decides where it is given, else the name among those on a 挂科名单."""

from __future__ import annotations

from collections.abc import Iterable

from mingzhang.domain.pairing.pairing import Pairing

from ..session import Session


class TutoredStudents:
    """Students with courses on a 挂科名单 and the pairings that help with them; made once per import.

    numbers: every 学号 of the import, looked up at one go.
    """

    def __init__(self, session: Session, numbers: Iterable[str | None]) -> None:
        from mingzhang.projections.tutoring import arranged_courses, courses

        self._session = session
        with session.engine.view(session.as_of(None, None)) as view:
            self._courses = courses(view)
            self._arranged = arranged_courses(view)
        known = list(dict.fromkeys(number for number in numbers if number))
        found = session.vault.find_many("student_number", known)
        self._by_number = {number: {_survivor(session, ref) for ref in refs} for number, refs in zip(known, found, strict=True)}
        self._by_name: dict[str, set[str]] | None = None
        session.streams.fetch(f"pairing/{one.pairing}" for one in self._arranged)

    def students(self, number: str | None, name: str) -> set[str]:
        """The students meant: one, none, or several of one name."""
        if number is not None:
            return self._by_number.get(number, set())
        if self._by_name is None:
            self._by_name = {}
            opened = self._session.vault.open_many([row.person for row in self._courses])
            for row, fields in zip(self._courses, opened, strict=True):
                if fields is not None:
                    self._by_name.setdefault(fields.get("name", ""), set()).add(row.student)
        return self._by_name.get(name, set())

    def failed(self, students: set[str], course: str, period: str | None) -> list[tuple[str, str]]:
        """(student, period) of whoever of them failed the course in that term (None: in any), the newest list first."""
        rows = [row for row in self._courses if row.failed and row.student in students and row.course == course]
        found = [(row.student, row.period) for row in rows if period is None or row.period == period]
        return list(dict.fromkeys(reversed(found)))

    def pairings(self, students: set[str], course: str) -> list[Pairing]:
        """The pairings that help or helped them with the course, oldest first."""
        found = [one.pairing for one in self._arranged if one.student in students and one.course == course]
        return [self._session.streams.read(Pairing, pairing) for pairing in found]


def _survivor(session: Session, ref: str) -> str:
    """The file that answers for the person, where theirs was merged."""
    from mingzhang.domain.student.student import Student

    return session.streams.read(Student, ref).survivor or ref
