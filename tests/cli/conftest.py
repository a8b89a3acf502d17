"""Offices for tests: made once, copied for each test, so that a story costs only its own commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.aid_office import Office, approve_all, bank_answer, export, fund, release, surveyed_office


@pytest.fixture(scope="session")
def _surveyed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return surveyed_office(tmp_path_factory.mktemp("surveyed"))


@pytest.fixture(scope="session")
def _awarded(_surveyed: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _surveyed.copied_to(tmp_path_factory.mktemp("awarded"))
    approve_all(office)
    fund(office)
    return office


@pytest.fixture(scope="session")
def _released(_awarded: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _awarded.copied_to(tmp_path_factory.mktemp("released"))
    release(office)
    return office


@pytest.fixture(scope="session")
def _answered(_released: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Student 2's payment failed, the others were paid."""
    office = _released.copied_to(tmp_path_factory.mktemp("answered"))
    answer = bank_answer(export(office), {"6299000000000023": "失败"})
    office.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    return office


@pytest.fixture
def surveyed(_surveyed: Office, tmp_path: Path) -> Office:
    """Four students are surveyed."""
    return _surveyed.copied_to(tmp_path)


@pytest.fixture
def awarded(_awarded: Office, tmp_path: Path) -> Office:
    """All four have the grant, and the fund F1 holds 10,000 yuan."""
    return _awarded.copied_to(tmp_path)


@pytest.fixture
def released(_released: Office, tmp_path: Path) -> Office:
    """The batch B1 with students 1 to 3 is released."""
    return _released.copied_to(tmp_path)


@pytest.fixture
def answered(_answered: Office, tmp_path: Path) -> Office:
    """The bank has answered B1: student 2's payment failed."""
    return _answered.copied_to(tmp_path)
