"""Days are counted in China's one time zone: no summer time since 1991, before any record here, hence no need of time-zone files."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of_record(recorded_at: str) -> date:
    """The day in China of an instant as the log stores it (RFC 3339)."""
    return datetime.fromisoformat(recorded_at).astimezone(CHINA).date()
