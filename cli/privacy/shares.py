"""Shares of the master key as custodians keep them: one text file each, words that can be written on paper and typed in again (SLIP-39)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics  # type: ignore[import-untyped,unused-ignore]
from shamir_mnemonic.share import Share  # type: ignore[import-untyped,unused-ignore]

from mingzhang.domain.refusal import Refused

from ..i18n import _

_TAG = b"mingzhang/master-key-fingerprint/1\x00"
_NUMBERED = re.compile(r"^\s*\d+[.、)]?\s+([a-z]+)\s*$", re.MULTILINE)
_WORD = re.compile(r"[a-z]+")
# The key is random already: stretching it against guessing would only make the words slower to check.
_NO_STRETCHING = 0


def fingerprint(key: bytes) -> str:
    """Tells one master key from another and nothing about it: 16 hex digits of SHA-256 over 32 random bytes."""
    return hashlib.sha256(_TAG + key).hexdigest()[:16]


def split(key: bytes, *, threshold: int, count: int) -> list[str]:
    """`count` shares, of which any `threshold` make the key again; each is a line of 33 words."""
    [shares] = generate_mnemonics(1, [(threshold, count)], key, iteration_exponent=_NO_STRETCHING)
    return list(shares)


def combine(shares: Sequence[str]) -> bytes:
    """The key. Refused `share_unreadable` (number of the share), `shares_too_few`, `shares_do_not_fit`."""
    read = []
    for number, words in enumerate(shares, start=1):
        try:
            read.append(Share.from_mnemonic(words))
        except MnemonicError:
            raise Refused("share_unreadable", number=number) from None
    if len({(one.identifier, one.member_threshold) for one in read}) != 1 or len({one.index for one in read}) != len(read):
        raise Refused("shares_do_not_fit")
    needed = read[0].member_threshold
    if len(read) < needed:
        raise Refused("shares_too_few", given=len(read), needed=needed)
    try:
        return bytes(combine_mnemonics(list(shares)[:needed]))
    except MnemonicError:
        raise Refused("shares_do_not_fit") from None


def share_text(words: str, *, custodian: str, ledger_id: str, number: int, count: int, threshold: int, mark: str, of: str) -> str:
    """What stands in a custodian's file: whose share it is, of which key, what to do with it, and its words, each with its number."""
    lines = [
        mark + _("Share {number} of {count} of the master key of ledger {ledger}").format(number=number, count=count, ledger=ledger_id),
        _("Custodian: {custodian}. Any {threshold} of the {count} shares make the key again; fewer say nothing about it.").format(
            custodian=custodian, threshold=threshold, count=count
        ),
        _("Fingerprint of the key: {fingerprint}").format(fingerprint=of),
        _("Print or copy it, keep it sealed and apart from all other shares and from the ledger, then delete this file."),
        "",
    ]
    return "\n".join([*lines, *(f"{place:2d}. {word}" for place, word in enumerate(words.split(), start=1))]) + "\n"


def read_share(path: Path) -> str:
    """The words of a share: the numbered lines of a custodian's file, or bare words as somebody typed them in from paper."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("share_unreadable", number=path.name) from None
    words = _NUMBERED.findall(text) or _WORD.findall(text.lower())
    return " ".join(words)
