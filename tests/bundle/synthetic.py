"""A log of a few transactions as a checker meets it, signed as a ledger signs; everything in it may be other than it should be."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import orjson
from eventsourcing.persistence import StoredEvent

from mingzhang.cli.bundle.checker.formats import Note, read_record
from mingzhang.cli.bundle.checker.found import Findings
from mingzhang.cli.bundle.checker.log import Log
from mingzhang.domain.journal.leaf import leaf_record
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.signing import SeedSigner, signed_message, with_signature
from mingzhang.domain.transaction import members_digest

AT = "2020-03-02T00:00:00.000000Z"
ADMIN, CLERK, STRANGER = (SeedSigner(bytes([number]) * 32) for number in (1, 2, 3))

Member = tuple[str, str, dict[str, Any]]


def enrolled(staff: str, signer: SeedSigner, **changed: Any) -> Member:
    said = {"public_key": base64.b64encode(signer.public_key).decode(), "key": signer.key, "issued_by": "office"}
    return f"staff/{staff}", "staff.key_enrolled", {**said, **changed}


def revoked(staff: str, signer: SeedSigner) -> Member:
    return f"staff/{staff}", "staff.key_revoked", {"key": signer.key, "reason": "lost"}


def appointed(staff: str, role: str) -> Member:
    return f"staff/{staff}", "staff.appointed", {"role": role, "unit": "college"}


def opened() -> Member:
    return "ledger/x", "ledger.opened", {"ledger_id": "x", "rehearsal": False, "format": 2}


def fact(stream: str = "unit/a", topic: str = "unit.registered", **said: Any) -> Member:
    return stream, topic, said


class Made:
    """Rows in the log's order; each call of `transaction` adds one."""

    def __init__(self) -> None:
        self.rows: list[LogRow] = []
        self._versions: dict[str, int] = {}

    def transaction(
        self,
        actor: str,
        members: Sequence[Member],
        signer: SeedSigner | None,
        *,
        member_actor: str | None = None,
        member_at: str = AT,
        counted: Any = None,
        **changed: Any,
    ) -> Made:
        stream = f"transaction/{len(self.rows):04d}"
        first = len(self.rows) + 1
        rows = []
        for leaf, (name, topic, said) in enumerate(members, start=first):
            self._versions[name] = self._versions.get(name, 0) + 1
            state = orjson.dumps({"actor": member_actor or actor, "effective_on": "2020-03-02", **said})
            rows.append(LogRow(leaf, name, self._versions[name], topic, state, member_at))
        stored = [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]
        counted_as = {} if counted is None else {"members": counted}
        header = {"actor": actor, "effective_on": "2020-03-02", "command": "X", "members": len(rows), "digest": members_digest(stored)}
        bare = orjson.dumps({"_v": 3, **header, "key": signer.key if signer else "", **changed, **counted_as, "signature": ""})
        state = with_signature(bare, signer.sign(signed_message(stream, bare))) if signer else bare
        self.rows += [LogRow(first - 1, stream, 1, "transaction.recorded", state, AT), *rows]
        return self

    def log(self, *, without: Sequence[int] = (), rehearsal: bool = False, signing_from: int = 0) -> tuple[Log, Findings]:
        """As it is read from a bundle that leaves some leaves out."""
        log = Log(Note("", (), "mingzhang/x", len(self.rows), bytes(32)), b"")
        log.rehearsal, log.signing_from = rehearsal, signing_from
        for row in self.rows:
            if row.leaf_index not in without:
                log.take(read_record(leaf_record(row), row.leaf_index, "x"))
        return log, Findings()


def begun() -> Made:
    """A ledger opened by its first administrator, who then gave the clerk a key and a role."""
    made = Made().transaction("admin", [opened(), appointed("admin", "administrator"), enrolled("admin", ADMIN)], ADMIN)
    return made.transaction("admin", [appointed("clerk", "clerk"), enrolled("clerk", CLERK)], ADMIN)
