"""Plan S5's term as its demonstration lives it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.hunan_tutoring import DATA, END, LISTED, TERM, TutoringTerm, live_through
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["DATA", "END", "LISTED", "TERM", "TRUTH", "TutoringTerm", "live"]

TRUTH: dict[str, Any] = json.loads((TRUTHS / "tutoring-2023" / "truth.json").read_text(encoding="utf-8"))


def live(folder: Path) -> TutoringTerm:
    """The whole term, on a new rehearsal ledger in `folder`."""
    return live_through(Player(folder / "ledger"))
