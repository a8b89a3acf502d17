"""`checkpoint` and `prove` at the command line, and the checkpoints that leave the building by themselves."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from python_calamine import CalamineWorkbook

from mingzhang.cli.checkpoints.qr import qr_png
from mingzhang.cli.output import in_groups
from mingzhang.domain.proof.checkpoint import read_checkpoint
from mingzhang.domain.proof.proof_text import read_consistency, read_inclusion
from mingzhang.domain.proof.signed_note import Verifier
from mingzhang.domain.values.base64_text import base64_bytes, base64_text
from tests.cli.aid_office import Office
from tests.cli.log_heads import DAY, alone, checkpoint, grow, rewritten
from tests.workbooks.made_up import number_of, row_of

# The log's own checkpoint


def test_a_checkpoint_is_signed_by_the_key_the_log_names_and_is_kept(surveyed: Office) -> None:
    said = checkpoint(surveyed)
    status = surveyed.done("inspector", "status", day=DAY)
    assert (said["size"], said["root"]) == (status["size"], status["root"])
    kept = surveyed.ledger / "checkpoints" / f"{said['size']}.txt"
    assert Path(said["file"]) == kept and kept.read_text(encoding="utf-8") == said["note"]
    head, note = read_checkpoint(kept.read_bytes())
    assert note.need_signature([Verifier.read(said["key"])])
    assert said["origin"] == head.origin == f"mingzhang-rehearsal/{status['ledger_id']}"
    assert said["root_hex"] == head.root.hex()


def test_the_same_size_gives_the_same_bytes_whenever_it_is_asked(surveyed: Office) -> None:
    first = checkpoint(surveyed)
    grow(surveyed)
    again = checkpoint(surveyed, "--known-at", first["size"])
    assert again["note"] == first["note"]
    assert checkpoint(surveyed)["size"] > first["size"]


def test_openssl_accepts_the_log_as_it_signs(surveyed: Office, tmp_path: Path) -> None:
    said = checkpoint(surveyed)
    key = Verifier.read(said["key"])
    head, note = read_checkpoint(said["note"].encode())
    pem = Ed25519PublicKey.from_public_bytes(key.public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, content in (("k", pem), ("m", head.text.encode()), ("s", note.signatures_of(key)[0].signature)):
        (tmp_path / name).write_bytes(content)
    words = "openssl pkeyutl -verify -pubin -inkey k -rawin -in m -sigfile s"
    done = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, check=False)
    assert done.stdout == b"Signature Verified Successfully\n"


def test_the_screen_says_root_and_key_for_paper(surveyed: Office) -> None:
    said = checkpoint(surveyed)
    screen = surveyed.plain("inspector", "checkpoint", day=DAY)
    hexadecimal = said["root_hex"]
    groups = " ".join(hexadecimal[at : at + 4] for at in range(0, 64, 4))
    assert groups in " ".join(screen.split()) and said["root"] in screen
    assert f"\n{said['key']}\n" in screen and screen.endswith(said["note"])


def test_a_log_that_no_longer_contains_what_it_signed_signs_nothing_any_more(surveyed: Office, tmp_path: Path) -> None:
    checkpoint(surveyed)
    other = rewritten(surveyed, tmp_path / "rewritten")
    shutil.copytree(surveyed.ledger / "checkpoints", other.ledger / "checkpoints")
    for words in (("checkpoint",), ("prove", "plan/fuxin-2020@1", "--out", tmp_path / "x")):
        refused = other.do("inspector", *words, day=DAY)
        assert (refused.code, refused.refused) == (1, "log_shorter_than_answered")


def test_an_older_checkpoint_of_its_own_is_not_contradicted_either(surveyed: Office, tmp_path: Path) -> None:
    older = checkpoint(surveyed, "--known-at", 40)
    other = rewritten(surveyed, tmp_path / "rewritten")
    checkpoint(other)
    shutil.copy(older["file"], other.ledger / "checkpoints")
    refused = other.do("inspector", "checkpoint", "--known-at", 40, day=DAY)
    assert (refused.refused, refused.document["context"]["saved"]) == ("checkpoint_contradicted", 40)


def test_without_the_keys_nothing_is_signed_and_the_root_is_said(surveyed: Office) -> None:
    refused = alone("--ledger", surveyed.ledger, "--without-names", "checkpoint", now=None)
    assert (refused[0], refused[1]["refused"]) == (1, "keys_left_out")
    code, said = alone("--ledger", surveyed.ledger, "--without-names", "status", now=None)
    assert code == 0 and said["root"] == checkpoint(surveyed)["root"]


def test_growth_since_a_size_or_a_file_is_proved(surveyed: Office, tmp_path: Path) -> None:
    first = checkpoint(surveyed, "--out", tmp_path / "first.txt")
    grow(surveyed)
    by_file = checkpoint(surveyed, "--since", tmp_path / "first.txt", "--out", tmp_path / "grown.txt")
    by_size = checkpoint(surveyed, "--since", first["size"])
    assert by_file["proof"] == by_size["proof"] == (tmp_path / "grown.txt").read_text(encoding="utf-8")
    proof = read_consistency(by_size["proof"].encode())
    assert (proof.old, proof.checkpoint.size) == (first["size"], by_size["size"]) and proof.hashes
    beyond = surveyed.do("inspector", "checkpoint", "--since", by_size["size"] + 1, day=DAY)
    assert beyond.refused == "log_size_unknown"


def test_a_checkpoint_that_this_log_does_not_contain_is_named(surveyed: Office, tmp_path: Path) -> None:
    checkpoint(surveyed, "--out", tmp_path / "honest.txt")
    other = rewritten(surveyed, tmp_path / "rewritten")
    refused = other.do("inspector", "checkpoint", "--since", tmp_path / "honest.txt", day=DAY)
    assert (refused.code, refused.refused) == (1, "checkpoint_not_ours")


def test_a_stamp_request_asks_for_the_signed_file(surveyed: Office, tmp_path: Path) -> None:
    checkpoint(surveyed, "--out", tmp_path / "c.txt", "--stamp-request", tmp_path / "c.tsq")
    assert hashlib.sha256((tmp_path / "c.txt").read_bytes()).digest() in (tmp_path / "c.tsq").read_bytes()


# One event


def test_one_event_is_proved_with_the_key_alone(surveyed: Office, tmp_path: Path) -> None:
    file = tmp_path / "plan.tlog-proof"
    said = surveyed.done("inspector", "prove", "plan/fuxin-2020@1", "--out", file, day=DAY)
    key = checkpoint(surveyed)["key"]
    code, shown = alone("prove", "--check", file, "--key", key, now=None)
    assert code == 0
    assert (shown["ok"], shown["event"], shown["topic"]) == (True, "plan/fuxin-2020@1", "plan.adopted")
    assert (shown["leaf"], shown["size"], shown["rehearsal"]) == (said["leaf"], said["size"], True)
    assert read_inclusion(file.read_bytes()).index == said["leaf"]


def test_a_proof_about_a_person_holds_no_personal_data(surveyed: Office, tmp_path: Path) -> None:
    file = tmp_path / "student.tlog-proof"
    surveyed.done("inspector", "prove", f"student/{surveyed.student(1)}@1", "--out", file, day=DAY)
    record = read_inclusion(file.read_bytes()).extra
    assert record is not None and b"box" in record
    assert str(row_of(1)[0]).encode() not in record and number_of(1).encode() not in record


def test_a_changed_proof_is_false(surveyed: Office, tmp_path: Path) -> None:
    file = tmp_path / "plan.tlog-proof"
    surveyed.done("inspector", "prove", "plan/fuxin-2020@1", "--out", file, day=DAY)
    key = checkpoint(surveyed)["key"]
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[2] = f"index {int(lines[2].split()[1]) + 1}"
    file.write_text("\n".join(lines), encoding="utf-8")
    code, shown = alone("prove", "--check", file, "--key", key, now=None)
    assert (code, shown["refused"]) == (1, "proof_wrong")


def test_a_proof_under_another_key_is_not_believed(surveyed: Office, tmp_path: Path) -> None:
    file = tmp_path / "plan.tlog-proof"
    surveyed.done("inspector", "prove", "plan/fuxin-2020@1", "--out", file, day=DAY)
    other = Verifier(checkpoint(surveyed)["origin"], bytes(31) + b"\x01").vkey
    code, shown = alone("prove", "--check", file, "--key", other, now=None)
    assert (code, shown["refused"]) == (1, "note_not_signed")


def test_an_event_that_was_not_yet_known_is_not_proved(surveyed: Office, tmp_path: Path) -> None:
    for event, size in (("plan/fuxin-2020@9", None), ("nothing/x@1", None), ("plan/fuxin-2020@1", 3), ("plan/fuxin-2020", None)):
        words = [] if size is None else ["--known-at", size]
        said = surveyed.do("inspector", "prove", event, "--out", tmp_path / "x", *words, day=DAY)
        assert (said.code, said.refused) == (1, "event_unknown")


# By themselves


def on_paper(root: str) -> str:
    """As whoever has only the paper can type it: small and capital letters and digits that look alike are told apart by being hex."""
    return in_groups(base64_bytes(root))


def test_the_foot_of_a_file_says_the_root_at_its_log_size(surveyed: Office, tmp_path: Path) -> None:
    said = checkpoint(surveyed, "--known-at", 40)
    surveyed.done("inspector", "roster", "--on", DAY, "--known-at", 40, "--csv", tmp_path / "a.csv", day=DAY)
    last = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[-2:]
    assert last[0] == f'"Root of the log at size 40: {on_paper(said["root"])}"' and "log size 40" in last[1]


def test_a_packet_brings_its_checkpoint_and_shows_it_as_a_code(answered: Office, tmp_path: Path) -> None:
    out, again = tmp_path / "packet", tmp_path / "again"
    said = answered.done("inspector", "packet", "--out", out, "--on", DAY, day=DAY)
    head, note = read_checkpoint((out / said["checkpoint"]).read_bytes())
    assert (head.size, base64_text(head.root)) == (said["known_at"], said["root"])
    assert note.need_signature([Verifier.read(checkpoint(answered)["key"])])
    (cover,) = out.glob("00-*.xlsx")
    assert on_paper(said["root"]) in str(CalamineWorkbook.from_path(cover).get_sheet_by_index(0).to_python())
    assert qr_png(note) in unpacked(cover)
    (text,) = out.glob("00-*.txt")
    assert note.written.rstrip("\n") in text.read_text(encoding="utf-8")
    answered.done("inspector", "packet", "--out", again, "--on", DAY, "--known-at", said["known_at"], day=DAY)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {path.name: path.read_bytes() for path in again.iterdir()}


def unpacked(workbook: Path) -> list[bytes]:
    with ZipFile(workbook) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_a_packet_without_names_says_the_root_unsigned(answered: Office, tmp_path: Path) -> None:
    out = tmp_path / "packet"
    code, said = alone("--ledger", answered.ledger, "--without-names", "packet", "--out", out, "--on", DAY, now="2020-07-09T09:00")
    assert code == 0 and said["checkpoint"] is None
    (text,) = out.glob("00-*.txt")
    assert on_paper(said["root"]) in text.read_text(encoding="utf-8") and "not signed" in text.read_text(encoding="utf-8")


def test_a_bank_file_leaves_with_the_checkpoint_of_its_own_export(released: Office, tmp_path: Path) -> None:
    said = released.done(
        "cashier", "payment", "export", "B1", "--bank-profile", "csv-gb18030", "--out", tmp_path / "b1.csv", day="2020-04-10"
    )
    head, note = read_checkpoint(Path(said["checkpoint"]).read_bytes())
    assert note.need_signature([Verifier.read(checkpoint(released)["key"])])
    assert head.size == released.done("inspector", "status", day=DAY)["size"]
    assert Path(said["checkpoint"]).parent == tmp_path
