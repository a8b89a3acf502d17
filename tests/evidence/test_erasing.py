"""A document goes for good: the fact first, then key and file; one that shows others too is not given up unasked, nor one under a hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mingzhang.cli.evidence.checking import check_evidence
from mingzhang.cli.options import Globals
from mingzhang.cli.privacy import finishing
from mingzhang.cli.session import Session
from mingzhang.domain.evidence.document import Evidence
from mingzhang.domain.evidence.erasing import EraseDocument
from mingzhang.domain.evidence.facts import DocumentsErased, EvidenceErased, EvidenceKept
from mingzhang.domain.evidence.keeping import NameShown, SealedDocument, WithDocuments
from mingzhang.domain.facts import decode
from mingzhang.domain.privacy.restricting import HoldPerson
from mingzhang.domain.student.care import FileInfoCard, IssueInfoCard
from mingzhang.projections.evidence import documents_showing
from tests.cli.aid_office import Office
from tests.college import S1, S2, appointed, opened, sha, surveyed
from tests.evidence.conftest import JPEG, LATER, file_card, only, sealed_files
from tests.given import Given, by, given, sealed

JULY = date(2020, 7, 10)
REASON = ("--reason", "本人申请")


def showing(*students: str) -> Given:
    """One scan of the cards of these students is kept."""
    scan = SealedDocument(sha("scan"), "d-1", 7, "application/pdf", sha("sealed"), sealed("d-1", title="x"))
    first = [by("clerk-1", IssueInfoCard(student=one, period="2020"), JULY) for one in students]
    filing = [FileInfoCard(student=one, period="2020", evidence=(scan.sha256,)) for one in students]
    officer = appointed("officer", "privacy-officer")
    known = given(opened(), officer, [one for student in students for one in surveyed(student)], first)
    known.when(*filing[:-1], WithDocuments(command=filing[-1], documents=(scan,)), actor="clerk-1", at=JULY).accepted()
    return known


def erasing(*of: str, although_others: bool = False) -> EraseDocument:
    return EraseDocument(sha256=sha("scan"), of=of, although_others=although_others)


def test_a_document_of_one_student_is_erased_and_entered_in_the_list_of_erasures() -> None:
    outcome = showing(S1).when(erasing(S1), actor="officer", at=JULY)
    assert outcome.topics() == ["evidence.erased", "privacy.documents_erased"]
    assert (outcome.only(EvidenceErased).others, outcome.only(DocumentsErased).documents) == ((), (sha("scan"),))
    assert outcome.state(Evidence, sha("scan")).erased


def test_a_document_that_shows_others_too_needs_that_to_be_decided() -> None:
    known = showing(S1, S2)
    known.when(erasing(S1), actor="officer", at=JULY).refused("evidence_shows_others", others=1)
    assert known.when(erasing(S1, although_others=True), actor="officer", at=JULY).only(EvidenceErased).others == (S2,)


def test_only_the_privacy_officer_gives_a_document_up() -> None:
    showing(S1).when(erasing(S1), actor="clerk-1", at=JULY).refused("role_missing")


def test_a_document_that_shows_somebody_under_a_legal_hold_stays() -> None:
    known = showing(S1, S2)
    known.when(HoldPerson(person=S2, reason=sealed("t-1", text="x")), actor="officer", at=JULY).accepted()
    known.when(erasing(S1, although_others=True), actor="officer", at=JULY).refused("legal_hold")


def test_an_erased_document_is_neither_erased_again_nor_said_to_show_anybody_nor_kept_again() -> None:
    known = showing(S1)
    known.when(erasing(S1), actor="officer", at=JULY).accepted()
    known.when(erasing(S1), actor="officer", at=JULY).refused("evidence_erased")
    known.when(NameShown(sha256=sha("scan"), shows=(S1,)), actor="clerk-1", at=JULY).refused("evidence_erased")
    known.when(EraseDocument(sha256=sha("none")), actor="officer", at=JULY).refused("evidence_not_kept")


# At the command line.


def session(office: Office) -> Session:
    return Session(Globals(str(office.ledger), "clerk", "en", json=True, quiet=True, now=None))


def erased(office: Office, *words: str) -> str:
    sha256 = str(only(office)["sha256"])
    office.done("privacy-officer", "evidence", "erase", sha256, "--student", office.student(1), *words, *REASON, day=LATER)
    return sha256


def test_of_an_erased_document_neither_key_nor_file_is_left_and_the_facts_stay(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    sha256 = erased(office)
    assert sealed_files(office) == []
    found = only(office)
    assert (found["sha256"], found["state"], len(found["facts"])) == (sha256, "erased", 1)
    with session(office) as opened:
        rows = opened.ledger.journal.select_rows()
        (kept,) = [decode(row.topic, row.state) for row in rows if row.topic == "evidence.kept"]
        assert isinstance(kept, EvidenceKept)
        assert opened.vault.is_erased(kept.document)
        checked = check_evidence(rows, office.ledger, opened.vault)
    assert (checked.problems, checked.kept, checked.erased, checked.only_hashed) == ((), 0, 1, ())


def test_an_erased_document_is_neither_shown_nor_taken_in_again(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    sha256 = erased(office)
    said = office.do("inspector", "evidence", "show", sha256, "--out", office.folder / "x.jpg", day=LATER)
    assert said.refused == "evidence_erased"
    assert office.do("clerk", "evidence", "keep", scan, day=LATER).refused == "evidence_erased"
    words = ("student", "info-card", "--period", "2020", "--filed", "--scan", scan, office.student(2))
    assert office.do("clerk", *words, day=LATER).refused == "evidence_erased"
    assert sealed_files(office) == []


def test_an_erasure_cut_off_after_its_fact_is_finished_by_whoever_opens_the_keys_next(
    office: Office, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_card(office, scan, 1)
    with monkeypatch.context() as killed:
        killed.setattr(finishing, "carry_out", lambda *_words: False)
        killed.setattr("mingzhang.cli.commands.evidence.erase_listed", lambda *_words: False)
        erased(office)
        assert len(sealed_files(office)) == 1
    office.done("clerk", "status", day=LATER)
    assert sealed_files(office) == []
    assert only(office)["state"] == "erased"


def test_documents_are_told_apart_by_whom_else_they_show(office: Office, scan: Path) -> None:
    file_card(office, scan, 1)
    both = scan.with_name("both.jpg")
    both.write_bytes(JPEG + b"both")
    file_card(office, both, 2, 3)
    with session(office) as opened, opened.engine.view(opened.as_of(None, None)) as view:
        one, two = (documents_showing(view, {office.student(n)}) for n in (1, 2))
    assert (len(one.alone), one.shared, one.lists) == (1, (), ())
    assert (two.alone, len(two.shared), two.lists) == ((), 1, ())
