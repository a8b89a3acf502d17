"""Whoever records signs with a live key of their own over what is appended and all that went before; nothing else is taken in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.attesting import AttestClock
from mingzhang.domain.command import Command
from mingzhang.domain.facts import decode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import (
    SeedSigner,
    check_transaction,
    key_id,
    practice_seed,
    signature_in,
    signed_message,
)
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.staff_keys import BeginSigning, EnrolKey, GiveUpKey, RenewKey, RevokeKey
from mingzhang.domain.transaction import TransactionRecorded
from mingzhang.domain.values.base64_text import base64_bytes
from tests.college import FIRST_DAY, S1, S2, entry, house, opened
from tests.given import By, sealed
from tests.signers import Held, enrolled, public_text, signer_of

from .ledgers import LEDGER, START, around_insert, live, ticking

WANG, ZHAO = "surveyor-1", "administrator-1"


def made(folder: Path, held: Held | None) -> Ledger:
    return Ledger(
        ledger_id=LEDGER,
        env={"PERSISTENCE_MODULE": "mingzhang.domain.journal.sqlite", "SQLITE_DBNAME": str(folder / "journal.db")},
        clock=ticking(),
        random_bytes=os.urandom,
        signer=held,
    )


def found(ledger: Ledger, *keys: str, rehearsal: bool = False, founder: str = ZHAO) -> None:
    """The college's opening, signed by `founder`, with the first keys of these people."""
    events = [one for one in house() if not isinstance(one, By)]
    ledger.open_ledger([*events, *(enrolled(staff, FIRST_DAY) for staff in keys)], actor=founder, rehearsal=rehearsal)


@pytest.fixture
def held() -> Held:
    return Held(ZHAO, WANG, "clerk-1")


@pytest.fixture
def real(tmp_path: Path, held: Held) -> Iterator[Ledger]:
    """A real ledger whose administrator, surveyor and clerk have keys, with the spring round open."""
    ledger = made(tmp_path, held)
    found(ledger, ZHAO, WANG, "clerk-1")
    live(ledger, *opened())
    yield ledger
    ledger.close()


def openings(ledger: Ledger) -> list[tuple[LogRow, TransactionRecorded]]:
    rows = [row for row in ledger.journal.select_rows() if row.topic == TransactionRecorded.topic]
    return [(row, fact) for row in rows if isinstance(fact := decode(row.topic, row.state), TransactionRecorded)]


def refused(ledger: Ledger, command: Command, actor: str) -> str:
    size = ledger.journal.head().size
    with pytest.raises(Refused) as refusal:
        ledger.execute(command, actor=actor)
    assert ledger.journal.head().size == size
    return refusal.value.code


def test_every_transaction_of_a_real_ledger_is_signed_by_its_actor(real: Ledger) -> None:
    real.execute(entry(S1), actor=WANG)
    for row, fact in openings(real):
        assert fact.key == signer_of(fact.actor).key
        assert check_transaction(signer_of(fact.actor).public_key, row.originator_id, row.state)
    assert [fact.actor for _row, fact in openings(real)] == [ZHAO, "clerk-1", WANG]


def test_a_signature_vouches_for_the_whole_log_before_it(real: Ledger) -> None:
    real.execute(entry(S1), actor=WANG)
    for row, fact in openings(real):
        assert fact.seen_size == row.leaf_index
        assert base64_bytes(fact.seen_root) == real.journal.root_at(row.leaf_index)


def test_the_signature_is_the_last_thing_stored_and_covers_all_the_rest(real: Ledger) -> None:
    row, fact = openings(real)[-1]
    message = signed_message(row.originator_id, row.state)
    assert row.state.endswith(b'"signature":"' + fact.signature.encode() + b'"}')
    assert message.endswith(row.state.replace(fact.signature.encode(), b""))
    key = signer_of(fact.actor).public_key
    at = row.state.index(b'"digest":"') + 12
    assert not check_transaction(key, row.originator_id, row.state[:at] + b"0f" + row.state[at + 2 :])
    assert not check_transaction(key, "transaction/other", row.state)
    assert not check_transaction(signer_of("somebody").public_key, row.originator_id, row.state)
    assert not check_transaction(key, row.originator_id, row.state + b" ")
    assert len(signature_in(row.state)) == 64


def test_without_the_key_nothing_is_recorded(real: Ledger, held: Held) -> None:
    del held.signers[WANG]
    assert refused(real, entry(S1), WANG) == "signing_key_missing"


