"""What the refusals of this concept say: pairings, contacts, dropout cases and targets."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "pairing_unknown": (
        N_("There is no pairing {pairing}."),
        N_("See `mingzhang pairing list`."),
    ),
    "pairing_exists": (
        N_("This pairing is recorded already ({pairing})."),
        N_("Replace a helper with `mingzhang pairing replace`."),
    ),
    "pairing_ended": (
        N_("The pairing {pairing} has ended."),
        N_("Establish a new one if help goes on."),
    ),
    "contact_unknown": (
        N_("There is no contact {contact}."),
        N_("See `mingzhang contact list`."),
    ),
    "contact_before_pairing": (
        N_("The contact on {on} lies before the pairing {pairing} began."),
        N_("Check the date of the contact."),
    ),
    "contact_in_future": (
        N_("The contact's date {on} lies in the future."),
        N_("Record it after it has taken place."),
    ),
    "helper_missing": (
        N_("The pairing {pairing} names no helper."),
        N_("Name at least one helper."),
    ),
    "helper_not_in_pairing": (
        N_("{helper} is no helper of the pairing {pairing}."),
        N_("Check the pairing with `mingzhang pairing list`."),
    ),
    "helper_not_named": (
        N_("Whoever is named as 帮扶人 is no helper of the pairing {pairing}."),
        N_("Check the pairing with `mingzhang pairing list`; a helper who took over is recorded with `mingzhang pairing replace`."),
    ),
    "student_not_paired": (
        N_("This student is in no pairing."),
        N_("Record the pairing first, with `mingzhang pairing import` or `mingzhang pairing establish`."),
    ),
    "allocation_unchanged": (
        N_("The unit {unit} has this share already."),
        N_("Nothing needs to be done."),
    ),
    "allocation_impossible": (
        N_("A unit has at least one cadre, and not less than no student."),
        N_("Put the numbers of {unit} right."),
    ),
    "contact_exists": (
        N_("The contact {contact} is recorded already."),
        N_("Correct it if something in it is wrong."),
    ),
}
