"""The roles of a ledger in the reader's language, and the steps that are kept apart: whoever did one does not do the next."""

from __future__ import annotations

from ..i18n import N_, _

ROLES: dict[str, str] = {
    "administrator": N_("administrator"),
    "surveyor": N_("surveyor"),
    "clerk": N_("clerk"),
    "applicant-clerk": N_("applicant clerk"),
    "reviewer": N_("reviewer"),
    "second-reviewer": N_("second reviewer"),
    "approver": N_("approver"),
    "treasurer": N_("treasurer"),
    "preparer": N_("preparer"),
    "checker": N_("checker"),
    "releaser": N_("releaser"),
    "cashier": N_("cashier"),
    "helper-clerk": N_("helper clerk"),
    "inspector": N_("inspector"),
    "privacy-officer": N_("privacy officer"),
}
_STEPS: dict[str, str] = {
    "check": N_("the check"),
    "release": N_("the release"),
    "decision": N_("the decision"),
    "reassessment": N_("the reassessment"),
    "difference": N_("the decision on a difference"),
    "clawback_reversed": N_("the reversal of a clawback"),
    "clawback_withdrawn": N_("the withdrawal of a clawback"),
    "loan": N_("the decision on the loan"),
    "disbursement": N_("the disbursement"),
}


def role_and_code(role: str) -> str:
    """The word and the code, which is what commands take; the code alone where both are the same."""
    word = _(ROLES.get(role, role))
    return role if word == role else f"{word} {role}"


def separated_step_words(step: str) -> str:
    """A plan's own steps are named as the plan names them."""
    return _(_STEPS[step]) if step in _STEPS else step
