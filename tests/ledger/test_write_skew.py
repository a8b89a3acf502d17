"""A decision stands on every stream it read, not only on those it writes: what is written there meanwhile undoes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.aid.objection import RaiseObjection
from mingzhang.domain.command import Command
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.money.preparing import CheckBatch, ReleaseBatch
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import DeclareInterest, RelieveStaff
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities
from tests.college import PAY_ON, S1, S2, SPRING, approved, case, entry, funded, prepare, registered
from tests.given import By, sealed

from .ledgers import around_insert, ledger
from .test_races import at_once, clock, college

ROUNDS = 12


def interrupted(made: Ledger, meanwhile: Callable[[], object], command: Command, actor: str) -> str:
    """The command's answer, when `meanwhile` happens once between its reading and its writing."""
    happened: list[object] = []

    def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
        if not happened:
            happened.append(meanwhile())
        return insert(stored, **more)

    around_insert(made, step)
    try:
        made.execute(command, actor=actor)
    except Refused as refusal:
        return refusal.code
    return "done"


def commands_only(*known: object) -> list[By]:
    return [one for one in known if isinstance(one, By)]


def batch_checked(student: str) -> list[By]:
    name = student[-2:]
    fund = f"f{name}"
    preparing = prepare(student, batch=f"b{name}", fund=fund)
    return [
        *commands_only(*approved(student)),
        *commands_only(*funded(fund)),
        By("preparer-1", preparing, PAY_ON),
        By("checker-1", CheckBatch(batch=f"b{name}"), PAY_ON),
    ]


@pytest.mark.parametrize("force", [True, False])
def test_no_batch_is_released_over_an_objection(tmp_path: Path, force: bool) -> None:
    students = [f"s-{number:010}" for number in range(1, ROUNDS + 1)]
    college(tmp_path, *(step for student in students for step in batch_checked(student)))
    for student in students:
        objection = RaiseObjection(objection=f"o-{student}", application=case(student), statement=sealed(student))
        batch = f"b{student[-2:]}"
        answers = at_once(tmp_path, [([objection], "inspector-1"), ([ReleaseBatch(batch=batch)], "releaser-1")], force)
        with ledger(tmp_path, clock=clock) as made:
            rows = made.journal.select_streams([case(student), f"batch/{batch}"])
        order = [row.topic for row in rows if row.topic in ("case.held", "batch.released")]
        assert (answers, order) in (
            (["done", "payment_obstructed"], ["case.held"]),
            (["done", "done"], ["batch.released", "case.held"]),
        )


@pytest.mark.parametrize(
    ("meanwhile", "actor", "code"),
    [
        (RelieveStaff(staff="releaser-1", role="releaser", unit="college"), "administrator-1", "role_missing"),
        (DeclareInterest(staff="releaser-1", student=S1), "releaser-1", "decided_on_own_family"),
        (ChangeEnrolment(student=S1, status="休学", on=date(2020, 4, 1)), "clerk-1", "payment_obstructed"),
    ],
)
def test_what_comes_up_between_reading_and_writing_counts(tmp_path: Path, meanwhile: Command, actor: str, code: str) -> None:
    college(tmp_path, *batch_checked(S1))
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        answer = interrupted(made, lambda: other.execute(meanwhile, actor=actor), ReleaseBatch(batch="b01"), "releaser-1")
    assert answer == code


def test_files_merged_between_reading_and_writing_are_one_person(tmp_path: Path) -> None:
    college(tmp_path, *commands_only(registered(S1), registered(S2)), By("surveyor-1", entry(S1), PAY_ON))
    merge = MergeIdentities(student=S1, other=S2, reason=sealed(S1))
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        code = interrupted(made, lambda: other.execute(merge, actor="clerk-1"), entry(S2), "surveyor-1")
        assert code == "already_surveyed"
        assert made.journal.select_streams([f"entry/{SPRING}/{S2}"]) == []
