"""The only writer: loads what a command reads, checks authority, lets it decide, and appends everything in one transaction or nothing.

A conflict with somebody else's append is retried with the same transaction id, since deciding is pure; an append that had in fact been
committed before the connection broke is recognised by that id and not repeated.

What is appended is signed by its actor, with a key that was theirs when the decision was made (the streams read say so, so that a
revocation meanwhile undoes it), and the signature is checked with the enrolled public key before anything is inserted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import cast

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Mapper, PersistenceError, StoredEvent
from eventsourcing.utils import Environment, EnvType

from . import concepts
from .bulk import collector_at_rest
from .command import Command, Context
from .facts import Recorded, Stored
from .journal.mapper import FactMapper, Unread
from .journal.records import Head, JournalRecorder, LogRow, instant_text
from .ledger_state import LedgerState
from .refusal import Refused
from .signing import Signer, check_transaction, signed_message, with_signature
from .staff import SigningKey, Staff, authority
from .staff_keys import public_key_of
from .streams import Event, Streams
from .transaction import Capacity, LedgerOpened, TransactionRecorded, members_digest, uuid7
from .values.base64_text import base64_text
from .values.china import CHINA

FORMAT = 2
RETRIES = 12

SignerOf = Callable[[str, str], Signer | None]
"""Who signs as a staff member, if it can be had with the key of that id; None where there is no key for them here. Asked only once
something is decided, and may refuse."""


@dataclass(frozen=True)
class RefusedCommand:
    """One command of a bulk execution that the rules did not allow."""

    command: Command
    refusal: Refused


@dataclass(frozen=True)
class Seen:
    """States that were read when the log had `size` events: as long as it has no more, a decision may rest on them as they are."""

    size: int
    streams: Streams


@dataclass(frozen=True)
class _Standing:
    """How things stood for the actor before their own decisions: the log as it was seen, the ledger, and who they were."""

    head: Head
    ledger: LedgerState
    staff: Staff


@dataclass(frozen=True)
class Execution:
    """What an execution recorded: `recorded` are the member facts; `size` is the log size right after it (0: nothing was to be done)."""

    transaction: str | None
    recorded: tuple[Recorded, ...]
    refused: tuple[RefusedCommand, ...] = ()
    size: int = 0
    done: tuple[Command, ...] = field(default=())


class Ledger(Application[str]):
    """One school's or bureau's ledger. Settings come in as arguments; the process environment is never read."""

    name = "Ledger"

    def __init__(
        self,
        *,
        ledger_id: str,
        env: Mapping[str, str],
        clock: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        signer: SignerOf | None = None,
    ) -> None:
        self.ledger_id = ledger_id
        self.signer = signer
        self.clock = clock
        self.random_bytes = random_bytes
        self._mapper = FactMapper()
        concepts.load()
        super().__init__(dict(env))

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, dict(env or {}))

    def construct_recorder(self) -> ApplicationRecorder:
        recorder = super().construct_recorder()
        if not isinstance(recorder, JournalRecorder):
            raise TypeError(f"{type(recorder).__name__} keeps no journal")
        recorder.clock = self.clock
        return recorder

    def construct_mapper(self) -> Mapper[str]:
        return self._mapper

    @property
    def journal(self) -> JournalRecorder:
        """The recorder, as the seam names it."""
        return cast(JournalRecorder, self.recorder)

    def streams(self, size: int | None = None) -> Streams:
        """Fresh states over the journal as it is now, or as its first `size` events leave them: for reading without deciding anything."""
        if size is None:
            return Streams(self._load)
        return Streams(lambda names: self._by_stream(row for row in self.journal.select_streams(names) if row.leaf_index < size))

    def seen(self) -> Seen:
        """Fresh states for one bulk decision: whoever had to look at a hundred thousand streams before deciding hands them in with it."""
        return Seen(self.journal.head().size, self.streams())

    def execute(self, command: Command, *, actor: str) -> Execution:
        """Decides one command and records what follows. Raises Refused, with nothing recorded."""
        return self.execute_many((command,), actor=actor)

    def execute_many(
        self,
        commands: Sequence[Command],
        *,
        actor: str,
        file_sha256: Sequence[str] = (),
        collect: bool = False,
        on_progress: Callable[[int, int], None] | None = None,
        seen: Seen | None = None,
    ) -> Execution:
        """Decides many commands in order, states carried along, and records all that follows in one transaction.

        seen: what was read already; it is read anew where the log has grown since. The first refusal refuses the whole, unless `collect` is
        set: then refused commands are left out and returned.
        """
        transaction = uuid7(self.clock(), self.random_bytes)
        for _ in range(RETRIES):
            try:
                with collector_at_rest():
                    return self._attempt(transaction, commands, actor, tuple(file_sha256), collect, on_progress, seen)
            except IntegrityError:  # ReadConflict among them: read and decide again
                continue
        raise Refused("ledger_contended", attempts=RETRIES)

    def foresee(self, command: Command, *, actor: str) -> list[Event]:
        """What the command would record as things stand, or its refusal; records nothing. For what must be prepared elsewhere first."""
        streams, context = self.streams(), self._context(actor)
        acting, _proof = authority(streams, command, context)
        return command.decide(streams, replace(context, acting_as=acting))

    def open_ledger(self, events: Sequence[Event], *, actor: str, rehearsal: bool) -> Execution:
        """Records the ledger's opening and its first units and appointments, which no appointment can yet permit."""
        if self.journal.head().size:
            raise Refused("ledger_exists")
        streams = self.streams()
        before = self._standing(streams, Head(0, None), actor)
        opened = LedgerOpened(
            actor=actor, effective_on=self._today(self.clock()), ledger_id=self.ledger_id, rehearsal=rehearsal, format=FORMAT
        )
        streams.add([(f"ledger/{self.ledger_id}", opened), *events])
        return self._append(uuid7(self.clock(), self.random_bytes), "OpenLedger", before, (), (), streams, (), ())

    def _attempt(
        self,
        transaction: str,
        commands: Sequence[Command],
        actor: str,
        file_sha256: tuple[str, ...],
        collect: bool,
        on_progress: Callable[[int, int], None] | None,
        seen: Seen | None,
    ) -> Execution:
        head = self.journal.head()
        context = self._context(actor)
        # States that a decision has gone into already (an attempt that lost a race) are no longer those of the log.
        streams = seen.streams if seen is not None and seen.size == head.size and not seen.streams.decided else self.streams()
        standing = (f"{LedgerState.prefix}/{self.ledger_id}", f"{Staff.prefix}/{actor}")
        streams.fetch([*standing, *(name for command in commands for name in command.needs())])
        before = self._standing(streams, head, actor)
        permitted: dict[tuple[type[Command], str | None, tuple[str, ...]], tuple[Context, str]] = {}
        refused: list[RefusedCommand] = []
        done: list[Command] = []
        capacities: list[Capacity] = []
        for number, command in enumerate(commands):
            try:
                role = command.preferred_role(streams, command.on or context.today)
                key = (type(command), role, tuple(command.units(streams)))
                if key not in permitted:
                    found, fact = authority(streams, command, context)
                    permitted[key] = replace(context, acting_as=found), fact
                since = len(streams.decided)
                streams.add(command.decide(streams, permitted[key][0]))
                done.append(command)
                acting, proof = permitted[key][0].acting_as, permitted[key][1]
                if acting is not None and len(streams.decided) > since and (not capacities or capacities[-1].authority != proof):
                    capacities.append(Capacity(since=since, role=acting.role, unit=acting.unit, authority=proof))
            except Refused as refusal:
                if not collect:
                    raise
                refused.append(RefusedCommand(command, refusal))
            if on_progress is not None and number % 256 == 0:
                on_progress(number, len(commands))
        if not streams.decided:
            return Execution(None, (), tuple(refused), head.size, tuple(done))
        name = done[0].name
        return self._append(transaction, name, before, tuple(capacities), file_sha256, streams, tuple(refused), tuple(done))

    def _standing(self, streams: Streams, head: Head, actor: str) -> _Standing:
        return _Standing(head, streams.read(LedgerState, self.ledger_id), streams.read(Staff, actor))

    def _append(
        self,
        transaction: str,
        command: str,
        before: _Standing,
        capacities: tuple[Capacity, ...],
        file_sha256: tuple[str, ...],
        streams: Streams,
        refused: tuple[RefusedCommand, ...],
        done: tuple[Command, ...],
    ) -> Execution:
        members: list[StoredEvent] = [self.mapper.to_stored_event(recorded) for recorded in streams.decided]
        enrolled, signer = self._key(before, streams)
        now, size, last = self.clock(), before.head.size, before.head.recorded_at or ""
        # As these decisions leave it: who attests that a clock ran ahead does so while it is behind.
        until = streams.read(LedgerState, self.ledger_id).attested_until
        # Only what was attested is said to be behind; else the clock is judged where it counts, under the lock.
        behind = instant_text(now) if instant_text(now) < last <= (until or "") else None
        opening = TransactionRecorded(
            actor=before.staff.id,
            effective_on=self._today(now),
            ledger_id=self.ledger_id,
            command=command,
            capacities=capacities,
            file_sha256=file_sha256,
            members=len(members),
            digest=members_digest(members),
            key=enrolled.key if enrolled is not None else "",
            seen_size=size,
            seen_root=base64_text(self.journal.root_at(size)),
            clock_at=behind,
        )
        first = self.mapper.to_stored_event(Recorded(f"transaction/{transaction}", 1, opening))
        if enrolled is not None and signer is not None:
            first = _signed(first, enrolled, signer)
        attested = {"behind_until": until} if behind is not None else {}
        try:
            ids = self.recorder.insert_events([first, *members], reads=streams.reads, read_size=size, **attested)
        except PersistenceError:
            already = self._committed(transaction)
            if already is None:
                raise
            return replace(already, refused=refused, done=done)
        return Execution(transaction, tuple(streams.decided), refused, ids[-1] if ids else 0, done)

    def _key(self, before: _Standing, streams: Streams) -> tuple[SigningKey, Signer] | tuple[None, None]:
        """The enrolled key that is to sign, and who signs with it; none where nothing needs to be signed: in a rehearsal, by somebody
        who never had a key.

        The key is one that was live before these very decisions, so that nobody gives themselves one; only where signing begins with
        them (the ledger's opening, or its upgrade) it is one they enrol. Refused `signing_key_missing`, `signing_key_not_enrolled`,
        `signing_key_revoked`.
        """
        actor = before.staff.id
        begun = before.ledger.signing
        staff = before.staff if begun else streams.read(Staff, actor)
        live = staff.live_key
        if live is None and not staff.keys and streams.read(LedgerState, self.ledger_id).rehearsal:
            return None, None
        if live is None:
            raise Refused("signing_key_revoked" if staff.keys else "signing_key_not_enrolled", staff=actor)
        signer = self.signer(actor, live.key) if self.signer is not None else None
        if signer is None:
            raise Refused("signing_key_missing", staff=actor, key=live.key)
        if signer.public_key != public_key_of(live.public_key):
            earlier = any(one.key == signer.key for one in staff.keys)
            raise Refused("signing_key_replaced" if earlier else "signing_key_other", staff=actor, key=signer.key, live=live.key)
        return live, signer

    def _committed(self, transaction: str) -> Execution | None:
        """The execution, if this transaction is in the log already: the answer had been lost, not the append."""
        rows = self.journal.select_streams([f"transaction/{transaction}"])
        if not rows:
            return None
        opening = self._recorded(rows[0])
        if not isinstance(opening.fact, TransactionRecorded):
            raise Refused("ledger_damaged", detail=opening.ref)
        first = rows[0].leaf_index + 1
        members = self.journal.select_rows(first, limit=opening.fact.members)
        return Execution(transaction, tuple(self._recorded(row) for row in members), (), first + opening.fact.members, ())

    def _load(self, names: Sequence[str]) -> Mapping[str, Sequence[Stored]]:
        return self._by_stream(self.journal.select_streams(names))

    def _by_stream(self, rows: Iterable[LogRow]) -> Mapping[str, Sequence[Stored]]:
        found: dict[str, list[Stored]] = {}
        for row in map(partial(tuple.__new__, Unread), rows):
            name = row[1]
            if name in found:
                found[name].append(row)
            else:
                found[name] = [row]
        return found

    def _recorded(self, row: LogRow) -> Recorded:
        return self._mapper.to_domain_event(row)

    def _context(self, actor: str) -> Context:
        now = self.clock().astimezone(UTC)
        return Context(actor=actor, now=now, today=self._today(now))

    @staticmethod
    def _today(now: datetime) -> date:
        return now.astimezone(CHINA).date()


def _signed(first: StoredEvent, enrolled: SigningKey, signer: Signer) -> StoredEvent:
    """The transaction's first event with its signature in it. Refused `signature_wrong` where it does not fit the enrolled key: a faulty
    token or program signed something else."""
    stream = str(first.originator_id)
    state = with_signature(first.state, signer.sign(signed_message(stream, first.state)))
    if not check_transaction(public_key_of(enrolled.public_key), stream, state):
        raise Refused("signature_wrong", key=enrolled.key)
    return replace(first, state=state)
