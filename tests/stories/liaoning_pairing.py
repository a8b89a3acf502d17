"""Plan S1's year as its demonstration lives it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.liaoning_pairing import CLAIMED, DATA, END, FORMS, PLANS, PairingYear, live_through
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["CLAIMED", "DATA", "END", "FORMS", "PLANS", "TRUTH", "PairingYear", "live"]

TRUTH: dict[str, Any] = json.loads((TRUTHS / "pairing-liaoning" / "truth.json").read_text(encoding="utf-8"))


def live(folder: Path) -> PairingYear:
    """The whole year, on a new rehearsal ledger in `folder`."""
    return live_through(Player(folder / "ledger"))
