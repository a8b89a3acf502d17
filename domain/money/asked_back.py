"""追缴: what was asked back and has not come yet; the oldest is returned first."""

from __future__ import annotations

from datetime import date

Asked = tuple[tuple[date, str, int], ...]
"""Since when, by which fact, and how much in fen, oldest first."""


def asked_since(asked: Asked, amount_fen: int) -> tuple[date | None, str]:
    """Since when so much is asked back, and the fact that says so."""
    for day, ref, fen in asked:
        amount_fen -= fen
        if amount_fen <= 0:
            return day, ref
    return None, ""


def still_asked(asked: Asked, amount_fen: int) -> Asked:
    """What is left of it once so much has come."""
    left = []
    for day, ref, fen in asked:
        taken = min(fen, amount_fen)
        amount_fen -= taken
        if fen > taken:
            left.append((day, ref, fen - taken))
    return tuple(left)
