"""Whatever the offices' workbooks say of people stands nowhere in the open: not in a ledger, not in an answer, not in a calendar or packet;
and where a person has been erased every question is answered all the same, without them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import Lives
from tests.stories.in_the_open import in_the_open, said_of_people, standing_in, unpacked
from tests.stories.player import Player

EXAMPLES = {
    "fuxin_2020": ("fuxin-2020", "2020-12-31"),
    "funan_2020": ("funan-2020", "2020-12-31"),
    "sunan_2022": ("sunan-2022", "2022-09-10"),
    "city_education": ("actions-taian", "2019-02-20"),
    "liaoning_pairing": ("pairing-liaoning", "2019-05-31"),
    "hunan_tutoring": ("tutoring-2023", "2024-01-12"),
}
QUESTIONS = [
    "roster",
    "application list",
    "crosscheck list",
    "notice list",
    "notice list --public",
    "payment list",
    "loan list",
    "pairing list",
    "pairing gaps",
    "contact list",
    "gaps",
    "dropout list",
    "schoolpair list",
    "leftbehind list",
    "inspection list",
    "findings",
    "staff list",
]
pytestmark = pytest.mark.slow

ENOUGH = 100  # texts: fewer would mean that a workbook was not understood


@dataclass(frozen=True)
class Example:
    """A year's ledger as it ended on a `day`, and what its workbooks say of people."""

    stage: Player
    day: str
    texts: frozenset[str]


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest, lives: Lives) -> Example:
    lived = lives(request.param)
    folder, day = EXAMPLES[request.param]
    return Example(lived.player if request.param == "fuxin_2020" else lived.stage, day, said_of_people(folder))


@pytest.fixture(scope="module")
def answered(example: Example, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return answers(example.stage, example.day, tmp_path_factory.mktemp("answers"))


def named_in(said: dict[str, bytes], texts: frozenset[str]) -> dict[str, list[str]]:
    """In which of the answers or files one of the texts stands, and which."""
    if not standing_in(b"\n".join(said.values()), texts):
        return {}
    return {name: found for name, content in said.items() if (found := standing_in(content, texts))}


def answers(player: Player, day: str, out: Path) -> dict[str, bytes]:
    """What all questions answer: to programs, to people in the season's packet, and as a calendar."""
    at, found = f"{day}T20:00:00", {}
    for question in QUESTIONS:
        words = question.split()
        found[question] = json.dumps(player.ask(*words, actor="inspector", at=at), ensure_ascii=False).encode()
    player.play("due", "--ics", str(out / "due.ics"), actor="inspector", at=at)
    packet = player.play("packet", "--out", str(out / "packet"), actor="inspector", at=at)
    assert [section["refused"] for section in packet["sections"] if section["refused"]] == []
    return found | {path.name: unpacked(path.read_bytes()) for path in out.rglob("*") if path.is_file()}


def test_nothing_a_workbook_says_of_people_stands_in_the_ledger(example: Example) -> None:
    files = in_the_open(example.stage.ledger)
    assert len(example.texts) > ENOUGH and {"journal.db", "projections.db"} <= files.keys()
    assert named_in(files, example.texts) == {}


def test_nothing_that_was_printed_in_the_year_names_anybody(example: Example) -> None:
    assert standing_in("\n".join(example.stage.printed).encode(), example.texts) == []


def test_no_answer_file_or_calendar_names_anybody(example: Example, answered: dict[str, bytes]) -> None:
    assert named_in(answered, example.texts) == {}


def test_every_question_is_answered_without_the_erased(example: Example, answered: dict[str, bytes], tmp_path: Path) -> None:
    """The harshest case: everybody's key is gone."""
    ledger, out = tmp_path / "ledger", tmp_path / "out"
    shutil.copytree(example.stage.ledger, ledger)
    erase_everybody(ledger / "keys" / "vault.db")
    out.mkdir()
    found = answers(Player(ledger), example.day, out)
    assert named_in(found, example.texts) == {}
    assert found.keys() == answered.keys()
    assert {name: rows(found[name]) for name in QUESTIONS} == {name: rows(without_accounts(answered[name])) for name in QUESTIONS}


def without_accounts(answer: bytes) -> bytes:
    """The answer without what was found about accounts: whose account it was is erased with them, and nothing can be found of it."""
    document: Any = json.loads(answer)
    if isinstance(document, list):
        document = [row for row in document if not str(row.get("rule", "")).startswith("account_")]
    return json.dumps(document).encode()


def erase_everybody(vault: Path) -> None:
    """As the vault leaves an erased person: no key and no token, and the row that keeps the reference from being taken up again."""
    connection = sqlite3.connect(vault)
    connection.execute("DELETE FROM tokens")
    connection.execute("UPDATE persons SET state = 'erased', wrapped_key = NULL")
    connection.commit()
    connection.close()


def rows(answer: bytes) -> int:
    """How many rows an answer has, in whichever of its parts."""
    document: Any = json.loads(answer)
    return len(document) if isinstance(document, list) else sum(len(part) for part in document.values() if isinstance(part, list))
