"""What the tests of this folder need of the machine."""

from __future__ import annotations

import pytest

from tests.faults.boundaries import need_strace


@pytest.fixture(scope="session")
def strace() -> None:
    need_strace()
