"""The lists of other offices as the rules about them look at them: which count on a day, and whom each names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from ..crosschecks_tables import LISTED, RECEIVED
from .sources import Sources


class Listed(NamedTuple):
    """A row of a list: whom it names, and the fact that says so."""

    student: str
    kind: str
    crosscheck: str
    entitled: bool
    ref: str
    leaf: int


class Lists:
    """The lists that count on a day: of each kind the newest as of that day, also one that came in later."""

    def __init__(self, sources: Sources) -> None:
        view = sources.view
        self._merged = sources.merged
        held = view.held(RECEIVED)
        self._received = view.rows(select(held).order_by(held.c.effective_from, held.c.fact_leaf))
        self._rows: dict[str, dict[str, list[Listed]]] = {}
        self._view = view

    def on(self, day: str) -> dict[str, list[str]]:
        """Kind -> the lists of it that count."""
        newest: dict[str, tuple[str, list[str]]] = {}
        for row in self._received:
            if row.effective_from <= day:
                since, ids = newest.get(row.kind, ("", []))
                newest[row.kind] = (row.effective_from, [*ids, row.crosscheck] if since == row.effective_from else [row.crosscheck])
        return {kind: ids for kind, (_since, ids) in newest.items()}

    def rows(self, crosscheck: str) -> dict[str, list[Listed]]:
        """Whom a list names, by the file that answers for them."""
        if crosscheck not in self._rows:
            points = self._view.points(LISTED, lambda c: c.crosscheck == crosscheck)
            c, merged = points.c, self._merged
            by_person = self._rows[crosscheck] = {}
            columns = (c.student, c.kind, c.entitled, c.ref, c.fact_leaf)
            for student, kind, entitled, ref, leaf in self._view.each(select(*columns).order_by(c.fact_leaf)):
                one = Listed(student, kind, crosscheck, entitled != 0, ref, leaf)
                by_person.setdefault(merged.get(student, student), []).append(one)
        return self._rows[crosscheck]

    def entitled(self, crosschecks: Iterable[str]) -> set[str]:
        """Whom any of these lists names as entitled."""
        rows = (one for crosscheck in crosschecks for one in self.rows(crosscheck).items())
        return {person for person, named in rows if any(row.entitled for row in named)}

    def received(self, crosscheck: str) -> tuple[str, int]:
        """The fact that the list came, and its leaf."""
        return next((row.ref, row.fact_leaf) for row in self._received if row.crosscheck == crosscheck)

    def __bool__(self) -> bool:
        return bool(self._received)
