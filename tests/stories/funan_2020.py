"""Plan S6's year as its demonstration lives it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.funan_2020 import SCHEMES, Lived, about, live_through
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["SCHEMES", "TRUTH", "Lived", "about", "live"]

TRUTH: dict[str, Any] = json.loads((TRUTHS / "funan-2020" / "truth.json").read_text(encoding="utf-8"))


def live(folder: Path) -> Lived:
    """From the applications to the money, on a new rehearsal ledger in `folder`."""
    return live_through(Player(folder / "ledger"))
