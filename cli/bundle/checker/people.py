"""Who did it: every event belongs to a transaction, every transaction bears its actor's signature, and every key was given in the open.

A signature covers the transaction's first event, which names a digest over all its members. Where all of them are in the bundle the digest
is worked out and the signature covers each of them; where others' cases are among them they are left out, and what is proved of a member is
its place: the log has it among those that this signed transaction counts as its own.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from typing import NamedTuple

from .formats import Event, base64_bytes, member_record
from .found import Findings
from .log import Log
from .signatures import Tool

_SIGNED = re.compile(rb'"signature":"([A-Za-z0-9+/=]*)"}\Z')
_DOMAIN = b"mingzhang/transaction/1\x00"
SIGNED, UNSIGNED, UNCHECKED, WRONG = "signed", "unsigned", "unchecked", "wrong"


class Acting(NamedTuple):
    """In which capacity a member was decided, by the appointment `authority`."""

    role: str
    unit: str
    authority: str


class Transaction(NamedTuple):
    """A transaction as its first event says it; `stands` is one of the words above, `whole` that all its members are here."""

    header: Event
    members: int
    stands: str
    whole: bool

    @property
    def last(self) -> int:
        return self.header.leaf + self.members

    def acting(self, leaf: int) -> Acting | None:
        """The capacity that holds for the member at this leaf."""
        found = None
        for one in self.header.facts.get("capacities", ()):
            if one["since"] <= leaf - self.header.leaf - 1:
                found = Acting(one["role"], one["unit"], one["authority"])
        return found


def read_transactions(log: Log, tool: Tool, findings: Findings) -> dict[int, Transaction]:
    """The transaction of each event, by leaf (its own first event included)."""
    found: dict[int, Transaction] = {}
    transactions: list[Transaction] = []
    leaves = list(log.by_leaf)  # in order: that is how they were taken
    for header in log.of("transaction.recorded"):
        if not _well_formed(header):
            findings.problem("event_malformed", name=header.ref)
            continue
        first, beyond = (bisect_right(leaves, leaf) for leaf in (header.leaf, header.leaf + header.facts["members"]))
        here = [log.by_leaf[leaf] for leaf in leaves[first:beyond]]
        whole = len(here) == header.facts["members"]
        if whole and hashlib.sha256(b"".join(map(member_record, here))).hexdigest() != header.facts["digest"]:
            findings.problem("digest_wrong", transaction=header.ref)
        transaction = Transaction(header, header.facts["members"], _stands(log, header, tool, findings), whole)
        if transactions and transactions[-1].last >= header.leaf:
            findings.problem("transactions_overlap", transaction=header.ref)
        transactions.append(transaction)
        found[header.leaf] = transaction
    begins = [one.header.leaf for one in transactions]
    for leaf, event in log.by_leaf.items():
        if event.topic != "transaction.recorded":
            at = bisect_right(begins, leaf)
            _place(event, transactions[at - 1] if at else None, found, findings)
    _tell(transactions, log, findings)
    return found


def _place(event: Event, own: Transaction | None, found: dict[int, Transaction], findings: Findings) -> None:
    if own is None or event.leaf > own.last:
        findings.problem("transaction_missing", event=event.ref)
        return
    header = own.header
    if event.facts["actor"] != header.facts["actor"] or event.recorded_at != header.recorded_at:
        findings.problem("actor_differs", event=event.ref, transaction=header.ref)
    found[event.leaf] = own


def _well_formed(header: Event) -> bool:
    facts = header.facts
    capacities = facts.get("capacities", [])
    return (
        header.stream.startswith("transaction/")
        and header.version == 1
        and _count(facts.get("members"))
        and all(isinstance(facts.get(name, ""), str) for name in ("digest", "key", "seen_root", "signature", "command"))
        and isinstance(facts.get("digest"), str)
        and ("seen_size" not in facts or _count(facts["seen_size"]))
        and isinstance(capacities, list)
        and all(isinstance(one, dict) and _capacity(one) for one in capacities)
    )


def _capacity(one: dict[str, object]) -> bool:
    return _count(one.get("since")) and all(isinstance(one.get(name), str) for name in ("role", "unit", "authority"))


def _count(value: object) -> bool:
    return type(value) is int and value >= 0


def _stands(log: Log, header: Event, tool: Tool, findings: Findings) -> str:
    """Whether the transaction is signed, with a key that was its actor's when it was recorded."""
    key = header.facts.get("key", "")
    cut = _SIGNED.search(header.state)
    if cut is None or not cut.group(1):
        form = header.facts.get("_v", 1)  # the first two forms of a transaction were never signed
        if (header.leaf < log.signing_from and type(form) is int and form < 3) or (log.rehearsal and not key):
            return UNSIGNED
        findings.problem("unsigned", transaction=header.ref, actor=header.facts["actor"])
        return WRONG
    public_key = _key_of(log, header, key, findings)
    if public_key is None:
        return WRONG
    stream = header.stream.encode("utf-8")
    message = _DOMAIN + len(stream).to_bytes(4, "big") + stream + header.state[: cut.start()] + b'"signature":""}'
    try:
        accepted = tool.accepts(public_key, message, base64_bytes(cut.group(1).decode("ascii")))
    except ValueError:
        accepted = False
    if accepted is False:
        findings.problem("signature_wrong", transaction=header.ref, actor=header.facts["actor"], key=key)
        return WRONG
    return SIGNED if accepted else UNCHECKED


