"""Why something is due or not due any more, and what was decided about it, in words."""

from __future__ import annotations

from ..i18n import N_, _

REASONS = {
    "paid_while_not_enrolled": N_("not enrolled on the pay day"),
    "entry_withdrawn": N_("the survey entry was withdrawn"),
    "category_ended": N_("in no category any more when the period began"),
    "award_revoked": N_("the award was revoked"),
    "objection_upheld": N_("an objection was upheld"),
    "award_reassessed": N_("the award was reassessed"),
    "plan_amended": N_("the plan was amended"),
    "basis_corrected": N_("the survey entry or form was corrected"),
    "does_not_stack_with_earlier": N_("an earlier award of the same person does not let this one stand beside it"),
    "identity_merged": N_("two files were one person"),
    "clawback_unfounded": N_("the reason for asking it back has gone"),
}
REMEDIES = {
    "claw-back": N_("asked back"),
    "top-up": N_("paid after"),
    "let-stand": N_("let stand"),
}


def reason_text(code: str) -> str:
    return _(REASONS[code]) if code in REASONS else code


def remedy_text(remedy: str | None) -> str:
    """Empty where nothing was decided."""
    return _(REMEDIES[remedy]) if remedy else ""
