"""Plan S4's summer as its demonstration lives it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.sunan_2022 import ABOUT, DATA, DUTIES, Lived, live_through
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["ABOUT", "DATA", "DUTIES", "TRUTH", "Lived", "live"]

TRUTH: dict[str, Any] = json.loads((TRUTHS / "sunan-2022" / "truth.json").read_text(encoding="utf-8"))


def live(folder: Path) -> Lived:
    """The whole summer, on a new rehearsal ledger in `folder`."""
    return live_through(Player(folder / "ledger"))
