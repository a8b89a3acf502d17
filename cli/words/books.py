"""What moved in a fund, and the lines of a month's figures, in the reader's language."""

from __future__ import annotations

from ..i18n import N_, _

_STEPS = {
    "opening": N_("at the beginning"),
    "taken_over": N_("opening balance taken over"),
    "arrived": N_("arrived"),
    "reserved": N_("set aside for a batch"),
    "paid": N_("paid by the bank"),
    "released": N_("given free again"),
    "restored": N_("came back"),
    "held_for_payee": N_("owed to a payee who had handed it in"),
    "returned": N_("returned upward"),
    "reversed": N_("reversal"),
    "closing": N_("at the end"),
}


def step_words(step: str) -> str:
    """A step or line by its name in the field; one unknown here is named as it is."""
    return _(_STEPS[step]) if step in _STEPS else step
