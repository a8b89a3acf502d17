"""What a plan lays down, said in the reader's words: who may have a scheme, by which steps, paid by whom, and what is owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..i18n import N_, _, listed, ngettext
from ..output.words import yuan
from ..refusals.words import KINDS_OF_UNIT
from .trail import role_word
from .when import CADENCES, day_text

if TYPE_CHECKING:
    from mingzhang.domain.plan.schemes import OnList, Scheme, Step
    from mingzhang.domain.plan.targets import Target
    from mingzhang.domain.plan.vocabulary import Plan
    from mingzhang.domain.plan.words import Window

Said = tuple[str, str]
"""What it is about, and what the plan says."""

_PERIODS = {
    "year": N_("every calendar year"),
    "school-year": N_("every school year"),
    "term": N_("every term"),
    "once": N_("once"),
}
_KINDS = {"grant": N_("paid out"), "waiver": N_("waived: the money is not asked for"), "loan": N_("a bank's loan")}
_STEPS = {"review": N_("review"), "notice": N_("public notice"), "crosscheck": N_("comparison with lists"), "approve": N_("approval")}
_PAYEES = {"student": N_("the student"), "household": N_("the household's head or the student")}
_CHANNELS = {"card": N_("to the account"), "signed": N_("signed for on the list"), "none": N_("not paid through this ledger")}
_TEAM = {"teacher": N_("teacher"), "village-cadre": N_("village cadre"), "guardian": N_("guardian")}
_SEASONS = {"spring": N_("every spring"), "autumn": N_("every autumn")}
_OWED = {
    "call": N_("call"),
    "visit": N_("visit"),
    "support": N_("money or goods"),
    "problem_solved": N_("a problem solved"),
}


def who_text(plan: Plan, who: str) -> str:
    """A unit by its name, a kind of unit as each of them, an office outside as it is written."""
    names = {unit.id: unit.name for unit in plan.units}
    if who in names:
        return names[who]
    return _("each {kind}").format(kind=_(KINDS_OF_UNIT[who])) if who in KINDS_OF_UNIT else who


def scheme_words(plan: Plan, scheme: Scheme) -> Iterator[Said]:
    """Amount, conditions, documents, payment and what may stand beside it, one after the other; what the plan does not say is left out."""
    yield _("Amount"), _amount(scheme)
    yield from _conditions(scheme)
    if scheme.documents:
        yield _("Documents"), listed(*(_(" or ").join(one.any_of) for one in scheme.documents))
    paid = [who_text(plan, scheme.payer)] if scheme.payer else []
    if scheme.kind == "grant":
        paid.append(_("to {payee}").format(payee=_(_PAYEES[scheme.payee])))
    yield _("Who pays whom"), listed(*paid, _(_CHANNELS[scheme.channel]) if scheme.kind == "grant" else _(_KINDS[scheme.kind]))
    by = _pay_by(scheme)
    if by:
        yield _("Paid until"), by
    names = {other.code: other.name for other in plan.schemes}
    if scheme.stacks_with:
        yield _("May stand beside"), "、".join(names.get(code, code) for code in scheme.stacks_with)


def _amount(scheme: Scheme) -> str:
    said = [_(_PERIODS[scheme.period])]
    loan = scheme.loan
    if loan is not None:
        if loan.least_fen is not None and loan.most_fen is not None:
            said.append(_("{least} to {most} yuan").format(least=yuan(loan.least_fen), most=yuan(loan.most_fen)))
        elif loan.most_fen is not None:
            said.append(_("at most {most} yuan").format(most=yuan(loan.most_fen)))
        said += [_("never above fees and board")] if loan.up_to_fees else []
        said += [_("with a co-borrower")] if loan.co_borrower else []
        said += [_("the state pays the interest until graduation")] if loan.interest_subsidy == "until_graduation" else []
    elif scheme.amount == "range" and scheme.least_fen is not None and scheme.most_fen is not None:
        said.append(_("{least} to {most} yuan").format(least=yuan(scheme.least_fen), most=yuan(scheme.most_fen)))
        said.append(_("said at approval with --amount"))
    elif scheme.amount == "unset":
        said.append(_("left open; said at approval with --amount"))
    else:
        said.append(_("by tier"))
    if scheme.paid_in > 1 and scheme.amount == "tiers":
        said.append(
            ngettext("a year's amount in {count} part", "a year's amount in {count} equal parts", scheme.paid_in).format(
                count=scheme.paid_in
            )
        )
    if scheme.instalments > 1:
        count = scheme.instalments
        said.append(ngettext("paid in {count} instalment", "paid in {count} instalments", count).format(count=count))
    return listed(*said)


def _conditions(scheme: Scheme) -> Iterator[Said]:
    wanted = scheme.conditions
    for title, words in ((_("Categories"), wanted.categories), (_("Stages"), wanted.stages), (_("Grades"), wanted.grades)):
        if words:
            yield title, "、".join(words)
    if wanted.household:
        yield _("Registered in"), "、".join(wanted.household)
    if wanted.lists:
        yield _("On one of the lists"), listed(*(_list(one) for one in wanted.lists))
    window = wanted.window or (scheme.loan.window if scheme.loan else None)
    if window is not None:
        days_only = scheme.loan is not None and scheme.loan.workdays_only
        yield _("Applied for"), listed(window_text(window), *([_("on working days only")] if days_only else []))
    if wanted.enrolled:
        yield _("Enrolment"), _("shown to be enrolled when it is paid")


def _list(one: OnList) -> str:
    return f"{one.kind}（{one.column}：{'、'.join(one.values)}）" if one.values else one.kind


def _pay_by(scheme: Scheme) -> str:
    if scheme.payment is None:
        return ""
    said = []
    if scheme.payment.days_after_arrival is not None:
        days = scheme.payment.days_after_arrival
        said.append(
            ngettext("within {count} day after the money has arrived", "within {count} days after the money has arrived", days).format(
                count=days
            )
        )
    if scheme.payment.by == "external":
        said.append(_("set by a higher office"))
    elif scheme.payment.by is not None:
        said.append(_("by {day}").format(day=day_text(scheme.payment.by)))
    return listed(*said)


def window_text(window: Window) -> str:
    """`08-01 … 08-31`."""
    return f"{day_text(window.first)} … {day_text(window.last)}"


def step_words(step: Step) -> tuple[str, str]:
    """What kind of step, for how many days, and by whom at which level."""
    level = "" if step.level is None else _("{level} or above").format(level=_(KINDS_OF_UNIT[step.level]))
    role = "" if step.role is None else role_word(step.role)
    votes = [] if step.votes == 1 else [ngettext("{count} person", "{count} different people", step.votes).format(count=step.votes)]
    more = []
    if step.kind == "notice":
        if step.days is None:
            more.append(_("days set with --days"))
        elif step.day_kind == "workdays":
            more.append(ngettext("{count} working day", "{count} working days", step.days).format(count=step.days))
        else:
            more.append(ngettext("{count} day", "{count} days", step.days).format(count=step.days))
    more += [_("with a photo")] if step.photo else []
    more += [_("exceptions by the leading group")] if step.exception else []
    return listed(_(_STEPS[step.kind]), *more), listed(*(one for one in (role, level, *votes) if one))


def wanted_text(step: Step) -> str:
    """The days the plan has for a step."""
    said = [] if step.window is None else [window_text(step.window)]
    if step.by is not None:
        said.append(_("by {day}").format(day=day_text(step.by)))
    return listed(*said)


def rule_words(plan: Plan) -> Iterator[Said]:
    """What the plan wants of survey rounds, pairings, tutors, dropout cases, paired schools, left-behind children,
    reports and audit rules, in short."""
    for entry in plan.rounds:
        yield _("Survey round"), listed(entry.name, _(_SEASONS[entry.season]), *(["、".join(entry.sub_lists)] if entry.sub_lists else []))
    yield from _pairing(plan)
    yield from _tutoring(plan)
    yield from _schools(plan)
    for rule in plan.reports:
        yield _("Report on targets"), listed(rule.name, _(CADENCES[rule.kind]), _within(rule.within_days))
    for said in plan.findings:
        days = [_("from {day}").format(day=said.since)] if said.since else []
        days += [_("until {day}").format(day=said.until)] if said.until else []
        how = _("switched off") if said.off else ngettext("{count} day", "{count} days", said.days or 0).format(count=said.days)
        yield _("Audit rule"), listed(said.rule, how, *days, plan.clauses[said.clause])


def _pairing(plan: Plan) -> Iterator[Said]:
    rules = plan.pairing
    if rules is None:
        return
    about = _("Pairing")
    cadences: Mapping[str, str | None] = {
        "call": rules.call, "visit": rules.visit, "support": rules.support, "problem_solved": rules.problem_solved
    }  # fmt: skip
    owed = [_("{what} {how_often}").format(what=_(_OWED[what]), how_often=_(CADENCES[often])) for what, often in cadences.items() if often]
    if owed:
        yield about, listed(*owed)
    if rules.cadres_per_household is not None:
        said = ngettext(
            "at least one household for every {count} cadre", "at least one household for every {count} cadres", rules.cadres_per_household
        )
        yield about, said.format(count=rules.cadres_per_household)
    yield about, _("a record made more than {days} days later is late; from {copied} alike on one day on they look copied; "
                   "more than {visits} visits a day are impossible").format(
        days=rules.recorded_within_days, copied=rules.copied_from, visits=rules.visits_a_day
    )  # fmt: skip


def _tutoring(plan: Plan) -> Iterator[Said]:
    rules = plan.tutoring
    if rules is None:
        return
    about = _("Tutoring")
    yield about, _("for every course failed with less than {mark} after the resit").format(mark=rules.pass_mark)
    checks = [_("{name} in weeks {first} to {last}").format(name=one.name, first=one.first, last=one.last) for one in rules.checks]
    if checks:
        yield about, _("checks: {checks}").format(checks=listed(*checks))
    if rules.weekly_duty_minutes is not None:
        yield about, _("each week a record of {minutes} minutes or more").format(minutes=rules.weekly_duty_minutes)
    if rules.parents_notified:
        yield about, _("parents are told of failures each term")


def _schools(plan: Plan) -> Iterator[Said]:
    if plan.dropout is not None:
        team = "、".join(_(_TEAM[one]) for one in plan.dropout.team)
        if team:
            yield _("Dropouts"), _("helped by: {team}").format(team=team)
        caps = [_("{stage} at most {percent} %").format(stage=stage, percent=cap) for stage, cap in plan.dropout.caps.items()]
        if caps:
            yield _("Dropouts"), listed(*caps, _("counted on {day}").format(day=day_text(plan.dropout.counted_on)))
    pairs = plan.school_pairs
    if pairs is not None:
        said = [_("paired by {day}").format(day=day_text(pairs.fixed_by))] if pairs.fixed_by else []
        if pairs.joint_research_per_term:
            often = pairs.joint_research_per_term
            said.append(ngettext("joint research once each term", "joint research {count} times each term", often).format(count=often))
        if pairs.exchanged_each_way:
            sent = pairs.exchanged_each_way
            said.append(ngettext("{count} person sent each way a year", "{count} people sent each way a year", sent).format(count=sent))
        yield _("School pairs"), listed(*said)
    left = plan.left_behind
    if left is not None:
        said = []
        if left.registered_within_days is not None:
            said.append(_("registered after the term begins: {within}").format(within=_within(left.registered_within_days)))
        said += [_("with a file")] if left.file else []
        said += [_("with a contact card")] if left.contact_card else []
        yield _("Left-behind children"), listed(*said)


def _within(days: int) -> str:
    return ngettext("within {count} day", "within {count} days", days).format(count=days)


def target_text(target: Target) -> str:
    """`at least 23 所`."""
    said = _("at least {value} {measure}") if target.direction == "at_least" else _("at most {value} {measure}")
    return said.format(value=target.value, measure=target.measure)


def names_of(plan: Plan, who: Sequence[str]) -> str:
    """Several units in one cell."""
    return "、".join(who_text(plan, one) for one in who)
