"""A vault to test with: in a folder of its own, with a master key made for the test, and nobody real in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingzhang.domain.vault import Vault

MASTER_KEY = bytes(range(32))


@pytest.fixture
def vault_path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


@pytest.fixture
def vault(vault_path: Path) -> Iterator[Vault]:
    made = Vault.create(vault_path, MASTER_KEY, os.urandom)
    yield made
    made.close()


@pytest.fixture
def master_key() -> bytes:
    return MASTER_KEY
