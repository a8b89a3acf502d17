"""A clock that ran ahead is said, and signed for, before anything is recorded under it; no record is ever dated back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mingzhang.cli.clock import SystemClock
from mingzhang.cli.folder import read_folder
from mingzhang.cli.session import open_ledger
from mingzhang.domain.attested import ClockAttested
from mingzhang.domain.attesting import AttestClock, AttestLoss
from mingzhang.domain.ledger_state import LedgerState
from mingzhang.domain.transaction import LedgerOpened
from mingzhang.projections.trail import trace
from tests.college import house
from tests.given import Given, by, given, sealed
from tests.keeping.ledgers import more
from tests.stories import log
from tests.stories.player import Player

AHEAD = "2021-03-16T10:00:00"
NOW = "2020-03-16T10:05:00"


@pytest.fixture
def ahead(player: Player) -> Player:
    """A ledger whose last record was made by a clock that stood a year ahead."""
    more(player, 1, at=AHEAD)
    return player


def attested(player: Player, at: str = NOW) -> dict[str, object]:
    said: dict[str, object] = player.play("attest", "clock", "--reason", "演练：电池没电", actor="administrator", at=at)
    return said


def test_nothing_is_recorded_behind_the_last_record_until_it_is_attested(ahead: Player) -> None:
    words = ["survey", "open", "2025-spring"]
    said = ahead.run(*words, actor="clerk", at=NOW)
    assert said.refused == "clock_behind" and "mingzhang attest clock" in said.document["next"]
    attested(ahead)
    ahead.play(*words, actor="clerk", at="2020-03-16T10:06:00")
    assert log.problems(log.rows(ahead.ledger)) == []


def test_a_record_made_meanwhile_bears_the_last_records_instant_and_the_clocks_own_beside_it(ahead: Player) -> None:
    last = ahead.play("status")["last_recorded_at"]
    attested(ahead)
    more(ahead, 2, at="2020-03-16T10:06:00")
    headers = [json.loads(row.state) for row in log.rows(ahead.ledger)[-4:] if row.topic == "transaction.recorded"]
    assert {row.recorded_at for row in log.rows(ahead.ledger)[-4:]} == {last}
    assert [one["clock_at"][:19] for one in headers] == ["2020-03-16T02:05:00", "2020-03-16T02:06:00"]


def test_once_the_moment_has_come_records_bear_their_own_instant_again(ahead: Player) -> None:
    attested(ahead)
    more(ahead, 2, at="2021-03-17T09:00:00")
    last = log.rows(ahead.ledger)[-2]
    assert (last.recorded_at[:19], "clock_at" in json.loads(last.state)) == ("2021-03-17T01:00:00", False)


def test_a_clock_that_runs_ahead_once_more_has_to_be_attested_once_more(ahead: Player) -> None:
    attested(ahead)
    more(ahead, 2, at="2022-03-17T09:00:00")
    assert ahead.run("survey", "open", "2025-spring", actor="clerk", at=NOW).refused == "clock_behind"


def test_status_says_that_the_last_record_lies_ahead_and_whether_it_is_attested(ahead: Player) -> None:
    last = ahead.play("status")["last_recorded_at"]
    said = ahead.play("status", at=NOW)
    assert (said["clock_behind_until"], said["clock_attested_until"]) == (last, None)
    attested(ahead)
    said = ahead.play("status", at=NOW)
    assert (said["clock_behind_until"], said["clock_attested_until"]) == (last, last)
    assert ahead.play("status", at="2021-03-18T09:00:00")["clock_behind_until"] is None


def test_known_at_goes_by_the_instant_a_record_bears_and_a_log_size_by_its_place(ahead: Player) -> None:
    """What was known on the day the clock showed holds nothing of what follows the wrong record; a log size tells it all the same."""
    attested(ahead)
    ahead.play("unit", "register", "u1", "--name", "新系", "--kind", "department", "--under", "bureau", actor="administrator", at=NOW)
    size = ahead.size()

    def known_at(point: str) -> set[str]:
        listed = ahead.play("unit", "list", "--known-at", point, at="2021-03-18T09:00:00")
        return {one["unit_id"] for one in listed}

    assert "u1" not in known_at("2020-03-31")
    assert "u1" in known_at(str(size))
    assert "u1" in known_at("2021-03-17")


@pytest.mark.parametrize(("actor", "code"), [("clerk", "role_missing"), ("inspector", "role_missing")])
def test_only_an_administrator_answers_for_the_clock(ahead: Player, actor: str, code: str) -> None:
    assert ahead.run("attest", "clock", "--reason", "x", actor=actor, at=NOW).refused == code


def test_a_clock_that_is_right_is_not_attested(player: Player) -> None:
    assert player.run("attest", "clock", "--reason", "x", actor="administrator", at="2020-03-16T10:00:00").refused == "clock_not_behind"


LEDGER = "0170988a-d400-7000-8000-000000000000"
REASON = sealed("t-1", text="synthetic")
UNTIL = "2021-03-16T02:00:00.000000Z"
DAY = date(2020, 3, 17)


def opened() -> Given:
    fact = LedgerOpened(actor="administrator-1", effective_on=date(2020, 1, 1), ledger_id=LEDGER, rehearsal=False, format=2)
    return given(house(), (f"ledger/{LEDGER}", fact))


def clock() -> AttestClock:
    return AttestClock(ledger_id=LEDGER, until=UNTIL, reason=REASON)


def test_an_attested_clock_is_a_fact_in_the_ledgers_own_stream() -> None:
    attested = opened().when(clock(), actor="administrator-1", at=DAY)
    because = (f"ledger/{LEDGER}@1",)
    expected = ClockAttested(actor="administrator-1", effective_on=DAY, because=because, until=UNTIL, reason=REASON)
    attested.then((f"ledger/{LEDGER}", expected))
    assert attested.state(LedgerState, LEDGER).attested_until == UNTIL


def test_what_is_attested_already_is_not_attested_again() -> None:
    known = opened().add(by("administrator-1", clock(), DAY))
    known.when(clock(), actor="administrator-1", at=DAY).refused("clock_attested_already", until=UNTIL)


def test_a_moment_that_has_passed_is_not_attested() -> None:
    opened().when(clock(), actor="administrator-1", at=date(2021, 3, 17)).refused("clock_not_behind", until=UNTIL)


def test_a_loss_is_attested_only_where_something_is_gone() -> None:
    command = AttestLoss(ledger_id=LEDGER, held=10, answered=10, by="projections", reason=REASON)
    opened().when(command, actor="administrator-1", at=DAY).refused("nothing_lost")


def test_a_step_recorded_by_a_clock_that_was_behind_says_so_in_its_trail(ahead: Player) -> None:
    attested(ahead)
    more(ahead, 2, at="2020-03-16T10:06:00")
    with open_ledger(read_folder(ahead.ledger), SystemClock()) as ledger:
        (step, *_rest) = trace(ledger.journal, "round/2023-spring@1").steps
    assert step.acting_as is not None and (step.acting_as.clock_at or "")[:19] == "2020-03-16T02:06:00"
