"""One execution is one transaction in the log: its first event vouches for the members that follow it, or nothing is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from mingzhang.domain.facts import decode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import AppointStaff
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import OpenRound
from mingzhang.domain.transaction import TransactionRecorded, members_digest, uuid7
from tests.college import PLAN, S1, S2, S3, SPRING, entry, opened, sha

from .ledgers import LEDGER, START, ledger, live, open_college, ticking

FILE = ImportFile(context=SPRING, kind="survey", file="synthetic.xlsx", sha256=sha("file"), unit="shifan", rows=2, accepted=2)


@pytest.fixture
def college(tmp_path: Path) -> Iterator[Ledger]:
    """The college with its spring round open."""
    with ledger(tmp_path) as made:
        open_college(made)
        live(made, *opened())
        yield made


def whole_transactions(rows: list[LogRow]) -> list[TransactionRecorded]:
    """The log cut into its transactions; fails where one is not whole, not contiguous, or not what its digest says."""
    found: list[TransactionRecorded] = []
    place = 0
    while place < len(rows):
        first = decode(rows[place].topic, rows[place].state)
        assert isinstance(first, TransactionRecorded)
        assert (rows[place].originator_id[:12], rows[place].originator_version) == ("transaction/", 1)
        members = rows[place + 1 : place + 1 + first.members]
        assert len(members) == first.members
        assert {row.recorded_at for row in members} <= {rows[place].recorded_at}
        stored = [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in members]
        assert members_digest(stored) == first.digest
        found.append(first)
        place += 1 + first.members
    assert [row.leaf_index for row in rows] == list(range(len(rows)))
    return found


def test_every_transaction_comes_before_its_members_and_vouches_for_them(college: Ledger) -> None:
    college.execute_many((FILE, entry(S1), entry(S2)), actor="surveyor-1", file_sha256=(sha("file"),))
    founding, opening, imported = whole_transactions(college.journal.select_rows())
    assert (founding.command, founding.capacities) == ("OpenLedger", ())
    assert (opening.command, [(one.role, one.unit) for one in opening.capacities]) == ("OpenRound", [("clerk", "college")])
    assert [one.authority for one in opening.capacities] == ["staff/clerk-1@1"]
    assert (imported.command, imported.members, imported.file_sha256) == ("ImportFile", 5, (sha("file"),))
    assert {one.ledger_id for one in (founding, opening, imported)} == {LEDGER}


@pytest.mark.parametrize("field", ["originator_id", "originator_version", "topic", "state"])
def test_a_member_changed_in_any_part_no_longer_fits_its_digest(college: Ledger, field: str) -> None:
    rows = college.journal.select_rows()
    other: dict[str, Any] = {"originator_id": "unit/other", "originator_version": 9, "topic": "unit.closed", "state": rows[3].state + b" "}
    rows[3] = rows[3]._replace(**{field: other[field]})
    with pytest.raises(AssertionError):
        whole_transactions(rows)


def test_members_in_another_order_no_longer_fit_their_digest(college: Ledger) -> None:
    rows = college.journal.select_rows()
    rows[3], rows[4] = rows[4]._replace(leaf_index=3), rows[3]._replace(leaf_index=4)
    with pytest.raises(AssertionError):
        whole_transactions(rows)


def test_a_refused_command_records_nothing(college: Ledger) -> None:
    before = college.journal.select_rows()
    with pytest.raises(Refused, match="unit_not_covered"):
        college.execute(entry(unit="nowhere"), actor="surveyor-1")
    assert college.journal.select_rows() == before


def test_the_first_refusal_refuses_the_whole(college: Ledger) -> None:
    before = college.journal.head()
    with pytest.raises(Refused, match="already_surveyed"):
        college.execute_many((entry(S1), entry(S2), entry(S1)), actor="surveyor-1")
    assert college.journal.head() == before


def test_collected_refusals_leave_the_others_recorded(college: Ledger) -> None:
    commands = (entry(S1), entry(S2, unit="nowhere"), entry(S1), entry(S3))
    execution = college.execute_many(commands, actor="surveyor-1", collect=True)
    assert [(one.command, one.refusal.code) for one in execution.refused] == [
        (commands[1], "unit_not_covered"),
        (commands[2], "already_surveyed"),
    ]
    assert execution.done == (commands[0], commands[3])
    assert execution.size == college.journal.head().size
    assert [r.fact for r in execution.recorded] == [
        decode(row.topic, row.state) for row in college.journal.select_rows()[-len(execution.recorded) :]
    ]


def test_a_transaction_names_the_appointment_of_a_command_that_was_done(college: Ledger) -> None:
    """The first command is allowed by its appointment and then refused by a rule: it has no part in the transaction."""
    refused = replace(FILE, unit=None, context="x")
    college.execute(refused, actor="surveyor-1")
    college.execute_many((refused, entry(S1)), actor="surveyor-1", collect=True)
    last = whole_transactions(college.journal.select_rows())[-1]
    assert (last.command, [(one.role, one.authority) for one in last.capacities]) == ("RecordEntry", [("surveyor", "staff/surveyor-1@1")])


def test_each_member_is_of_the_appointment_its_own_command_was_given_under(college: Ledger) -> None:
    """Somebody who is surveyor and clerk opens a unit's import as one and a round as the other, in one execution."""
    appoint = AppointStaff(staff="surveyor-1", role="clerk", unit="college")
    college.execute(appoint, actor="administrator-1")
    college.execute_many((FILE, OpenRound(round="2020-autumn", plan=PLAN, unit="college")), actor="surveyor-1")
    last = whole_transactions(college.journal.select_rows())[-1]
    assert [(one.since, one.role) for one in last.capacities] == [(0, "surveyor"), (1, "clerk")]


