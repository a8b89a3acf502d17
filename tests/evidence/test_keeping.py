"""A document is kept with the fact that names it, sealed, once, and shows the students whom the facts are about."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.session import Session
from mingzhang.domain.evidence.document import Evidence
from mingzhang.domain.evidence.facts import EvidenceKept, EvidenceShowsNamed
from mingzhang.domain.evidence.keeping import KeepForFacts, NameShown, SealedDocument, WithDocuments
from mingzhang.domain.student.care import FileInfoCard, IssueInfoCard
from tests.cli.aid_office import Office
from tests.college import S1, S2, S3, opened, sha, surveyed
from tests.evidence.conftest import CARD, FILED, JPEG, LATER, file_card, only, sealed_files
from tests.given import Given, by, given, sealed
from tests.whole_way import adopted, decided, paid, payment
from tests.workbooks.made_up import number_of

JULY = date(2020, 7, 10)
SCAN = SealedDocument(sha("scan"), "d-1", 7, "application/pdf", sha("sealed"), sealed("d-1", title="x"))


def filing(student: str = S1) -> FileInfoCard:
    return FileInfoCard(student=student, period="2020", evidence=(SCAN.sha256,))


def issued(*students: str) -> Given:
    cards = [by("clerk-1", IssueInfoCard(student=one, period="2020"), JULY) for one in students]
    return given(opened(), [one for student in students for one in surveyed(student)], cards)


def test_what_is_handed_in_is_kept_by_whoever_may_name_it_and_shows_the_student_of_the_fact() -> None:
    outcome = issued(S1).when(WithDocuments(command=filing(), documents=(SCAN,)), actor="clerk-1", at=JULY)
    assert outcome.topics() == ["student.info_card_filed", "evidence.kept"]
    kept = outcome.only(EvidenceKept)
    assert (kept.shows, kept.stored, kept.because) == ((S1,), SCAN.stored, (outcome.recorded[0].ref,))
    issued(S1).when(WithDocuments(command=filing(), documents=(SCAN,)), actor="cashier-1", at=JULY).refused("role_missing")


def test_one_scan_of_several_cards_is_kept_once_and_shows_them_all() -> None:
    outcome = issued(S1, S2).when(filing(S1), WithDocuments(command=filing(S2), documents=(SCAN,)), actor="clerk-1", at=JULY)
    assert outcome.only(EvidenceKept).shows == (S1, S2)


def test_the_same_document_for_another_student_is_only_said_to_show_them_too() -> None:
    known = issued(S1, S2)
    known.when(WithDocuments(command=filing(S1), documents=(SCAN,)), actor="clerk-1", at=JULY).accepted()
    outcome = known.when(WithDocuments(command=filing(S2), documents=(SCAN,)), actor="clerk-1", at=JULY)
    assert outcome.topics() == ["student.info_card_filed", "evidence.shows_named"]
    assert outcome.state(Evidence, SCAN.sha256).shows == (S1, S2)


def test_a_document_that_no_fact_names_is_not_kept() -> None:
    other = WithDocuments(command=FileInfoCard(student=S1, period="2020"), documents=(SCAN,))
    assert issued(S1).when(other, actor="clerk-1", at=JULY).topics() == ["student.info_card_filed"]


def test_a_signed_list_shows_everybody_on_it() -> None:
    known = given(adopted(), decided(), list(paid())[:-1])
    last = list(paid())[-1]
    outcome = known.when(WithDocuments(command=last.command, documents=(SCAN,)), actor=last.actor, at=last.at)
    assert outcome.only(EvidenceKept).shows == (S1, S2)
    assert payment(S1) in {recorded.originator_id for recorded in outcome.recorded}


def late(**more: Any) -> KeepForFacts:
    return KeepForFacts(**{"document": SCAN, "named_by": (f"student/{S1}@4",), **more})


def named_only() -> Given:
    known = issued(S1)
    (fact,) = known.when(filing(), actor="clerk-1", at=JULY).recorded
    assert fact.ref == late().named_by[0]
    return known


def test_a_document_of_which_a_fact_has_only_the_digest_can_be_handed_in_later() -> None:
    assert named_only().when(late(), actor="clerk-1", at=JULY).only(EvidenceKept).shows == (S1,)


def test_only_the_document_that_the_fact_names_is_kept_for_it() -> None:
    known, other = named_only(), SealedDocument(sha("other"), "d-2", 7, "text/plain", sha("s"), SCAN.title)
    known.when(late(document=other), actor="clerk-1", at=JULY).refused("evidence_not_named")
    known.when(late(named_by=(f"student/{S1}@1",)), actor="clerk-1", at=JULY).refused("evidence_not_named")
    known.when(late(named_by=(f"student/{S1}@99",)), actor="clerk-1", at=JULY).refused("evidence_not_named")
    known.when(late(named_by=()), actor="clerk-1", at=JULY).refused("evidence_unknown")
    known.when(late(on=date(2020, 7, 1)), actor="clerk-1", at=JULY).refused("dated_before_basis")
    known.when(late(), late(), actor="clerk-1", at=JULY).refused("evidence_kept_already")


def test_sealed_anew_after_its_key_was_lost_the_newer_file_counts() -> None:
    known = named_only()
    known.when(late(), actor="clerk-1", at=JULY).accepted()
    again = SealedDocument(SCAN.sha256, "d-1", 7, "application/pdf", sha("sealed anew"), SCAN.title)
    state = known.when(late(document=again), actor="clerk-1", at=JULY).state(Evidence, SCAN.sha256)
    assert (state.kept.stored, state.shows) == (sha("sealed anew"), (S1,))  # type: ignore[union-attr]


def test_whom_a_document_shows_is_said_and_taken_back() -> None:
    known = named_only().add(surveyed(S2), by("clerk-1", late(), JULY))
    known.when(NameShown(sha256=SCAN.sha256, shows=(S1,)), actor="clerk-1", at=JULY).refused("evidence_shows_already")
    known.when(NameShown(sha256=SCAN.sha256, shows=(S3,)), actor="clerk-1", at=JULY).refused("student_unknown")
    known.when(NameShown(sha256=sha("x"), shows=(S1,)), actor="clerk-1", at=JULY).refused("evidence_not_kept")
    fact = known.when(NameShown(sha256=SCAN.sha256, shows=(S2, S2)), actor="clerk-1", at=JULY).only(EvidenceShowsNamed)
    assert fact.shows == (S2,)
    outcome = known.when(NameShown(sha256=SCAN.sha256, not_shown=(S1,)), actor="clerk-1", at=JULY)
    assert outcome.state(Evidence, SCAN.sha256).shows == (S2,)


# At the command line.


def test_a_scan_is_kept_in_the_transaction_of_the_fact_that_names_it(office: Office, scan: Path) -> None:
    before = office.done("clerk", "status", day=FILED)["size"]
    file_card(office, scan, 1)
    found = only(office)
    assert (found["sha256"], found["state"], found["media_type"]) == (hashlib.sha256(JPEG).hexdigest(), "kept", "image/jpeg")
    assert (found["bytes"], found["shows"], found["kept_on"]) == (len(JPEG), [office.student(1)], FILED)
    assert [fact["topic"] for fact in found["facts"]] == ["student.info_card_filed"]
    assert office.done("clerk", "status", day=LATER)["size"] == before + 3  # the transaction, the card and the document


def test_the_same_bytes_are_stored_once_whatever_the_file_is_called(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    again = scan.rename(scan.with_name("b.jpg"))
    file_card(office, again, 2)
    assert len(sealed_files(office)) == 1
    found = only(office)
    assert (found["shows"], len(found["facts"])) == ([office.student(1), office.student(2)], 2)


def test_the_sealed_file_is_named_by_its_own_digest_and_read_by_its_owner_alone(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    (file,) = sealed_files(office)
    stored = only(office)["stored"]
    assert (file.name, file.parent.name) == (f"{stored}.sealed", stored[:2])
    assert hashlib.sha256(file.read_bytes()).hexdigest() == stored
    assert [path.stat().st_mode & 0o777 for path in (file, file.parent, file.parent.parent)] == [0o600, 0o700, 0o700]


def test_neither_a_document_nor_the_name_of_its_file_stands_in_any_file_of_the_ledger(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    office.done("clerk", "evidence", "list", day=LATER)
    contents = {path: path.read_bytes() for path in office.ledger.rglob("*") if path.is_file()}
    sought = [JPEG[:40], JPEG[7:27], "测试一".encode(), "测试一".encode("gb18030"), b"jpg"]
    assert [path.name for path, content in contents.items() for one in sought if one in content] == []
    assert [path.name for path in contents if "测试" in path.name] == []


def test_an_office_of_old_hands_in_what_only_a_digest_stands_for(
    office: Office, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as of_old:
        of_old.setattr(Session, "hand_in", lambda _session, file: hashlib.sha256(file.read_bytes()).hexdigest())
        file_card(office, scan, 1, 2)
    before = only(office, "--state", "hashed")
    assert (before["shows"], before["media_type"], sealed_files(office)) == ([], None, [])
    one = before["facts"][0]["event"]
    kept = office.done("clerk", "evidence", "keep", scan, "--for", one, day=LATER)["kept"]
    assert (kept[0]["facts"], kept[0]["restored"]) == ([fact["event"] for fact in before["facts"]], False)
    assert set(only(office, "--state", "kept")["shows"]) == {office.student(1), office.student(2)}
    assert len(sealed_files(office)) == 1


def forget(office: Office) -> str:
    """The sealed files are lost, whatever the facts say."""
    for file in sealed_files(office):
        file.unlink()
    return str(only(office)["sha256"])


def test_a_lost_file_is_put_back_from_the_original_and_nothing_is_recorded_again(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    (before,) = sealed_files(office)
    sealed_bytes, size = before.read_bytes(), office.done("clerk", "status", day=LATER)["size"]
    forget(office)
    assert [one["restored"] for one in office.done("clerk", "evidence", "keep", scan, day=LATER)["kept"]] == [True]
    assert before.read_bytes() == sealed_bytes
    assert office.done("clerk", "status", day=LATER)["size"] == size
    assert office.do("clerk", "evidence", "keep", scan, day=LATER).refused == "evidence_kept_already"


@pytest.mark.parametrize(("words", "code"), [((), "evidence_unknown"), (("--for", "student/s-1@1"), "evidence_unknown")])
def test_a_file_that_no_fact_names_is_refused(office: Office, scan: Path, words: tuple[str, ...], code: str) -> None:
    file_card(office, scan, 1)
    scan.write_bytes(JPEG + b".")
    assert office.do("clerk", "evidence", "keep", scan, *words, day=LATER).refused == code
    assert len(sealed_files(office)) == 1


def test_a_document_is_kept_for_the_fact_that_is_named_or_not_at_all(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    said = office.do("clerk", "evidence", "keep", scan, "--for", "notice/n1@1", day=LATER)
    assert said.refused == "evidence_not_named"


def test_what_shows_a_student_is_found_by_the_student_on_any_day_and_as_known_at_any_time(office: Office, scan: Path) -> None:
    before = office.done("clerk", "status", day=FILED)["size"]
    file_card(office, scan, 1)
    one, two = office.student(1), office.student(2)
    words = ("evidence", "list", "--student")
    assert len(office.done("clerk", *words, number_of(1), day=LATER)) == 1
    assert office.done("clerk", *words, two, day=LATER) == []
    assert office.done("clerk", *words, one, "--on", "2020-07-09", day=LATER) == []
    assert office.done("clerk", *words, one, "--known-at", before, day=LATER) == []
    office.done("clerk", "evidence", "mark", only(office)["sha256"][:10], "--student", two, day=LATER)
    assert len(office.done("clerk", *words, two, day=LATER)) == 1
    office.done("clerk", "evidence", "mark", only(office)["sha256"], "--not", two, day="2020-07-21")
    assert office.done("clerk", *words, two, day="2020-07-21") == []


def test_a_refused_command_keeps_nothing_and_its_file_is_tidied_away(office: Office, scan: Path) -> None:
    said = office.do("clerk", *CARD, "--filed", "--scan", scan, office.student(4), day=FILED)
    assert said.refused == "info_card_missing"
    assert office.done("clerk", "evidence", "list", day=LATER) == []
    (stray,) = sealed_files(office)
    assert office.done("clerk", "evidence", "tidy", "--dry-run", day=LATER) == {"strays": [stray.name], "removed": False, "rehearsal": True}
    office.done("clerk", "evidence", "tidy", day=LATER)
    assert sealed_files(office) == []


def test_half_a_file_that_a_killed_program_left_is_tidied_away(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    (kept,) = sealed_files(office)
    kept.with_name("0123456789abcdef.unfinished").write_bytes(b"half")
    assert office.done("clerk", "evidence", "tidy", day=LATER)["strays"] == ["0123456789abcdef.unfinished"]
    assert sealed_files(office) == [kept]


def test_tidying_leaves_alone_what_facts_name(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    assert office.done("clerk", "evidence", "tidy", day=LATER)["strays"] == []
    assert len(sealed_files(office)) == 1
