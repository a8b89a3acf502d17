"""A rewritten past does not pass: not beside what the actors saw, nor beside a checkpoint somebody kept, nor under the known key."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mingzhang.cli.bundle.checker.check import Asked
from mingzhang.cli.bundle.checker.found import Point
from mingzhang.cli.bundle.checker.log import read_vkey
from mingzhang.cli.bundle.checker.sentences import PROVED, sentence
from mingzhang.cli.bundle.checker.signatures import Tool
from mingzhang.cli.bundle.gathering import Gathering
from mingzhang.cli.bundle.making import Content, bundle_files
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.proof.checkpoint import Checkpoint, origin
from mingzhang.domain.proof.signed_note import signed
from mingzhang.domain.vault.log_key import log_key
from mingzhang.projections.trail import trace
from tests.attacks import forging
from tests.bundle.bundles import DAY, Made, examined, folder_of, make, payment_of, problems, relisted, run, unpacked, verdict, zipped
from tests.cli.aid_office import Office, approve_all, fund, release, surveyed_office

Change = Callable[[list[LogRow]], list[LogRow]]


def kept(office: Office, size: int, name: str = "我的检查点.txt") -> Path:
    """A checkpoint that somebody took away."""
    file = office.folder / name
    office.done("inspector", "checkpoint", "--known-at", size, "--out", file, day=DAY)
    return file


def test_the_log_begins_as_in_a_checkpoint_one_kept(office: Office, tmp_path: Path) -> None:
    mine = kept(office, 60)
    made = make(office, "--against", mine)
    folder = folder_of(made.files, tmp_path / "x")
    said = run(folder / "check.py", "--checkpoint", mine, "--json").document
    assert said["verdict"] == "proved" and "own_checkpoint_agrees" in [point["code"] for point in said["proved"]]
    assert "同一本日志：只有" not in run(folder / "check.py", "--checkpoint", mine).out


@pytest.mark.parametrize("written", ["{origin}\n{size}\n{root}\n", "{size}\r\n{groups}\r\n", "\ufeff{size}\n{root}\n"])
def test_a_checkpoint_copied_from_paper_does_as_well(office: Office, tmp_path: Path, written: str) -> None:
    lines = kept(office, 60).read_text(encoding="utf-8").split("\n")
    digits = base64.b64decode(lines[2]).hex()
    groups = " ".join(digits[at : at + 8] for at in range(0, 64, 8))
    paper = tmp_path / "paper.txt"
    paper.write_text(written.format(origin=lines[0], size=lines[1], root=lines[2], groups=groups), encoding="utf-8", newline="")
    made = make(office, "--against", paper)
    _bundle, findings = examined(made.file, asked=Asked(own=("paper", paper.read_bytes())))
    assert "own_checkpoint_agrees" in [point.code for point in findings.proved]


def test_the_checkpoint_of_the_very_size_needs_no_proof(office: Office) -> None:
    made = make(office)
    mine = kept(office, made.document["size"])
    _bundle, findings = examined(made.file, asked=Asked(own=("x", mine.read_bytes())))
    assert "own_checkpoint_agrees" in [point.code for point in findings.proved]


def test_without_a_proof_from_it_the_comparison_is_left_open(office: Office) -> None:
    made, mine = make(office), kept(office, 61)
    _bundle, findings = examined(made.file, asked=Asked(own=("x", mine.read_bytes())))
    assert ([point.code for point in findings.open], findings.problems) == (["own_checkpoint_no_proof"], [])


def test_a_checkpoint_later_than_the_bundle_is_left_open_and_refused_in_the_making(office: Office) -> None:
    last = int(office.done("inspector", "status", day=DAY)["size"])
    made = make(office, "--known-at", last - 1)
    mine = kept(office, last)
    _bundle, findings = examined(made.file, asked=Asked(own=("x", mine.read_bytes())))
    assert [point.code for point in findings.open] == ["own_checkpoint_later"]
    words = ("--bundle", office.folder / "y.zip", "--known-at", last - 1, "--against", mine)
    assert office.do("inspector", "trace", payment_of(office), *words, day=DAY).refused == "bundle_checkpoint_later"


def test_a_checkpoint_with_another_root_says_that_the_past_was_rewritten(office: Office) -> None:
    mine = kept(office, 60)
    made = make(office, "--against", mine)
    lines = mine.read_text(encoding="utf-8").split("\n")
    other = "\n".join([lines[0], lines[1], base64.b64encode(bytes(32)).decode()])
    assert problems(made.file, asked=Asked(own=("x", other.encode()))) == ["own_checkpoint_differs"]


def test_a_checkpoint_of_another_ledger_or_badly_signed_or_no_checkpoint_proves_nothing(office: Office) -> None:
    made, mine = make(office), kept(office, 60)
    text = mine.read_text(encoding="utf-8")
    broken = text.replace("\n60\n", "\n59\n", 1)
    for raw, code in (
        (f"mingzhang/x\n60\n{base64.b64encode(bytes(32)).decode()}", "own_checkpoint_other_log"),
        (broken, "own_checkpoint_signature_wrong"),
        ("synthetic", "checkpoint_malformed"),
        ("60\nsynthetic", "checkpoint_malformed"),
    ):
        assert problems(made.file, asked=Asked(own=("x", raw.encode()))) == [code], raw


def forged(office: Office, change: Change, file: Path) -> Path:
    """What a dishonest office hands out that holds the ledger and its key: rows changed, the tree worked out anew, a checkpoint signed."""
    journal = office.ledger / "journal.db"
    payment = "payment/" + payment_of(office)
    forging.put(journal, change(forging.rows_of(journal)), tree=True)
    with Session(Globals(str(office.ledger), None, "en", json=False, quiet=True, now=None), also_shorter=True) as session:
        recorder = session.ledger.journal
        size = recorder.head().size
        trail = trace(recorder, payment, size)
        rows = [row for step in trail.steps for row in recorder.select_rows(step.leaf, 1)]
        gathering = Gathering(recorder, size, session.folder.ledger_id)
        everything = gathering.gather(rows)
        head = Checkpoint(origin(session.folder.ledger_id, rehearsal=True), size, recorder.root_at(size))
        note = signed(head.text, log_key(session.vault), head.origin)
        files = bundle_files(Content(payment, note, everything, gathering.seen_sizes()), recorder)
    return zipped(files, file)


def saying(topic: str, **changed: object) -> Change:
    """The last event of this topic says something else."""

    def change(rows: list[LogRow]) -> list[LogRow]:
        at = max(leaf for leaf, row in enumerate(rows) if row.topic == topic)
        return [*rows[:at], forging.saying(rows[at], **changed), *rows[at + 1 :]]

    return change


def test_unchanged_it_is_proved(office: Office, tmp_path: Path) -> None:
    assert verdict(forged(office, lambda rows: rows, tmp_path / "x.zip")) == 0


def test_a_changed_decision_is_not_the_one_that_was_signed(office: Office, tmp_path: Path) -> None:
    assert "digest_wrong" in problems(forged(office, saying("batch.released", amount_fen=1), tmp_path / "x.zip"))


def test_a_digest_made_to_fit_is_not_the_one_that_was_signed(office: Office, tmp_path: Path) -> None:
    def change(rows: list[LogRow]) -> list[LogRow]:
        return forging.redigested(saying("batch.released", amount_fen=1)(rows))

    assert "signature_wrong" in problems(forged(office, change, tmp_path / "x.zip"))


def test_a_changed_member_among_others_cases_is_found_by_what_later_actors_saw(office: Office, tmp_path: Path) -> None:
    found = problems(forged(office, saying("award.approved", amount_fen=900_000), tmp_path / "x.zip"))
    assert set(found) == {"seen_other_log"}


def test_what_later_actors_saw_cannot_be_left_out(office: Office, tmp_path: Path) -> None:
    files = unpacked(forged(office, saying("award.approved", amount_fen=900_000), tmp_path / "x.zip"))
    less = {name: content for name, content in files.items() if not name.startswith("consistency/")}
    assert set(problems(zipped(relisted(less), tmp_path / "y.zip"))) == {"seen_not_shown"}


def test_the_newest_transaction_goes_along_so_that_its_signer_vouches_for_all_before_it(office: Office, tmp_path: Path) -> None:
    assert codes(examined(make(office).file)[1].remarks) >= {"not_vouched"}
    office.done("administrator", "unit", "register", "hunong", "--name", "护农系", "--kind", "department", "--under", "college", day=DAY)
    _bundle, findings = examined(make(office, file="later.zip").file)
    assert "not_vouched" not in codes(findings.remarks)
    (vouched,) = [point.context for point in findings.proved if point.code == "vouched"]
    assert vouched["by"] == "administrator" and vouched["direct"] and vouched["later"]
    assert "seen_other_log" in problems(forged(office, saying("payment.paid", amount_fen=1), tmp_path / "x.zip"))


def test_another_offices_bundle_does_not_pass_under_the_known_key(shown: Made, paid_office: Office, tmp_path: Path) -> None:
    other = surveyed_office(tmp_path)
    approve_all(other)
    fund(other)
    release(other)
    theirs = make(other)
    assert problems(theirs.file) == []
    assert problems(theirs.file, asked=Asked(key=read_vkey(shown.document["key"]))) == ["key_other"]


def test_a_ledger_that_does_not_prove_itself_hands_nothing_out(office: Office) -> None:
    payment, journal = payment_of(office), office.ledger / "journal.db"
    forging.put(journal, saying("batch.released", amount_fen=1)(forging.rows_of(journal)), tree=True)
    shutil.rmtree(office.ledger / "checkpoints")  # whoever rewrites a ledger takes away what would say so
    (office.ledger / "projections.db").unlink()
    said = office.do("inspector", "trace", payment, "--bundle", office.folder / "x.zip", day=DAY)
    assert (said.refused, (office.folder / "x.zip").exists()) == ("bundle_not_proved", False)
    assert "digest" in said.document["message"]


def codes(points: Sequence[Point]) -> set[str]:
    return {point.code for point in points}


def test_where_signatures_cannot_be_checked_it_is_not_said_that_nobody_signed(office: Office) -> None:
    _bundle, findings = examined(make(office).file, tool=Tool("", None))
    assert "not_vouched" not in codes(findings.remarks) and "signatures_unchecked" in codes(findings.open)


def test_english_lists_have_commas(office: Office) -> None:
    _bundle, findings = examined(make(office).file)
    told = [sentence(PROVED, point, "en", {}) for point in findings.proved]
    assert not [one for one in told if "、" in one]
