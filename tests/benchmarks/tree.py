"""What the hash tree and the signatures cost: wanted is at most 1.4 times the time without them at 1,000 events a transaction, and a proof
at a million events of at most 1.4 KB, made in 5 ms and checked in 50 µs.

`python -m tests.benchmarks.tree` inserts the same events side by side into files with WAL and synchronous=FULL, with and without tiles and
signature; and reads proofs from the tiles of a million leaves on disk. A proof's size and times stand for themselves: they are so far below
what is wanted that a machine would have to be several times slower to matter.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.facts import encode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder
from mingzhang.domain.journal.sqlite_schema import PUT_TILE
from mingzhang.domain.merkle.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import grown, root_at
from mingzhang.domain.proof.checkpoint import Checkpoint, origin
from mingzhang.domain.proof.proof_text import InclusionText
from mingzhang.domain.proof.signed_note import signed
from mingzhang.domain.signing import SeedSigner, check_transaction, signed_message, with_signature
from mingzhang.domain.transaction import TransactionRecorded

from .recorder import stored_events

EVENTS = {1_000: 20_000, 10: 4_000}
REPEATS = 7
LEAVES = 1_000_000
PROOFS = 300
SIGNER = SeedSigner(bytes(32))
LOG = origin("01a20264-920f-7ff8-8147-de55099bf35d", rehearsal=False)


class WithoutTiles(SQLiteJournalRecorder):
    """The same recorder, but for the tree."""

    def _put(self, c: Any, rows: Sequence[LogRow], size: int) -> None:
        c.executemany(self.insert_events_statement, rows)


def recorder_on(file: Path, kind: type[SQLiteJournalRecorder]) -> SQLiteJournalRecorder:
    recorder = kind(SQLiteJournalDatastore(str(file)))
    recorder.clock = lambda: datetime(2020, 3, 25, 7, 59, 59, tzinfo=UTC)
    recorder.create_table()
    return recorder


def opening(number: int, members: int, **more: Any) -> StoredEvent:
    """The first event of a transaction."""
    said = TransactionRecorded(
        actor="clerk", effective_on=date(2020, 3, 25), ledger_id="l", command="RecordEntry", members=members, digest="0" * 64, **more
    )
    return StoredEvent(f"transaction/{number:032x}", 1, said.topic, encode(said))


def inserted(kind: type[SQLiteJournalRecorder], batches: Iterable[Sequence[StoredEvent]], *, signs: bool) -> float:
    """Seconds for all transactions into a new file; `signs` as the ledger does it: over the log as it was seen, and checked."""
    with TemporaryDirectory() as folder:
        recorder = recorder_on(Path(folder) / "journal.db", kind)
        started, size = perf_counter(), 0
        for number, batch in enumerate(batches):
            if signs:
                seen = base64.b64encode(recorder.root_at(size)).decode()
                first = opening(number, len(batch), key=SIGNER.key, seen_size=size, seen_root=seen)
                stream = str(first.originator_id)
                state = with_signature(first.state, SIGNER.sign(signed_message(stream, first.state)))
                if not check_transaction(SIGNER.public_key, stream, state):
                    raise ValueError("signature")
                first = StoredEvent(stream, 1, first.topic, state)
            else:
                first = opening(number, len(batch))
            size = (recorder.insert_events([first, *batch], read_size=size) or [0])[-1]
        taken = perf_counter() - started
        recorder.datastore.close()
        return taken


def transactions() -> dict[str, float]:
    """Time with tiles, and with tiles and signatures, divided by the time with neither: the quickest of several each, taken in turn, since
    whatever else the machine does only makes them slower."""
    found: dict[str, float] = {}
    for each, count in EVENTS.items():
        events = stored_events(count)
        batches = [events[start : start + each] for start in range(0, count, each)]
        bare, tiles, both = [], [], []
        for _ in range(REPEATS):
            bare.append(inserted(WithoutTiles, batches, signs=False))
            tiles.append(inserted(SQLiteJournalRecorder, batches, signs=False))
            both.append(inserted(SQLiteJournalRecorder, batches, signs=True))
        found[f"{each} events a transaction, tiles in it, against none"] = min(tiles) / min(bare)
        found[f"{each} events a transaction, tiles and signature, against neither"] = min(both) / min(bare)
    return found


def proofs() -> dict[str, float]:
    """What a proof at a million events takes, read from the file."""
    chance = random.Random(6962)
    hashes = [sha256(b"%d" % leaf).digest() for leaf in range(LEAVES)]
    with TemporaryDirectory() as folder:
        recorder = recorder_on(Path(folder) / "journal.db", SQLiteJournalRecorder)
        with recorder.datastore.transaction(commit=True) as c:
            c.executemany(PUT_TILE, grown(0, hashes, lambda _level, _index: b""))
        root = root_at(LEAVES, recorder.tile)
        leaves = [chance.randrange(LEAVES) for _ in range(PROOFS)]
        made, checked, lengths, since = [], [], [], []
        for leaf in leaves:
            started = perf_counter()
            proof = inclusion_proof(leaf, LEAVES, recorder.tile)
            made.append(perf_counter() - started)
            started = perf_counter()
            holds = check_inclusion(hashes[leaf], leaf, LEAVES, proof, root)
            checked.append(perf_counter() - started)
            note = signed(Checkpoint(LOG, LEAVES, root).text, SIGNER, LOG)
            lengths.append(len(InclusionText(leaf, tuple(proof), note).written))
            started = perf_counter()
            consistent = consistency_proof(leaf, LEAVES, recorder.tile)
            since.append(perf_counter() - started)
            if not (holds and check_consistency(leaf, root_at(leaf, recorder.tile), LEAVES, root, consistent)):
                raise ValueError("proof")
        recorder.datastore.close()
    return {
        f"KB of a proof with its signed checkpoint at {LEAVES} events, the longest": max(lengths) / 1024,
        "ms to make it from disk, median": median(made) * 1e3,
        "ms to make a consistency proof, median": median(since) * 1e3,
        "µs to check it, median": median(checked) * 1e6,
    }


def ratios() -> dict[str, float]:
    """Costs of the tree; what is wanted stands at the top of this file."""
    return {**transactions(), **proofs()}


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name}: {ratio:.2f}")