def test_states_are_carried_from_one_command_to_the_next(college: Ledger) -> None:
    with pytest.raises(Refused, match="file_already_imported"):
        college.execute_many((FILE, FILE), actor="surveyor-1")


def test_nothing_to_record_is_no_transaction(college: Ledger) -> None:
    size = college.journal.head().size
    execution = college.execute_many((), actor="surveyor-1")
    assert (execution.transaction, execution.recorded, execution.size) == (None, (), size)
    assert college.journal.head().size == size


def test_a_ledger_is_opened_once(college: Ledger) -> None:
    with pytest.raises(Refused, match="ledger_exists"):
        open_college(college)


def test_a_ledger_opened_again_knows_what_it_knew(tmp_path: Path) -> None:
    with ledger(tmp_path) as made:
        open_college(made)
        live(made, *opened())
        made.execute(entry(), actor="surveyor-1")
    with ledger(tmp_path, clock=ticking(START + timedelta(days=1))) as made, pytest.raises(Refused, match="already_surveyed"):
        made.execute(entry(), actor="surveyor-1")


def test_progress_is_told_now_and_then(college: Ledger) -> None:
    told: list[tuple[int, int]] = []
    commands = [entry(f"s-{number:010}") for number in range(600)]
    college.execute_many(commands, actor="surveyor-1", on_progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 600), (256, 600), (512, 600)]


def test_a_clock_that_jumps_back_is_refused(tmp_path: Path) -> None:
    instants = [START]
    with ledger(tmp_path, clock=lambda: instants[0]) as made:
        open_college(made)
        size = made.journal.head().size
        instants[0] = START - timedelta(microseconds=1)
        with pytest.raises(Refused, match="clock_behind") as refused:
            live(made, *opened())
        assert refused.value.context["until"] == "2020-03-25T08:00:00.000000Z"
        assert made.journal.head().size == size
        instants[0] = START
        live(made, *opened())


def test_the_effective_day_is_the_day_in_china(tmp_path: Path) -> None:
    with ledger(tmp_path, clock=lambda: datetime(2020, 3, 24, 16, 30, tzinfo=UTC)) as made:
        open_college(made)
        live(made, *opened())
        assert {row.recorded_at[:10] for row in made.journal.select_rows()} == {"2020-03-24"}
        rounds = made.journal.select_streams([f"round/{SPRING}"])
        assert decode(rounds[0].topic, rounds[0].state).effective_on.isoformat() == "2020-03-25"


def test_a_transactions_name_is_ordered_by_time_and_says_its_version() -> None:
    early, late = uuid7(START, bytes), uuid7(START + timedelta(milliseconds=1), bytes)
    assert early == "017110b4-8c00-7000-8000-000000000000"
    assert early < late
    assert uuid7(START, lambda length: b"\xff" * length) == "017110b4-8c00-7fff-bfff-ffffffffffff"
