"""A signing key is given by an administrator of the person's unit, renewed by its holder, and never comes back once it was taken away."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.ledger_state import LedgerState
from mingzhang.domain.staff import AppointStaff, RelieveStaff, Staff, StaffKeyEnrolled, StaffKeyRevoked
from mingzhang.domain.staff_keys import BeginSigning, EnrolKey, GiveUpKey, RenewKey, RevokeKey
from mingzhang.domain.transaction import LedgerOpened
from tests.college import FIRST_DAY, appointed, house
from tests.given import Given, given
from tests.signers import enrolled, public_text, signer_of

WANG, ZHAO = "surveyor-1", "administrator-1"
DAY = date(2020, 3, 25)
NEW = public_text(signer_of(WANG, 2))


def keyed() -> Given:
    """The house; its administrator and its surveyor have their first keys."""
    return given(house(), enrolled(ZHAO, FIRST_DAY), enrolled(WANG, FIRST_DAY))


def enrol(staff: str = WANG, number: int = 2) -> EnrolKey:
    return EnrolKey(staff=staff, public_key=public_text(signer_of(staff, number)))


def test_a_key_is_given_in_the_transaction_of_the_appointment() -> None:
    appoint = AppointStaff(staff="li", role="clerk", unit="shifan")
    outcome = given(house()).when(appoint, enrol("li", 1), actor=ZHAO)
    fact = outcome.only(StaffKeyEnrolled)
    assert (fact.issued_by, fact.key, fact.because) == ("office", signer_of("li").key, ("staff/li@1",))
    live = outcome.state(Staff, "li").live_key
    assert live is not None and live.public_key == public_text(signer_of("li"))


def test_whoever_has_a_key_is_given_no_second_one() -> None:
    keyed().when(enrol(), actor=ZHAO).refused("signing_key_live", key=signer_of(WANG).key)


def test_a_lost_key_is_taken_away_and_another_given_at_once() -> None:
    outcome = keyed().when(RevokeKey(staff=WANG, reason="lost"), enrol(), actor=ZHAO).accepted()
    keys = outcome.state(Staff, WANG).keys
    assert [(one.key, one.live, one.reason, one.until) for one in keys] == [
        (signer_of(WANG).key, False, "lost", DAY),
        (signer_of(WANG, 2).key, True, None, None),
    ]


def test_a_key_renewed_by_its_holder_is_their_own() -> None:
    old = "staff/surveyor-1@2"
    keyed().when(RenewKey(public_key=NEW), actor=WANG).then(
        (
            f"staff/{WANG}",
            StaffKeyRevoked(actor=WANG, effective_on=DAY, because=(old,), key=signer_of(WANG).key, reason="replaced"),
        ),
        (
            f"staff/{WANG}",
            StaffKeyEnrolled(
                actor=WANG, effective_on=DAY, because=(old,), public_key=NEW, key=signer_of(WANG, 2).key, issued_by="self"
            ),
        ),
    )


def test_an_administrator_renews_their_own_key_too() -> None:
    keyed().when(RenewKey(public_key=public_text(signer_of(ZHAO, 2))), actor=ZHAO).accepted()


@pytest.mark.parametrize(
    ("command", "actor", "code"),
    [
        pytest.param(RenewKey(public_key=NEW), "clerk-1", "signing_key_not_enrolled", id="renewed without one"),
        pytest.param(RenewKey(public_key=public_text(signer_of(WANG))), WANG, "signing_key_used", id="renewed by itself"),
        pytest.param(RenewKey(public_key="AAAA"), WANG, "signing_key_format", id="no key"),
        pytest.param(RenewKey(public_key="no base64"), WANG, "signing_key_format", id="no base64"),
        pytest.param(enrol("nobody"), ZHAO, "staff_unknown", id="given to nobody"),
        pytest.param(enrol("clerk-1", 1), WANG, "role_missing", id="given by a surveyor"),
        pytest.param(RevokeKey(staff=WANG, reason="lost"), "clerk-1", "role_missing", id="taken away by a clerk"),
        pytest.param(RevokeKey(staff="clerk-1", reason="lost"), ZHAO, "signing_key_not_enrolled", id="taken away without one"),
        pytest.param(RevokeKey(staff=ZHAO, reason="lost"), ZHAO, "signing_key_own", id="an administrator's own"),
        pytest.param(GiveUpKey(), ZHAO, "signing_key_own", id="given up by an administrator"),
        pytest.param(GiveUpKey(on=date(2020, 3, 26)), WANG, "effective_in_future", id="on a day to come"),
    ],
)
def test_what_no_key_is_given_or_taken_for(command: Command, actor: str, code: str) -> None:
    keyed().when(command, actor=actor).refused(code)


def test_a_key_taken_away_does_not_come_back() -> None:
    known = keyed()
    known.when(GiveUpKey(), actor=WANG).accepted()
    known.when(RenewKey(public_key=NEW), actor=WANG).refused("signing_key_revoked")
    known.when(enrol(WANG, 1), actor=ZHAO).refused("signing_key_used", key=signer_of(WANG).key)
    known.when(enrol(), actor=ZHAO).accepted()


def test_an_administrator_gives_keys_at_their_own_units_only() -> None:
    known = given(house(), appointed("administrator-2", "administrator", "zongzhi"), appointed("li", "clerk", "shifan"))
    known.when(enrol("li", 1), actor="administrator-2").refused("unit_not_covered", units=["shifan"])
    known.when(enrol("li", 1), actor=ZHAO).accepted()


def test_whoever_was_relieved_everywhere_still_belongs_where_they_were() -> None:
    known = given(house(), appointed("administrator-2", "administrator", "zongzhi"), enrolled(WANG, FIRST_DAY))
    known.when(RelieveStaff(staff=WANG, role="surveyor", unit="college"), actor=ZHAO).accepted()
    known.when(RevokeKey(staff=WANG, reason="relieved"), actor="administrator-2").refused("unit_not_covered")
    known.when(RevokeKey(staff=WANG, reason="relieved"), actor=ZHAO).accepted()


def test_a_relief_leaves_the_key_as_it_is() -> None:
    outcome = keyed().when(RelieveStaff(staff=WANG, role="surveyor", unit="college"), actor=ZHAO)
    assert outcome.state(Staff, WANG).live_key is not None


def test_signing_begins_once() -> None:
    opening = LedgerOpened(actor="founder", effective_on=FIRST_DAY, ledger_id="l1", rehearsal=False, format=1)
    known = given(house(), ("ledger/l1", opening))
    begun = BeginSigning(ledger_id="l1", keys={one: public_text(signer_of(one)) for one in (ZHAO, WANG)})
    outcome = known.when(begun, actor=ZHAO).accepted()
    assert outcome.topics() == ["ledger.signing_begun", "staff.key_enrolled", "staff.key_enrolled"]
    assert [fact.issued_by for _stream, fact in known.store.log if isinstance(fact, StaffKeyEnrolled)] == ["self", "office"]
    assert outcome.state(LedgerState, "l1").signing
    known.when(begun, actor=ZHAO).refused("signing_begun")
