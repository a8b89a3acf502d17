"""Whatever happened to a ledger's folder: a command refuses with a code and a next step, or mends what may be mended; nothing is lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.player import Player
from tests.stories.practice import DAY, ROUND, copy_of, import_words, new_ledger, properly, refusal, spawn, survey_file

PAGE = 4096
Damage = Callable[[Path], object]
TOTALS = ("survey", "totals", "--round", ROUND)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """A ledger with 40 entries."""
    folder = tmp_path_factory.mktemp("practice")
    made = new_ledger(folder / "ledger")
    made.play(*import_words(survey_file(folder / "先.xlsx", range(40))), actor="surveyor", at="2020-03-15T10:00:00")
    made.play(*TOTALS)
    return made


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """A ledger of another school."""
    made = new_ledger(tmp_path_factory.mktemp("other") / "ledger")
    made.play(*TOTALS)
    return made


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


@pytest.fixture
def more(tmp_path: Path) -> Path:
    return survey_file(tmp_path / "新.xlsx", range(100, 110))


def events_in(player: Player) -> int:
    """How many events lie in the journal's file, asked past the program."""
    with sqlite3.connect(f"file:{player.ledger / 'journal.db'}?mode=ro", uri=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM events").fetchone()
    connection.close()
    return int(count)


def about(ledger: Path, **changed: object) -> None:
    file = ledger / "ledger.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changed), encoding="utf-8")


def scribble(file: Path, first: int, last: int | None = None) -> None:
    """Random bytes over some pages."""
    content = bytearray(file.read_bytes())
    end = len(content) if last is None else last * PAGE
    content[first * PAGE : end] = os.urandom(end - first * PAGE)
    file.write_bytes(content)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "another format version": (lambda ledger: about(ledger, format=99), "ledger_other_format"),
    "no format version": (lambda ledger: about(ledger, format=None), "ledger_damaged"),
    "a description that is none": (lambda ledger: (ledger / "ledger.json").write_bytes(b"\xff\xfe\x00"), "ledger_damaged"),
    "another ledger's name": (lambda ledger: about(ledger, ledger_id="0170988a-d400-7000-8000-000000000000"), "ledger_damaged"),
    "no ledger": (lambda ledger: shutil.rmtree(ledger), "ledger_missing"),
    "no master key": (lambda ledger: (ledger / "keys" / "master.key").unlink(), "master_key_missing"),
    "no keys at all": (lambda ledger: shutil.rmtree(ledger / "keys"), "master_key_missing"),
    "a key that is none": (lambda ledger: (ledger / "keys" / "master.key").write_bytes(os.urandom(60)), "master_key_format"),
    "a key others may read": (lambda ledger: (ledger / "keys" / "master.key").chmod(0o644), "master_key_exposed"),
    "no vault": (lambda ledger: (ledger / "keys" / "vault.db").unlink(), "vault_missing"),
    "a vault that is none": (lambda ledger: (ledger / "keys" / "vault.db").write_bytes(os.urandom(9000)), "vault_format"),
    "no journal": (lambda ledger: (ledger / "journal.db").unlink(), "ledger_damaged"),
    "an empty journal": (lambda ledger: (ledger / "journal.db").write_bytes(b""), "ledger_damaged"),
    "a journal that is noise": (lambda ledger: (ledger / "journal.db").write_bytes(os.urandom(90_000)), "ledger_damaged"),
    "a journal with noise in it": (lambda ledger: scribble(ledger / "journal.db", 2), "ledger_damaged"),
    "half a journal": (lambda ledger: (ledger / "journal.db").write_bytes((ledger / "journal.db").read_bytes()[:40_000]), "ledger_damaged"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_ledger_is_not_written_to(player: Player, more: Path, kind: str) -> None:
    damage, code = DAMAGES[kind]
    damage(player.ledger)
    kept = {path.name: path.read_bytes() for path in player.ledger.glob("*.db") if path.name == "journal.db"}
    said = player.run(*import_words(more), actor="surveyor", at=f"{DAY}T10:00:00")
    assert refusal(said) == properly(code)
    assert {path.name: path.read_bytes() for path in player.ledger.glob("*.db") if path.name == "journal.db"} == kept


@pytest.mark.parametrize("kind", ["no ledger", "a journal that is noise", "a key others may read", "a description that is none"])
def test_a_damaged_ledger_gives_no_traceback_in_a_process_of_its_own(player: Player, more: Path, kind: str) -> None:
    damage, code = DAMAGES[kind]
    damage(player.ledger)
    assert refusal(spawn(player, *import_words(more))) == properly(code)


@pytest.mark.parametrize(
    ("part", "code"), [("keys/master.key", "master_key_wrong"), ("keys/vault.db", "master_key_wrong"), ("journal.db", "ledger_damaged")]
)
def test_a_part_of_another_ledger_is_noticed(player: Player, other: Player, more: Path, part: str, code: str) -> None:
    shutil.copy(other.ledger / part, player.ledger / part)
    assert refusal(player.run(*import_words(more), actor="surveyor", at=f"{DAY}T10:00:00")) == properly(code)


DERIVED: dict[str, Damage] = {
    "deleted": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "noise": lambda file: file.write_bytes(os.urandom(90_000)),
    "noise in it": lambda file: scribble(file, 2),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:50_000]),
}


