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
    "checkpoint_malformed": (
        N_("{file} is no checkpoint."),
        N_("Give a file as `mingzhang checkpoint` writes it."),
    ),
    "checkpoint_of_other_ledger": (
        N_("{file} is a checkpoint of another ledger ({origin})."),
        N_("Give a checkpoint of this ledger."),
    ),
    "backup_malformed": (
        N_("{file} is no backup of a ledger."),
        N_("Give a file as `mingzhang backup` writes it."),
    ),
    "report_unknown": (
        N_("There is no report {report}."),
        N_("Choose one of: {reports}."),
    ),
    "form_unknown": (
        N_("There is no form {form}."),
        N_("Choose one of: {forms}."),
    ),
    "rule_unknown": (
        N_("There is no audit rule {rule}."),
        N_("Choose one of: {rules}."),
    ),
    "projections_of_other_ledger": (
        N_("The derived tables belong to another ledger."),
        N_("Run `mingzhang rebuild`."),
    ),
}
