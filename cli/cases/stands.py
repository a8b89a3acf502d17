"""Where an application, a batch or a payment stands, as people say it; programs get the code."""

from __future__ import annotations

from ..i18n import N_, _
from ..refusals.words import WORDS

_RECONCILED = {"reconciled": N_("reconciled")}


def stand_text(stand: object) -> str:
    """The word for a stand in the chosen language; a code without one as it is."""
    code = str(stand)
    return _({**WORDS, **_RECONCILED}.get(code, code))
