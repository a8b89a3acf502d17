"""Each plan's year is lived once for all tests of this folder, which only ask."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from io import StringIO
from typing import Any

import pytest

from tests.stories.fuxin_2020 import Year

Lives = Callable[[str], Any]


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """What `live` of a module of this folder gave, by the module's name."""

    @cache
    def lived(story: str) -> Any:
        with redirect_stdout(StringIO()):
            return import_module(f"tests.stories.{story}").live(tmp_path_factory.mktemp(story))

    return lived


@pytest.fixture(scope="session")
def year(lives: Lives) -> Year:
    lived = lives("fuxin_2020")
    assert isinstance(lived, Year)
    return lived
