"""Each finding in a sentence, without a name: what is wrong, of how much money, on which day, and whether it could have been known."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..i18n import N_, _
from ..output import yuan
from .trail import gap_text

MESSAGES: dict[str, str] = {
    "paid_while_not_enrolled": N_(
        "Paid {paid} yuan on {paid_on}, but not enrolled since {effective_on} ({status}); {known}. Come back so far: {returned} yuan."
    ),
    "account_shared_by_several_students": N_(
        "{amount} yuan of {period} went to one account of {count} students, last on {paid_on}; {known}.{cleared}"
    ),
    "account_belongs_to_staff": N_("{amount} yuan, paid on {paid_on}, went to an account of the staff; {known}.{cleared}"),
    "account_name_not_student": N_(
        "{amount} yuan, paid on {paid_on}, went to an account in a name that is not the student's; {known}.{cleared}"
    ),
    "duplicate_identity": N_("Reported twice for {period}, by {units}: {rows}. {amount} yuan{known}."),
    "eligible_but_unpaid": N_("Due {amount} yuan of {period} ({categories}), paid to others on {paid_on}: {recorded}{refused_row}."),
    "paid_but_not_on_list": N_("Paid {paid} yuan on {paid_on} as {category}, {listed}; {known}.{back}"),
    "paid_more_than_award": N_("Kept {paid} yuan of {period}, but the award stands at {award}: {amount} yuan too much; {known}."),
    "paid_twice_for_period": N_(
        "Paid for {period} of {scheme} on {paid_on}, and for {other_period} of {other_scheme} ({other_payment}): {amount} yuan; {known}."
    ),
    "paid_inside_notice": N_("Paid {paid} yuan on {paid_on}, but {hung}.{back}"),
    "paid_without_complete_trail": N_("Paid {amount} yuan on {paid_on}, but the trail lacks: {gaps}."),
    "paid_late": N_("{count} payments, {amount} yuan, went out on {paid_on}, {days} days after {due_on}.{tried}"),
    "money_held_too_long": N_("Of what arrived on {on}, {amount} yuan was still here after {due_on}; {days} days too long, {gone}."),
    "same_person_decided_twice": N_(
        "{staff} did this: {step}, on {decided_on}, and before it in the same case: {did}. {amount} yuan{known}."
    ),
    "decided_on_own_family": N_(
        "{staff} judged their own family ({steps}), last on {decided_on}; declared on {declared_on}. {amount} yuan{known}."
    ),
    "evidence_missing": N_("{what}, on {on}."),
    "contact_recorded_late": N_("The contact of {on} was written down on {noted_on}, {days} days later."),
    "contact_text_copied": N_("One text on {count} pairings on {on}, by one helper."),
    "contact_schedule_impossible": N_("{count} visits of one helper on {on}."),
    "backdated_entry": N_("Dated {on}, written down on {recorded_on}, {days} days later: {what}."),
}
ACTS = {
    "survey": N_("survey"),
    "form": N_("application form"),
    "submitted": N_("application"),
    "returned": N_("sent back"),
    "review": N_("review"),
    "rejected": N_("review, rejected"),
    "exception": N_("exception"),
    "approval": N_("approval"),
    "refused": N_("award refused"),
    "suspended": N_("award suspended"),
    "resumed": N_("award resumed"),
    "revoked": N_("award revoked"),
    "reassessed": N_("award reassessed"),
    "difference": N_("difference decided"),
    "taken": N_("objection taken down"),
    "decided": N_("objection decided"),
    "appealed": N_("appeal taken down"),
    "appeal": N_("appeal decided"),
    "clawback": N_("clawback raised"),
    "clawback_withdrawn": N_("clawback withdrawn"),
    "clawback_reversed": N_("clawback reversed"),
    "loan_applied": N_("loan applied for"),
    "loan_approved": N_("loan approved"),
    "loan_refused": N_("loan refused"),
    "loan_disbursed": N_("loan paid out"),
    "prepare": N_("batch prepared"),
    "check": N_("batch checked"),
    "release": N_("batch released"),
}
"""What somebody did in a case, as `did`, `step` and `steps` of a finding name it."""
SEVERITIES = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}
ANSWERS = {"explained": N_("explained"), "corrected": N_("corrected"), "referred": N_("referred on")}
OPEN = N_("not answered")
_BACKDATED = {
    "notice.posted": N_("a notice hung up"),
    "application.submitted": N_("an application handed in"),
    "award.approved": N_("an award approved"),
    "duty.discharged": N_("a duty discharged"),
    "entry.recorded": N_("a survey entry"),
    "student.category_determined": N_("a recognition"),
    "student.enrolment_changed": N_("an enrolment"),
}
"""What was written down late, by topic."""


def message(rule: str, amount_fen: int, known_at_payment: bool | None, facts: dict[str, object]) -> str:
    """The finding in a sentence, without a name."""
    known = _("the school knew it by then") if known_at_payment else _("the school learned of it later")
    if rule in ("same_person_decided_twice", "decided_on_own_family", "duplicate_identity"):
        known = _(", not paid so far") if known_at_payment is None else _(", paid; {known}").format(known=known)
    words: dict[str, object] = {**facts, "amount": yuan(amount_fen), "known": known}
    for name, acts in (("did", ACTS), ("step", ACTS)):
        if rule == "same_person_decided_twice" and name in facts:
            words[name] = _(acts[str(facts[name])])
    for name, of in (("returned", "returned_fen"), ("paid", "paid_fen"), ("award", "award_fen")):
        fen = facts.get(of)
        words[name] = yuan(fen) if isinstance(fen, int) else ""
    words["back"] = _(" Come back so far: {returned} yuan.").format(**words) if facts.get("returned_fen") else ""
    words["steps"] = _joined(_(ACTS[one]) for one in _texts(facts.get("steps")))
    words["gaps"] = _joined(gap_text(one) for one in _texts(facts.get("gaps")))
    words["categories"] = _joined(_texts(facts.get("categories")))
    words["units"] = _joined(_texts(facts.get("units")))
    words |= _WORDS[rule](facts) if rule in _WORDS else {}
    return _(MESSAGES[rule]).format(**words)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _joined(words: Iterable[str]) -> str:
    return "、".join(words)


def _place(row: object) -> str:
    """A row of a file: 综职系.xlsx 第 12 行."""
    if not isinstance(row, dict):
        return ""
    file, sheet = row.get("file") or "", row.get("sheet")
    return _("{file}, row {row}").format(file=f"{file} {sheet}" if sheet else file, row=row.get("row")) if file else ""


def _duplicate(facts: dict[str, object]) -> dict[str, object]:
    rows = facts.get("rows")
    places = [_place(row) for row in rows] if isinstance(rows, list) else []
    return {"rows": _joined(place or _("not from a file") for place in places)}


def _unpaid(facts: dict[str, object]) -> dict[str, object]:
    refused = facts.get("refused_row")
    recorded = _("surveyed, but nobody applied for them") if facts.get("recorded") else _("no survey recorded them")
    said = _("; the row that named them was refused: {place}").format(place=_place(refused)) if refused else ""
    return {"recorded": recorded, "refused_row": said}


def _not_on_list(facts: dict[str, object]) -> dict[str, object]:
    return {"listed": _("and the list says the entitlement has ended") if facts.get("ended") else _("but the list does not name them")}


def _inside(facts: dict[str, object]) -> dict[str, object]:
    if str(facts.get("paid_on")) <= str(facts.get("last_day")):
        return {"hung": _("the list of {step} hung until {last_day}").format(**facts)}
    if facts.get("passed_on"):
        return {"hung": _("the list of {step} let the case pass only on {passed_on}").format(**facts)}
    return {"hung": _("the list of {step} has never let the case pass").format(**facts)}


def _shared(facts: dict[str, object]) -> dict[str, object]:
    students = {*_texts(facts.get("students")), *_texts(facts.get("others"))}
    return {"count": len(students), **_cleared(facts)}


def _cleared(facts: dict[str, object]) -> dict[str, object]:
    return {"cleared": _(" Somebody answered for it before.") if facts.get("cleared_by") else ""}


def _late(facts: dict[str, object]) -> dict[str, object]:
    return {"tried": _(" The bank had turned it back in time.") if facts.get("tried_in_time") else ""}


def _held(facts: dict[str, object]) -> dict[str, object]:
    gone = facts.get("gone_on")
    still = facts.get("still_held_fen")
    if gone:
        return {"gone": _("gone on {day}").format(day=gone)}
    return {"gone": _("{amount} yuan still here").format(amount=yuan(still) if isinstance(still, int) else "")}


def _missing(facts: dict[str, object]) -> dict[str, object]:
    if facts.get("what") == "photo":
        return {"what": _("The notice was completed without the photo that the plan asks for")}
    return {"what": _("A document is named by its SHA-256 alone and was never handed in")}


def _backdated(facts: dict[str, object]) -> dict[str, object]:
    return {"what": _(_BACKDATED[str(facts["topic"])])}


_WORDS: dict[str, Callable[[dict[str, object]], dict[str, object]]] = {
    "account_shared_by_several_students": _shared,
    "account_belongs_to_staff": _cleared,
    "account_name_not_student": _cleared,
    "duplicate_identity": _duplicate,
    "eligible_but_unpaid": _unpaid,
    "paid_but_not_on_list": _not_on_list,
    "paid_inside_notice": _inside,
    "paid_late": _late,
    "money_held_too_long": _held,
    "evidence_missing": _missing,
    "backdated_entry": _backdated,
}
"""Words of a rule's sentence that its facts have to be turned into."""
