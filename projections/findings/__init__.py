"""What an auditor would ask about: each rule is one function that lists what it found, with the facts that show it.

A rule judges by the view's two times: `known_at_payment` then says whether the office could have known when it paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mingzhang.domain.bulk import collector_at_rest

from ..finding import Finding as Finding
from ..finding_answers import AnswerRow
from ..projection import View
from .accounts import Accounts, account_belongs_to_staff, account_name_not_student, account_shared_by_several_students
from .afterwards import RepealedLate, ToldLate, repealed_late, told_late
from .answered import Answered
from .contacts import contact_recorded_late, contact_schedule_impossible, contact_text_copied
from .evidence import evidence_missing
from .lists import eligible_but_not_paid, paid_but_not_on_the_list
from .money import money_paid_while_not_enrolled, more_paid_than_awarded, paid_inside_a_notice, paid_twice_for_one_period
from .people import decided_on_own_family, one_person_under_two_units_or_files, same_person_decided_twice
from .sources import Log as Log
from .sources import Rule as Rule
from .sources import Sources as Sources
from .switches import LaidDown, SwitchedOff
from .timing import backdated_entry, money_held_too_long, money_paid_late
from .trail import money_paid_without_complete_trail

RULES: dict[str, Rule] = {
    "paid_while_not_enrolled": money_paid_while_not_enrolled,
    "account_shared_by_several_students": account_shared_by_several_students,
    "account_belongs_to_staff": account_belongs_to_staff,
    "account_name_not_student": account_name_not_student,
    "duplicate_identity": one_person_under_two_units_or_files,
    "eligible_but_unpaid": eligible_but_not_paid,
    "paid_but_not_on_list": paid_but_not_on_the_list,
    "paid_more_than_award": more_paid_than_awarded,
    "paid_twice_for_period": paid_twice_for_one_period,
    "paid_inside_notice": paid_inside_a_notice,
    "paid_without_complete_trail": money_paid_without_complete_trail,
    "paid_late": money_paid_late,
    "money_held_too_long": money_held_too_long,
    "same_person_decided_twice": same_person_decided_twice,
    "decided_on_own_family": decided_on_own_family,
    "evidence_missing": evidence_missing,
    "contact_recorded_late": contact_recorded_late,
    "contact_text_copied": contact_text_copied,
    "contact_schedule_impossible": contact_schedule_impossible,
    "backdated_entry": backdated_entry,
}
"""Every rule there is, in the order in which findings are listed."""


ABOUT_ACCOUNTS = ("account_shared_by_several_students", "account_belongs_to_staff", "account_name_not_student")
"""Rules that need the keys: without them they are not looked at."""


class Found(NamedTuple):
    """A finding, the name it keeps, the newest answer to it, and whether the plan does without its rule on the day of the fact.
    switched_late: the plan's versions (`stream@version`) that would have it left out, and were recorded after it was there. also: numbers
    it has under other files of the student; answers: all that were given to it, under any of them, in the order of recording."""

    id: str
    finding: Finding
    answer: AnswerRow | None
    switched_off: bool
    switched_late: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    answers: tuple[AnswerRow, ...] = ()


def numbered(found: Sequence[Found], number: str) -> Found | None:
    """The finding of this number, else one that has it under another file of the student."""
    own = next((one for one in found if one.id == number), None)
    return own or next((one for one in found if number in one.also), None)


class Audit(NamedTuple):
    """What the rules found. switched_off: what plans say they do without, of the rules asked for, and which figures they set too late;
    not_looked_at: rules that need the keys, where none are at hand; without_plan: no plan was known, so what only a plan says was not
    judged; amended_late: versions of plans recorded after days on which they decide, by whose amounts and deadlines these are judged;
    repealed_late, told_late: repeals and days of plans that came too late in the same way."""

    found: list[Found]
    switched_off: list[SwitchedOff]
    not_looked_at: list[str]
    without_plan: bool = False
    amended_late: tuple[LaidDown, ...] = ()
    repealed_late: tuple[RepealedLate, ...] = ()
    told_late: tuple[ToldLate, ...] = ()


def audit(view: View, journal: Log, rules: Sequence[str] = (), *, accounts: Accounts | None = None) -> Audit:
    """What these rules (default: all) find, rule by rule, each in the order of subject and payment, with what was answered; also what a
    rule switched off would have found. KeyError for an unknown rule."""
    with collector_at_rest():
        return _audit(Sources(view, journal, accounts), rules)


def _audit(sources: Sources, rules: Sequence[str]) -> Audit:
    wanted = rules or tuple(RULES)
    seen: list[Finding] = []
    for name in wanted:
        seen += sorted(RULES[name](sources), key=lambda one: (one.subject, one.payment or "", one.events))
    verdicts = sources.switches.judge(seen)
    answered = Answered(sources)
    found = []
    for one, verdict in zip(seen, verdicts, strict=True):
        number, also, given = answered.of(one)
        found.append(Found(number, one, given[-1] if given else None, verdict.off, verdict.too_late, also, given))
    switched_off = sources.switches.switched_off(wanted, seen, verdicts)
    not_looked_at = [name for name in wanted if name in ABOUT_ACCOUNTS] if sources.accounts is None else []
    amended_late = tuple(sources.switches.amended_late())
    repeals = tuple(repealed_late(sources.view, sources.journal, sorted(sources.versions)))
    told = tuple(told_late(sources.view, sources.journal))
    return Audit(found, switched_off, not_looked_at, not sources.versions, amended_late, repeals, told)


def findings(view: View, journal: Log, rules: Sequence[str] = (), *, accounts: Accounts | None = None) -> list[Finding]:
    """The findings of rules that are applied, answered or not; see `audit`."""
    return [one.finding for one in audit(view, journal, rules, accounts=accounts).found if not one.switched_off]
