"""One practice ledger is filled and backed up once; each test has a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.keeping.ledgers import filled
from tests.stories.player import Player
from tests.stories.practice import copy_of


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return filled(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def player(_filled: Player, tmp_path: Path) -> Player:
    """A ledger with 30 entries."""
    return copy_of(_filled, tmp_path / "ledger")


@pytest.fixture(scope="session")
def _backed_up(_filled: Player, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    ledger = copy_of(_filled, folder / "work" / "ledger")
    ledger.play("backup", "--out", str(folder / "events"))
    ledger.play("backup", "--keys", "--out", str(folder / "elsewhere" / "keys"))
    return folder


@pytest.fixture
def events(_backed_up: Path) -> Path:
    """The backup of that ledger's events; not to be written to."""
    return _backed_up / "events"


@pytest.fixture
def keys(_backed_up: Path) -> Path:
    """The backup of its keys; not to be written to."""
    return _backed_up / "elsewhere" / "keys"
