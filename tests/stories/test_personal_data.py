"""After a whole year no name, number, account, phone or address stands in the ledger's files outside keys/, nor in what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.facts import decode
from mingzhang.domain.sealed import Sealed
from tests.stories.fuxin_2020 import AUDIT, TRUTH, Year
from tests.stories.in_the_open import in_the_open, standing_in, ways_to_write

PERSONAL = ("name", "id_number", "xueji", "phone", "account", "account_name", "guardian", "household_place", "remark", "note")
LETTERS_ENOUGH = 3  # shorter texts stand in other words by chance
TEN = [row for row in AUDIT["findings"] if "id" in row][:10]


def boxes(value: Any) -> Iterator[Sealed]:
    """Every box in a fact, however deep."""
    if isinstance(value, Sealed):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from boxes(one)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from boxes(getattr(value, name))


@pytest.fixture(scope="module")
def sealed_texts(year: Year) -> frozenset[str]:
    """Everything that was sealed in the year, in plain text."""
    session = Session(Globals(str(year.player.ledger), None, "zh", True, True, None))
    try:
        facts = [decode(row.topic, row.state) for row in session.ledger.journal.select_rows()]
        opened = session.vault.open_many([box for fact in facts for box in boxes(fact)])
    finally:
        session.__exit__()
    texts = {fields[name] for fields in opened if fields for name in PERSONAL if name in fields}
    return frozenset(text for text in texts if len(text) >= LETTERS_ENOUGH)


def test_a_text_in_the_open_would_be_found() -> None:
    assert standing_in("前\x00程嘉乐后".encode(), frozenset({"程嘉乐", "210902200205036574"})) == ["程嘉乐"]
    assert len(standing_in("x210902200205036574程嘉乐".encode("utf-16-le"), frozenset({"程嘉乐", "210902200205036574"}))) == 2
    assert standing_in("帮扶人程乐、".encode(), frozenset({"程乐"})) == ["程乐"]


def test_the_year_sealed_what_the_files_said(sealed_texts: frozenset[str]) -> None:
    recorded = [row for term in TRUTH["rounds"].values() for row in term["recorded"]]
    assert {row["id"] for row in recorded} | {row["account"] for row in recorded if row["account"]} <= sealed_texts
    assert len(sealed_texts) > 3000


def test_nothing_sealed_stands_in_a_file_of_the_ledger(year: Year, sealed_texts: frozenset[str]) -> None:
    files = in_the_open(year.player.ledger)
    assert {"journal.db", "projections.db", "ledger.json"} <= files.keys()
    assert {name: standing_in(content, sealed_texts) for name, content in files.items()} == {name: [] for name in files}


@pytest.mark.parametrize("person", TEN, ids=[row["rule"] + "-" + str(row["evidence"][0]["row"]) for row in TEN])
def test_ten_people_of_the_truth_are_nowhere_in_the_open(year: Year, person: dict[str, Any]) -> None:
    texts = {person["name"], person["id"], person.get("account") or person["id"]}
    files = in_the_open(year.player.ledger)
    assert [name for name, content in files.items() for text in texts for way in ways_to_write(text) if way in content] == []


QUESTIONS = {
    "roster": ("roster",),
    "applications": ("application", "list", "--scheme", "grant"),
    "payments": ("payment", "list"),
    "findings": ("findings",),
    "staff": ("staff", "list"),
    "changes": ("diff", "--from", "2020-03-15", "--to", "2020-04-30"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_printed_is_masked(year: Year, sealed_texts: frozenset[str], question: str) -> None:
    printed = json.dumps(year.player.play(*QUESTIONS[question]), ensure_ascii=False)
    assert [text for text in sealed_texts if text in printed] == []


def test_what_an_import_complains_about_names_nobody(year: Year, sealed_texts: frozenset[str]) -> None:
    said = [_without_path(one) for answer in year.files.values() for one in answer["files"]]
    printed = json.dumps(said, ensure_ascii=False)
    assert [text for text in sealed_texts if text in printed] == []


def _without_path(file: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in file.items() if name not in ("file", "copy")}


def test_what_lies_apart_is_readable_by_its_owner_alone(year: Year) -> None:
    keys = year.player.ledger / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in keys.glob("*") if path.suffix in (".db", ".key")} == {
        "master.key": 0o600,
        "practice.key": 0o600,
        "vault.db": 0o600,
    }
