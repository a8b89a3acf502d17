"""Tools nobody here wrote accept what is signed and proved here: openssl, and the Go packages behind Go's checksum database.

Go and Debian's golang-golang-x-mod-dev are on the build machine; elsewhere their tests are left out, and say so.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingzhang.domain.proof.cosignature import WitnessVerifier, cosign, cosigned_at, cosigned_message
from mingzhang.domain.proof.stamp_request import stamp_request
from tests.go_packages import built

from .made import LOG as LOG_KEY
from .made import LOG_VERIFIER, WITNESS, WITNESS_NAME, Log

LOG = Log(300)


def openssl(public_key: bytes, message: bytes, signature: bytes, folder: Path) -> str:
    """What `openssl pkeyutl -verify -rawin` says."""
    pem = Ed25519PublicKey.from_public_bytes(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, content in (("key.pem", pem), ("message", message), ("signature", signature)):
        (folder / name).write_bytes(content)
    words = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
    return subprocess.run(words.split(), cwd=folder, capture_output=True, check=False).stdout.decode().strip()


def test_openssl_accepts_a_checkpoint(tmp_path: Path) -> None:
    note = LOG.note(300)
    signature = note.signatures[0].signature
    assert openssl(LOG_KEY.public_key, note.text.encode(), signature, tmp_path) == "Signature Verified Successfully"
    changed = note.text.replace("300", "301").encode()
    assert openssl(LOG_KEY.public_key, changed, signature, tmp_path) == "Signature Verification Failure"


def test_openssl_accepts_a_witness_line(tmp_path: Path) -> None:
    text = LOG.note(300).text
    line = cosign(text, WITNESS, WITNESS_NAME, 1600000000)
    key = WitnessVerifier(WITNESS_NAME, WITNESS.public_key)
    message = cosigned_message(text, cosigned_at(line))
    assert openssl(key.public_key, message, line.signature[8:], tmp_path) == "Signature Verified Successfully"


def test_openssl_would_ask_a_time_stamping_authority_the_same(tmp_path: Path) -> None:
    content = LOG.note(300).written.encode()
    (tmp_path / "checkpoint.txt").write_bytes(content)
    words = "openssl ts -query -data checkpoint.txt -sha256 -no_nonce -cert -out request.tsq"
    subprocess.run(words.split(), cwd=tmp_path, capture_output=True, check=True)
    assert stamp_request(content) == (tmp_path / "request.tsq").read_bytes()


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program beside this file, built."""
    return built(Path(__file__).with_name("opened.go"), tmp_path_factory.mktemp("go"))


def said(go: Path, *words: object) -> tuple[int, str]:
    done = subprocess.run([go, *map(str, words)], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_go_opens_a_checkpoint_with_a_witness_line_under_it(go: Path, tmp_path: Path) -> None:
    note = LOG.note(300)
    file = tmp_path / "300.txt"
    file.write_text(note.with_signature(cosign(note.text, WITNESS, WITNESS_NAME, 1600000000)).written, encoding="utf-8")
    assert said(go, "note", LOG_VERIFIER.vkey, file) == (0, note.text)
    file.write_text(note.written.replace("\n300\n", "\n301\n"), encoding="utf-8")
    assert said(go, "note", LOG_VERIFIER.vkey, file)[0] == 1


@pytest.mark.parametrize(("leaf", "size"), [(0, 1), (0, 300), (299, 300), (255, 257), (17, 100)])
def test_go_accepts_the_proof_of_one_event_and_of_no_other(go: Path, tmp_path: Path, leaf: int, size: int) -> None:
    file = tmp_path / "proof"
    file.write_text(LOG.inclusion(leaf, size).written, encoding="utf-8")
    assert said(go, "inclusion", LOG_VERIFIER.vkey, file) == (0, f"{leaf} {size}\n")
    file.write_text(LOG.inclusion(leaf, size).written.replace("extra ", "extra AAAA"), encoding="utf-8")
    assert said(go, "inclusion", LOG_VERIFIER.vkey, file)[0] == 1


@pytest.mark.parametrize(("old", "new"), [(1, 2), (128, 256), (255, 300), (256, 257), (300, 300)])
def test_go_accepts_the_proof_that_a_log_has_only_grown(go: Path, tmp_path: Path, old: int, new: int) -> None:
    before, proof = tmp_path / "before", tmp_path / "proof"
    before.write_text(LOG.note(old).written, encoding="utf-8")
    proof.write_text(LOG.growth(old, new).written, encoding="utf-8")
    assert said(go, "consistency", LOG_VERIFIER.vkey, before, proof) == (0, f"{old} {new}\n")
    before.write_text(Log(300, salt="!").note(old).written, encoding="utf-8")
    assert said(go, "consistency", LOG_VERIFIER.vkey, before, proof)[0] == 1
