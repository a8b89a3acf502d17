"""The ledger that is attacked is lived once; every attack gets a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.ledger import Victim, copied, lived


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """Nobody changes this one."""
    return lived(tmp_path_factory.mktemp("attacked"))


@pytest.fixture
def victim(untouched: Victim, tmp_path: Path) -> Victim:
    return copied(untouched, tmp_path / "victim")
