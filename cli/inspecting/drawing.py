"""A draw read from the log again: the frame as it was, the root that nobody could know beforehand, and what does not agree."""

from __future__ import annotations

from typing import NamedTuple

import click

from mingzhang.domain.inspection.inspection import Inspection
from mingzhang.domain.inspection.sample import SampleDrawn, SeedCommitted
from mingzhang.domain.inspection.sampling import ALGORITHM, Stratum, commitment, draw, frame_sha256
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..cases.chosen import as_decided
from ..i18n import N_, _
from ..session import Session

PROBLEMS = {
    "not_committed": N_("no commitment stands before it"),
    "algorithm_unknown": N_("this program does not know the rule it was drawn by"),
    "seed_differs": N_("the seed is not the one that was committed to"),
    "root_differs": N_("the root of the log is not the one right after the commitment"),
    "frame_read_late": N_("the frame was read from a log longer than the one committed to"),
    "frame_differs": N_("those who could be drawn are not those that the log of then gives"),
    "drawn_differs": N_("seed and frame draw others"),
}


class Repeated(NamedTuple):
    """A draw as it stands in the log, its frame as the log gives it now, and codes of what does not agree (`PROBLEMS`). size_bound: how
    many were to be drawn stood in the commitment, and could not be chosen by who would be among them."""

    fact: SampleDrawn
    ref: str
    frame: list[Stratum]
    problems: list[str]
    size_bound: bool


def existing_inspection(session: Session, name: str) -> Inspection:
    """The inspection, running or closed. Refused `inspection_unknown`."""
    state = session.streams.read(Inspection, name.removeprefix("inspection/"))
    if not state.exists:
        raise Refused("inspection_unknown", inspection=state.id)
    return state


def chosen_inspection(session: Session, name: str | None) -> Inspection:
    """The inspection of that name; where none is given the only one under way, or the only one there is. Else a usage error."""
    from mingzhang.projections.inspections import inspections

    if name is not None:
        return existing_inspection(session, name)
    with as_decided(session) as view:
        rows = inspections(view)
    known = [row.inspection for row in rows if row.closed_on is None] or [row.inspection for row in rows]
    if len(known) != 1:
        message = _("{count} inspections come into question; name one. {inspections}")
        raise click.UsageError(message.format(count=len(known), inspections=", ".join(known)).strip())
    return existing_inspection(session, known[0])


def drawn_before(state: Inspection, numbers: tuple[int, ...]) -> set[str]:
    """The references drawn by these draws."""
    return {one for _ref, fact in state.draws if fact.number in numbers for one in fact.drawn}


def frame_of(session: Session, state: Inspection, bound: SeedCommitted) -> list[Stratum]:
    """The frame as the log gives it for the day and the size that were committed to."""
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.sampling import sampling_frame

    with session.engine.view(AsOf(bound.as_of, bound.log_size)) as view:
        return sampling_frame(view, bound.of, bound.unit, bound.schemes, bound.periods, drawn_before(state, bound.without))


def root_after(session: Session, ref: str) -> tuple[str, int]:
    """The log's root (base64) right after an event, and the size it is of."""
    stream, _at, version = ref.rpartition("@")
    (leaf,) = [row.leaf_index for row in session.ledger.journal.select_streams([stream]) if str(row.originator_version) == version]
    return base64_text(session.ledger.journal.root_at(leaf + 1)), leaf + 1


def repeated(session: Session, state: Inspection, number: int | None = None) -> list[Repeated]:
    """The draws of an inspection, repeated; only the one of that number where it is given. Refused `sample_unknown` where there is none."""
    found = [one for one in state.draws if number in (None, one[1].number)]
    if not found:
        raise Refused("sample_unknown", inspection=state.id, number=number, numbers=[fact.number for _ref, fact in state.draws])
    bound = {fact.number: (ref, fact) for ref, fact in state.commitments}
    return [
        _repeated(session, state, ref, fact, *bound[fact.number])
        if fact.number in bound
        else Repeated(fact, ref, [], ["not_committed"], size_bound=False)
        for ref, fact in found
    ]


def _repeated(session: Session, state: Inspection, ref: str, fact: SampleDrawn, bound_ref: str, bound: SeedCommitted) -> Repeated:
    frame = frame_of(session, state, bound)
    root, size = root_after(session, bound_ref)
    problems = []
    if fact.algorithm != ALGORITHM:
        problems.append("algorithm_unknown")
    if commitment(fact.seed, fact.salt) != bound.commitment:
        problems.append("seed_differs")
    if (root, size) != (fact.root, fact.root_size):
        problems.append("root_differs")
    if bound.log_size >= size:
        problems.append("frame_read_late")
    if {frame_sha256(frame), bound.frame_sha256, fact.frame_sha256} != {fact.frame_sha256}:
        problems.append("frame_differs")
    held = sum(len(one.members) for one in frame)
    again = draw(frame, fact.size, fact.seed, root) if 1 <= fact.size <= held else []
    if tuple(member for one in again for member in one.members) != fact.drawn:
        problems.append("drawn_differs")
    return Repeated(fact, ref, frame, problems, size_bound=bound.size is not None)


def told(problems: list[str]) -> str:
    """What does not agree, in words."""
    return "；".join(_(PROBLEMS[one]) for one in problems)
