"""Plan S3's year beside plan S2 in one ledger, as its demonstration lives it, on a quiet stage."""

from __future__ import annotations

from pathlib import Path

from mingzhang.cli.demo.city_education import PLANS
from tests.stories.taian_actions import ProgrammeYear
from tests.stories.taian_actions import live as live_actions

__all__ = ["PLANS", "live"]


def live(folder: Path) -> ProgrammeYear:
    """The whole year of both plans."""
    return live_actions(folder, *PLANS)
