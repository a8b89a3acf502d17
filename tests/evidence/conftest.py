"""An office whose student's information card is to be filed with a scan, which is a document like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.aid_office import Office, surveyed_office

JPEG = b"\xff\xd8\xff\xe0 synthetic picture of a stamped card " * 40
CARD = ("student", "info-card", "--period", "2020")
ISSUED, FILED, LATER = "2020-07-01", "2020-07-10", "2020-07-20"


@pytest.fixture(scope="session")
def _issued(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = surveyed_office(tmp_path_factory.mktemp("cards"))
    made.done("clerk", *CARD, *(made.student(n) for n in (1, 2, 3)), day=ISSUED)
    return made


@pytest.fixture
def office(_issued: Office, tmp_path: Path) -> Office:
    """The cards of students 1 to 3 are filled in."""
    return _issued.copied_to(tmp_path)


@pytest.fixture
def scan(office: Office) -> Path:
    """A picture; its file is named as offices name them, after the child."""
    file = office.folder / "测试一动态信息卡.jpg"
    file.write_bytes(JPEG)
    return file


def file_card(office: Office, scan: Path, *persons: int) -> None:
    office.done("clerk", *CARD, "--filed", "--scan", scan, *(office.student(n) for n in persons), day=FILED)


def only(office: Office, *words: str, day: str = LATER) -> dict:
    """The one document there is."""
    (found,) = office.done("clerk", "evidence", "list", *words, day=day)
    return dict(found)


def sealed_files(office: Office) -> list[Path]:
    return sorted((office.ledger / "evidence").glob("*/*"))
