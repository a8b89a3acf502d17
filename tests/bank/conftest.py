"""An office whose batch is released, made once and copied for each test."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mingzhang.cli.bank import reading
from tests.cli.aid_office import Office, approve_all, fund, release, surveyed_office

ORDER = {"csv-gb18030": ".csv", "pipe": ".txt"}


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = surveyed_office(tmp_path_factory.mktemp("released"))
    approve_all(office)
    fund(office)
    release(office)
    return office


@pytest.fixture
def released(_released: Office, tmp_path: Path) -> Office:
    """The batch B1 with students 1 to 3 is released."""
    return _released.copied_to(tmp_path)


@pytest.fixture(params=["here", "beside"])
def read_either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the answer is read by this process or, as a large one is, by a second one."""
    if request.param == "beside":
        monkeypatch.setattr(reading, "LARGE_BYTES", 0)
    return str(request.param)


def export(office: Office, profile: str = "csv-gb18030", *words: object, day: str = "2020-04-02") -> Path:
    """The bank file of B1, in the office's own folder."""
    said = office.done("cashier", "payment", "export", "B1", "--bank-profile", profile, "--out", office.folder, *words, day=day)
    return Path(said["file"])


def reconcile(office: Office, file: Path, *words: object, day: str = "2020-04-11") -> tuple[int, str]:
    """Exit code and code of the refusal."""
    said = office.do("cashier", "payment", "reconcile", file, "--batch", "B1", *words, day=day)
    return said.code, said.document.get("refused", "")


def contents(folder: Path) -> dict[str, str]:
    """Every file of a ledger with the hash of its bytes; what is derived may change whenever a question is asked."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("projections.db") and not path.name.endswith(("-shm", "-wal"))
    }


def size(office: Office) -> int:
    """How long the log is."""
    return int(office.done("inspector", "status", day="2020-06-30")["size"])
