"""The year is lived once for all tests of this folder, which only ask."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.stories.fuxin_2020 import Year, live


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with redirect_stdout(StringIO()):
        lived = live(tmp_path_factory.mktemp("year"))
    yield lived
