"""抽样: an inspector is bound to seed and frame before anything is drawn, and the draw is made here, from that frame and no other.

The log's root right after the commitment goes into the draw. Nobody knows it beforehand, so that a seed cannot be looked for that leaves
somebody out; and each further commitment stands in the log for everybody to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from .inspection import Inspection, OnInspection, running_inspection
from .sample import FrameOf, SampleDrawn, SeedCommitted, StratumDrawn
from .sampling import ALGORITHM, Stratum, commitment, draw, frame_sha256

_LONGEST = 200


def seed_to_open(state: Inspection) -> tuple[str, SeedCommitted] | None:
    """The newest commitment and its reference, as long as its seed is not published."""
    if not state.commitments or any(fact.number == state.commitments[-1][1].number for _ref, fact in state.draws):
        return None
    return state.commitments[-1]


def refuse_unusable_seed(text: str) -> None:
    """`seed_unusable`: a seed, or a salt, is copied from paper, so that it is printable, without blanks at its ends, and not endless."""
    if not text or len(text) > _LONGEST or not text.isprintable() or text != text.strip():
        raise Refused("seed_unusable", most=_LONGEST)


@dataclass(frozen=True, kw_only=True)
class CommitSeed(OnInspection):
    """Refused `seed_committed_already` while another seed waits to be published, unless it `replaces` that one for a `reason`;
    `sample_frame_empty`, `sample_larger_than_frame`."""

    name: ClassVar[str] = "CommitSeed"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector"})
    commitment: str
    of: FrameOf
    unit: str
    schemes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    as_of: date
    log_size: int
    without: tuple[int, ...] = ()
    frame: Sequence[Stratum]
    size: int | None = None
    reason: Sealed | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (*super().units(streams), self.unit)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        self.refuse_out_of_time(context, (state.opened_on, state.opened_ref))
        waiting = seed_to_open(state)
        if waiting is not None and self.reason is None:
            raise Refused("seed_committed_already", inspection=self.inspection, number=waiting[1].number)
        if waiting is None and self.reason is not None:
            raise Refused("seed_not_committed", inspection=self.inspection)
        frame_size = sum(len(one.members) for one in self.frame)
        if not frame_size:
            raise Refused("sample_frame_empty", inspection=self.inspection, of=self.of)
        if self.size is not None:
            _refuse_larger(self.size, frame_size)
        fact = SeedCommitted(
            **self.stamp(context, state.opened_ref, waiting[0] if waiting else ""),
            number=len(state.commitments) + 1,
            commitment=self.commitment,
            of=self.of,
            unit=self.unit,
            schemes=self.schemes,
            periods=self.periods,
            as_of=self.as_of,
            log_size=self.log_size,
            without=self.without,
            frame_size=frame_size,
            frame_sha256=frame_sha256(self.frame),
            size=self.size,
            replaces=waiting[1].number if waiting else None,
            reason=self.reason,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class DrawSample(OnInspection):
    """Refused `seed_not_committed`, `seed_differs` from what was committed to, `sample_size_differs`, `sample_larger_than_frame`, and
    `sample_frame_differs` where `frame` is not what was committed to."""

    name: ClassVar[str] = "DrawSample"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector"})
    seed: str
    salt: str | None = None
    size: int
    root: str
    root_size: int
    frame: Sequence[Stratum]

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        waiting = seed_to_open(state)
        if waiting is None:
            raise Refused("seed_not_committed", inspection=self.inspection)
        ref, bound = waiting
        self.refuse_out_of_time(context, (bound.effective_on, ref))
        if commitment(self.seed, self.salt) != bound.commitment:
            raise Refused("seed_differs", inspection=self.inspection, number=bound.number)
        if bound.size is not None and self.size != bound.size:
            raise Refused("sample_size_differs", inspection=self.inspection, size=self.size, committed=bound.size)
        if frame_sha256(self.frame) != bound.frame_sha256:
            raise Refused("sample_frame_differs", inspection=self.inspection, number=bound.number)
        _refuse_larger(self.size, bound.frame_size)
        drawn = draw(self.frame, self.size, self.seed, self.root)
        fact = SampleDrawn(
            **self.stamp(context, ref),
            number=bound.number,
            seed=self.seed,
            salt=self.salt,
            root=self.root,
            root_size=self.root_size,
            algorithm=ALGORITHM,
            of=bound.of,
            as_of=bound.as_of,
            log_size=bound.log_size,
            size=self.size,
            frame_size=bound.frame_size,
            frame_sha256=bound.frame_sha256,
            strata=tuple(StratumDrawn(unit=of.unit, schemes=of.schemes, held=len(of.members), drawn=len(members)) for of, members in drawn),
            drawn=tuple(member for _stratum, members in drawn for member in members),
        )
        return [(state.stream, fact)]


def _refuse_larger(size: int, held: int) -> None:
    if size > held:
        raise Refused("sample_larger_than_frame", size=size, held=held)
