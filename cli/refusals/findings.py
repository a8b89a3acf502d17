"""What the refusals of this concept say: audit findings and the answers to them."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "audit_finding_gone": (
        N_("{finding} ({rule}) was answered on {answered_on}, and the facts no longer show it."),
        N_(
            "`mingzhang finding show {finding} --on {answered_on} --known-at {size}` shows it as it was; "
            "`mingzhang trace {event}` the answer."
        ),
    ),
    "audit_finding_unknown": (
        N_("Nothing is found now under the number {finding}."),
        N_("See `mingzhang findings`; a number once given stays the same as long as the finding does."),
    ),
    "answers_for_oneself": (
        N_("{finding} is about what {staff} did: nobody answers for what they are found to have done themselves."),
        N_("Somebody else of the office answers it."),
    ),
}
