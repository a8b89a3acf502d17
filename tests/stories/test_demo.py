"""The demonstration is a story with an end: its figures are the truth's, and every payment in it can be traced."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.cli.clock import SystemClock
from mingzhang.cli.folder import read_folder
from mingzhang.cli.session import open_ledger
from mingzhang.projections.trail import trace
from tests.conftest import CHECKOUT

TRUTH = json.loads((CHECKOUT / "tests/data/fuxin-2020/truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The demonstration's ledger and its figures."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = CliRunner().invoke(cli, ["--json", "--lang", "zh", "demo", str(folder)])
    assert result.exit_code == 0, result.output
    return folder / "ledger", json.loads(result.stdout)


def paid_payments(ledger: Path) -> list[str]:
    result = CliRunner().invoke(cli, ["--ledger", str(ledger), "--json", "payment", "list", "--stand", "paid"])
    return [row["payment"] for row in json.loads(result.stdout)]


@pytest.mark.parametrize("term", ["spring", "autumn"])
def test_what_is_paid_and_what_is_left_out_add_up_to_the_truth(term: str, played: tuple[Path, dict[str, Any]]) -> None:
    said = played[1][term]
    grant = TRUTH["rounds"][term]["grant"]
    tier_of = {student["id"]: student["fen_per_term"] for student in TRUTH["rounds"][term]["recorded"]}
    left_out = len(said["prepared"]["excluded"])
    assert said["prepared"]["payments"] + left_out == grant["students"] == len(tier_of)
    assert {one["code"] for one in said["prepared"]["excluded"]} == {"paid_while_not_enrolled"}
    assert said["prepared"]["amount_fen"] < grant["total_fen"]
    assert said["answer"]["paid"] + said["answer"]["failed"] + said["answer"]["pending"] == said["prepared"]["payments"]
    assert said["reissued"] == said["answer"]["failed"] + said["returned"]


def test_every_refused_row_of_the_year_is_the_truths(played: tuple[Path, dict[str, Any]]) -> None:
    for term in ("spring", "autumn"):
        refused = sum(len(file["refused"]) for file in TRUTH["rounds"][term]["files"] if file["kind"] != "correction")
        assert played[1][term]["refused_rows"] == refused


def test_a_withdrawal_learned_late_is_found_and_nothing_else_is(played: tuple[Path, dict[str, Any]]) -> None:
    audit = json.loads((CHECKOUT / "tests/data/audit/truth.json").read_text(encoding="utf-8"))
    planted = [one for one in audit["findings"] if one["rule"] == "paid_while_not_enrolled" and not one["known_at_payment"]]
    findings = played[1]["findings"]
    assert len(findings) == len(planted)
    assert sorted(one["amount_fen"] for one in findings) == sorted(one["amount_fen"] for one in planted)
    assert not any(one["known_at_payment"] for one in findings)


def test_every_paid_payment_is_traced_without_a_gap(played: tuple[Path, dict[str, Any]]) -> None:
    ledger = played[0]
    payments = paid_payments(ledger)
    assert len(payments) > 700
    with open_ledger(read_folder(ledger), SystemClock()) as opened:
        incomplete = {name: trail.gaps for name in payments if not (trail := trace(opened.journal, name)).complete}
    assert incomplete == {}


@pytest.mark.parametrize(
    ("lost", "gap"),
    [
        ("batch.released", "release_missing"),
        ("award.approved", "award_missing"),
        ("import.file_imported", "import_missing"),
        ("plan.adopted", "plan_missing"),
    ],
)
def test_a_trail_that_was_broken_on_purpose_names_its_gap(
    lost: str, gap: str, played: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(played[0], ledger)
    payment = played[1]["payment"]
    _lose(ledger / "journal.db", lost)
    with open_ledger(read_folder(ledger), SystemClock()) as opened:
        trail = trace(opened.journal, payment)
    assert not trail.complete
    assert gap in {one.code for one in trail.gaps}


def _lose(journal: Path, topic: str) -> None:
    """What somebody with the file and plain SQL can do: the guards off, the facts gone, the guards back on."""
    with sqlite3.connect(journal) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM events WHERE topic = ?", (topic,))
        for _name, sql in guards:
            connection.execute(sql)


def test_known_then_and_known_now_differ_by_what_was_learned_meanwhile(played: tuple[Path, dict[str, Any]]) -> None:
    ledger, said = played
    points = ["--from", "2020-03-25@2020-03-25", "--to", f"2020-03-25@{said['size']}"]
    result = CliRunner().invoke(cli, ["--ledger", str(ledger), "--json", "diff", *points])
    changes = json.loads(result.stdout)["changes"]
    assert {(one["kind"], one["before"], one["after"]) for one in changes} == {("enrolment", "在读", "退学"), ("enrolment", "在读", "转学")}
    assert all(one["says"] for one in changes)
