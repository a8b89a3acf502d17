"""A document's own state: whether it is kept, under which key and as which file, whom it shows, and whether it is erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from .facts import EvidenceErased, EvidenceKept, EvidenceShowsNamed


@dataclass(frozen=True)
class Evidence(State):
    """`evidence/<sha256>`. kept: how it is kept now; shows: students, in the order they were named."""

    prefix: ClassVar[str] = "evidence"
    kept: EvidenceKept | None = None
    kept_ref: str = ""
    shows: tuple[str, ...] = ()
    erased: bool = False

    @property
    def sha256(self) -> str:
        return self.id

    def evolve(self, fact: Fact, ref: str) -> Evidence:
        match fact:
            case EvidenceKept():
                return replace(self, kept=fact, kept_ref=ref, shows=tuple(dict.fromkeys((*self.shows, *fact.shows))))
            case EvidenceShowsNamed():
                shows = dict.fromkeys((*self.shows, *fact.shows))
                return replace(self, shows=tuple(one for one in shows if one not in fact.not_shown))
            case EvidenceErased():
                return replace(self, erased=True)
        return self


def kept_evidence(streams: Streams, sha256: str) -> tuple[Evidence, EvidenceKept]:
    """The document and how it is kept. Refused `evidence_not_kept` or `evidence_erased`."""
    state = streams.read(Evidence, sha256)
    if state.kept is None:
        raise Refused("evidence_not_kept", sha256=sha256)
    if state.erased:
        raise Refused("evidence_erased", sha256=sha256)
    return state, state.kept
