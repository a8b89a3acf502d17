"""Plan S2's year of targets as its demonstration lives it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.taian_actions import YEAR_END, ProgrammeYear, live_through
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["PROGRESS", "REPORTS", "YEAR_END", "ProgrammeYear", "indicators", "live", "told_of"]

PROGRESS: dict[str, Any] = json.loads((TRUTHS / "actions-taian" / "truth.json").read_text(encoding="utf-8"))["progress"]
REPORTS = {"月调度": "monthly", "季汇总": "quarterly", "半年通报": "half-yearly"}


def live(folder: Path, *plans: str) -> ProgrammeYear:
    """The year on a new rehearsal ledger; the first plan opens it, the others are adopted in January."""
    return live_through(Player(folder / "ledger"), *plans)


def indicators(plan: str | None = None) -> list[dict[str, Any]]:
    """The truth about a plan's indicators (S2, S3), or about all."""
    return [row for row in PROGRESS["targets"] if plan in (None, row["plan"])]


def told_of(rows: list[dict[str, Any]], plan: str | None) -> list[dict[str, Any]]:
    """Rows of the truth about the plan's indicators only."""
    named = {row["indicator"] for row in indicators(plan)}
    return [row for row in rows if row["indicator"] in named]
