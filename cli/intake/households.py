"""A household has a reference that names nobody: keyed, so that without the ledger's keys no name or address can be tried out on it."""

from __future__ import annotations

from mingzhang.domain.vault.vault import Vault

_LENGTH = 20


def household_of(vault: Vault, head: str | None, *place: str | None, number: str | None = None) -> str | None:
    """The household's reference (`h-…`): by its own number (户编号) where an office gives one, else by 户主 at a place (an address, or
    township and village), however the blanks are set. None where neither is known: a name alone is no household."""
    if number:
        return _reference(vault, "number", number)
    at = ["".join((part or "").split()) for part in place]
    if not head or not any(at):
        return None
    return _reference(vault, "head", "".join(head.split()), *at)


def _reference(vault: Vault, *parts: str) -> str:
    return "h-" + vault.digest("household", *parts)[:_LENGTH]
