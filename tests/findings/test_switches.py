"""A plan may do without a rule, or set its figure, for some days and by a clause; the version in force on the fact's day decides."""

from __future__ import annotations

import pytest

from mingzhang.domain.money.batch import BatchChecked
from mingzhang.domain.plan.adoption import PlanAmended
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.refusal import Refused
from mingzhang.projections.findings import RULES, audit, findings
from tests.college import PLAN, S1, S2, adopted, sha
from tests.findings.asked import END, case, found, listed, money, with_rules
from tests.given import sealed
from tests.projections.recorded import Recorded, day, prepared

RULE = "paid_but_not_on_list"
TEXT = bundled_text(PLAN)


def rules(*words: str, rule: str = RULE) -> str:
    return "\n".join(["[[findings]]", f'rule = "{rule}"', *words, 'clause = "aid"', ""])


def unlisted(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), *money(S1))


@pytest.mark.parametrize(
    ("words", "applied"),
    [
        (("off = true",), False),
        (("off = true", "from = 2020-04-15"), False),
        (("off = true", "from = 2020-04-16"), True),
        (("off = true", "until = 2020-04-15"), False),
        (("off = true", "until = 2020-04-14"), True),
    ],
)
def test_a_rule_switched_off_on_the_day_of_the_payment_finds_nothing(log: Recorded, words: tuple[str, ...], applied: bool) -> None:
    log.record(with_rules(TEXT, rules(*words)))
    unlisted(log)
    assert bool(found(log, RULE)) is applied


def test_what_it_would_have_found_and_why_it_is_off_can_be_asked_for(log: Recorded) -> None:
    log.record(with_rules(TEXT, rules("off = true")))
    unlisted(log)
    with log.view(END) as view:
        told = audit(view, log.journal, (RULE,))
    assert [one.switched_off for one in told.found] == [True]
    [off] = told.switched_off
    assert (off.rule, off.plan, off.clause, off.until) == (RULE, PLAN, "aid", None) and off.clause_text


def test_another_figure_counts_instead_of_the_one_that_always_stands(log: Recorded) -> None:
    log.record(with_rules(TEXT, rules("days = 0", rule="backdated_entry")))
    log._now = log._now.replace(month=3, day=21)
    log.record(case()[2])
    assert [one.facts["days"] for one in found(log, "backdated_entry")] == [1]


def test_without_keys_the_rules_about_accounts_are_told_as_not_looked_at(log: Recorded) -> None:
    unlisted(log)
    with log.view(END) as view:
        told = audit(view, log.journal)
    assert set(told.not_looked_at) == {name for name in RULES if name.startswith("account_")}


def test_all_rules_of_the_command_line_are_there(log: Recorded) -> None:
    assert len(RULES) == 20
    with log.view(END) as view:
        assert findings(view, log.journal) == []
        with pytest.raises(KeyError):
            findings(view, log.journal, ("paid_too_little",))


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (rules("off = true", rule="paid_too_little"), "findings.0.rule"),
        (rules(), "findings.0"),
        (rules("off = true", "days = 3", rule="paid_late"), "findings.0"),
        (rules("days = 3"), "findings.0"),
        (rules("off = true", "from = 2020-05-01", "until = 2020-04-01"), "findings.0"),
        (rules("off = true") + rules("off = true", "from = 2020-05-01"), "plan"),
        (rules("off = true").replace('"aid"', '"nowhere"'), "plan"),
    ],
)
def test_a_plan_that_says_it_wrongly_is_refused_with_the_place(said: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        read_plan(TEXT.replace("\n[clauses]", f"\n{said}\n[clauses]"))
    assert (refused.value.code, refused.value.context["place"]) == ("plan_malformed", place)
    assert place == "plan" or refused.value.context["line"] is not None


def test_a_later_version_applies_the_rule_again(log: Recorded) -> None:
    log.record(with_rules(TEXT, rules("off = true")))
    unlisted(log)
    assert found(log, RULE) == []
    amended = PlanAmended(
        actor="founder", effective_on=day(4, 15), code=PLAN, plan_version="2020.2", text=TEXT, sha256=sha(TEXT), reason=sealed("t-1")
    )
    log.record((f"plan/{PLAN}", amended))
    assert len(found(log, RULE)) == 1


def test_a_batch_is_its_plans_where_another_plan_applies_the_rule(log: Recorded) -> None:
    twice = "same_person_decided_twice"
    other = TEXT.replace(f'code = "{PLAN}"', 'code = "other-plan"', 1)
    stream, fact = adopted(other)
    log.record((stream.replace(PLAN, "other-plan"), fact.model_copy(update={"code": "other-plan"})))
    log.record(prepared("b1", S1), ("batch/b1", BatchChecked(actor="staff-1", effective_on=day(4, 9), payments=1, amount_fen=150_000)))
    assert [one.subject for one in found(log, twice)] == ["b1"]
    log.record(with_rules(TEXT, rules("off = true", rule=twice)))
    assert found(log, twice) == []
