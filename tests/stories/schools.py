"""The schools' year of plans S2 and S3 as the demonstrations live it, on a quiet stage, and the truth it must end with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.city_education import PLANS
from mingzhang.cli.demo.schools import CASES, PAIRS, SchoolYear, live_schools
from mingzhang.cli.demo.taian_actions import open_ledger
from tests.conftest import TRUTHS
from tests.stories.player import Player

__all__ = ["CASES", "PAIRS", "TRUTH", "SchoolYear", "live"]

TRUTH: dict[str, Any] = json.loads((TRUTHS / "actions-taian" / "truth.json").read_text(encoding="utf-8"))


def live(folder: Path) -> SchoolYear:
    """The whole year of the schools, on a new rehearsal ledger in `folder` that has adopted both plans."""
    stage = Player(folder / "ledger")
    open_ledger(stage, *PLANS)
    return live_schools(stage)
