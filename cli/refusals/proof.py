"""What the refusals of this concept say: checkpoints, proofs, bundles, backups and reports."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "event_unknown": (
        N_("There is no event {event} in the log."),
        N_("Name an event as stream@version, as `mingzhang trace` shows it."),
    ),
    "payment_not_found": (
        N_("No payment fits what was given."),
        N_("See `mingzhang payment list`."),
    ),
    "rule_unknown": (
        N_("There is no audit rule {rule}."),
        N_("Choose one of: {rules}."),
    ),
}
