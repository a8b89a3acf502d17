"""What the refusals of proof bundles say."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "bundle_of_payment_only": (
        N_("A bundle proves a payment; {event} is none."),
        N_("Name a payment, or prove a single event with `mingzhang prove`."),
    ),
    "bundle_of_several": (
        N_("{payments} payments are meant, and a bundle proves one."),
        N_("See them with `mingzhang trace` without --bundle, and name one."),
    ),
    "bundle_field_unknown": (
        N_("No fact on this payment's trail has sealed a field {field} of the student."),
        N_("Choose among: {fields}; or one kind of fact alone, as in entry.recorded:account."),
    ),
    "bundle_checkpoint_later": (
        N_("The checkpoint in {file} is of log size {size}, later than the {last} that the bundle is made at."),
        N_("Make the bundle without --known-at, or at that size or a later one."),
    ),
    "bundle_not_proved": (
        N_("What the ledger holds does not prove this payment. {details}"),
        N_("Nothing was handed out. Run `mingzhang verify` and show its answer to whoever looks after the ledger."),
    ),
}
