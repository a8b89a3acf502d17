"""Whoever decided on what has changed meanwhile decides again; of two that exclude each other, exactly one is recorded."""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.objection import RaiseObjection
from mingzhang.domain.command import Command
from mingzhang.domain.ledger import RETRIES, Ledger
from mingzhang.domain.refusal import Refused
from mingzhang.domain.survey.intake import ImportFile
from tests.college import GRANT, S1, SPRING, case, entry, opened, reviewed, sha
from tests.given import By, sealed

from .ledgers import START, around_insert, ledger, live, open_college
from .test_transactions import whole_transactions

CHILD = get_context("fork")
ROUNDS = 25
FILE = ImportFile(context=SPRING, kind="survey", file="synthetic.xlsx", sha256=sha("file"), unit="shifan", rows=2, accepted=2)


def clock() -> Any:
    """One instant for everybody: two ledgers on one file must not refuse each other's clocks."""
    return START


def at_once(folder: Path, tasks: list[tuple[list[Command], str]], force: bool) -> list[str]:
    """Each task by a ledger of its own, in a thread; `force`: each has read before any writes. Gives `done` or the code."""
    together = Barrier(len(tasks))
    answers = ["" for _ in tasks]

    def wait_once(made: Ledger) -> None:
        waited: list[bool] = []

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            if not waited:
                waited.append(True)
                together.wait(20)
            return insert(stored, **more)

        around_insert(made, step)

    def act(number: int, commands: list[Command], actor: str) -> None:
        with ledger(folder, clock=clock) as made:
            made.journal.head()
            if force:
                wait_once(made)
            else:
                together.wait(20)
            try:
                made.execute_many(commands, actor=actor)
                answers[number] = "done"
            except Refused as refusal:
                answers[number] = refusal.code
            except BrokenBarrierError:
                answers[number] = "never wrote"

    threads = [Thread(target=act, args=(number, commands, actor)) for number, (commands, actor) in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def college(folder: Path, *known: Any) -> None:
    with ledger(folder, clock=clock) as made:
        open_college(made)
        live(made, *opened(), *known)


@pytest.mark.parametrize("force", [True, False])
def test_no_award_is_approved_while_an_objection_holds_it(tmp_path: Path, force: bool) -> None:
    students = [f"s-{number:010}" for number in range(1, ROUNDS + 1)]
    college(tmp_path, *(step for student in students for step in reviewed(student) if isinstance(step, By)))
    seen = set()
    for student in students:
        objection = RaiseObjection(objection=f"o-{student}", application=case(student), statement=sealed(student))
        answers = at_once(tmp_path, [([objection], "inspector-1"), ([ApproveAward(application=case(student))], "approver-1")], force)
        with ledger(tmp_path, clock=clock) as made:
            rows = made.journal.select_streams([case(student)])
            state = made.streams().read(Application, GRANT, student, SPRING)
        topics = [row.topic for row in rows][2:]
        seen.add(tuple(answers))
        # An objection to an award already approved is allowed; an approval over an objection never is.
        assert (answers, topics) in (
            (["done", "case_held"], ["case.held"]),
            (["done", "done"], ["award.approved", "case.held"]),
        )
        assert state.held_by == (f"o-{student}",)
    assert seen


def test_of_two_imports_of_one_file_one_is_recorded(tmp_path: Path) -> None:
    college(tmp_path)
    commands: list[Command] = [FILE, entry(S1), entry("s-0000000002")]
    answers = at_once(tmp_path, [(commands, "surveyor-1"), (commands, "surveyor-1")], force=True)
    assert sorted(answers) == ["done", "file_already_imported"]
    with ledger(tmp_path, clock=clock) as made:
        assert [one.command for one in whole_transactions(made.journal.select_rows())].count("ImportFile") == 1


def test_of_two_surveys_of_one_student_one_is_recorded(tmp_path: Path) -> None:
    college(tmp_path)
    answers = at_once(tmp_path, [([entry()], "surveyor-1"), ([entry()], "surveyor-1")], force=True)
    assert sorted(answers) == ["already_surveyed", "done"]


def test_two_who_do_not_touch_each_other_are_both_recorded(tmp_path: Path) -> None:
    college(tmp_path)
    answers = at_once(tmp_path, [([entry(S1)], "surveyor-1"), ([entry("s-0000000002")], "surveyor-1")], force=True)
    assert answers == ["done", "done"]


def test_a_conflict_is_decided_again(tmp_path: Path) -> None:
    college(tmp_path)
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        tries: list[int] = []

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            tries.append(more["read_size"])
            if len(tries) == 1:
                other.execute(entry("s-0000000002"), actor="surveyor-1")  # reads the round, writes beside it
                raise IntegrityError("a version was taken")
            return insert(stored, **more)

        around_insert(made, step)
        execution = made.execute(entry(S1), actor="surveyor-1")
        assert len(tries) == 2
        assert tries[1] > tries[0]
        assert execution.transaction is not None
        whole_transactions(made.journal.select_rows())


def test_whoever_conflicts_for_ever_is_told_so(tmp_path: Path) -> None:
    college(tmp_path)
    with ledger(tmp_path, clock=clock) as made:

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            raise IntegrityError("a version was taken")

        around_insert(made, step)
        with pytest.raises(Refused, match="ledger_contended") as refused:
            made.execute(entry(), actor="surveyor-1")
        assert refused.value.context == {"attempts": RETRIES}


@pytest.mark.parametrize("error", [IntegrityError, OperationalError])
def test_an_append_whose_answer_was_lost_is_recognised_and_not_repeated(tmp_path: Path, error: type[Exception]) -> None:
    college(tmp_path)
    commands = (entry(S1), entry(S1), entry("s-0000000002"))
    with ledger(tmp_path, clock=clock) as made:
        sizes: list[int] = []

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            insert(stored, **more)
            sizes.append(made.journal.head().size)
            raise error("the connection broke")

        around_insert(made, step)
        execution = made.execute_many(commands, actor="surveyor-1", collect=True)
        assert sizes == [made.journal.head().size] == [execution.size]
        assert [r.fact.topic for r in execution.recorded] == ["student.registered", "entry.recorded"] * 2
        assert [one.refusal.code for one in execution.refused] == ["already_surveyed"]
        assert execution.done == (commands[0], commands[2])
        whole_transactions(made.journal.select_rows())


def test_an_append_that_failed_is_not_taken_for_one_that_was_committed(tmp_path: Path) -> None:
    college(tmp_path)
    with ledger(tmp_path, clock=clock) as made:
        size = made.journal.head().size

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            raise OperationalError("the connection broke")

        around_insert(made, step)
        with pytest.raises(OperationalError):
            made.execute(entry(), actor="surveyor-1")
        assert made.journal.head().size == size


ROWS = 3_000


def rows_of_a_file() -> list[Command]:
    return [FILE, *(entry(f"s-{number:010}") for number in range(ROWS))]


def import_until_killed(folder: Path, instructions: int) -> None:
    """Dies without a word in the middle of the insert, after so many instructions of SQLite's machine."""
    with ledger(folder, clock=clock) as made:

        def step(insert: Any, stored: Any, more: dict[str, Any]) -> Any:
            with made.recorder.datastore.get_connection(commit=True) as connection:  # type: ignore[attr-defined]
                connection._sqlite_conn.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), instructions)
            return insert(stored, **more)

        around_insert(made, step)
        made.execute_many(rows_of_a_file(), actor="surveyor-1")


@pytest.mark.parametrize("instructions", [1_000, 60_000])
def test_an_import_killed_half_way_leaves_whole_transactions_and_can_be_run_again(tmp_path: Path, instructions: int) -> None:
    college(tmp_path)
    with ledger(tmp_path, clock=clock) as made:
        before = made.journal.head()
    child = CHILD.Process(target=import_until_killed, args=(tmp_path, instructions))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    with ledger(tmp_path, clock=clock) as made:
        assert made.journal.head() == before
        execution = made.execute_many(rows_of_a_file(), actor="surveyor-1")
        assert len(execution.recorded) == 2 * ROWS + 1
        whole_transactions(made.journal.select_rows())
