"""What tests of stories that begin with application forms have in common: problems by their place, people by their identity numbers."""

from __future__ import annotations

from typing import Any

from mingzhang.cli.demo.stage import Stage
from mingzhang.cli.intake.persons import known_persons
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.facts import decode

PLACE = ("sheet", "row", "column", "code")


def places(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: problem[name] for name in PLACE} for problem in problems]


class Opened:
    """A story's ledger asked from inside: facts as they are stored, people by their identity numbers."""

    def __init__(self, stage: Stage, numbers: list[str]) -> None:
        self.session = Session(Globals(str(stage.ledger), None, "zh", True, True, None))
        self.facts = [(row.originator_id, decode(row.topic, row.state)) for row in self.session.ledger.journal.select_rows()]
        self.refs = known_persons(self.session.vault, sorted(set(numbers)))
        self.numbers = {ref: number for number, ref in self.refs.items()}

    def number(self, application: str) -> str:
        """The identity number behind `[application/]<scheme>/<student>/<period>` or a bare reference."""
        parts = application.removeprefix("application/").split("/")
        return self.numbers[parts[1] if len(parts) > 1 else parts[0]]

    def close(self) -> None:
        self.session.__exit__()
