"""Nothing more is written about somebody erased, nor anything new about somebody restricted: over every command there is.

Every command of every life that the tests know is given once more, a moment earlier, in a world in which all students have just been
erased or restricted. Whatever it would still record about any of them is compared with the table of what may go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.facts import Fact, Recorded, encode
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.facts import PersonErased, PersonRestricted
from tests import given as house
from tests.domain import test_because

ERASED: Fact = PersonErased(actor="founder", effective_on=date(2018, 1, 1), reason="requested")
RESTRICTED: Fact = PersonRestricted(actor="founder", effective_on=date(2018, 1, 1), until=date(2051, 1, 1), reason="requested")

COMES_TO_ITS_END = {
    "EraseDocument": "what shows them goes as well",
    "CompleteNotice": "of a whole list, which ends for all on it",
    "WithdrawNotice": "of a whole list",
}
OF_MANY = {
    "CompareLists": "counts a whole round, naming whom by reference alone",
    "RevealData": "who was shown a list on which they stand without a name",
    "PrintNotice": "the same, of the list for the wall",
    "ExportBundle": "a proof; of somebody erased or restricted the vault discloses no field",
    "ReconcileBatch": "the bank's answer about a batch: nobody is erased while it is awaited",
    "RecordReceipts": "as the bank's answer",
    "CancelBatch": "frees all lines of it: nobody is erased while it is open",
    "StopPayment": "the same, of one line",
    "RejectBatch": "as the bank's answer: it did nothing with what was sent",
}
CARRIED_THROUGH = {
    "PrepareBatch": "pays what was awarded before",
    "ClearAccount": "so that it can be paid",
    "DoubtAccount": "so that it is not paid to the wrong account",
    "ReissuePayments": "the same, once more",
    "TakeReturns": "what the bank did is a fact",
    "ReversePayment": "the same",
    "RaiseClawback": "money paid wrongly is asked back",
    "ReceiveClawback": "and comes",
    "ReverseClawback": "or was asked back wrongly, and is owed again",
    "WithdrawClawback": "or is asked for no longer",
    "PayInPart": "what the bank did is a fact",
    "DecideDifference": "the same, by what came to be known later",
    "ReassessAward": "what was awarded comes to another amount",
    "RaiseObjection": "somebody else's right",
    "DismissObjection": "the same",
    "UpholdObjection": "the same",
    "RaiseAppeal": "a right of theirs",
    "DecideAppeal": "the same",
    "RevokeAward": "what was awarded wrongly is not paid",
    "SuspendAward": "the same",
    "ResumeAward": "the same",
    "DisburseLoan": "lent by the bank on what was approved before",
    "EndInterestSubsidy": "the subsidy of a loan that runs",
    "HoldPerson": "needed by a court: the more reason to keep them",
    "ReleasePerson": "the same",
    "UnrestrictPerson": "ends it",
    "ErasePerson": "ends it for good",
}
"""Beside the others, what goes on about somebody whose data are only kept."""


def gone(store: house.Store, fact: Fact) -> set[str]:
    """Puts the fact into every student's file; gives their references."""
    students = {name.partition("/")[2] for name in store.rows if name.startswith("student/")}
    for student in students:
        store.append(f"student/{student}", fact)
    return students


def about(recorded: Recorded, students: set[str]) -> bool:
    """Whether it stands in a file or case of theirs, or names them; under whose key something is sealed is the vault's to refuse."""
    said = re.sub('"subject":"[^"]*"', "", encode(recorded.fact).decode())
    return any(one in recorded.originator_id.split("/") or f'"{one}"' in said or f"/{one}/" in said for one in students)


@contextmanager
def tried(fact: Fact, found: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While this lasts, every command is tried in such a world first: found[command] = what came of it about a student."""
    run = house.run

    def twice(store: house.Store, actor: str, commands: Iterable[Command], at: date | datetime) -> list[Recorded]:
        given = list(commands)
        for command in given:
            other = deepcopy(store)
            students = gone(other, fact)
            try:
                decided = run(other, actor, [command], at)
                outcome = "recorded" if any(about(one, students) for one in decided) else "nothing about them"
            except Refused as refusal:
                outcome = refusal.code
            found.setdefault(command.name, set()).add(outcome)
        return run(store, actor, given, at)

    with monkeypatch.context() as patch:
        patch.setattr(house, "run", twice)
        yield


def outcomes(fact: Fact, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with tried(fact, found, monkeypatch):
        test_because.happened()
    return found


def recorded(fact: Fact, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The commands that would record something about them; that few commands name anybody would mean that the lives are not lived."""
    found = outcomes(fact, monkeypatch)
    refused = {name for name, came in found.items() if came & {"person_erased", "person_restricted"}}
    assert len(refused) > 40
    return {name for name, came in found.items() if "recorded" in came}


def test_nothing_more_is_written_about_somebody_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorded(ERASED, monkeypatch) == COMES_TO_ITS_END.keys() | OF_MANY.keys()


def test_nothing_new_is_written_about_somebody_restricted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorded(RESTRICTED, monkeypatch) == COMES_TO_ITS_END.keys() | OF_MANY.keys() | CARRIED_THROUGH.keys()
