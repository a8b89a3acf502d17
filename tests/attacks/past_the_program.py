"""Attacks by members of staff with keys and appointments of their own, who write with a program of their own what this one would refuse.

Each changes a copied ledger and gives the first event that is not as it should be (None where no event is concerned). The last ones need
no key: the tables that questions are answered from are nobody's to sign.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.signing import SeedSigner, Signer, key_id
from mingzhang.domain.transaction import uuid7
from tests.attacks.forging import by, new_transaction, put, rows_of, said, saying, signed
from tests.attacks.ledger import Victim
from tests.attacks.on_the_file import ENTRY

MADE_UP = SeedSigner(b"a key that nobody was ever given")
BUREAU = {"since": 0, "role": "administrator", "unit": "bureau", "authority": "staff/administrator@1"}


def _appended(victim: Victim, actor: str, members: Sequence[LogRow], *, signer: Signer | None = None, **changed: Any) -> int:
    """One more transaction of theirs, well signed. changed: what it says beside that, and `originator_id`. Gives where it begins."""
    rows = rows_of(victim.journal)
    start, signer = len(rows), signer or victim.signer(actor)
    made = new_transaction(rows, actor, members, signer=None, key=signer.key)
    name = changed.pop("originator_id", made[start].originator_id)
    state = {**said(made[start]), **changed}
    state["signature"] = state.pop("signature")  # it stays the last
    made[start] = signed(made[start]._replace(originator_id=name, state=orjson.dumps(state)), signer)
    put(victim.journal, made, tree=True)
    return start


def _fact(victim: Victim, actor: str, stream: str, topic: str, **fields: object) -> LogRow:
    rows = rows_of(victim.journal)
    version = max((row.originator_version for row in rows if row.originator_id == stream), default=0) + 1
    state = {"actor": actor, "effective_on": "2020-03-20", **fields}
    return LogRow(0, stream, version, topic, json.dumps(state, separators=(",", ":")).encode(), "")


def _entry(victim: Victim, actor: str) -> LogRow:
    """One more entry, for a student nobody knows."""
    like = next(row for row in rows_of(victim.journal)[ENTRY:] if row.topic == "entry.recorded")
    return saying(like._replace(originator_id=like.originator_id[:-2] + "ZZ", originator_version=1), actor=actor, because=[])


def award_approved_by_a_surveyor(victim: Victim) -> int:
    """Signed with their own key, in their own role, which may not approve anything."""
    return _appended(victim, "surveyor", [_fact(victim, "surveyor", "application/a/b", "award.approved", amount_fen=300000)]) + 1


def of_no_known_kind(victim: Victim) -> int:
    fact = _fact(victim, "surveyor", "staff/surveyor", "STAFF.APPOINTED", role="approver", unit="bureau")
    return _appended(victim, "surveyor", [fact]) + 1


def decided_by_two(victim: Victim) -> int:
    """The surveyor comes first, where whoever signed is looked for, and the reviewer last, where every program reads who decided."""
    entry = _entry(victim, "surveyor")
    return _appended(victim, "surveyor", [entry._replace(state=entry.state[:-1] + b',"actor":"reviewer"}')]) + 1


def decided_by_two_in_escapes(victim: Victim) -> int:
    entry = _entry(victim, "surveyor")
    return _appended(victim, "surveyor", [entry._replace(state=entry.state[:-1] + b',"\\u0061ctor":"reviewer"}')]) + 1


def name_cut_short(victim: Victim) -> int:
    """A stream's name with a NUL in it, at which many a program ends a text."""
    entry = _entry(victim, "surveyor")
    return _appended(victim, "surveyor", [entry._replace(originator_id=entry.originator_id + "\0x")]) + 1


def more_said_than_a_transaction_says(victim: Victim) -> int:
    return _appended(victim, "surveyor", [_entry(victim, "surveyor")], on_behalf_of="reviewer")


def without_a_time_of_its_own(victim: Victim) -> int:
    """An id that does not tell when the transaction was begun."""
    return _appended(victim, "surveyor", [_entry(victim, "surveyor")], originator_id="transaction/today")


def begun_before_being_relieved(victim: Victim) -> int:
    """Somebody relieved days ago says to have begun before that."""
    begun = "transaction/" + uuid7(datetime(2020, 3, 16, 12, tzinfo=UTC), bytes)
    capacity = {"since": 0, "role": "surveyor", "unit": "bureau", "authority": "staff/former@1"}
    entry = _entry(victim, "former")
    return _appended(victim, "former", [entry], capacities=[capacity], effective_on="2020-03-16", originator_id=begun)