def test_a_ledger_without_a_signer_is_for_reading(real: Ledger) -> None:
    real.signer = None
    assert refused(real, entry(S1), WANG) == "signing_key_missing"


def test_somebody_who_was_never_given_a_key_records_nothing(real: Ledger, held: Held) -> None:
    held.signers["reviewer-1"] = signer_of("reviewer-1")
    assert refused(real, DeclareInterest(staff="reviewer-1", student=S1), "reviewer-1") == "signing_key_not_enrolled"


def test_another_key_is_not_taken_for_theirs(real: Ledger, held: Held) -> None:
    held.signers[WANG] = signer_of("clerk-1")
    assert refused(real, entry(S1), WANG) == "signing_key_other"


def test_a_signer_that_signs_something_else_is_found_out_before_anything_is_inserted(real: Ledger, held: Held) -> None:
    class Faulty(SeedSigner):
        def sign(self, message: bytes) -> bytes:
            return super().sign(message[:-1])

    faulty = Faulty(b"0" * 32)
    faulty.public_key, faulty.key = signer_of(WANG).public_key, signer_of(WANG).key
    held.signers[WANG] = faulty
    assert refused(real, entry(S1), WANG) == "signature_wrong"


def test_nobody_is_asked_for_a_key_by_what_is_refused_or_records_nothing(real: Ledger, held: Held) -> None:
    asked = list(held.asked)
    assert refused(real, entry(S1, unit="nowhere"), WANG) == "unit_not_covered"
    real.streams()
    assert held.asked == asked


def test_a_key_renewed_by_its_holder_is_signed_for_with_the_old_one(real: Ledger, held: Held) -> None:
    new = signer_of(WANG, 2)
    real.execute(RenewKey(public_key=public_text(new)), actor=WANG)
    assert openings(real)[-1][1].key == signer_of(WANG).key
    assert refused(real, entry(S1), WANG) == "signing_key_replaced"
    held.signers[WANG] = new
    real.execute(entry(S1), actor=WANG)
    assert openings(real)[-1][1].key == new.key


def test_a_lost_key_signs_nothing_more_and_the_new_one_does(real: Ledger, held: Held) -> None:
    real.execute(RevokeKey(staff=WANG, reason="lost"), actor=ZHAO)
    assert refused(real, entry(S1), WANG) == "signing_key_revoked"
    held.signers[WANG] = signer_of(WANG, 2)
    assert refused(real, entry(S1), WANG) == "signing_key_revoked"
    real.execute(EnrolKey(staff=WANG, public_key=public_text(signer_of(WANG, 2))), actor=ZHAO)
    real.execute(entry(S1), actor=WANG)


def test_nobody_gives_themselves_a_key_in_what_they_sign_with_it(real: Ledger, held: Held) -> None:
    real.execute(RevokeKey(staff=WANG, reason="lost"), actor=ZHAO)
    own = signer_of(ZHAO, 2)
    held.signers[ZHAO] = own
    commands = (RenewKey(public_key=public_text(own)),)
    with pytest.raises(Refused, match="signing_key_other"):
        real.execute_many(commands, actor=ZHAO)


def test_a_revocation_meanwhile_undoes_what_was_just_being_signed(real: Ledger, tmp_path: Path) -> None:
    """Decided and signed with a live key; before it is inserted, the key is revoked elsewhere."""
    other = made(tmp_path, Held(ZHAO))
    real.clock = real.journal.clock = other.clock = other.journal.clock = ticking(START + timedelta(minutes=1))
    tries: list[int] = []

    def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
        tries.append(1)
        if len(tries) == 1:
            other.execute(RevokeKey(staff=WANG, reason="lost"), actor=ZHAO)
        return insert(stored, **more)

    around_insert(real, step)
    with pytest.raises(Refused, match="signing_key_revoked"):
        real.execute(entry(S1), actor=WANG)
    other.close()
    assert [fact.command for _row, fact in openings(real)] == ["OpenLedger", "OpenRound", "RevokeKey"]


def test_a_key_given_up_is_signed_away_with_itself(real: Ledger) -> None:
    real.execute(GiveUpKey(), actor=WANG)
    row, fact = openings(real)[-1]
    assert fact.key == signer_of(WANG).key
    assert check_transaction(signer_of(WANG).public_key, row.originator_id, row.state)


