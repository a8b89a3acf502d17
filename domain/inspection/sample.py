"""What is recorded of a draw: first what binds the seed and the frame, then the seed itself with whom it drew."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..facts import Fact
from ..sealed import Sealed

FrameOf = Literal["students", "payments"]


class SeedCommitted(Fact):
    """抽签承诺 number `number` of the inspection: neither the seed nor who can be drawn may change from here on.

    commitment: `sampling.commitment`; of: what is drawn; unit, schemes, periods: whose (empty: all); as_of, log_size: the day, and the log,
    that the frame is read from; without: numbers of earlier draws whose drawn are left out; frame_size, frame_sha256: how many can be
    drawn, and the SHA-256 of their list; size: how many are to be drawn, where that was said; replaces: the number of a commitment that is
    never to be opened, with the reason.
    """

    topic = "inspection.seed_committed"
    number: int
    commitment: str
    of: FrameOf
    unit: str
    schemes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    as_of: date
    log_size: int
    without: tuple[int, ...] = ()
    frame_size: int
    frame_sha256: str
    size: int | None = None
    replaces: int | None = None
    reason: Sealed | None = None


class StratumDrawn(BaseModel):
    """Of those of a unit with the same schemes: how many there were, and how many were drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    schemes: tuple[str, ...]
    held: int
    drawn: int


class SampleDrawn(Fact):
    """抽样: the seed of commitment `number` is published, and these are drawn: references, stratum by stratum.

    root, root_size: base64, the log's root right after the commitment, and the size it is of; algorithm: `sampling.ALGORITHM`; the rest as
    the commitment has it.
    """

    topic = "inspection.sample_drawn"
    number: int
    seed: str
    salt: str | None = None
    root: str
    root_size: int
    algorithm: int
    of: FrameOf
    as_of: date
    log_size: int
    size: int
    frame_size: int
    frame_sha256: str
    strata: tuple[StratumDrawn, ...]
    drawn: tuple[str, ...]
