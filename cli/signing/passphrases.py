"""The passphrase of a signing key comes from the environment or is typed unseen; never from the command line, where others see it."""

from __future__ import annotations

import os
import secrets
import sys

import click

from mingzhang.domain.refusal import Refused

from ..i18n import _

TO_SIGN = "MINGZHANG_SIGNING_PASSPHRASE"
NEW = "MINGZHANG_SIGNING_PASSPHRASE_NEW"
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, which are not mistaken for digits
_GROUPS, _EACH = 5, 4  # 100 bits


def passphrase_to_sign(staff: str) -> str | None:
    """What opens somebody's key; None where nobody can be asked."""
    given = os.environ.get(TO_SIGN)
    if given or not _somebody_is_there():
        return given or None
    return str(click.prompt(_("Passphrase of the signing key of {staff}").format(staff=staff), hide_input=True, err=True))


def new_passphrase(staff: str) -> tuple[str, bool]:
    """A passphrase for somebody's new key, and whether it was made up here and has to be told, once."""
    given = os.environ.get(NEW)
    if given:
        return given, False
    if _somebody_is_there():
        asked = _("Passphrase for the new signing key of {staff} (leave it empty to have one made)").format(staff=staff)
        typed = _typed(asked, default="")
        if typed.strip():
            return typed, False
    return made_up(), True


def own_new_passphrase(staff: str) -> str:
    """A passphrase for one's own new key, chosen by nobody else. Refused `signing_passphrase_new_needed` where nobody can be asked: one
    made up here would be lost with the answer, and with it perhaps the only administrator's key."""
    given = os.environ.get(NEW)
    if not given and not _somebody_is_there():
        raise Refused("signing_passphrase_new_needed", staff=staff)
    return given or _typed(_("Passphrase for the new signing key of {staff}").format(staff=staff))


def _typed(asked: str, default: str | None = None) -> str:
    return str(click.prompt(asked, default=default, show_default=False, hide_input=True, confirmation_prompt=True, err=True))


def made_up() -> str:
    """A passphrase nobody has chosen: five groups of four letters and digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(_EACH)) for _group in range(_GROUPS))


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
