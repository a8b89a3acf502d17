"""What a full verification costs beside one bare pass of hashing over the same bytes: wanted is at most 1.6 times its time.

`python -m tests.benchmarks.verifying [EVENTS]` makes a signed log (1,000 events a transaction) and times, side by side on the one file, the
bare pass (read every row in order, SHA-256 over each leaf's record, nothing compared or kept) and all that `verify` does with a log: leaves
and tree against the stored tiles, digests, signatures, order, pages, indexes and guards.
"""

from __future__ import annotations

import base64
import random
import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from eventsourcing.persistence import StoredEvent

from mingzhang.domain import concepts
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder
from mingzhang.domain.proof.verification import verify_log
from mingzhang.domain.signing import SeedSigner, signed_message, with_signature
from mingzhang.domain.staff import StaffAppointed, StaffKeyEnrolled
from mingzhang.domain.transaction import Capacity, LedgerOpened, TransactionRecorded, members_digest, uuid7

EVENTS = 200_000
MEMBERS = 999
STATE_BYTES = 600
REPEATS = 5
ACTOR = "surveyor"
DAY = date(2020, 3, 25)


def append_signed(recorder: SQLiteJournalRecorder, now: datetime, members: list[StoredEvent], capacities: tuple[Capacity, ...]) -> None:
    """Appends one transaction as the ledger would."""
    signer, size = SeedSigner(bytes(32)), recorder.head().size
    said = TransactionRecorded(
        actor=ACTOR, effective_on=DAY, ledger_id="l-1", command="RecordEntry", capacities=capacities, members=len(members),
        digest=members_digest(members), key=signer.key, seen_size=size, seen_root=base64.b64encode(recorder.root_at(size)).decode(),
    )  # fmt: skip
    stream = f"transaction/{uuid7(now, random.Random(size).randbytes)}"
    state = encode(said)
    state = with_signature(state, signer.sign(signed_message(stream, state)))
    recorder.insert_events([StoredEvent(stream, 1, said.topic, state), *members], read_size=size)


def open_signed(recorder: SQLiteJournalRecorder, now: datetime) -> None:
    """The first transaction: the ledger, one person in it, and their key."""
    signer = SeedSigner(bytes(32))
    opening: list[tuple[str, int, Fact]] = [
        ("ledger/l-1", 1, LedgerOpened(actor=ACTOR, effective_on=DAY, ledger_id="l-1", rehearsal=False, format=2)),
        (f"staff/{ACTOR}", 1, StaffAppointed(actor=ACTOR, effective_on=DAY, role="surveyor", unit="bureau")),
        (f"staff/{ACTOR}", 2, StaffKeyEnrolled(
            actor=ACTOR, effective_on=DAY, public_key=base64.b64encode(signer.public_key).decode(), key=signer.key, issued_by="office"
        )),
    ]  # fmt: skip
    append_signed(recorder, now, [StoredEvent(stream, version, fact.topic, encode(fact)) for stream, version, fact in opening], ())


def signed_log(file: Path, count: int) -> None:
    """A log of at least so many events, entries of as many students."""
    chance, now = random.Random(20200325), datetime(2020, 3, 25, tzinfo=UTC)
    instants = [now]
    datastore = SQLiteJournalDatastore(str(file))
    recorder = SQLiteJournalRecorder(datastore)
    recorder.clock = lambda: instants[-1]
    recorder.create_table()
    open_signed(recorder, now)
    acting = (Capacity(since=0, role="surveyor", unit="bureau", authority=f"staff/{ACTOR}@1"),)
    while recorder.head().size < count:
        instants.append(instants[-1] + timedelta(seconds=1))
        members = [
            StoredEvent(
                f"entry/2020-spring/s-{chance.randrange(32**10):010X}", 1, "entry.recorded",
                b'{"actor":"%b","effective_on":"2020-03-25","box":"%b"}'
                % (ACTOR.encode(), base64.b64encode(chance.randbytes(STATE_BYTES * 3 // 4 - 48))),
            )
            for _ in range(MEMBERS)
        ]  # fmt: skip
        append_signed(recorder, instants[-1], members, acting)
    datastore.close()


def hashed(file: Path) -> float:
    """Seconds for the bare pass."""
    started = perf_counter()
    connection = sqlite3.connect(file)
    connection.text_factory = bytes
    rows = connection.execute("SELECT originator_id, originator_version, topic, recorded_at, state FROM events ORDER BY leaf_index")
    for stream, version, topic, recorded_at, state in rows:
        parts = (stream, version.to_bytes(8, "big"), topic, recorded_at, state)
        sha256(b"\x00\x01" + b"".join([len(part).to_bytes(4, "big") + part for part in parts])).digest()
    connection.close()
    return perf_counter() - started


def verified(file: Path) -> float:
    """Seconds for the verification."""
    started = perf_counter()
    found = verify_log(file)
    taken = perf_counter() - started
    if found.problems or found.size < MEMBERS:
        raise ValueError(f"the log of the benchmark is not in order: {list(found.problems)[:3]}")
    return taken


def ratios(events: int = EVENTS) -> dict[str, float]:
    """Median of the verification's time divided by that of the bare pass."""
    concepts.load()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "journal.db"
        signed_log(file, events)
        pairs = [(hashed(file), verified(file)) for _ in range(REPEATS)]
    return {f"{events} events, {MEMBERS + 1} in a transaction": median(whole / bare for bare, whole in pairs)}


if __name__ == "__main__":
    for name, ratio in ratios(int(sys.argv[1]) if sys.argv[1:] else EVENTS).items():
        print(f"{name}: {ratio:.2f} times a bare pass of hashing")
