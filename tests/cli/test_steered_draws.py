"""A draw recorded by a program that was bent to leave somebody out: the log keeps it, and `verify-sample` says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mingzhang.cli.inspecting.drawing import existing_inspection, frame_of, root_after
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.command import Command, Context
from mingzhang.domain.inspection.drawing import CommitSeed, DrawSample, seed_to_open
from mingzhang.domain.inspection.sample import SampleDrawn
from mingzhang.domain.inspection.sampling import Stratum, commitment, draw
from mingzhang.domain.streams import Event, Streams
from mingzhang.projections.sampling import sampling_frame
from tests.cli.aid_office import Office

DAY = "2020-11-10"
SEED = "37-05-62-11-synthetic"


class Bent:
    """An inspector's program that records what it likes."""

    def __init__(self, office: Office) -> None:
        office.done("inspector", "inspection", "open", "--id", "I1", "--kind", "visit", "--unit", "college", "--by", "synthetic", day=DAY)
        self._office = office

    def records(self, made: Any) -> None:
        """Executes the command that `made` makes of a session."""
        now = datetime(2020, 11, 10, 10, self._office.minute, tzinfo=UTC)
        self._office.minute += 1
        with Session(Globals(str(self._office.ledger), "inspector", "en", True, True, now)) as session:
            session.execute(made(session))

    def told(self) -> tuple[int, list[str]]:
        said = self._office.do("clerk", "inspection", "verify-sample", "I1", day="2020-11-11")
        return said.code, [one["code"] for one in said.document["draws"][0]["problems"]]


def committing(session: Session, **bent: Any) -> Command:
    as_of = session.as_of(None, None)
    with session.engine.view(as_of) as view:
        frame = sampling_frame(view, "students", "college")
    told = CommitSeed(
        inspection="I1", commitment=commitment(SEED, None), of="students", unit="college", as_of=as_of.effective_on,
        log_size=as_of.known_at, frame=frame, size=2,
    )  # fmt: skip
    return replace(told, **{name: change(getattr(told, name)) for name, change in bent.items()})


def drawing(session: Session, **bent: Any) -> Command:
    state = existing_inspection(session, "I1")
    waiting = seed_to_open(state)
    assert waiting is not None
    root, size = root_after(session, waiting[0])
    told = DrawSample(inspection="I1", seed=SEED, size=2, root=root, root_size=size, frame=frame_of(session, state, waiting[1]))
    return replace(told, **{name: change(getattr(told, name)) for name, change in bent.items()})


def without_the_first(frame: Sequence[Stratum]) -> list[Stratum]:
    return [frame[0]._replace(members=frame[0].members[1:]), *frame[1:]]


def test_an_unbent_program_draws_what_the_log_gives(awarded: Office) -> None:
    program = Bent(awarded)
    program.records(committing)
    program.records(drawing)
    assert program.told() == (0, [])


@pytest.mark.parametrize("root", ["AAAA", "c2VlZA=="])
def test_a_root_that_was_looked_for_is_not_the_logs(awarded: Office, root: str) -> None:
    program = Bent(awarded)
    program.records(committing)
    program.records(lambda session: drawing(session, root=lambda _root: root))
    code, problems = program.told()
    assert code == 4 and problems[0] == "root_differs"


def test_somebody_left_out_of_the_list_at_the_commitment_is_missed(awarded: Office) -> None:
    program = Bent(awarded)
    program.records(lambda session: committing(session, frame=without_the_first))
    program.records(lambda session: drawing(session, frame=without_the_first))
    code, problems = program.told()
    assert code == 4 and "frame_differs" in problems


def test_a_list_said_to_be_of_a_longer_log_than_there_was_is_told(awarded: Office) -> None:
    program = Bent(awarded)
    program.records(lambda session: committing(session, log_size=lambda size: size + 2))
    program.records(drawing)
    code, problems = program.told()
    assert code == 4 and "frame_read_late" in problems


@dataclass(frozen=True, kw_only=True)
class _Uncommitted(DrawSample):
    """A draw of its own, to which nobody had committed."""

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        drawn = draw(self.frame, self.size, self.seed, self.root)
        fact = SampleDrawn(
            **self.stamp(context), number=1, seed=self.seed, root=self.root, root_size=1, algorithm=1, of="students",
            as_of=date(2020, 11, 10), log_size=1, size=self.size, frame_size=4, frame_sha256="0" * 64, strata=(),
            drawn=tuple(one for _stratum, members in drawn for one in members),
        )  # fmt: skip
        return [("inspection/I1", fact)]


def test_a_draw_that_nobody_had_committed_to_is_told(awarded: Office) -> None:
    program = Bent(awarded)
    frame = [Stratum("college", (), ("s-1", "s-2"))]
    program.records(lambda _session: _Uncommitted(inspection="I1", seed=SEED, size=1, root="AAAA", root_size=1, frame=frame))
    assert program.told() == (4, ["not_committed"])


@pytest.mark.parametrize("bound", [True, False])
def test_a_number_that_was_chosen_at_the_draw_is_told(awarded: Office, bound: bool) -> None:
    Bent(awarded)
    size = ("--size", "2") if bound else ()
    said = awarded.plain("inspector", "inspection", "commit-seed", "I1", "--seed", SEED, *size, day=DAY)
    assert ("--size" in said) is not bound
    awarded.done("inspector", "inspection", "sample", "I1", "--size", "2", "--seed", SEED, day=DAY)
    told = awarded.done("clerk", "inspection", "verify-sample", "I1", day=DAY)
    assert (told["ok"], told["draws"][0]["size_bound"]) == (True, bound)
    shown = awarded.plain("clerk", "inspection", "verify-sample", "I1", day=DAY)
    assert ("not committed to" in shown) is not bound
