"""After an erasure nothing of the person can be read in any file: not in the ledger's folder, its key store, its exports, nor beside it;
also where the program was killed on the way, once somebody has opened the ledger again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from mingzhang.cli.privacy import finishing
from mingzhang.domain.privacy import carrying_out
from mingzhang.domain.vault.store import SqliteStore
from mingzhang.domain.vault.vault import Vault
from tests.cli.aid_office import ACCOUNTS, Office
from tests.privacy.desk import LATER, die, erase, files_with, killed, paid, said_of, wrapped_key_of
from tests.workbooks.made_up import number_of


@pytest.fixture
def office(released: Office, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Everybody is paid; home and temporary files are watched too."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("HOME", str(elsewhere))
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    return paid(released)


def folders(office: Office) -> list[Path]:
    return [office.ledger, Path(tempfile.gettempdir())]


def opened_again(office: Office) -> None:
    office.done("clerk", "status", day="2021-01-03")


def test_nothing_of_an_erased_person_is_left_in_any_file(office: Office) -> None:
    person = office.student(1)
    texts, secrets = said_of(office, person), wrapped_key_of(office, person)
    assert {number_of(1), ACCOUNTS[1]} <= texts and len(secrets) > 2
    before = files_with(folders(office), texts, secrets)
    assert "exports/代发-B1.csv" in before and any(name.startswith("keys/vault.db") for name in before)
    erase(office, person)
    assert files_with(folders(office), texts, secrets) == {}


def test_a_copy_of_refused_rows_and_a_revealed_list_in_the_ledgers_folder_go_as_well(office: Office) -> None:
    person = office.student(1)
    inside = office.ledger / "exports" / "名单.xlsx"
    office.done("inspector", "roster", "--reveal", "--xlsx", inside, day="2020-07-02")
    other = office.ledger / "exports" / "notes.txt"
    other.write_text("测试十一", encoding="utf-8")
    texts = said_of(office, person)
    removed = erase(office, person)
    assert "exports/名单.xlsx" in {one["path"] for one in removed["files"]}
    assert files_with(folders(office), texts) == {}
    assert other.exists()


STEPS = [
    pytest.param(carrying_out, "listed", id="before the key"),
    pytest.param(SqliteStore, "erase", id="inside the vault"),
    pytest.param(SqliteStore, "purge", id="after the key, before the file is rewritten"),
    pytest.param(SqliteStore, "_emptied", id="while the file is rewritten"),
    pytest.param(finishing, "remove_files", id="before the files"),
    pytest.param(Vault, "note_carried_out", id="before the vault remembers"),
]


@pytest.mark.parametrize(("where", "name"), STEPS)
def test_an_erasure_killed_on_its_way_is_finished_by_the_next_opening(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    person = office.student(1)
    texts, secrets = said_of(office, person), wrapped_key_of(office, person)
    with monkeypatch.context() as patch:
        patch.setattr(where, name, die)
        killed(lambda: erase(office, person))
    office.minute += 1
    said = office.done("clerk", "student", "erasures", day=LATER)
    assert [one["persons"] for one in said] == [[person]]
    opened_again(office)
    assert files_with(folders(office), texts, secrets) == {}
    assert office.do("privacy-officer", "student", "erase", person, "--reason", "测试", day="2021-01-04").refused == "person_erased"


def test_a_file_that_was_overwritten_by_half_is_known_again_and_goes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    person = office.student(3)
    texts = said_of(office, person)
    [order] = (office.ledger / "exports").glob("*.csv")

    def overwrite_half(path: Path) -> None:
        content = path.read_bytes()
        so_far = content.index(b"6299000000000031")  # up to the person's own line, wherever their reference has put it
        path.write_bytes(bytes(so_far) + content[so_far:])
        die()

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "_overwrite", overwrite_half)
        killed(lambda: erase(office, person))
    assert files_with([office.ledger / "exports"], texts) != {} and not order.exists()
    office.minute += 1
    opened_again(office)
    assert files_with(folders(office), texts) == {}
    assert [path.suffix for path in (office.ledger / "exports").iterdir()] == [".txt"]


def test_an_erasure_killed_before_its_fact_has_not_happened(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from mingzhang.domain.ledger import Ledger

    person = office.student(1)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "_append", die)
        killed(lambda: erase(office, person))
    office.minute += 1
    assert office.done("clerk", "student", "erasures", day=LATER) == []
    assert office.student(1) == person


def test_a_restored_older_key_store_forgets_again_when_it_is_opened(office: Office) -> None:
    person = office.student(1)
    vault = office.ledger / "keys" / "vault.db"
    older = {path.name: path.read_bytes() for path in vault.parent.glob("vault.db*")}
    secrets = wrapped_key_of(office, person)
    erase(office, person)
    for path in vault.parent.glob("vault.db*"):
        path.unlink()
    for name, content in older.items():
        (vault.parent / name).write_bytes(content)
        (vault.parent / name).chmod(0o600)
    opened_again(office)
    assert files_with([office.ledger], said_of(office, person), secrets) == {}


def test_opening_a_ledger_that_has_erased_looks_no_further_than_its_last_entry(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    erase(office, office.student(1))
    monkeypatch.setattr(carrying_out, "listed", die)
    opened_again(office)
