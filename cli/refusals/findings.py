"""What the refusals of this concept say: audit findings and the answers to them."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "audit_finding_unknown": (
        N_("Nothing is found now under the number {finding}."),
        N_("See `mingzhang findings`; a number once given stays the same as long as the finding does."),
    ),
    "answers_for_oneself": (
        N_("{finding} is about what {staff} did: nobody answers for what they are found to have done themselves."),
        N_("Somebody else of the office answers it."),
    ),
}
