"""A checkpoint is three lines, exactly; a proof is what stands before one; a cosignature dates what a witness saw."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from mingzhang.domain.proof.checkpoint import Checkpoint, is_rehearsal, origin, read_checkpoint
from mingzhang.domain.proof.cosignature import WitnessVerifier, cosign, cosigned_at, cosigned_message, read_vkey
from mingzhang.domain.proof.proof_text import read_consistency, read_inclusion
from mingzhang.domain.proof.signed_note import Note, Signature, Verifier, read_note
from mingzhang.domain.refusal import Refused

from .made import LOG_VERIFIER, ORIGIN, WITNESS, WITNESS_NAME, Log

# The example of c2sp.org/tlog-cosignature and tlog-witness.
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
SOFA_GROWN = (
    "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n" + SOFA
)
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
LOG = Log(300)


def code_of(read: Callable[[bytes], object], raw: str) -> str:
    with pytest.raises(Refused) as caught:
        read(raw.encode())
    return caught.value.code


def test_the_published_checkpoint_is_read_and_written_again() -> None:
    head, note = read_checkpoint(SOFA.encode())
    assert head == Checkpoint("example.com/behind-the-sofa", 20852163, base64.b64decode(ROOT))
    assert head.text == note.text and note.written == SOFA


def test_the_published_cosignature_says_when() -> None:
    line = read_note(SOFA.encode()).signatures[1]
    assert (line.name, cosigned_at(line), len(line.signature)) == ("witness.example.com/w1", 1679315147, 72)
    text = read_note(SOFA.encode()).text
    assert cosigned_message(text, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + text.encode()


def test_the_published_proof_of_growth_is_read_and_written_again() -> None:
    proof = read_consistency(SOFA_GROWN.encode())
    assert (proof.old, proof.checkpoint.size, len(proof.hashes)) == (20852014, 20852163, 4)
    assert proof.written == SOFA_GROWN


@pytest.mark.parametrize(
    "text",
    [
        f"o\n1\n{ROOT}",
        f"o\n1\n{ROOT}\n\n",
        f"\n1\n{ROOT}\n",
        "o\n1\n",
        f"o\n01\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n 1\n{ROOT}\n",
        f"o\n1.0\n{ROOT}\n",
        f"o\n１\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT.rstrip('=')}\n",
        f"o\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_a_text_that_is_nearly_a_checkpoint_is_none(text: str) -> None:
    with pytest.raises(Refused) as caught:
        Checkpoint.parse(text)
    assert caught.value.code == "checkpoint_format"


def test_extension_lines_of_others_are_kept() -> None:
    text = f"o\n0\n{ROOT}\nof somebody else\n"
    head = Checkpoint.parse(text)
    assert head.extensions == ("of somebody else",) and head.text == text


def test_a_rehearsals_log_has_another_name_than_a_real_one() -> None:
    assert origin("x", rehearsal=False) == "mingzhang/x" and not is_rehearsal("mingzhang/x")
    assert origin("x", rehearsal=True) == "mingzhang-rehearsal/x" and is_rehearsal("mingzhang-rehearsal/x")


def test_a_witness_line_is_good_for_its_text_its_time_and_its_key_only() -> None:
    note = LOG.note(300)
    line = cosign(note.text, WITNESS, WITNESS_NAME, 1600000000)
    verifier = WitnessVerifier(WITNESS_NAME, WITNESS.public_key)
    cosigned = note.with_signature(line)
    assert read_note(cosigned.written.encode()) == cosigned
    assert cosigned.need_signature([LOG_VERIFIER, verifier]) == (LOG_VERIFIER, verifier)
    later = Signature(line.name, line.raw[:4] + (1600000001).to_bytes(8, "big") + line.raw[12:])
    for wrong in (Note(note.text, (later,)), Note(LOG.note(299).text, (line,)), Note(note.text, (Signature(line.name, line.raw[:-1]),))):
        with pytest.raises(Refused) as caught:
            wrong.need_signature([verifier])
        assert caught.value.code == "note_signature_wrong"
    assert cosigned.signatures_of(Verifier(WITNESS_NAME, WITNESS.public_key)) == ()  # the same key, used as a log's, has another id


def test_a_time_beyond_what_the_format_holds_is_no_time() -> None:
    for at in (0, -1, 2**63):
        with pytest.raises(ValueError, match="time"):
            cosign("x\n", WITNESS, WITNESS_NAME, at)


def test_either_kind_of_key_is_known_by_its_text() -> None:
    verifier = WitnessVerifier(WITNESS_NAME, WITNESS.public_key)
    assert read_vkey(verifier.vkey) == verifier and isinstance(read_vkey(verifier.vkey), WitnessVerifier)
    assert read_vkey(LOG_VERIFIER.vkey) == LOG_VERIFIER
    with pytest.raises(Refused):
        Verifier.read(verifier.vkey)


@pytest.mark.parametrize(("leaf", "size"), [(0, 1), (0, 300), (299, 300), (255, 257), (17, 100)])
def test_a_proof_of_one_event_is_read_as_it_was_written(leaf: int, size: int) -> None:
    proof = LOG.inclusion(leaf, size)
    assert proof.written.splitlines()[0] == "c2sp.org/tlog-proof@v1"
    assert read_inclusion(proof.written.encode()) == proof


@pytest.mark.parametrize(("old", "new"), [(0, 300), (1, 2), (128, 256), (255, 300), (300, 300)])
def test_a_proof_of_growth_is_read_as_it_was_written(old: int, new: int) -> None:
    proof = LOG.growth(old, new)
    assert proof.written.startswith(f"old {old}\n")
    assert read_consistency(proof.written.encode()) == proof


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 17", "index 017"),
        ("index 17", "index -17"),
        ("index 17", "index 100"),
        ("index 17", "leaf 17"),
        ("extra ", "extra"),
        ("extra ", "extra  "),
        ("\nindex", "\n\nindex"),
        ("index 17\n", "index 17\nAAAA\n"),
        ("index 17\n", "index 17\n" + (ROOT + "\n") * 64),
    ],
)
def test_a_proof_that_is_not_in_its_form_is_refused(was: str, becomes: str) -> None:
    written = LOG.inclusion(17, 100).written
    assert was in written
    assert code_of(read_inclusion, written.replace(was, becomes, 1)) in {"proof_format", "note_format", "checkpoint_format"}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("old 40", "old 101"), ("old 40", "old 040"), ("old 40", "new 40"), ("old 40\n", "old 40\nAAAA\n"), ("old 40\n", "old 40\n\n")],
)
def test_a_proof_of_growth_that_is_not_in_its_form_is_refused(was: str, becomes: str) -> None:
    written = LOG.growth(40, 100).written
    assert code_of(read_consistency, written.replace(was, becomes, 1)) in {"proof_format", "note_format", "checkpoint_format"}


def test_a_proof_without_its_checkpoint_is_no_proof() -> None:
    written = LOG.growth(40, 100).written
    assert code_of(read_consistency, written.partition("\n\n")[0]) == "proof_format"
    assert code_of(read_consistency, written.replace(ORIGIN + "\n100", ORIGIN + "\nmany")) == "checkpoint_format"
