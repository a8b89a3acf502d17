"""Amending a plan afterwards makes no finding vanish: what had happened and stood on record before the amendment stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mingzhang.domain.plan.adoption import PlanAdopted, PlanAmended, PlanRepealed
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.dates import PlanDateSet
from mingzhang.projections.findings import Audit, audit
from tests.college import PLAN, S1, S2, SPRING, sha
from tests.findings.asked import END, case, listed, money
from tests.findings.test_switches import rules
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, day, enrolled

RULE = "paid_but_not_on_list"
TEXT = bundled_text(PLAN)
OFF = rules("off = true")


def amended(on: date, said: str = OFF, version: str = "2020.2") -> Event:
    text = TEXT.replace("\n[clauses]", f"\n{said}\n[clauses]").replace("2020.1", version, 1)
    fact = PlanAmended(
        actor="administrator-1", effective_on=on, code=PLAN, plan_version=version, text=text, sha256=sha(text), reason=sealed("t-1")
    )
    return f"plan/{PLAN}", fact


def now(log: Recorded, on: date) -> None:
    """What is recorded from now on is recorded on that day."""
    log._now = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)


def told(log: Recorded, rule: str = RULE, known_at: int | None = None) -> Audit:
    with log.view(END, known_at) as view:
        return audit(view, log.journal, (rule,))


def states(log: Recorded, rule: str = RULE, known_at: int | None = None) -> list[tuple[bool, tuple[str, ...]]]:
    return [(one.switched_off, one.switched_late) for one in told(log, rule, known_at).found]


def unlisted(log: Recorded) -> None:
    """Paid on 2020-04-15, of which the list knows nothing."""
    log.record(*listed(S2), *case(S1), *money(S1))


TOO_LATE = [(False, (f"plan/{PLAN}@2",))]
IN_TIME = [(True, ())]


def test_a_finding_that_was_there_does_not_vanish_by_amending(log: Recorded) -> None:
    unlisted(log)
    before = log.size
    now(log, day(6, 1))
    log.record(amended(day(1, 2)))
    assert states(log) == TOO_LATE
    assert states(log, known_at=before) == [(False, ())]


def test_who_laid_it_down_when_and_how_much_it_came_too_late_for_is_told(log: Recorded) -> None:
    unlisted(log)
    now(log, day(6, 1))
    [ref] = log.record(amended(day(1, 2)))
    [said] = told(log).switched_off
    assert (said.ref, said.since, said.recorded_on, said.by, said.late) == (ref, "2020-01-02", "2020-06-01", "administrator-1", True)
    assert (said.left_out, said.stay) == (0, 1) and said.reason == sealed("t-1")


@pytest.mark.parametrize(("recorded", "seen"), [(day(4, 14), IN_TIME), (day(4, 15), TOO_LATE)])
def test_what_happens_after_the_day_of_recording_is_left_out(log: Recorded, recorded: date, seen: object) -> None:
    """On the day itself the order on record decides: the payment stood there first."""
    unlisted(log)
    now(log, recorded)
    log.record(amended(day(1, 2)))
    assert states(log) == seen


def test_what_came_on_record_after_it_is_left_out_and_counted(log: Recorded) -> None:
    """Books taken over: nothing of this was there to be hidden."""
    now(log, day(6, 1))
    log.record(amended(day(1, 2)))
    unlisted(log)
    assert states(log) == IN_TIME
    [said] = told(log).switched_off
    assert (said.left_out, said.stay, said.late) == (1, 0, True)


def test_a_payment_that_was_there_is_not_hidden_by_amending_before_the_withdrawal_is_written_down(log: Recorded) -> None:
    log.record(*case(S1), *money(S1))
    now(log, day(6, 1))
    log.record(amended(day(1, 2), rules("off = true", rule="paid_while_not_enrolled")))
    log.record(enrolled(S1, "退学", day(4, 1)))
    assert states(log, "paid_while_not_enrolled") == TOO_LATE


def test_a_version_that_only_repeats_what_was_laid_down_in_time_changes_nothing(log: Recorded) -> None:
    log.record(amended(day(1, 2)))
    unlisted(log)
    now(log, day(6, 1))
    log.record(amended(day(1, 2), version="2020.3"))
    assert states(log) == IN_TIME


def test_switched_on_and_off_again_afterwards_is_too_late(log: Recorded) -> None:
    log.record(amended(day(1, 2)))
    unlisted(log)
    now(log, day(6, 1))
    log.record(amended(day(1, 2), "", version="2020.3"), amended(day(1, 2), version="2020.4"))
    assert states(log) == [(False, (f"plan/{PLAN}@4",))]


def test_a_rule_applied_again_afterwards_is_applied(log: Recorded) -> None:
    log.record(amended(day(1, 2)))
    unlisted(log)
    now(log, day(6, 1))
    log.record(amended(day(1, 2), "", version="2020.3"))
    assert states(log) == [(False, ())]


def test_a_figure_set_afterwards_hides_nothing_either(log: Recorded) -> None:
    now(log, day(5, 1))
    log.record(case()[2])  # awarded on 2020-03-20
    now(log, day(6, 1))
    log.record(amended(day(1, 2), rules("days = 100", rule="backdated_entry")))
    assert states(log, "backdated_entry") == TOO_LATE
    [said] = told(log, "backdated_entry").switched_off
    assert (said.days, said.stay) == (100, 1)


def test_a_figure_set_before_the_fact_came_on_record_counts(log: Recorded) -> None:
    now(log, day(5, 1))
    log.record(amended(day(1, 2), rules("days = 100", rule="backdated_entry")), case()[2])
    assert states(log, "backdated_entry") == IN_TIME
    assert told(log, "backdated_entry").switched_off[0].left_out == 1


def test_a_smaller_figure_set_afterwards_finds_more(log: Recorded) -> None:
    now(log, day(4, 5))
    log.record(case()[2])
    assert states(log, "backdated_entry") == []
    log.record(amended(day(1, 2), rules("days = 10", rule="backdated_entry")))
    assert states(log, "backdated_entry") == [(False, ())]


def test_an_amendment_of_anything_else_that_came_late_is_named_with_the_log_size_before_it(log: Recorded) -> None:
    size = log.size
    now(log, day(6, 1))
    [ref] = log.record(amended(day(4, 1), ""))
    log.record(amended(day(6, 1), "", version="2020.3"))
    assert [(one.ref, one.leaf, one.since, one.recorded_on) for one in told(log).amended_late] == [(ref, size, "2020-04-01", "2020-06-01")]
    assert told(log, known_at=size).amended_late == ()


def test_a_repeal_recorded_after_its_first_day_is_named_with_the_log_size_before_it(log: Recorded) -> None:
    """What the plan laid down for the days between it says no more: nobody makes a finding vanish by that unseen."""
    now(log, day(6, 1))
    size = log.size
    [ref] = log.record((f"plan/{PLAN}", PlanRepealed(actor="administrator-1", effective_on=day(4, 1), code=PLAN, reason=sealed("t-2"))))
    [said] = told(log).repealed_late
    assert (said.ref, said.leaf, said.plan, said.since) == (ref, size, PLAN, "2020-04-01")
    assert (said.recorded_on, said.by) == ("2020-06-01", "administrator-1")
    assert told(log, known_at=size).repealed_late == ()


def test_a_repeal_recorded_in_time_is_not_named(log: Recorded) -> None:
    now(log, day(4, 1))
    log.record((f"plan/{PLAN}", PlanRepealed(actor="administrator-1", effective_on=day(4, 1), code=PLAN, reason=sealed("t-2"))))
    assert told(log).repealed_late == ()


def spring_payment(on: date, told_on: date) -> Event:
    fact = PlanDateSet(
        actor="clerk-1", effective_on=told_on, plan=PLAN, name="spring-payment", period=SPRING, day=on, source=sealed("t-3")
    )
    return f"plandate/{PLAN}/spring-payment/{SPRING}", fact


def test_a_deadline_moved_once_it_had_passed_is_named_and_one_moved_in_time_is_not(log: Recorded) -> None:
    log.record(*case(S1), *money(S1), spring_payment(day(4, 1), day(3, 1)))
    assert [one.finding.rule for one in told(log, "paid_late").found] == ["paid_late"]
    now(log, day(4, 1))
    log.record(spring_payment(day(4, 5), day(4, 1)))
    assert told(log, "paid_late").told_late == ()
    now(log, day(5, 1))
    size = log.size
    [ref] = log.record(spring_payment(day(4, 30), day(5, 1)))
    seen = told(log, "paid_late")
    assert seen.found == []
    [said] = seen.told_late
    assert (said.ref, said.leaf, said.name, said.period) == (ref, size, "spring-payment", SPRING)
    assert (said.former, said.day, said.recorded_on, said.by) == ("2020-04-05", "2020-04-30", "2020-05-01", "clerk-1")
    assert len(told(log, "paid_late", known_at=said.leaf).found) == 1


def test_the_age_of_a_plan_that_a_finding_cites_does_not_make_its_facts_older(log: Recorded) -> None:
    """A deadline stands in the plan; what counts is whether the payment was on record before the amendment."""
    now(log, day(6, 1))
    log.record(amended(day(1, 2), rules("off = true", rule="paid_late")))
    log.record(*case(S1), *money(S1), spring_payment(day(4, 1), day(6, 1)))
    [one] = told(log, "paid_late").found
    assert f"plan/{PLAN}@2" in one.finding.events
    assert (one.switched_off, one.switched_late) == IN_TIME[0]


def test_a_version_that_began_later_goes_on_deciding_after_an_earlier_one_was_recorded(log: Recorded) -> None:
    log.record(amended(day(4, 1)))
    log.record(amended(day(1, 2), "", version="2020.3"))
    unlisted(log)
    assert states(log) == IN_TIME


def test_a_plan_adopted_late_takes_the_place_of_nothing_and_is_not_named(log: Recorded) -> None:
    now(log, day(6, 1))
    text = bundled_text("sunan-2022").replace("sunan-2022", "other-2020")
    fact = PlanAdopted(
        actor="administrator-1", effective_on=day(1, 2), code="other-2020", plan_version="1", text=text, sha256=sha(text)
    )
    log.record(("plan/other-2020", fact))
    assert told(log).amended_late == ()
