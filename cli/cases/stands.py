"""Where an application, a batch or a payment stands, as people say it; programs get the code."""

from __future__ import annotations

from mingzhang.domain.money.payment import Payment

from ..i18n import N_, _
from ..output import yuan
from ..refusals.words import PAYMENT_WORDS, WORDS

_RECONCILED = {"reconciled": N_("reconciled")}


def stand_text(stand: object) -> str:
    """The word for a stand in the chosen language; a code without one as it is."""
    code = str(stand)
    return _({**WORDS, **_RECONCILED}.get(code, code))


def payment_stand_text(stand: object) -> str:
    """The same of a payment, of which some codes mean something else than of an application."""
    code = str(stand)
    return _(PAYMENT_WORDS[code]) if code in PAYMENT_WORDS else stand_text(code)


def kept_text(state: Payment) -> str:
    """What the payee has of a payment over all its attempts; what is being asked back and what is still owed, where there is any."""
    asked_fen = min(state.clawback_fen - state.clawed_back_fen, state.paid_fen)
    owed_fen = state.wanted_fen - state.paid_fen if state.reissuable else 0
    if state.paid_fen < 0:
        said = _("nothing stays paid; {own} yuan had been handed in by the payee before the bank brought it back: {owed} yuan are owed.")
        return said.format(own=yuan(-state.paid_fen), owed=yuan(owed_fen))
    amounts = {"paid": yuan(state.paid_fen), "asked": yuan(asked_fen), "owed": yuan(owed_fen)}
    if asked_fen > 0 and owed_fen:
        said = _("{paid} yuan stay paid, of which {asked} yuan are asked back and not yet in; {owed} yuan are still owed.")
    elif asked_fen > 0:
        said = _("{paid} yuan stay paid, of which {asked} yuan are asked back and not yet in.")
    elif owed_fen:
        said = _("{paid} yuan stay paid, {owed} yuan are still owed.")
    else:
        said = _("{paid} yuan stay paid.")
    return said.format(**amounts)
