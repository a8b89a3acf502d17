"""What a column of a bank's file holds: the layout's own word, which is to be edited, and what it means in the reader's words."""

from __future__ import annotations

from ..i18n import N_, _

HOLDS: dict[str, str] = {
    "number": N_("the line's number"),
    "account": N_("the payee's account"),
    "name": N_("the account's name"),
    "amount": N_("the amount"),
    "purpose": N_("what it is for"),
    "date": N_("the day"),
    "unit": N_("the office's code"),
    "text": N_("the same text in every row"),
    "asked": N_("the amount asked for"),
    "done": N_("the amount moved"),
    "state": N_("what became of it"),
    "code": N_("the bank's code"),
    "reason": N_("the bank's reason"),
    "bank_ref": N_("the bank's reference"),
    "processed_on": N_("the day it was done"),
    "batch": N_("the batch"),
    "returned_on": N_("the day it came back"),
}


def held_in_words(holds: str) -> str:
    """The layout's word with its meaning behind it."""
    return _("{key} ({meaning})").format(key=holds, meaning=_(HOLDS[holds]))
