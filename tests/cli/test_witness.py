"""`witness` at the command line: a second office signs growth and nothing else, and the log takes its line in."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.domain.proof.checkpoint import read_checkpoint
from mingzhang.domain.proof.cosignature import WitnessVerifier
from mingzhang.domain.proof.proof_text import read_consistency
from mingzhang.domain.proof.signed_note import Verifier
from tests.cli.aid_office import Office
from tests.cli.log_heads import DAY, alone, checkpoint, cosign, grow, rewritten


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    folder = tmp_path / "witness"
    assert alone("witness", "init", "audit.example/w1", "--rehearsal", "--folder", folder)[0] == 0
    return folder


def test_a_witness_signs_growth_and_the_log_takes_its_line_in(surveyed: Office, witness: Path, tmp_path: Path) -> None:
    first, second, signed = tmp_path / "first.txt", tmp_path / "second.txt", tmp_path / "signed.txt"
    size = checkpoint(surveyed, "--out", first)["size"]
    key = checkpoint(surveyed)["key"]
    code, said = cosign(witness, first)
    assert (code, said["refused"]) == (1, "log_unknown")
    code, said = cosign(witness, first, "--key", key)
    assert (code, said["seen"], said["size"]) == (0, None, size)
    grow(surveyed)
    checkpoint(surveyed, "--since", first, "--out", second)
    code, said = cosign(witness, second, "--out", signed, now="2020-07-03T09:00")
    assert (code, said["seen"], said["cosigned_at"]) == (0, size, "2020-07-03T01:00:00.000000Z")
    taken = checkpoint(surveyed, "--cosigned", signed)
    assert taken["signatures"] == [taken["origin"], "audit.example/w1"]
    assert checkpoint(surveyed, "--known-at", taken["size"])["note"].count("—") == 1  # what it signs itself stays the same
    kept = read_checkpoint(Path(taken["file"]).read_bytes())[1]
    assert kept.need_signature([Verifier.read(key), WitnessVerifier.read(said["key"])])
    code, shown = alone("witness", "show", "--folder", witness)
    assert [(log["origin"], log["size"], log["key"]) for log in shown["logs"]] == [(taken["origin"], taken["size"], key)]


def test_a_rewritten_log_gets_no_signature_and_leaves_the_evidence(surveyed: Office, witness: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    said = checkpoint(surveyed, "--out", first)
    assert cosign(witness, first, "--key", said["key"])[0] == 0
    other = rewritten(surveyed, tmp_path / "rewritten")
    checkpoint(other, "--out", second)
    code, refused = cosign(witness, second)
    assert (code, refused["refused"]) == (1, "checkpoint_inconsistent")
    kept = read_consistency(Path(refused["context"]["kept"]).read_bytes())
    assert kept.note.need_signature([Verifier.read(said["key"])])  # under the log's own signature: proof of what was done


def test_a_shorter_log_and_one_without_proof_get_no_signature(surveyed: Office, witness: Path, tmp_path: Path) -> None:
    first, second, third = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    said = checkpoint(surveyed, "--out", first)
    assert cosign(witness, first, "--key", said["key"])[0] == 0
    checkpoint(surveyed, "--known-at", said["size"] - 1, "--out", second)
    assert cosign(witness, second)[1]["refused"] == "checkpoint_older"
    grow(surveyed)
    checkpoint(surveyed, "--out", third)
    assert cosign(witness, third)[1]["refused"] == "checkpoint_proof_needed"


def test_the_same_checkpoint_is_signed_again_at_a_later_time_only(surveyed: Office, witness: Path, tmp_path: Path) -> None:
    first = tmp_path / "1"
    said = checkpoint(surveyed, "--out", first)
    assert cosign(witness, first, "--key", said["key"])[0] == 0
    assert cosign(witness, first, now="2020-07-09T09:00")[0] == 0
    assert cosign(witness, first, now="2020-07-08T09:00")[1]["refused"] == "clock_behind"


def test_practice_is_not_witnessed_in_earnest_and_the_key_of_a_log_stays(surveyed: Office, witness: Path, tmp_path: Path) -> None:
    first = tmp_path / "1"
    key = checkpoint(surveyed, "--out", first)["key"]
    earnest = tmp_path / "earnest"
    assert alone("witness", "init", "audit.example/w2", "--folder", earnest, now=None)[0] == 0
    assert cosign(earnest, first, "--key", key, now=None)[1]["refused"] == "witness_other_kind"
    assert cosign(earnest, first, "--key", key)[1]["refused"] == "clock_only_in_rehearsal"
    assert cosign(witness, first, "--key", key)[0] == 0
    other = Verifier(Verifier.read(key).name, bytes(31) + b"\x01").vkey
    assert cosign(witness, first, "--key", other)[1]["refused"] == "log_key_differs"
    assert cosign(witness, first, "--key", Verifier("mingzhang/other", bytes(32)).vkey)[1]["refused"] == "checkpoint_of_other_log"


def test_a_real_log_is_witnessed_by_a_real_witness(tmp_path: Path) -> None:
    real, first, signed = ("--ledger", tmp_path / "real"), tmp_path / "1", tmp_path / "2"
    assert alone(*real, "init", "--unit", "市教育局", "--administrator", "zhao", now=None)[0] == 0
    code, said = alone(*real, "checkpoint", "--out", first, now=None)
    assert code == 0 and said["origin"].startswith("mingzhang/") and "rehearsal" not in said
    assert alone("witness", "init", "市审计局", "--folder", tmp_path / "w", now=None)[0] == 0
    code, line = cosign(tmp_path / "w", first, "--key", said["key"], "--out", signed, now=None)
    assert code == 0 and line["witness"] == "市审计局"
    code, taken = alone(*real, "checkpoint", "--cosigned", signed, now=None)
    assert code == 0 and taken["signatures"] == [said["origin"], "市审计局"]


def test_a_witness_is_made_once_and_with_a_usable_name(witness: Path, tmp_path: Path) -> None:
    assert alone("witness", "init", "x", "--rehearsal", "--folder", witness)[1]["refused"] == "witness_exists"
    assert alone("witness", "init", "a b", "--rehearsal", "--folder", tmp_path / "b")[1]["refused"] == "key_name_unusable"
    assert alone("witness", "show", "--folder", tmp_path / "c")[1]["refused"] == "witness_missing"
    (witness / "witness.json").write_text("{}", encoding="utf-8")
    assert alone("witness", "show", "--folder", witness)[1]["refused"] == "witness_damaged"


def test_a_signature_of_somebody_else_under_another_text_is_not_taken_in(surveyed: Office, tmp_path: Path) -> None:
    said = checkpoint(surveyed, "--out", tmp_path / "honest.txt")
    other = rewritten(surveyed, tmp_path / "rewritten")
    refused = other.do("inspector", "checkpoint", "--cosigned", tmp_path / "honest.txt", day=DAY)
    assert (refused.refused, refused.document["context"]["size"]) == ("checkpoint_not_ours", said["size"])
