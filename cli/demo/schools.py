"""The schools' year of plans S2 and S3: dropout cases, pairs of schools, left-behind children.

The caps, terms and exchanges are S3's; the day by which pairs are fixed and the two weeks for left-behind children are S2's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..i18n import _
from .stage import Stage

DATA = Path(__file__).parent / "data" / "actions-taian"
CASES, PAIRS = DATA / "辍学台账.xlsx", DATA / "学校结对.xlsx"
CHILDREN = {"1": "99900120080901001X", "2": "999001200809010028", "3": "999001200809010036"}
"""The identity numbers of three invented children."""


@dataclass
class SchoolYear:
    """`imported` holds the answers of the imports by file name."""

    stage: Stage
    imported: dict[str, Any] = field(default_factory=dict)

    def ask(self, *words: str, at: str = "2018-12-31T18:00:00") -> Any:
        """What an inspector is told, on the last day of the year unless said otherwise."""
        return self.stage.ask(*words, actor="inspector", at=at)


def live_schools(stage: Stage, *, dropouts: bool = True) -> SchoolYear:
    """The year from September on, in a ledger whose plans are adopted; the office sends its workbooks on the last day."""
    year = SchoolYear(stage)
    stage.heading(_("September: left-behind children are registered within two weeks of term start"))
    _children(year)
    stage.heading(_("December: the schools' own ledgers"))
    if dropouts:
        _take(year, "dropout", CASES, "2018-12-31T09:10:00")
    _take(year, "schoolpair", PAIRS, "2018-12-31T09:20:00")
    return year


def _take(year: SchoolYear, group: str, file: Path, at: str) -> None:
    year.imported[file.name] = year.stage.play(group, "import", str(file), actor="helper-clerk", at=at)
    year.stage.say_taken(year.imported[file.name]["files"][0])


def _children(year: SchoolYear) -> None:
    """One is in time and gets file and card, one is late and has neither, one is off the register by winter."""
    play = year.stage.play
    told = ("--unit", "肥城市", "--guardian", "测试祖母", "--name")
    for number, day in {"1": "2018-09-10", "3": "2018-09-15", "2": "2018-09-20"}.items():
        words = ("leftbehind", "register", CHILDREN[number], *told, f"测试{number}")
        play(*words, actor="helper-clerk", at=f"{day}T10:00:00")
    ref = year.ask("student", "find", "--id-number", CHILDREN["1"], at="2018-09-20T11:00:00")["student"]
    scan = year.stage.folder / "一人一档.pdf"
    scan.write_bytes(b"synthetic")
    for minute, papers in enumerate((("card", ref, "--contacts", "测试甲"), ("file", ref, str(scan)))):
        play("leftbehind", *papers, actor="helper-clerk", at=f"2018-09-21T10:0{minute}:00")
    care = ("care", CHILDREN["2"], "--kind", "visit", "--text", "家访")
    play("leftbehind", *care, actor="helper-clerk", at="2018-10-20T10:00:00")
    play("leftbehind", "end", CHILDREN["3"], "--reason", "父母返乡", actor="helper-clerk", at="2018-12-01T10:00:00")
    year.stage.show("leftbehind", "list", "--on", "2018-12-01", at="2018-12-01T11:00:00")
