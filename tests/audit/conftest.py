"""Plan S0's year is lived once by a careless office that clears every doubtful account, and audited afterwards with the lists of others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.projections.trail import trace
from tests.stories import fuxin_2020
from tests.stories.fuxin_2020 import AUDIT, COLLEGE, TERMS, TRUTH, Year

LISTS = ("建档立卡", "特困")


@dataclass
class Audited:
    """What the audit rules found, beside the year they found it in."""

    year: Year
    found: list[dict[str, Any]]
    session: Session
    refs: dict[str, str]

    def by(self, rule: str) -> list[dict[str, Any]]:
        return [row for row in self.found if row["rule"] == rule]

    def ref(self, number: str) -> str:
        """The student with that identity number."""
        if number not in self.refs:
            self.refs[number] = self.year.player.ask("student", "find", "--id-number", number)["student"]
        return self.refs[number]

    def rows(self, found: dict[str, Any]) -> set[tuple[str, int]]:
        """The rows of files from which the facts that a finding cites were read."""
        journal, places = self.session.ledger.journal, set()
        for event in found["events"]:
            step = next(step for step in trace(journal, event).steps if step.event == event)
            if step.source is not None and step.source.row is not None:
                places.add((step.source.file, step.source.row))
        return places

    def enrolments(self, student: str) -> dict[str, dict[str, Any]]:
        """What the student's file says of enrolment, by `stream@version`."""
        rows = self.session.ledger.journal.select_streams([f"student/{student}"])
        changes = [row for row in rows if row.topic == "student.enrolment_changed"]
        return {f"{row.originator_id}@{row.originator_version}": orjson.loads(row.state) for row in changes}

    def truth(self, rule: str, term: str) -> list[dict[str, Any]]:
        period = TRUTH["rounds"][term]["round"]
        return [row for row in AUDIT["findings"] if row["rule"] == rule and row["term"] == period]


def place(row: dict[str, Any]) -> tuple[str, int]:
    """A row of the truth's evidence, the file by its name alone, as the ledger keeps it."""
    return Path(row["file"]).name, row["row"]


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    with redirect_stdout(StringIO()):
        year = fuxin_2020.live(tmp_path_factory.mktemp("audited"))
        play = year.player.play
        for minute, kind in enumerate(LISTS):
            words = ["crosscheck", "import", str(COLLEGE / f"比对-{kind}.xlsx"), "--kind", kind, "--on", "2020-02-29"]
            play(*words, actor="reviewer", at=f"2020-12-31T09:0{minute}:00")
        for minute, term in enumerate(TERMS):
            words = ["crosscheck", "compare", "--round", TRUTH["rounds"][term]["round"], "--on", AUDIT["pay_dates"][term]]
            play(*words, actor="clerk", at=f"2020-12-31T10:0{minute}:00")
        found = year.player.ask("findings")
    session = Session(Globals(str(year.player.ledger), None, "zh", True, True, None))
    yield Audited(year, found, session, {})
    session.__exit__()
