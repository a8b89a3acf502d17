"""What protects the past is a checkpoint kept elsewhere: each one there is, is compared with the root the log has at that size.

A checkpoint counts by where it was kept; its signatures say, beside that, whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..refusal import Refused
from .checkpoint import Checkpoint, origin
from .cosignature import WitnessVerifier, cosigned_at
from .problem import Problems
from .recomputed import TwoTrees
from .signed_note import Note, Verifier


@dataclass(frozen=True)
class Shown:
    """A checkpoint to compare with. `source`: where it comes from, as whoever reads the answer knows it; `outside`: kept apart from the
    ledger. `origin` and `note` are None for what somebody typed."""

    source: str
    size: int
    root: bytes
    outside: bool
    origin: str | None = None
    note: Note | None = None

    @classmethod
    def of_note(cls, source: str, note: Note, *, outside: bool) -> Shown:
        """Refused `checkpoint_format`."""
        said = Checkpoint.parse(note.text)
        return cls(source, said.size, said.root, outside, said.origin, note)


class SignedBy(NamedTuple):
    """`kind`: the log itself, a witness whose key was given, or a key nobody here knows. `at`: seconds since 1970, of a witness."""

    name: str
    kind: Literal["log", "witness", "unknown"]
    at: int | None = None


@dataclass(frozen=True)
class Compared:
    """`agrees`: the log, as it stands, had this root at this size."""

    shown: Shown
    agrees: bool
    signed_by: tuple[SignedBy, ...] = ()


class Comparing:
    """Compares with one log that was walked through. `ledger_id`, `rehearsal` and `log_keys` are what the log itself says."""

    def __init__(
        self,
        problems: Problems,
        trees: TwoTrees,
        *,
        ledger_id: str,
        rehearsal: bool,
        log_keys: Sequence[tuple[str, bytes]],
        witnesses: Iterable[Verifier] = (),
    ) -> None:
        self._problems = problems
        self._trees = trees
        self._origin = origin(ledger_id, rehearsal=rehearsal)
        self._log_keys = [Verifier(name, key) for name, key in log_keys]
        self._witnesses = list(witnesses)

    def compare(self, shown: Iterable[Shown]) -> list[Compared]:
        """From the smallest on; what agrees narrows down where a later one that does not was broken."""
        found: list[Compared] = []
        since = 0
        for one in sorted(shown, key=lambda each: (each.size, each.source)):
            signed_by, as_signed = self._signed_by(one)
            compared = Compared(one, self._agrees(one, since if as_signed else None), signed_by)
            if compared.agrees and one.outside:
                since = one.size
            found.append(compared)
        return found

    def _agrees(self, one: Shown, since: int | None) -> bool:
        """since: up to here the log is known to agree; None for a checkpoint nobody signed as it is, which speaks against nothing."""
        size = self._trees.events.size
        if one.origin is not None and one.origin != self._origin:
            self._problems.add("checkpoint_of_other_log", source=one.source, origin=one.origin, ours=self._origin)
            return False
        if since is None:
            return self._trees.vouched(one.size, one.root) == "events"
        if one.size > size:
            self._problems.add("log_shorter_than_checkpoint", size, source=one.source, held=size, size=one.size)
            return False
        vouched = self._trees.vouched(one.size, one.root)
        if vouched is None:
            self._problems.add("checkpoint_differs", since, until=one.size, source=one.source, size=one.size, since=since)
        elif vouched == "hashes":
            self._problems.add("events_changed_since_checkpoint", source=one.source, size=one.size)
        return vouched == "events"

    def _signed_by(self, one: Shown) -> tuple[tuple[SignedBy, ...], bool]:
        """Who signed it; and whether all those known here signed what it says now."""
        if one.note is None:
            return (), True
        found: list[SignedBy] = []
        as_signed = True
        known: list[Verifier] = [*self._log_keys, *self._witnesses]
        for verifier in known:
            try:
                lines = one.note.signatures_of(verifier)
            except Refused:
                self._problems.add("checkpoint_signature_wrong", source=one.source, name=verifier.name)
                as_signed = False
                continue
            for line in lines:
                witnessed = isinstance(verifier, WitnessVerifier)
                found.append(SignedBy(verifier.name, "witness" if witnessed else "log", cosigned_at(line) if witnessed else None))
        unknown = [line for line in one.note.signatures if not any(verifier.made(line) for verifier in known)]
        if not one.outside and self._log_keys and not any(each.kind == "log" for each in found):
            if as_signed:
                self._problems.add("checkpoint_not_signed", source=one.source, size=one.size)
            as_signed = False
        return (*found, *(SignedBy(line.name, "unknown") for line in unknown)), as_signed
