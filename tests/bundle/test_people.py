"""Who did it: the signature of each transaction, the key it was made with, the key's own history, the appointment behind the decision."""

from __future__ import annotations

from typing import Any

import pytest

from mingzhang.cli.bundle.checker.people import SIGNED, UNCHECKED, UNSIGNED, check_authority, read_transactions
from mingzhang.cli.bundle.checker.signatures import Tool, find_tool
from tests.bundle.synthetic import ADMIN, CLERK, STRANGER, Made, begun, enrolled, fact, revoked

ACTING: dict[str, Any] = {"capacities": [{"since": 0, "role": "clerk", "unit": "college", "authority": "staff/clerk@1"}]}


def judged(made: Made, tool: Tool | None = None, **how: Any) -> tuple[list[str], str]:
    """The problems, and how the last transaction stands."""
    log, findings = made.log(**how)
    found = read_transactions(log, tool or find_tool(), findings)
    check_authority(log, found, findings)
    last = max(found, default=-1)
    return [point.code for point in findings.problems], found[last].stands if found else ""


def test_a_transaction_signed_with_a_key_given_in_the_open_stands() -> None:
    assert judged(begun().transaction("clerk", [fact()], CLERK, **ACTING)) == ([], SIGNED)


def test_where_signatures_cannot_be_checked_they_are_left_open() -> None:
    log, findings = begun().log()
    stands = {one.stands for one in read_transactions(log, Tool("", None), findings).values()}
    assert (stands, findings.problems, [point.code for point in findings.open]) == ({UNCHECKED}, [], ["signatures_unchecked"])


def test_without_a_signature_it_does_not_stand() -> None:
    assert judged(begun().transaction("clerk", [fact()], None, **ACTING))[0] == ["unsigned"]
    assert judged(begun().transaction("clerk", [fact()], None, key=CLERK.key, **ACTING), rehearsal=True)[0] == ["unsigned"]


def test_what_was_recorded_before_signing_began_or_by_somebody_in_a_rehearsal_without_a_key_may_be_unsigned() -> None:
    assert judged(begun().transaction("clerk", [fact()], None, **ACTING), rehearsal=True) == ([], UNSIGNED)
    assert judged(begun().transaction("clerk", [fact()], None, _v=2, **ACTING), signing_from=100) == ([], UNSIGNED)


def test_a_transaction_of_the_form_that_is_signed_must_be_also_where_a_bundle_hides_when_signing_began() -> None:
    assert judged(begun().transaction("clerk", [fact()], None, **ACTING), signing_from=100)[0] == ["unsigned"]


def test_the_signature_of_another_key_does_not_stand() -> None:
    assert judged(begun().transaction("clerk", [fact()], STRANGER, key=CLERK.key, **ACTING))[0] == ["signature_wrong"]


@pytest.mark.parametrize(
    "made",
    [
        begun().transaction("clerk", [fact()], STRANGER, **ACTING),
        begun().transaction("clerk", [fact()], ADMIN, **ACTING),
        begun().transaction("clerk", [fact(), enrolled("clerk", STRANGER)], STRANGER, **ACTING),
        begun().transaction("clerk", [fact()], STRANGER, **ACTING).transaction("admin", [enrolled("clerk", STRANGER)], ADMIN),
    ],
    ids=["never given", "given to somebody else", "given by itself", "given later"],
)
def test_a_key_that_was_not_the_actors_by_then_does_not_count(made: Made) -> None:
    assert judged(made)[0] == ["key_not_enrolled"]


def test_only_where_signing_begins_may_a_key_be_given_by_the_transaction_it_signs() -> None:
    begins = begun().transaction("clerk", [fact("ledger/x", "ledger.signing_begun"), enrolled("clerk", STRANGER)], STRANGER)
    assert judged(begins) == ([], SIGNED)


def test_a_key_with_another_keys_name_does_not_count() -> None:
    made = begun().transaction("admin", [enrolled("clerk", STRANGER, key=ADMIN.key)], ADMIN)
    assert judged(made.transaction("clerk", [fact()], STRANGER, key=ADMIN.key, **ACTING))[0] == ["key_malformed"]
    made = begun().transaction("admin", [enrolled("clerk", STRANGER, public_key="no base64")], ADMIN)
    assert judged(made.transaction("clerk", [fact()], STRANGER, **ACTING))[0] == ["key_malformed"]