@pytest.mark.parametrize("kind", DERIVED)
def test_derived_tables_mend_themselves(template: Player, player: Player, kind: str) -> None:
    DERIVED[kind](player.ledger / "projections.db")
    assert player.play(*TOTALS) == template.play(*TOTALS)


def test_derived_tables_of_another_ledger_are_not_believed(template: Player, other: Player, player: Player) -> None:
    shutil.copy(other.ledger / "projections.db", player.ledger / "projections.db")
    assert player.play(*TOTALS) == template.play(*TOTALS)


@pytest.mark.parametrize("page", range(3, 160, 9))
def test_one_spoilt_page_of_the_derived_tables_costs_one_more_try_at_most(template: Player, player: Player, page: int) -> None:
    scribble(player.ledger / "projections.db", page, page + 1)
    said = player.run(*TOTALS)
    assert said.refused in (None, "projections_replaced")
    assert player.play(*TOTALS) == template.play(*TOTALS)


def test_derived_tables_are_rebuilt_when_asked(template: Player, player: Player) -> None:
    scribble(player.ledger / "projections.db", 2)
    assert player.play("rebuild")["size"] == template.size()
    assert player.play(*TOTALS) == template.play(*TOTALS)


def no_file_longer_than(size: int) -> Callable[[], None]:
    """For a new process: a disk that is full as soon as a file reaches this size."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [1_000, 60_000, 300_000, 500_000])
def test_a_disk_that_is_full_in_the_middle_leaves_nothing_behind(player: Player, tmp_path: Path, size: int) -> None:
    file, before = survey_file(tmp_path / "大.xlsx", range(100, 400)), events_in(player)
    said = spawn(player, *import_words(file), preexec=no_file_longer_than(size))
    assert said.refused in ("disk_full", "disk_failed")
    assert refusal(said) == properly(str(said.refused))
    assert events_in(player) == before
    assert player.play(*import_words(file), actor="surveyor", at=f"{DAY}T10:00:00")["recorded"] == 300


CLOCKS = {"the day before": "2020-03-14T10:00:00", "a second before": "2020-03-15T09:59:59"}


@pytest.mark.parametrize("when", CLOCKS)
def test_a_clock_that_jumped_back_records_nothing(player: Player, more: Path, when: str) -> None:
    before = player.size()
    said = player.run(*import_words(more), actor="surveyor", at=CLOCKS[when])
    assert (refusal(said), player.size()) == (properly("clock_behind"), before)


@pytest.mark.parametrize("words", [("status",), TOTALS, ("survey", "open", "2020-autumn")])
def test_the_clock_of_a_real_ledger_cannot_be_set(tmp_path: Path, words: tuple[str, ...]) -> None:
    real = Player(tmp_path / "real")
    real.play("init", "--plan", "fuxin-2020")
    before = real.size()
    assert refusal(real.run(*words, actor="administrator", at="2030-01-01T00:00:00")) == properly("clock_only_in_rehearsal")
    assert real.size() == before


def test_a_real_ledger_does_not_become_a_rehearsal_by_its_description(tmp_path: Path) -> None:
    real = Player(tmp_path / "real")
    real.play("init", "--plan", "fuxin-2020")
    about(real.ledger, rehearsal=True)
    for at in (None, "2030-01-01T00:00:00"):
        assert refusal(real.run("status", at=at)) == properly("ledger_damaged")


def test_a_real_ledger_is_not_made_on_another_day(tmp_path: Path) -> None:
    said = Player(tmp_path / "real").run("init", "--plan", "fuxin-2020", at="2020-03-02T09:00:00")
    assert refusal(said) == properly("clock_only_in_rehearsal")
    assert not (tmp_path / "real").exists()


@pytest.mark.parametrize(
    ("actor", "code"), [(None, "staff_needed"), ("nobody", "staff_unknown"), ("cashier", "role_missing"), ("releaser", "role_missing")]
)
def test_who_may_not_import_imports_nothing(player: Player, more: Path, actor: str | None, code: str) -> None:
    before = player.size()
    said = player.run(*import_words(more), actor=actor, at=f"{DAY}T10:00:00")
    assert (refusal(said), player.size()) == (properly(code), before)


def test_who_was_relieved_may_no_longer_import(player: Player, more: Path) -> None:
    words = ["staff", "relieve", "surveyor", "--role", "surveyor", "--unit", "bureau", "--on", "2020-03-15"]
    player.play(*words, actor="administrator", at="2020-03-15T12:00:00")
    assert refusal(player.run(*import_words(more), actor="surveyor", at=f"{DAY}T10:00:00")) == properly("role_missing")


USAGE = {
    "no such group": ("nonsense",),
    "no such verb": ("survey", "frobnicate"),
    "no file": ("survey", "import", "--round", ROUND),
    "no round": ("survey", "import", "x.xlsx"),
    "no such option": ("status", "--deep"),
    "a date written otherwise": ("survey", "totals", "--round", ROUND, "--on", "31.3.2020"),
    "a size below zero": ("survey", "totals", "--round", ROUND, "--known-at", "-1"),
    "no such role": ("staff", "appoint", "wang", "--role", "king", "--unit", "college"),
}


@pytest.mark.parametrize("kind", USAGE)
def test_what_cannot_be_understood_is_a_usage_error(player: Player, kind: str) -> None:
    before = player.size()
    said = player.run(*USAGE[kind], actor="surveyor", at=f"{DAY}T10:00:00")
    assert (refusal(said), player.size()) == (properly("usage", 2), before)


UNKNOWN = {
    "no such round": (("survey", "import", "FILE", "--round", "1999-spring"), "round_unknown"),
    "totals of no such round": (("survey", "totals", "--round", "1999-spring"), "round_unknown"),
    "a size beyond the log": ((*TOTALS, "--known-at", "999999"), "log_size_unknown"),
    "a day to come": ((*TOTALS, "--known-at", "2099-01-01"), "log_size_unknown"),
    "no such student": (("student", "show", "s-0000000000"), "student_unknown"),
    "no such unit": (("survey", "import", "FILE", "--round", ROUND, "--unit", "外语系"), "unit_unknown"),
    "no such plan": (("plan", "show", "nowhere-1999"), "plan_unknown"),
    "a plan file that is not there": (("plan", "check", "nowhere.toml"), "file_missing"),
    "an address of a server": (("unit", "list"), "ledger_url_unsupported"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_does_not_exist_is_said_not_to_exist(player: Player, more: Path, kind: str) -> None:
    words, code = UNKNOWN[kind]
    asked = Player(Path("postgresql://localhost/x")) if code == "ledger_url_unsupported" else player
    before = player.size()
    said = asked.run(*(str(more) if word == "FILE" else word for word in words), actor="surveyor", at=f"{DAY}T10:00:00")
    assert (refusal(said), player.size()) == (properly(code), before)
