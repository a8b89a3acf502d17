"""The checker misses no link that `trace` would miss: both see the same trails, whole and with every event and reference taken out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import orjson
import pytest

from mingzhang.cli.bundle.checker.formats import Note, read_record
from mingzhang.cli.bundle.checker.found import Findings
from mingzhang.cli.bundle.checker.log import Log
from mingzhang.cli.bundle.checker.trail import Trail, follow
from mingzhang.domain.facts import encode
from mingzhang.domain.journal.leaf import leaf_record
from mingzhang.domain.journal.records import LogRow
from mingzhang.projections.trail import trace
from tests import whole_way
from tests.college import S1, S2, S3, answer, line, payment, sent
from tests.given import Given, by, given

AT = "2020-09-30T00:00:00.000000Z"


@dataclass
class Rows:
    """A journal of these rows, as `trace` reads one."""

    rows: Sequence[LogRow]

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]:
        return list(self.rows[gt_size:])[:limit]

    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]:
        return [row for row in self.rows if row.originator_id in set(names)]

    def size_at(self, recorded_at: str) -> int:
        return len(self.rows)


def rows_of(known: Given) -> list[LogRow]:
    versions: dict[str, int] = {}
    rows = []
    for leaf, (stream, fact) in enumerate(known.store.log):
        versions[stream] = versions.get(stream, 0) + 1
        rows.append(LogRow(leaf, stream, versions[stream], fact.topic, encode(fact), AT))
    return rows


@cache
def lives() -> dict[str, list[LogRow]]:
    """A grant out of a survey, paid and failed; an award out of a form with notices, a comparison, an exception, paid against signature."""
    answered = by("cashier-1", answer(line(1), line(2, "failed"), line(3, "pending")), date(2020, 4, 16))
    college, whole = rows_of(given(sent(S1, S2, S3), answered)), rows_of(given(whole_way.whole()))
    return {"paid": college, "failed": college, "signed": whole, "excepted": whole}


PAYMENTS = {"paid": payment(S1), "failed": payment(S2), "signed": whole_way.payment(S1), "excepted": whole_way.payment(S2)}


def by_the_checker(rows: Sequence[LogRow], asked: str) -> tuple[Trail, set[str]]:
    log, findings = Log(Note("", (), "x", len(rows), bytes(32)), b""), Findings()
    for row in rows:
        log.take(read_record(leaf_record(row), row.leaf_index, "x"))
    trail = follow(log, asked, findings)
    assert findings.open == []
    codes = {"reference_missing": "event_missing"}
    return trail, {str(point.context.get("link", codes.get(point.code, point.code))) for point in findings.problems}


def by_the_program(rows: Sequence[LogRow], asked: str) -> tuple[list[str], set[str]]:
    trail = trace(Rows(rows), asked)
    return [step.event for step in trail.steps], {gap.code for gap in trail.gaps}


@pytest.mark.parametrize("life", PAYMENTS)
def test_both_walk_the_same_trail(life: str) -> None:
    rows, asked = lives()[life], PAYMENTS[life]
    trail, problems = by_the_checker(rows, asked)
    steps, gaps = by_the_program(rows, asked)
    assert (sorted(event.ref for event in trail.steps), problems) == (sorted(steps), gaps)
    assert len(steps) > 8 and gaps <= {"import_missing"}  # the college's entries were typed, not imported


@pytest.mark.parametrize("life", PAYMENTS)
def test_both_miss_the_same_where_any_event_is_gone(life: str) -> None:
    rows, asked = lives()[life], PAYMENTS[life]
    for step in by_the_program(rows, asked)[0]:
        if not step.startswith(asked):
            less = [row for row in rows if f"{row.originator_id}@{row.originator_version}" != step]
            assert by_the_checker(less, asked)[1] == by_the_program(less, asked)[1] != set(), step


@pytest.mark.parametrize("life", PAYMENTS)
def test_both_miss_the_same_where_any_reference_was_not_recorded(life: str) -> None:
    rows, asked = lives()[life], PAYMENTS[life]
    steps = set(by_the_program(rows, asked)[0])
    missed = 0
    for row in [row for row in rows if f"{row.originator_id}@{row.originator_version}" in steps]:
        state = orjson.loads(row.state)
        for ref in state.get("because", ()):
            changed = row._replace(state=orjson.dumps({**state, "because": [one for one in state["because"] if one != ref]}))
            less = [changed if one is row else one for one in rows]
            assert by_the_checker(less, asked)[1] == by_the_program(less, asked)[1], (row.originator_id, ref)
            missed += by_the_program(less, asked)[1] != by_the_program(rows, asked)[1]
    assert missed > 8


def test_a_payment_whose_own_first_fact_is_gone_is_not_from_its_start() -> None:
    rows, asked = lives()["paid"], PAYMENTS["paid"]
    less = [row for row in rows if (row.originator_id, row.originator_version) != (asked, 1)]
    assert "payment_not_from_its_start" in by_the_checker(less, asked)[1]
    assert by_the_checker([row for row in rows if row.originator_id != asked], asked)[1] == {"payment_missing"}


def test_what_is_left_out_is_left_out_for_a_stated_reason() -> None:
    rows, asked = lives()["signed"], PAYMENTS["signed"]
    steps = set(by_the_program(rows, asked)[0])
    kept = [row for row in rows if f"{row.originator_id}@{row.originator_version}" in steps]
    trail, problems = by_the_checker(kept, asked)
    assert problems == set() and set(trail.left_out.values()) == {"others"}


def test_a_plan_that_cannot_be_read_is_told() -> None:
    rows, asked = lives()["paid"], PAYMENTS["paid"]
    broken = [
        row._replace(state=orjson.dumps({**orjson.loads(row.state), "text": "[["})) if row.topic == "plan.adopted" else row for row in rows
    ]
    assert "plan_unreadable" in by_the_checker(broken, asked)[1]


def test_a_python_without_a_reader_of_plans_says_that_the_steps_were_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomllib", None)
    rows = lives()["paid"]
    log, findings = Log(Note("", (), "x", len(rows), bytes(32)), b""), Findings()
    for row in rows:
        log.take(read_record(leaf_record(row), row.leaf_index, "x"))
    follow(log, PAYMENTS["paid"], findings)
    assert [point.code for point in findings.open] == ["steps_unchecked"]
