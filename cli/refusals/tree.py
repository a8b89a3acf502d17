"""What the refusals of the hash tree and of a ledger's format say."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "ledger_needs_upgrade": (
        N_("The ledger was written in format {format}; this version works in format {supported}."),
        N_("Copy the whole folder, then have an administrator run `mingzhang upgrade`: no event is touched."),
    ),
    "upgrade_needs_administrator": (
        N_("Only an administrator can upgrade this ledger."),
        N_("Run it with `mingzhang --as` and the staff id of one of these: {administrators}."),
    ),
    "log_not_continued": (
        N_("What is to be appended does not continue this log at leaf {leaf}."),
        N_("Take the rest of the same log, from where this one ends, whole and in its order."),
    ),
    "log_key_enrolled": (
        N_("This log has a key for its checkpoints already, and it is another one."),
        N_("Bring back the newest backup of `keys/` that belongs to this ledger."),
    ),
}