def test_a_rehearsal_lets_people_act_who_never_had_a_key(tmp_path: Path) -> None:
    ledger = made(tmp_path, None)
    found(ledger, rehearsal=True, founder="founder")
    live(ledger, *opened())
    assert [(fact.key, fact.signature) for _row, fact in openings(ledger)] == [("", "")] * 2
    ledger.close()


def test_whoever_has_a_key_signs_in_a_rehearsal_too(tmp_path: Path) -> None:
    held = Held(WANG)
    ledger = made(tmp_path, held)
    found(ledger, WANG, rehearsal=True, founder="founder")
    live(ledger, *opened())
    ledger.execute(entry(S1), actor=WANG)
    assert openings(ledger)[-1][1].key == signer_of(WANG).key
    del held.signers[WANG]
    assert refused(ledger, entry(S2), WANG) == "signing_key_missing"
    ledger.close()


def test_an_older_ledger_is_signed_from_the_transaction_in_which_its_administrator_begins(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Format 1 had no keys. Nobody but the one who begins may sign with a key that is given in the same transaction."""
    ledger = made(tmp_path, held)
    monkeypatch.setattr("mingzhang.domain.ledger.FORMAT", 1)
    monkeypatch.setattr(ledger, "_key", lambda before, streams: (None, None))
    found(ledger)
    live(ledger, *opened())
    monkeypatch.undo()
    assert refused(ledger, entry(S1), WANG) == "signing_key_not_enrolled"
    begun = BeginSigning(ledger_id=LEDGER, keys={staff: public_text(signer_of(staff)) for staff in (ZHAO, WANG)})
    ledger.execute(begun, actor=ZHAO)
    ledger.execute(entry(S1), actor=WANG)
    assert [(fact.command, bool(fact.signature)) for _row, fact in openings(ledger)] == [
        ("OpenLedger", False), ("OpenRound", False), ("BeginSigning", True), ("RecordEntry", True),
    ]  # fmt: skip
    assert refused(ledger, begun, ZHAO) == "signing_begun"
    ledger.close()


def test_the_opening_of_a_real_ledger_is_signed_by_its_first_administrator(tmp_path: Path, held: Held) -> None:
    ledger = made(tmp_path, held)
    with pytest.raises(Refused, match="signing_key_not_enrolled"):
        found(ledger, WANG)
    assert ledger.journal.head().size == 0
    ledger.close()


def test_practice_keys_differ_by_person_and_by_seed() -> None:
    keys = {SeedSigner(practice_seed(seed, staff)).key for seed in (b"1" * 32, b"2" * 32) for staff in (WANG, ZHAO)}
    assert len(keys) == 4
    assert SeedSigner(practice_seed(b"1" * 32, WANG)).key in keys


def test_a_key_is_named_by_the_digest_of_its_public_half() -> None:
    """RFC 8032, section 7.1, test 1."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    signer = SeedSigner(seed)
    assert signer.public_key.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert signer.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88215")
    assert signer.key == key_id(signer.public_key) == "k-21fe31dfa154a261"


def test_a_clock_that_catches_up_before_the_lock_is_had_was_never_behind(real: Ledger) -> None:
    """Two programs at once, or a clock set back by a hair: what is read again under the lock is what counts. Nobody has attested anything,
    so the record must not say what only an attested one says."""
    last = datetime.fromisoformat(str(real.journal.head().recorded_at))
    real.clock, real.journal.clock = (lambda: last - timedelta(microseconds=1)), (lambda: last)
    real.execute(entry(S1), actor=WANG)
    row, fact = openings(real)[-1]
    assert (datetime.fromisoformat(row.recorded_at), fact.clock_at) == (last, None)


def test_an_instant_behind_the_log_is_kept_as_the_machine_had_it(real: Ledger) -> None:
    """The clock ran ahead and was set right; once an administrator has attested it, what is recorded says what the machine's clock said."""
    until = str(real.journal.head().recorded_at)
    real.clock = real.journal.clock = lambda: datetime(2020, 3, 25, 7, 0, tzinfo=UTC)  # an hour before
    assert refused(real, entry(S1), WANG) == "clock_behind"
    real.execute(AttestClock(ledger_id=LEDGER, until=until, reason=sealed("t-1", text="synthetic")), actor=ZHAO)
    real.execute(entry(S1), actor=WANG)
    for row, fact in openings(real)[-2:]:
        assert (row.recorded_at, fact.clock_at) == (until, "2020-03-25T07:00:00.000000Z")
    assert [fact.clock_at for _row, fact in openings(real)[:-2]] == [None, None]
