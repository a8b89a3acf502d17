"""The tables are level with this journal and no other, or they are made anew before anything is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from mingzhang.domain.refusal import Refused
from mingzhang.projections.asof import AsOf
from mingzhang.projections.bitemporal import Timeline
from mingzhang.projections.engine import Engine
from mingzhang.projections.projection import LogEvent, Projection, Writer
from mingzhang.projections.tables import text as column
from tests.projections_engine.toy import MONEY, STATE, UNIT, ListJournal, Toy


@contextmanager
def engine_at(path: Path, journal: Any, *projections: Projection, **settings: Any) -> Iterator[Engine]:
    engine = Engine(path / "projections.db", journal, projections or [Toy()], **settings)
    try:
        yield engine
    finally:
        engine.close()


def enrolled(student: str, state: str = "在读", since: str = "2020-03-01") -> dict[str, Any]:
    return {"states": [(student, state, since, None)]}


def journal_of(*states: dict[str, Any]) -> ListJournal:
    journal = ListJournal()
    for state in states:
        journal.add(state)
    return journal


def held(engine: Engine, day: str = "2020-06-30", known_at: int = 10**9) -> dict[str, str]:
    with engine.view(AsOf(date.fromisoformat(day), known_at)) as view:
        read = view.held(STATE)
        return {row.student: row.state for row in view.rows(select(read.c.student, read.c.state))}


def intervals(engine: Engine, known_at: int = 10**9) -> list[tuple[str, str, str]]:
    with engine.view(AsOf(date(2020, 6, 30), known_at)) as view:
        read = view.history(STATE)
        wanted = select(read.c.state, read.c.effective_from, read.c.effective_until).order_by(read.c.effective_from)
        return [tuple(row) for row in view.rows(wanted)]


def test_a_query_first_catches_up(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"))
    with engine_at(tmp_path, journal) as engine:
        assert held(engine) == {"s-A": "在读"}
        journal.add(enrolled("s-B"))
        assert held(engine) == {"s-A": "在读", "s-B": "在读"}


def test_a_withdrawal_registered_late_is_a_difference_between_the_two_times(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"), enrolled("s-A", "退学", "2020-03-20"))
    with engine_at(tmp_path, journal) as engine:
        assert held(engine, "2020-03-25", known_at=1) == {"s-A": "在读"}
        assert held(engine, "2020-03-25", known_at=2) == {"s-A": "退学"}
        assert intervals(engine, known_at=1) == [("在读", "2020-03-01", "9999-12-31")]
        assert intervals(engine) == [("在读", "2020-03-01", "2020-03-20"), ("退学", "2020-03-20", "9999-12-31")]


def test_the_later_leaf_wins_a_day_and_the_earlier_holds_again_when_it_is_withdrawn(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"), enrolled("s-A", "休学"), {"withdraws": [1]})
    with engine_at(tmp_path, journal, rows_per_batch=1) as engine:
        assert [held(engine, known_at=size).get("s-A") for size in range(4)] == [None, "在读", "休学", "在读"]


def test_a_correction_may_name_what_it_takes_back_by_stream_and_version(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A", "休学"), enrolled("s-A", "在读", "2020-04-01") | {"withdraws": ["toy@1"]})
    with engine_at(tmp_path, journal, rows_per_batch=1) as engine:
        assert held(engine, "2020-03-15") == {}
        assert held(engine, "2020-04-01") == {"s-A": "在读"}


def test_taking_back_what_was_never_said_changes_nothing(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"), {"withdraws": ["toy@99", "nowhere@1", 1, 7]})
    with engine_at(tmp_path, journal) as engine:
        assert held(engine) == {"s-A": "在读"}


def test_an_explicit_end_leaves_nothing_holding(tmp_path: Path) -> None:
    journal = journal_of({"states": [("s-A", "在读", "2020-03-01", "2020-05-01")]})
    with engine_at(tmp_path, journal) as engine:
        assert held(engine, "2020-04-30") == {"s-A": "在读"}
        assert held(engine, "2020-05-01") == {}


def test_a_correction_that_states_the_same_day_anew_touches_no_other_row(tmp_path: Path) -> None:
    journal = journal_of(
        enrolled("s-A"),
        enrolled("s-A", "休学", "2020-04-01"),
        enrolled("s-A", "退学", "2020-04-01") | {"withdraws": [1]},
    )
    with engine_at(tmp_path, journal) as engine:
        engine.catch_up()
        with engine.connection() as connection:
            first = connection.execute(select(STATE.open).where(STATE.open.c.fact_leaf == 0)).one()
            past = connection.execute(select(STATE.past.c.fact_leaf, STATE.past.c.known_until)).all()
    assert (first.effective_until, first.known_from) == ("2020-04-01", 1)
    assert [tuple(row) for row in past] == [(0, 1), (1, 2)]


def test_several_points_of_one_event_are_all_counted_and_all_taken_back(tmp_path: Path) -> None:
    two = {"money": [("s-A", 500, "2020-03-01"), ("s-A", 700, "2020-03-02")]}
    with engine_at(tmp_path, journal_of(two, {"withdraws": [0]})) as engine:
        sums = []
        for known_at in (1, 2):
            with engine.view(AsOf(date(2020, 3, 31), known_at)) as view:
                paid = view.total(MONEY, of=["amount_fen"])
                sums += [tuple(row) for row in view.rows(select(paid.c.number, paid.c.amount_fen))]
    assert sums == [(2, 1200), (0, 0)]


def test_a_journal_restored_to_an_older_state_is_noticed(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"), enrolled("s-B"))
    with engine_at(tmp_path, journal) as engine:
        assert held(engine) == {"s-A": "在读", "s-B": "在读"}
        del journal.rows[1]
        assert held(engine) == {"s-A": "在读"}


def test_a_journal_that_took_another_course_is_noticed(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"), enrolled("s-B"))
    with engine_at(tmp_path, journal) as engine:
        engine.catch_up()
        del journal.rows[1]
        journal.add(enrolled("s-C"))
        journal.add(enrolled("s-D"))
        assert set(held(engine)) == {"s-A", "s-C", "s-D"}


@pytest.mark.parametrize("changed", ["ledger", "version", "tables"])
def test_tables_of_another_ledger_or_another_version_are_made_anew(tmp_path: Path, changed: str) -> None:
    class Newer(Toy):
        schema_version = 2

    class Smaller(Toy):
        kept = (STATE, UNIT, MONEY)[: 1 if changed == "tables" else 3]

        def apply(self, events: Any, writer: Writer) -> None:
            super().apply([one._replace(state={**one.state, "money": []}) for one in events], writer)

    journal = journal_of(enrolled("s-A") | {"money": [("s-A", 1, "2020-03-01")]})
    with engine_at(tmp_path, journal) as engine:
        engine.catch_up()
        with engine._writer.begin() as connection:
            connection.execute(STATE.open.update().values(state="涂改"))
    now: dict[str, Projection] = {"ledger": Toy(), "version": Newer(), "tables": Smaller()}
    with engine_at(tmp_path, journal, now[changed], ledger_id="B" if changed == "ledger" else "") as engine:
        assert held(engine) == {"s-A": "在读"}
        with engine.connection() as connection:
            left = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    assert (MONEY.name in left) == (changed != "tables")


def test_an_event_whose_bytes_are_no_fact_is_named(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"))
    journal.rows[0] = journal.rows[0]._replace(state=b'{"states": [')
    with engine_at(tmp_path, journal) as engine, pytest.raises(Refused, match="event_unreadable"):
        engine.catch_up()


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "projections.db").write_bytes(b"not a database" * 1000)
    with engine_at(tmp_path, journal_of(enrolled("s-A"))) as engine:
        assert held(engine) == {"s-A": "在读"}


def test_the_file_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    journal = journal_of(enrolled("s-A"))
    for _ in range(2):
        with engine_at(tmp_path, journal) as engine:
            assert held(engine) == {"s-A": "在读"}
        (tmp_path / "projections.db").unlink()


def test_a_batch_that_fails_leaves_rows_and_position_as_they_were(tmp_path: Path) -> None:
    class Broken(Toy):
        def apply(self, events: Any, writer: Writer) -> None:
            super().apply(events, writer)
            if any(one.leaf == 3 for one in events):
                raise ZeroDivisionError

    journal = journal_of(*(enrolled(f"s-{n}") for n in range(5)))
    with engine_at(tmp_path, journal, Broken(), rows_per_batch=2) as engine, pytest.raises(ZeroDivisionError):
        engine.catch_up()
    with engine_at(tmp_path, journal) as engine:
        assert engine.catch_up(limit_size=0) == 2
        assert len(held(engine)) == 5


def test_two_that_catch_up_at_once_apply_every_event_once(tmp_path: Path) -> None:
    journal = journal_of(*({"money": [(f"s-{n}", 1, "2020-03-01")]} for n in range(400)))
    failures: list[BaseException] = []

    def follow() -> None:
        try:
            with engine_at(tmp_path, journal, rows_per_batch=7) as engine:
                engine.catch_up()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with engine_at(tmp_path, journal) as engine, engine.connection() as connection:
        assert len(connection.execute(select(MONEY.open)).all()) == 400


def test_a_rebuild_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with engine_at(tmp_path, journal_of(*[enrolled("s-A")] * 5), rows_per_batch=2) as engine:
        assert engine.rebuild(lambda done, of: told.append((done, of))) == 5
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_query_cannot_write(tmp_path: Path) -> None:
    with engine_at(tmp_path, journal_of(enrolled("s-A"))) as engine:
        engine.catch_up()
        with engine.connection() as connection, pytest.raises(OperationalError):
            connection.execute(STATE.open.delete())


def test_a_projection_may_take_every_topic(tmp_path: Path) -> None:
    seen: list[str] = []

    class All(Projection):
        name = "all"

        def every_topic(self, event: LogEvent, writer: Writer) -> None:
            seen.append(event.ref)

    with engine_at(tmp_path, journal_of({}, {}), All()) as engine:
        engine.catch_up()
    assert seen == ["toy@1", "toy@2"]


def test_two_tables_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    class Twin(Toy):
        kept = (Timeline("toy_state", key=[column("student")], value=[column("state")]),)

    with pytest.raises(ValueError, match="toy_state"):
        Engine(tmp_path / "projections.db", ListJournal(), [Toy(), Twin()])
