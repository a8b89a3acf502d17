"""The master key is shared out among custodians: so many make it again, fewer cannot, and no share is left in the ledger."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mingzhang.cli.privacy.shares import combine, split
from mingzhang.domain.refusal import Refused
from tests.cli.aid_office import Office
from tests.privacy.desk import die, killed

DAY = "2020-06-01"
CUSTODIANS = ("clerk", "treasurer", "inspector")
KEY = bytes(range(32))


def shared(office: Office, threshold: int = 2) -> list[Path]:
    out = office.folder / "shares"
    named = [word for one in CUSTODIANS for word in ("--custodian", one)]
    office.done("administrator", "keys", "split", *named, "--threshold", threshold, "--out", out, day=DAY)
    return sorted(out.iterdir())


def test_any_two_of_three_make_the_key_again_and_one_does_not() -> None:
    shares = split(KEY, threshold=2, count=3)
    assert [combine(pair) for pair in ([shares[0], shares[1]], [shares[2], shares[0]], [shares[1], shares[2]])] == [KEY, KEY, KEY]
    assert combine(shares) == KEY
    with pytest.raises(Refused, match="shares_too_few"):
        combine(shares[:1])


@pytest.mark.parametrize("position", [0, 5, 32])
def test_a_word_written_down_wrongly_is_noticed(position: int) -> None:
    shares = split(KEY, threshold=2, count=3)
    words = shares[0].split()
    words[position] = "academic" if words[position] != "academic" else "acid"
    with pytest.raises(Refused, match="share_unreadable"):
        combine([" ".join(words), shares[1]])


def test_shares_of_two_keys_and_one_share_twice_do_not_fit() -> None:
    first, second = split(KEY, threshold=2, count=3), split(KEY, threshold=2, count=3)
    for wrong in ([first[0], second[1]], [first[0], first[0]]):
        with pytest.raises(Refused, match="shares_do_not_fit"):
            combine(wrong)


def test_a_lost_master_key_is_made_again_by_two_custodians(surveyed: Office) -> None:
    shares = shared(surveyed)
    assert [stat.S_IMODE(path.stat().st_mode) for path in shares] == [0o600] * 3
    key = surveyed.ledger / "keys" / "master.key"
    lost = key.read_bytes()
    key.unlink()
    assert surveyed.do("clerk", "student", "find", "--id-number", "210911200012175670", day=DAY).refused == "master_key_missing"
    paper = surveyed.folder / "typed-in.txt"
    paper.write_text(" ".join(line.split()[1] for line in shares[2].read_text().splitlines() if line[:2].strip().isdigit()))
    surveyed.done("administrator", "keys", "recover", shares[0], paper, day=DAY)
    assert key.read_bytes() == lost and stat.S_IMODE(key.stat().st_mode) == 0o600
    assert surveyed.done("inspector", "roster", "--reveal", day=DAY)[0]["name"]


def test_a_rehearsal_changes_nothing_and_is_on_record(surveyed: Office) -> None:
    shares = shared(surveyed)
    before = (surveyed.ledger / "keys" / "master.key").read_bytes()
    said = surveyed.done("administrator", "keys", "rehearse", shares[0], shares[1], day=DAY)
    assert said["opens"] and (surveyed.ledger / "keys" / "master.key").read_bytes() == before
    assert surveyed.do("administrator", "keys", "rehearse", shares[0], day=DAY).refused == "shares_too_few"
    assert surveyed.do("administrator", "keys", "recover", *shares, day=DAY).refused == "master_key_exists"


@pytest.mark.parametrize(
    ("named", "threshold", "code"),
    [
        (("clerk", "treasurer"), 1, "escrow_threshold_unusable"),
        (("clerk", "treasurer"), 3, "escrow_threshold_unusable"),
        (("clerk", "clerk"), 2, "custodian_named_twice"),
        (("clerk", "nobody"), 2, "staff_unknown"),
    ],
)
def test_a_key_is_not_shared_out_so(surveyed: Office, named: tuple[str, ...], threshold: int, code: str) -> None:
    words = [word for one in named for word in ("--custodian", one)]
    out = surveyed.folder / "none"
    assert surveyed.do("administrator", "keys", "split", *words, "--threshold", threshold, "--out", out, day=DAY).refused == code
    assert not out.exists()


def test_no_share_lies_in_the_ledgers_own_folder(surveyed: Office) -> None:
    words = [word for one in CUSTODIANS for word in ("--custodian", one)]
    out = surveyed.ledger / "shares"
    said = surveyed.do("administrator", "keys", "split", *words, "--threshold", 2, "--out", out, day=DAY)
    assert said.refused == "shares_inside_ledger"


def test_the_shares_of_another_ledger_do_not_open_this_one(surveyed: Office) -> None:
    strangers = []
    for number, words in enumerate(split(KEY, threshold=2, count=2)):
        path = surveyed.folder / f"{number}.txt"
        path.write_text(words)
        strangers.append(path)
    shared(surveyed)
    assert surveyed.do("administrator", "keys", "rehearse", *strangers, day=DAY).refused == "master_key_wrong"


def test_no_share_bears_its_name_before_it_is_on_record(surveyed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from mingzhang.domain.ledger import Ledger

    words = ("keys", "split", "--threshold", "2", "--out", surveyed.folder / "shares", "--custodian", "clerk", "--custodian", "inspector")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "_append", die)
        killed(lambda: surveyed.done("administrator", *words, day="2020-06-30"))
    assert list((surveyed.folder / "shares").glob("share-*")) == []
    surveyed.minute += 1
    assert len(surveyed.done("administrator", *words, day="2020-06-30")["files"]) == 2