def _key_of(log: Log, header: Event, key: str, findings: Findings) -> bytes | None:
    """The public key under this id that the actor had before this transaction; where signing begins with it, one that it gives."""
    about = {"transaction": header.ref, "actor": header.facts["actor"], "key": key}
    stream, last = f"staff/{header.facts['actor']}", header.leaf + header.facts["members"]
    begins = any(header.leaf < event.leaf <= last for event in log.of("ledger.opened", "ledger.signing_begun"))
    for event in log.of("staff.key_enrolled"):
        if event.stream != stream or event.facts.get("key") != key or event.leaf > (last if begins else header.leaf):
            continue
        try:
            public_key = base64_bytes(str(event.facts.get("public_key")))
        except ValueError:
            public_key = b""
        if "k-" + hashlib.sha256(public_key).hexdigest()[:16] != key or len(public_key) != 32:
            findings.problem("key_malformed", **about)
            return None
        revoked = [one for one in log.of("staff.key_revoked") if one.stream == stream and one.facts.get("key") == key]
        if any(one.leaf < header.leaf for one in revoked):
            findings.problem("key_revoked_before", **about)
            return None
        return public_key
    findings.problem("key_not_enrolled", **about)
    return None


def _tell(transactions: list[Transaction], log: Log, findings: Findings) -> None:
    standing: dict[str, list[Transaction]] = {}
    for one in transactions:
        standing.setdefault(one.stands, []).append(one)
    signed = standing.get(SIGNED, [])
    if signed:
        people = sorted({str(one.header.facts["actor"]) for one in signed})
        findings.prove("transactions_signed", count=len(signed), people=people, whole=sum(one.whole for one in signed))
    if any(not one.whole for one in signed):
        findings.remark("members_left_out", count=sum(not one.whole for one in signed))
    if UNSIGNED in standing:
        findings.remark("unsigned_allowed", count=len(standing[UNSIGNED]))
    if UNCHECKED in standing:
        findings.left_open("signatures_unchecked", count=len(standing[UNCHECKED]))
    attested = [one for one in transactions if one.header.facts.get("clock_at") is not None]
    if attested:
        findings.remark("clock_attested", count=len(attested))
    office = {event.facts.get("key") for event in log.of("staff.key_enrolled") if event.facts.get("issued_by") == "office"}
    used = {str(one.header.facts["actor"]) for one in transactions if one.header.facts.get("key") in office and not _renews(one, log)}
    if used:
        findings.remark("keys_from_office", people=sorted(used))


def _renews(transaction: Transaction, log: Log) -> bool:
    """Whether it is nothing but its actor's taking a key of their own: the last use of the one an office made."""
    header = transaction.header
    return any(
        event.stream == f"staff/{header.facts['actor']}" and header.leaf < event.leaf <= transaction.last
        for event in log.of("staff.key_enrolled")
        if event.facts.get("issued_by") == "self"
    )


def check_authority(log: Log, transactions: dict[int, Transaction], findings: Findings) -> None:
    """Whoever decided something on the trail names the appointment that let them; it is in the bundle, and says the same role and unit."""
    checked: dict[tuple[str, str], None] = {}
    for leaf, event in sorted(log.by_leaf.items()):
        transaction = transactions.get(leaf)
        acting = None if transaction is None or transaction.header.leaf == leaf else transaction.acting(leaf)
        if acting is None:
            continue
        fact = log.events.get(acting.authority)
        given = fact is not None and fact.topic == "staff.appointed" and fact.stream == f"staff/{event.facts['actor']}"
        if not given or fact is None or (fact.facts.get("role"), fact.facts.get("unit")) != (acting.role, acting.unit):
            findings.problem("authority_missing", event=event.ref, actor=event.facts["actor"], role=acting.role)
        checked[(event.facts["actor"], acting.role)] = None
    if checked:
        findings.prove("authority_held", count=len(checked))
