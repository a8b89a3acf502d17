"""Whether the documents are there and unchanged, without any key and with them; and what a crash between file and fact leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from mingzhang.cli.evidence.checking import EvidenceCheck, EvidenceChecked, check_evidence
from mingzhang.cli.evidence.handing_in import HandedIn
from mingzhang.cli.evidence.opening import open_document
from mingzhang.cli.evidence.store import in_use, stored_path
from mingzhang.cli.folder import read_folder
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.refusal import Refused
from tests.cli.aid_office import Office
from tests.evidence.conftest import CARD, FILED, JPEG, LATER, file_card, only, sealed_files


def session(office: Office) -> Session:
    return Session(Globals(str(office.ledger), "clerk", "en", json=True, quiet=True, now=None))


def checked(office: Office, *, keys: bool = True) -> EvidenceChecked:
    with session(office) as opened:
        rows = opened.ledger.journal.select_rows()
        return check_evidence(rows, office.ledger, opened.vault if keys else None)


def codes(office: Office, *, keys: bool = True) -> list[str]:
    return [one.code for one in checked(office, keys=keys).problems]


def test_a_document_that_is_there_is_whole_with_and_without_keys(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    found = checked(office)
    assert (found.problems, found.kept, found.opened, found.erased, found.only_hashed, found.strays) == ((), 1, 1, 0, (), ())
    assert (checked(office, keys=False).problems, checked(office, keys=False).opened) == ((), 0)


def test_a_missing_file_is_named_with_the_fact_that_says_it_is_kept(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    (file,) = sealed_files(office)
    file.unlink()
    (problem,) = checked(office, keys=False).problems
    assert (problem.code, problem.stored, problem.sha256) == ("evidence_file_missing", file.stem, only(office)["sha256"])
    with session(office) as opened:
        assert opened.ledger.journal.select_rows(problem.leaf, 1)[0].topic == "evidence.kept"


@pytest.mark.parametrize("place", [0, 20, 25, -1])
def test_a_flipped_byte_is_found_without_any_key_and_such_a_file_is_not_opened(office: Office, scan: Path, place: int) -> None:
    file_card(office, scan, 1)
    (file,) = sealed_files(office)
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert codes(office, keys=False) == ["evidence_file_changed"]
    with session(office) as opened, pytest.raises(Refused, match="evidence_damaged"):
        open_document(opened, only(office)["sha256"])


def test_another_documents_file_in_its_place_is_found(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    other = scan.with_name("other.jpg")
    other.write_bytes(JPEG + b"other")
    file_card(office, other, 2)
    one, two = sealed_files(office)
    one.write_bytes(two.read_bytes())
    assert codes(office, keys=False) == ["evidence_file_changed"]


def test_a_file_sealed_to_other_bytes_than_the_facts_name_is_found_with_the_keys(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    with session(office) as opened:
        check = EvidenceCheck()
        for row in opened.ledger.journal.select_rows():
            check.see(row)
        ((sha256, (leaf, document, stored)),) = check.kept.items()
        check.kept = {"0" * 64: (leaf, document, stored)}
        assert [one.code for one in check.against(office.ledger).problems] == []
        assert [one.code for one in check.against(office.ledger, opened.vault).problems] == ["evidence_differs"]
        check.kept = {sha256: (leaf, "d-0", stored)}
        assert [one.code for one in check.against(office.ledger, opened.vault).problems] == ["evidence_not_opened"]


def test_what_only_a_digest_stands_for_is_told_and_is_no_problem(office: Office, scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as of_old:
        of_old.setattr(HandedIn, "kept_with", lambda _self, commands: nullcontext(commands))
        file_card(office, scan, 1)
    found = checked(office)
    assert (found.problems, found.kept, found.only_hashed) == ((), 0, (only(office)["sha256"],))


_KILLED = """
import os, signal, sys
from mingzhang.domain.ledger import Ledger
Ledger.execute_many = lambda *_words, **_more: os.kill(os.getpid(), signal.SIGKILL)
from mingzhang.cli.app import main
main()
"""


def test_killed_between_file_and_fact_it_leaves_a_stray_file_and_the_same_command_again_uses_it(office: Office, scan: Path) -> None:
    words = ["--ledger", str(office.ledger), "--as", "clerk", "--now", f"{FILED}T20:00:00", *CARD, "--filed", "--scan", str(scan)]
    student = office.student(1)
    ended = subprocess.run([sys.executable, "-c", _KILLED, *words, student], check=False, env=os.environ, capture_output=True)
    assert ended.returncode == -signal.SIGKILL
    (stray,) = sealed_files(office)
    found = checked(office)
    assert (found.problems, found.kept, found.strays) == ((), 0, (stray.name,))
    file_card(office, scan, 1)
    assert (sealed_files(office), checked(office).strays, checked(office).kept) == ([stray], (), 1)


def test_nothing_is_tidied_while_somebody_hands_a_document_in(office: Office, scan: Path) -> None:
    with in_use(read_folder(office.ledger)):
        assert office.do("clerk", "evidence", "tidy", day=LATER).refused == "evidence_busy"
        file_card(office, scan, 1)


def test_the_place_of_a_file_is_the_same_below_a_ledger_and_below_a_copy_of_it(office: Office, scan: Path, tmp_path: Path) -> None:
    file_card(office, scan, 1)
    (file,) = sealed_files(office)
    assert stored_path(read_folder(office.ledger), file.stem) == stored_path(office.ledger, file.stem) == file
    assert stored_path(tmp_path, file.stem) == tmp_path / "evidence" / file.stem[:2] / file.name
