"""`verify` as a whole: the file's pages and guards, the walk through the log, and every checkpoint there is, in one account.

The file is inspected beside the walk: reading all pages and comparing all indexes is SQLite's work, which leaves Python free for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..bulk import collector_at_rest
from ..journal.sqlite_reading import Fault, StoredLog
from .against import Compared, Comparing, Shown
from .problem import Problems
from .second_process import LARGE_BYTES, SecondProcess
from .signed_note import Verifier
from .standing import Standing
from .transactions import Signatures
from .walk import Walk


class Said(NamedTuple):
    """What lies beside the log says of it: `ledger_id` and `rehearsal` (ledger.json), None where that is not there."""

    ledger_id: str | None = None
    rehearsal: bool | None = None


_NOTHING_SAID = Said()


@dataclass(frozen=True)
class Expected:
    """What the log is compared with. `answered`: the log size that was answered from, with the fingerprint of its last event."""

    said: Said = _NOTHING_SAID
    own: Sequence[Shown] = ()
    outside: Sequence[Shown] = ()
    witnesses: Sequence[Verifier] = ()
    answered: tuple[int, str] | None = None


@dataclass(frozen=True)
class Verification:
    """What was found in one log. `root`: of the events as they stand, 32 bytes; `transactions`: how many there are."""

    size: int
    root: bytes
    problems: Problems
    signatures: Signatures
    standing: Standing
    transactions: int
    own: tuple[Compared, ...] = ()
    outside: tuple[Compared, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems


def verify_log(
    file: Path,
    expected: Expected | None = None,
    *,
    fingerprint: Callable[[StoredLog, int], str | None] | None = None,
    thorough: bool = False,
    large_bytes: int = LARGE_BYTES,
    on_progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Verifies a journal file, whatever state it is in; nothing is written. fingerprint: of the event at a leaf, as `answered` has it.
    thorough: every fact is read as well, which takes several times as long. large_bytes: a file from this size on is looked at by two
    processes."""
    expected = expected or Expected()
    problems = Problems()
    with SecondProcess(file, large_bytes=large_bytes) as second, StoredLog(file) as stored, ThreadPoolExecutor(1) as hashing:
        walk = Walk(stored, problems, beside=hashing, second=second, thorough=thorough, on_progress=on_progress)
        with collector_at_rest():
            walk.run()
        _compare_answered(problems, stored, walk.size, expected.answered, fingerprint)
        ledger_id = _compare_said(problems, walk, expected.said)
        comparing = Comparing(
            problems,
            walk.trees,
            ledger_id=ledger_id,
            rehearsal=walk.checks.standing.ledger.rehearsal if walk.size else bool(expected.said.rehearsal),
            log_keys=walk.checks.standing.log_keys,
            witnesses=expected.witnesses,
        )
        own, outside = comparing.compare(expected.own), comparing.compare(expected.outside)
        root = walk.trees.events.root(walk.size)
        faults = [*stored.faults, *(second.faults() if stored.opened else ())]
    for fault, until in _joined(faults):
        problems.add(fault.code, fault.leaf, until=until, detail=fault.detail)
    _leave(problems, walk, outside)
    checks = walk.checks
    return Verification(walk.size, root, problems, checks.signatures, checks.standing, checks.transactions, tuple(own), tuple(outside))


def _joined(faults: Sequence[Fault]) -> list[tuple[Fault, int | None]]:
    """Each fault once; events on damaged pages that follow each other are one, with where they end."""
    found: list[tuple[Fault, int | None]] = []
    for fault in sorted(dict.fromkeys(faults), key=lambda one: (one.code, one.leaf or 0)):
        if fault.code != "page_damaged":
            found.append((fault, None))
        elif fault.leaf is None:
            found.append((fault._replace(code="file_damaged"), None))
        elif found and found[-1][1] == fault.leaf and found[-1][0].code == fault.code:
            found[-1] = (found[-1][0], fault.leaf + 1)
        else:
            found.append((fault, fault.leaf + 1))
    return found


def _compare_said(problems: Problems, walk: Walk, said: Said) -> str:
    """The log's own name; whatever lies beside it must say the same."""
    ours = walk.checks.ledger_id or ""
    if said.ledger_id is None:
        problems.leave("ledger_json_missing")
    elif walk.size and said.ledger_id != ours:
        problems.add("ledger_json_differs", said=said.ledger_id, ours=ours)
    if said.rehearsal is not None and walk.size and said.rehearsal != walk.checks.standing.ledger.rehearsal:
        problems.add("rehearsal_differs", said=said.rehearsal)
    return ours or said.ledger_id or ""


def _compare_answered(
    problems: Problems,
    stored: StoredLog,
    size: int,
    answered: tuple[int, str] | None,
    fingerprint: Callable[[StoredLog, int], str | None] | None,
) -> None:
    """Questions were answered from a log that began otherwise, or was longer."""
    if answered is None or not answered[0]:
        return
    if answered[0] > size:
        problems.add("log_shorter_than_answered", size, held=size, size=answered[0])
    elif fingerprint is not None and fingerprint(stored, answered[0] - 1) != answered[1]:
        problems.add("answered_from_another_log", 0, until=answered[0], size=answered[0])


def _leave(problems: Problems, walk: Walk, outside: Sequence[Compared]) -> None:
    """What this verification could not see, said plainly."""
    signatures = walk.checks.signatures
    if signatures.practice:
        problems.leave("unsigned_practice", count=signatures.practice)
    if signatures.before_signing:
        problems.leave("unsigned_before_signing", count=signatures.before_signing)
    for key, people in walk.checks.standing.shared.items():
        problems.leave("key_shared", key=key, names=people)
    agreeing = [one.shown.size for one in outside if one.agrees]
    if not outside:
        problems.leave("no_outside_checkpoint")
    elif agreeing and max(agreeing) < walk.size:
        problems.leave("after_checkpoint", size=max(agreeing), count=walk.size - max(agreeing))
    if walk.size and walk.tail < walk.size and walk.tail >= max(agreeing, default=0):
        problems.leave("tail_of_one_signer", since=walk.tail, count=walk.size - walk.tail, staff=walk.last_signer)
    for one in outside:
        if one.shown.note is None:
            problems.leave("checkpoint_unsigned", source=one.shown.source)
        elif not any(each.kind == "log" for each in one.signed_by):
            problems.leave("checkpoint_key_unknown", source=one.shown.source)
        names = [each.name for each in one.signed_by if each.kind == "unknown" and each.name != one.shown.origin]
        if names:
            problems.leave("witness_unknown", source=one.shown.source, names=names)
