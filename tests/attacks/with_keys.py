"""Attacks by somebody who holds a key: their own, somebody else's, one they made; and by somebody who holds every key there is.

Each changes a copied ledger and gives the first event that is not as it was (None where no event is concerned).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.proof.checkpoint import Checkpoint, read_checkpoint
from mingzhang.domain.proof.signed_note import signed as signed_note
from mingzhang.domain.signing import SeedSigner, Signer
from tests.attacks.forging import (
    by,
    members_of,
    new_transaction,
    put,
    redigested,
    resigned,
    rows_of,
    saying,
    transactions,
)
from tests.attacks.ledger import Victim
from tests.attacks.on_the_file import ENTRY, cover

MADE_UP = SeedSigner(b"a key that nobody was ever given")


def _entry(rows: Sequence[LogRow], actor: str) -> LogRow:
    """One more entry like the others, for a student nobody knows."""
    like = rows[ENTRY] if rows[ENTRY].topic == "entry.recorded" else rows[ENTRY + 1]
    return saying(like._replace(originator_id=like.originator_id[:-2] + "ZZ", originator_version=1), actor=actor, because=[])


def _appended(victim: Victim, actor: str, *, signer: Signer | None, members: Sequence[LogRow] = (), **changed: object) -> int:
    rows = rows_of(victim.journal)
    put(victim.journal, new_transaction(rows, actor, members or [_entry(rows, actor)], signer=signer, **changed), tree=True)  # type: ignore[arg-type]
    return len(rows)


def unsigned(victim: Victim) -> int:
    """The surveyor's name, and no signature."""
    return _appended(victim, "surveyor", signer=None)


def unsigned_by_a_stranger(victim: Victim) -> int:
    """The name of somebody the ledger does not know, who has no key to sign with: even in a rehearsal they have no right to act."""
    return _appended(victim, "nobody", signer=None)


def signed_with_a_made_up_key(victim: Victim) -> int:
    return _appended(victim, "surveyor", signer=MADE_UP)


def key_named_and_not_held(victim: Victim) -> int:
    """The transaction names the surveyor's key, and the signature is of another."""
    return _appended(victim, "surveyor", signer=MADE_UP, key=victim.signer("surveyor").key)


def signed_with_anothers_key(victim: Victim) -> int:
    """The clerk records in the surveyor's name."""
    return _appended(victim, "surveyor", signer=victim.signer("clerk"))


def role_made_up(victim: Victim) -> int:
    """The clerk signs as clerk, and says that an appointment made them a surveyor."""
    capacity = {"since": 0, "role": "surveyor", "unit": "bureau", "authority": "staff/surveyor@1"}
    return _appended(victim, "clerk", signer=victim.signer("clerk"), capacities=[capacity])


def role_left_out(victim: Victim) -> int:
    return _appended(victim, "clerk", signer=victim.signer("clerk"), capacities=[])


def relieved_before(victim: Victim) -> int:
    """Somebody who was relieved days ago still has their key."""
    capacity = {"since": 0, "role": "surveyor", "unit": "bureau", "authority": "staff/former@1"}
    return _appended(victim, "former", signer=victim.signer("former"), capacities=[capacity])


def key_revoked_before(victim: Victim) -> int:
    capacity = {"since": 0, "role": "surveyor", "unit": "bureau", "authority": "staff/keyless@1"}
    return _appended(victim, "keyless", signer=victim.signer("keyless"), capacities=[capacity])


def in_anothers_name(victim: Victim) -> int:
    """A transaction of one's own, whose events name somebody else as the one who decided."""
    rows = rows_of(victim.journal)
    return _appended(victim, "surveyor", signer=victim.signer("surveyor"), members=[_entry(rows, "reviewer")]) + 1


def replayed(victim: Victim) -> int:
    """A signed transaction is recorded a second time, word for word, at the next free versions."""
    rows = rows_of(victim.journal)
    start = by(rows, "surveyor")
    put(victim.journal, [*rows, *_next_versions(rows[start : members_of(rows, start)], rows[-1].recorded_at)], tree=True)
    return len(rows)


def replayed_under_a_new_name(victim: Victim) -> int:
    """The same, made to fit: another transaction id, digest and tree. The signature covers the id."""
    rows = rows_of(victim.journal)
    start = by(rows, "surveyor")
    at, stream = rows[-1].recorded_at, rows[transactions(rows)[-1]].originator_id[:-4] + "f0f0"
    members = _next_versions(rows[start + 1 : members_of(rows, start)], at)
    put(victim.journal, redigested([*rows, rows[start]._replace(originator_id=stream, recorded_at=at), *members]), tree=True)
    return len(rows)


def _next_versions(rows: Sequence[LogRow], at: str) -> list[LogRow]:
    return [row._replace(originator_version=row.originator_version + 1, recorded_at=at) for row in rows]


