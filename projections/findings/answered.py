"""An answer stays with its finding when the student's file is merged into another one, and when the two are split again.

A finding that is named by a student has another number under each file of the person. Every answer belongs to it that was given under the
file that answers now, under one that has been merged into it, or under any file while that one and this were one person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import orjson
from sqlalchemy import select

from ..finding import Finding
from ..finding_answers import AnswerRow, answers
from ..register.recognition import ENDINGS
from .naming import finding_id
from .sources import Sources

NAMED_BY_PERSON = frozenset({"eligible_but_unpaid", "decided_on_own_family"})
"""Rules whose findings are about a person by all of their files, and named by the file that answers for them."""


class Named(NamedTuple):
    """The number of a finding, those it has under other files of the person, and all answers to it in the order of recording."""

    id: str
    also: tuple[str, ...]
    answers: tuple[AnswerRow, ...]


class _Change(NamedTuple):
    """From this leaf on `student` is answered for by `survivor`; None: it stands alone again."""

    leaf: int
    student: str
    survivor: str | None


class Answered:
    """Asked of each finding; answers and merges are read once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._given: dict[str, list[AnswerRow]] = {}
        for row in answers(sources.view):
            self._given.setdefault(row.finding, []).append(row)

    def of(self, finding: Finding) -> Named:
        own = finding_id(finding)
        given = self._given.get(own, [])
        if finding.rule not in NAMED_BY_PERSON or not self._changes:
            return Named(own, (), tuple(given))
        now = self._files(finding.subject, None)
        also, found = [], list(given)
        for file in sorted(self._ever_one(finding.subject) - {finding.subject}):
            number = finding_id(replace(finding, subject=file))
            rows = self._given.get(number, [])
            belong = rows if file in now else [row for row in rows if file in self._files(finding.subject, row.leaf)]
            found += belong
            if file in now or belong:
                also.append(number)
        return Named(own, tuple(also), tuple(sorted(found, key=lambda row: row.leaf)))

    @cached_property
    def _changes(self) -> list[_Change]:
        """Merges and splits in the order of the log, by the day and as known at the view's point."""
        points = self._sources.view.points(ENDINGS, lambda c: c.kind == "identity")
        found = []
        for row in self._sources.view.rows(select(points).order_by(points.c.fact_leaf)):
            [event] = self._sources.journal.select_rows(row.fact_leaf, 1)
            survivor = orjson.loads(event.state)["survivor"] if event.topic == "student.identity_merged_into" else None
            found.append(_Change(row.fact_leaf, row.student, survivor))
        return found

    def _files(self, file: str, leaf: int | None) -> set[str]:
        """All files that were one person's with this one when the leaf was recorded; None: that are now."""
        into: dict[str, str] = {}
        for change in self._changes:
            if leaf is not None and change.leaf >= leaf:
                break
            if change.survivor is None:
                into.pop(change.student, None)
            else:
                into[change.student] = change.survivor
        first = _followed(into, file)
        return {first, *(other for other in into if _followed(into, other) == first)}

    def _ever_one(self, file: str) -> set[str]:
        """All files that ever were one person's with this one."""
        found, grew = {file}, True
        while grew:
            pairs = [{change.student, change.survivor} for change in self._changes if change.survivor is not None]
            more = {one for pair in pairs if pair & found for one in pair if one is not None}
            grew = not more <= found
            found |= more
        return found


def _followed(into: Mapping[str, str], file: str) -> str:
    seen = {file}
    while file in into and into[file] not in seen:
        file = into[file]
        seen.add(file)
    return file
