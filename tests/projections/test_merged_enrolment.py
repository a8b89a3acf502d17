"""Of several files of one person the newest enrolment counts, in every answer as in every decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mingzhang.domain.student.facts import IdentityMergedInto
from mingzhang.projections.payments import paid_while_not_enrolled
from mingzhang.projections.register import enrolments, roster
from tests.college import S1, S2
from tests.projections.recorded import Recorded, day, enrolled, entry, instructed, paid, registered

MERGED = (f"student/{S2}", IdentityMergedInto(actor="staff-1", effective_on=date(2020, 3, 1), survivor=S1))


@pytest.mark.parametrize(("kept", "given_up", "status"), [("在读", "退学", "退学"), ("退学", "在读", "退学")])
def test_of_two_files_of_one_day_the_one_that_stops_a_payment_counts(tmp_path: Path, kept: str, given_up: str, status: str) -> None:
    log = Recorded(tmp_path)
    log.units()
    log.record(registered(S1), registered(S2), entry(S1), MERGED)
    log.record(enrolled(S1, kept, day(3, 5)), enrolled(S2, given_up, day(3, 5)), instructed(S1), paid(S1))
    with log.view(day(4, 20)) as view:
        assert [row.enrolment for row in roster(view)] == [status]
        assert {person: (row.status, row.since) for person, row in enrolments(view).items()} == {S1: (status, "2020-03-05")}
        assert [(row.student, row.status) for row in paid_while_not_enrolled(view)] == [(S1, status)]
    log.close()


def test_the_newest_of_two_files_counts_whichever_it_is_in(tmp_path: Path) -> None:
    log = Recorded(tmp_path)
    log.units()
    log.record(registered(S1), registered(S2), entry(S1), MERGED)
    log.record(enrolled(S1, "在读", day(3, 1)), enrolled(S2, "退学", day(4, 1)), enrolled(S1, "复学", day(4, 10)), instructed(S1), paid(S1))
    with log.view(day(4, 5)) as view:
        assert [row.enrolment for row in roster(view)] == ["退学"]
    with log.view(day(4, 20)) as view:
        assert [row.enrolment for row in roster(view)] == ["复学"]
        assert paid_while_not_enrolled(view) == []
    log.close()