def _staff_fact(rows: Sequence[LogRow], stream: str, topic: str, **fields: object) -> LogRow:
    version = max((row.originator_version for row in rows if row.originator_id == stream), default=0) + 1
    state = {"actor": "clerk", "effective_on": "2020-03-20", "because": [], "evidence": [], **fields}
    return LogRow(0, stream, version, topic, json.dumps(state, separators=(",", ":")).encode(), "")


def key_given_to_somebody_else(victim: Victim) -> int:
    """The clerk gives the approver a key that the clerk holds."""
    rows = rows_of(victim.journal)
    fact = _staff_fact(
        rows, "staff/approver", "staff.key_enrolled",
        public_key=base64.b64encode(MADE_UP.public_key).decode(), key=MADE_UP.key, issued_by="office",
    )  # fmt: skip
    return _appended(victim, "clerk", signer=victim.signer("clerk"), members=[fact]) + 1


def appointed_themselves(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    fact = _staff_fact(rows, "staff/clerk", "staff.appointed", role="administrator", unit="bureau")
    return _appended(victim, "clerk", signer=victim.signer("clerk"), members=[fact]) + 1


def own_past_rewritten(victim: Victim) -> int:
    """The surveyor changes what they recorded, signs it anew, and makes the tree fit. Others have signed after that."""
    rows = rows_of(victim.journal)
    start = transactions(rows)[4]
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    put(victim.journal, resigned(rows, {"surveyor": victim.signer("surveyor")}, start), tree=True)
    return start


def own_last_rewritten(victim: Victim) -> int:
    """The same, with the last transaction of all: nobody has signed after it."""
    rows = rows_of(victim.journal)
    start = by(rows, "clerk")
    rows[-1] = saying(rows[-1], effective_on="2020-03-19")
    put(victim.journal, resigned(rows, {"clerk": victim.signer("clerk")}, start), tree=True)
    cover(victim)
    return start


def own_past_rewritten_and_cut(victim: Victim) -> int:
    """The surveyor rewrites their own, and takes away everything that others signed after it."""
    rows = rows_of(victim.journal)
    start = by(rows, "surveyor")
    rows[start + 1] = saying(rows[start + 1], effective_on="2020-03-19")
    put(victim.journal, resigned(rows[: members_of(rows, start)], {"surveyor": victim.signer("surveyor")}, start), tree=True)
    cover(victim)
    return start


def rewritten_with_all_keys(victim: Victim) -> int:
    """Somebody who holds every signer's key changes the past and signs for everybody."""
    rows = rows_of(victim.journal)
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    signers = {staff: victim.signer(staff) for staff in ("administrator", "clerk", "surveyor")}
    put(victim.journal, resigned(rows, signers, transactions(rows)[4]), tree=True)
    cover(victim)
    return transactions(rows)[4]


def made_anew(victim: Victim) -> int:
    """The whole ledger is made anew from its opening, with new keys for everybody and for the log itself."""
    rows = rows_of(victim.journal)
    signers: dict[str, Signer] = {}
    for leaf, row in enumerate(rows):
        if row.topic == "staff.key_enrolled":
            staff = row.originator_id.partition("/")[2]
            signers[staff] = made = SeedSigner(staff.encode().ljust(32, b"."))
            rows[leaf] = saying(row, public_key=base64.b64encode(made.public_key).decode(), key=made.key)
        elif row.topic == "staff.key_revoked":
            rows[leaf] = saying(row, key=signers[row.originator_id.partition("/")[2]].key)
        elif row.topic == "ledger.key_enrolled":
            rows[leaf] = saying(row, public_key=base64.b64encode(MADE_UP.public_key).decode())
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    put(victim.journal, resigned(rows, signers), tree=True)
    cover(victim)
    return 0


def own_checkpoint_edited(victim: Victim) -> None:
    """The root in a checkpoint of the ledger's own is another; the signature stays."""
    file = max((victim.ledger / "checkpoints").glob("*.txt"))
    head, note = read_checkpoint(file.read_bytes())
    changed = Checkpoint(head.origin, head.size, bytes(32)).text
    file.write_bytes(note.written.replace(head.text, changed).encode())


def own_checkpoint_forged(victim: Victim) -> None:
    """It is signed anew, with a made-up key under the log's name."""
    file = max((victim.ledger / "checkpoints").glob("*.txt"))
    head = read_checkpoint(file.read_bytes())[0]
    file.write_bytes(signed_note(Checkpoint(head.origin, head.size, bytes(32)).text, MADE_UP, head.origin).written.encode())


def own_checkpoints_deleted(victim: Victim) -> None:
    for file in (victim.ledger / "checkpoints").glob("*.txt"):
        file.unlink()


def opened_again(victim: Victim) -> int:
    """A second opening, by which a rehearsal would become a real ledger."""
    rows = rows_of(victim.journal)
    last = max(row.originator_version for row in rows if row.originator_id == rows[1].originator_id)
    opened = rows[1]._replace(originator_version=last + 1)
    members = [saying(opened, actor="administrator", rehearsal=False)]
    return _appended(victim, "administrator", signer=victim.signer("administrator"), members=members) + 1