def begun_long_ago_by_a_clock_behind(victim: Victim) -> int:
    """A transaction says to have been begun weeks ago, and that its clock was behind; the log's was not ahead."""
    start = _appended(
        victim, "surveyor", [_entry(victim, "surveyor")], clock_at="2020-03-01T00:00:00.000000Z",
        originator_id="transaction/" + uuid7(datetime(2020, 3, 1, tzinfo=UTC), bytes),
    )  # fmt: skip
    rows = rows_of(victim.journal)
    late = [row._replace(recorded_at="2020-03-20T03:00:00.000000Z") for row in rows[start:]]
    put(victim.journal, [*rows[:start], *late], tree=True)
    return start


def key_shared(victim: Victim) -> int:
    """The administrator gives somebody the key that the surveyor has: from then on nobody can tell who signed."""
    return _key_given(victim, victim.signer("surveyor").public_key)


def key_too_short(victim: Victim) -> int:
    return _key_given(victim, b"12345")


def _key_given(victim: Victim, public_key: bytes) -> int:
    text = base64.b64encode(public_key).decode()
    fact = _fact(
        victim, "administrator", "staff/keyless", "staff.key_enrolled", public_key=text, key=key_id(public_key), issued_by="office"
    )  # fmt: skip
    return _appended(victim, "administrator", [fact], capacities=[BUREAU]) + 1


def second_key_taken(victim: Victim) -> int:
    """The surveyor takes a second key beside the one they have."""
    text = base64.b64encode(MADE_UP.public_key).decode()
    fact = _fact(victim, "surveyor", "staff/surveyor", "staff.key_enrolled", public_key=text, key=MADE_UP.key, issued_by="self")
    return _appended(victim, "surveyor", [fact]) + 1


def beyond_their_unit(victim: Victim) -> int:
    """The administrator of a department appoints somebody at the bureau above it."""
    key = base64.b64encode(MADE_UP.public_key).decode()
    appointed = _fact(victim, "administrator", "staff/local", "staff.appointed", role="administrator", unit="hunong")
    enrolled = _fact(
        victim, "administrator", "staff/local", "staff.key_enrolled", public_key=key, key=MADE_UP.key, issued_by="office"
    )._replace(originator_version=2)  # fmt: skip
    _appended(victim, "administrator", [appointed, enrolled], capacities=[BUREAU])
    capacity = {"since": 0, "role": "administrator", "unit": "hunong", "authority": "staff/local@1"}
    name = rows_of(victim.journal)[by(rows_of(victim.journal), "administrator")].originator_id[:-4] + "f1f1"
    fact = _fact(victim, "local", "staff/friend", "staff.appointed", role="approver", unit="bureau")
    return _appended(victim, "local", [fact], signer=MADE_UP, capacities=[capacity], originator_id=name) + 1


def ledger_of_another_name(victim: Victim) -> int:
    """A fact about another ledger, which would begin its signing here."""
    fact = _fact(victim, "administrator", "ledger/another", "ledger.signing_begun")
    return _appended(victim, "administrator", [fact], capacities=[BUREAU]) + 1


def entry_that_says_nothing(victim: Victim) -> int:
    """Its actor is right, and the rest is no entry."""
    entry = _entry(victim, "surveyor")
    return _appended(victim, "surveyor", [entry._replace(state=b'{"actor":"surveyor",and the rest}')]) + 1


def day_in_another_form(victim: Victim) -> int:
    """What one reader takes for a day, another reads as a text that sorts behind all days."""
    return _appended(victim, "surveyor", [saying(_entry(victim, "surveyor"), effective_on="2020-03-20T00:00:00")]) + 1


def nested_too_deep(victim: Victim) -> int:
    entry = _entry(victim, "surveyor")
    return _appended(victim, "surveyor", [entry._replace(state=entry.state[:-1] + b',"x":' + b"[" * 5000 + b"]" * 5000 + b"}")]) + 1


def answers_changed(victim: Victim) -> None:
    """A list is to show another number than the events give."""
    with closing(sqlite3.connect(victim.ledger / "projections.db")) as connection:
        connection.execute("UPDATE round_step SET entries = entries + 1")
        connection.commit()


def answers_changed_from_now_on(victim: Victim) -> None:
    with closing(sqlite3.connect(victim.ledger / "projections.db")) as connection:
        connection.execute("CREATE TRIGGER quiet BEFORE INSERT ON round_step BEGIN SELECT RAISE(IGNORE); END")