def test_a_revoked_key_signs_nothing_more_and_what_it_signed_before_stands() -> None:
    taken = begun().transaction("clerk", [fact()], CLERK, **ACTING).transaction("admin", [revoked("clerk", CLERK)], ADMIN)
    assert judged(taken)[0] == []
    assert judged(taken.transaction("clerk", [fact()], CLERK, **ACTING))[0] == ["key_revoked_before"]


def test_a_renewal_is_signed_with_the_key_it_ends() -> None:
    renewed = begun().transaction("clerk", [revoked("clerk", CLERK), enrolled("clerk", STRANGER, issued_by="self")], CLERK, **ACTING)
    assert judged(renewed) == ([], SIGNED)


def test_members_that_are_not_those_signed_for_are_found_where_all_are_here() -> None:
    made = begun().transaction("clerk", [fact(), fact("unit/b")], CLERK, digest="0" * 64, **ACTING)
    assert judged(made)[0] == ["digest_wrong"]
    assert judged(made, without=[len(made.rows) - 1])[0] == []


def test_an_event_outside_every_transaction_is_nobodys() -> None:
    made = begun().transaction("clerk", [fact()], CLERK, **ACTING)
    assert "transaction_missing" in judged(made, without=[len(made.rows) - 2])[0]


def test_a_member_by_somebody_else_or_of_another_instant_is_told() -> None:
    assert "actor_differs" in judged(begun().transaction("clerk", [fact()], CLERK, member_actor="admin", **ACTING))[0]
    late = begun().transaction("clerk", [fact()], CLERK, member_at="2020-03-03T00:00:00.000000Z", **ACTING)
    assert judged(late)[0] == ["actor_differs"]


def test_transactions_do_not_overlap() -> None:
    made = begun().transaction("clerk", [fact()], CLERK, counted=5, **ACTING).transaction("clerk", [fact("unit/b")], CLERK, **ACTING)
    assert "transactions_overlap" in judged(made)[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"counted": -1},
        {"counted": "1"},
        {"counted": True},
        {"digest": 7},
        {"key": 7},
        {"seen_size": "1"},
        {"seen_root": 1},
        {"capacities": {}},
        {"capacities": [1]},
        {"capacities": [{"since": 0, "role": "clerk", "unit": "college"}]},
    ],
    ids=str,
)
def test_a_transaction_of_another_form_is_refused(changed: dict[str, Any]) -> None:
    assert "event_malformed" in judged(begun().transaction("clerk", [fact()], CLERK, **{**ACTING, **changed}))[0]


@pytest.mark.parametrize(
    "acting",
    [
        {"role": "releaser", "unit": "college", "authority": "staff/clerk@1"},
        {"role": "clerk", "unit": "bureau", "authority": "staff/clerk@1"},
        {"role": "clerk", "unit": "college", "authority": "staff/clerk@2"},
        {"role": "administrator", "unit": "college", "authority": "staff/admin@1"},
        {"role": "clerk", "unit": "college", "authority": "staff/nobody@1"},
    ],
    ids=str,
)
def test_a_decision_without_the_appointment_it_names_is_told(acting: dict[str, Any]) -> None:
    made = begun().transaction("clerk", [fact()], CLERK, capacities=[{"since": 0, **acting}])
    assert judged(made)[0] == ["authority_missing"]


def test_somebody_with_two_roles_is_held_to_the_one_used_for_each_member() -> None:
    made = begun()
    capacities = [*ACTING["capacities"], {"since": 1, "role": "reviewer", "unit": "college", "authority": "staff/clerk@9"}]
    made.transaction("clerk", [fact(), fact("unit/b")], CLERK, capacities=capacities)
    assert judged(made)[0] == ["authority_missing"]
    assert judged(made, without=[len(made.rows) - 1])[0] == []


def remarks(made: Made) -> dict[str, Any]:
    log, findings = made.log()
    read_transactions(log, find_tool(), findings)
    return {point.code: point.context for point in findings.remarks}


def test_only_who_signed_with_a_key_an_office_made_is_said_to_have_one() -> None:
    renewed = begun().transaction("clerk", [revoked("clerk", CLERK), enrolled("clerk", STRANGER, issued_by="self")], CLERK, **ACTING)
    renewed = renewed.transaction("clerk", [fact()], STRANGER, **ACTING)
    assert "clerk" not in remarks(renewed).get("keys_from_office", {}).get("people", [])
    assert "clerk" in remarks(begun().transaction("clerk", [fact()], CLERK, **ACTING))["keys_from_office"]["people"]
