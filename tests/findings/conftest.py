"""A journal of the made-up college for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projections.recorded import Recorded


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Recorded]:
    """The made-up college's units and plan, and nothing else."""
    recorded = Recorded(tmp_path)
    recorded.units()
    yield recorded
    recorded.close()
