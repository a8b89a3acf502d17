"""A finding's number stays what it is as long as the finding does, and says nothing."""

from __future__ import annotations

import re
from typing import get_args

from mingzhang.domain.plan.finding_rules import AuditRule
from mingzhang.projections.findings import RULES, audit
from mingzhang.projections.findings.naming import KEYS
from tests.college import S1, S2, S3
from tests.findings.asked import END, case, listed, merged, money
from tests.projections.recorded import Recorded, day, enrolled, entry, returned

S4 = "s-0000000004"


def numbers(log: Recorded, *rules: str) -> dict[tuple[str, str], str]:
    with log.view(END) as view:
        return {(one.finding.rule, one.finding.subject): one.id for one in audit(view, log.journal, rules).found}


def test_every_rule_says_what_makes_a_finding_this_one(log: Recorded) -> None:
    assert set(KEYS) == set(RULES) == set(get_args(AuditRule))


def test_further_facts_do_not_change_a_number(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), *money(S1), enrolled(S1, "退学", day(4, 1)))
    rules = ("paid_while_not_enrolled", "paid_but_not_on_list")
    before = numbers(log, *rules)
    log.record(returned(S1, day(5, 1)), *case(S3), *money(S3), merged(S3, S2))
    after = numbers(log, *rules)
    assert before.keys() == {("paid_while_not_enrolled", S1), ("paid_but_not_on_list", S1)}
    assert before.items() <= after.items()


def test_two_findings_have_two_numbers_and_no_number_names_anybody(log: Recorded) -> None:
    log.record(*listed(S3), *case(S1), *money(S1), *case(S2), *money(S2))
    found = numbers(log, "paid_but_not_on_list")
    assert len(set(found.values())) == len(found) == 2
    assert all(re.fullmatch(r"finding-[2-9A-HJ-NP-Z]{12}", one) for one in found.values())


def test_two_people_typed_in_twice_have_two_numbers_though_no_file_names_a_row(log: Recorded) -> None:
    log.record(entry(S1), entry(S2, unit="zongzhi"), entry(S3), entry(S4, unit="zongzhi"), merged(S2, S1), merged(S4, S3))
    found = numbers(log, "duplicate_identity")
    assert len(set(found.values())) == len(found) == 2


def test_the_number_of_a_payment_of_this_ledger_is_this_one(log: Recorded) -> None:
    """The recipe is permanent: answers are kept under it."""
    log.record(*case(S1), *money(S1), enrolled(S1, "退学", day(4, 1)))
    assert numbers(log, "paid_while_not_enrolled") == {("paid_while_not_enrolled", S1): "finding-YERC9ZZ35469"}
