"""A plan's demonstration is a story with an end: its figures are the truth's, payments are traced, and what it says to try works."""

from __future__ import annotations

import json
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.cli.clock import SystemClock
from mingzhang.cli.demo.stories import STORIES
from mingzhang.cli.folder import read_folder
from mingzhang.cli.session import open_ledger
from mingzhang.domain.plan.bundled import bundled_codes
from mingzhang.projections.trail import trace
from tests.conftest import TRUTHS
from tests.stories import funan_2020, hunan_tutoring, liaoning_pairing, sunan_2022, taian_actions

TRUTH = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))
Told = dict[str, Any]


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Told]:
    """What a plan's demonstration ends with, lived once for all tests."""
    kept: dict[str, Told] = {}

    def tell(plan: str) -> Told:
        if plan not in kept:
            folder = tmp_path_factory.mktemp("demo") / plan
            result = CliRunner().invoke(cli, ["--json", "--lang", "zh", "demo", str(folder), "--plan", plan])
            assert result.exit_code == 0, result.output
            kept[plan] = json.loads(result.stdout)
        return kept[plan]

    return tell


@pytest.fixture(scope="module")
def played(demonstrated: Callable[[str], Told]) -> tuple[Path, Told]:
    """The ledger of plan S0's demonstration and its figures."""
    told = demonstrated("fuxin-2020")
    return Path(told["ledger"]), told


def paid_payments(ledger: Path) -> list[str]:
    result = CliRunner().invoke(cli, ["--ledger", str(ledger), "--json", "payment", "list", "--stand", "paid"])
    return [row["payment"] for row in json.loads(result.stdout)]


HELD_BACK = {"paid_while_not_enrolled", "account_belongs_to_staff", "account_shared_by_several_students"}
"""Relatives' accounts are cleared with a reason; a staff member's and those of several students stay held."""


@pytest.mark.parametrize("term", ["spring", "autumn"])
def test_what_is_paid_and_what_is_left_out_add_up_to_the_truth(term: str, played: tuple[Path, dict[str, Any]]) -> None:
    said = played[1][term]
    grant = TRUTH["rounds"][term]["grant"]
    tier_of = {student["id"]: student["fen_per_term"] for student in TRUTH["rounds"][term]["recorded"]}
    left_out = len(said["prepared"]["excluded"])
    assert said["prepared"]["payments"] + left_out == grant["students"] == len(tier_of)
    assert {one["code"] for one in said["prepared"]["excluded"]} == HELD_BACK
    assert said["prepared"]["amount_fen"] < grant["total_fen"]
    assert said["answer"]["paid"] + said["answer"]["failed"] + said["answer"]["pending"] == said["prepared"]["payments"]
    assert said["reissued"] == said["answer"]["failed"] + said["returned"]


def test_every_refused_row_of_the_year_is_the_truths(played: tuple[Path, dict[str, Any]]) -> None:
    for term in ("spring", "autumn"):
        refused = sum(len(file["refused"]) for file in TRUTH["rounds"][term]["files"] if file["kind"] != "correction")
        assert played[1][term]["refused_rows"] == refused


def test_a_withdrawal_learned_late_is_found_and_nothing_else_is(played: tuple[Path, dict[str, Any]]) -> None:
    audit = json.loads((TRUTHS / "audit" / "truth.json").read_text(encoding="utf-8"))
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


def test_every_plan_that_comes_along_has_a_demonstration() -> None:
    assert sorted(STORIES) == sorted(bundled_codes())


def of_pairings() -> Told:
    truth = liaoning_pairing.TRUTH
    totals, names = truth["totals"], {"call": "months_without_call", "visit": "quarters_without_visit"}
    names |= {"support": "without_support", "problem_solved": "without_problem_solved"}
    wrong = {"late": "recorded_late", "copied": "copied_text", "impossible": "impossible_days"}
    return {
        "pairings": totals["pairings"],
        "missing": {duty: totals[name] for duty, name in names.items()},
        "units_below_ratio": len(truth["departments_breaking_ratio"]),
        **{name: len(truth[told]) for name, told in wrong.items()},
    }


def of_targets(plan: str | None) -> Told:
    progress = taian_actions.PROGRESS
    found = {name: len(taian_actions.told_of(progress[name], plan)) for name in ("missing", "late", "decreasing")}
    return {**found, "met": sum(1 for row in taian_actions.indicators(plan or "S3") if row["met_at_year_end"])}


def of_tutoring() -> Told:
    truth = hunan_tutoring.TRUTH
    weeks = sum(len(row["weeks"]) for row in truth["weeks_without_duty"])
    told = {"failing": truth["failing_courses"], "without": len(truth["courses_without_tutor"]), "weeks": weeks}
    return {**told, "unchecked": len(truth["tutors_missing_checks"]), "tutors": len(truth["tutors"])}


def of_freshmen() -> Told:
    totals = sunan_2022.TRUTH["totals"]
    return {"eligible": totals["eligible"], "paid": totals["eligible"], "amount_fen": totals["amount_fen"]}


def of_programmes() -> Told:
    programmes = funan_2020.TRUTH["programmes"]
    eligible = {name: one["eligible_count"] for name, one in programmes.items()}
    return {"eligible": eligible, "paid_fen": {name: one["total_fen"] for name, one in programmes.items()}}


@pytest.mark.parametrize(
    ("plan", "truth"),
    [
        ("liaoning-pairing", of_pairings()),
        ("taian-actions", of_targets("S2")),
        ("city-education", of_targets(None)),
        ("sunan-2022", of_freshmen()),
        ("hunan-tutoring", of_tutoring()),
        ("funan-2020", of_programmes()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_demonstration_ends_with_the_figures_of_the_truth(plan: str, truth: Told, demonstrated: Callable[[str], Told]) -> None:
    said = demonstrated(plan)
    assert {name: said[name] for name in truth} == truth


@pytest.mark.parametrize("plan", STORIES)
def test_every_command_line_it_says_to_try_next_works(plan: str, demonstrated: Callable[[str], Told]) -> None:
    said = demonstrated(plan)
    assert (said["plan"], Path(said["data"]).is_dir(), 3 <= len(said["try_next"]) <= 5) == (plan, True, True)
    for line in said["try_next"]:
        program, *words = shlex.split(line)
        result = CliRunner().invoke(cli, words)
        assert (program, result.exit_code, result.stdout != "") == ("mingzhang", 0, True), (line, result.output)


def test_a_plan_without_a_demonstration_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--json", "demo", str(tmp_path / "none"), "--plan", "nowhere-1999"])
    document = json.loads(result.stdout)
    assert (result.exit_code, document["refused"]) == (1, "demo_unknown")
    assert all(code in document["next"] for code in STORIES) and not (tmp_path / "none").exists()


def test_a_demonstration_shows_every_command_as_it_would_be_typed(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--lang", "zh", "demo", str(tmp_path / "shown"), "--plan", "taian-actions"])
    assert result.exit_code == 0, result.output
    assert "$ mingzhang --as clerk progress import 进度.xlsx --accept-valid  # 2019-01-31" in result.stdout
    assert f"mingzhang --ledger {tmp_path / 'shown' / 'ledger'} progress missing" in result.stdout.partition("接下来")[2]
