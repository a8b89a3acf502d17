"""One office that has paid three students, made once; the bundles of its payments, made once; every test works on copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bundle.bundles import Made, make
from tests.cli.aid_office import Office, approve_all, bank_answer, export, fund, release, surveyed_office


@pytest.fixture(scope="session")
def paid_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Not to be changed. Student 2's payment failed, 1 and 3 are paid."""
    office = surveyed_office(tmp_path_factory.mktemp("paid"))
    approve_all(office)
    fund(office)
    release(office)
    answer = bank_answer(export(office), {"6299000000000023": "失败"})
    office.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    return office


@pytest.fixture
def office(paid_office: Office, tmp_path: Path) -> Office:
    return paid_office.copied_to(tmp_path / "office")


@pytest.fixture(scope="session")
def shut(paid_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A bundle that shows nothing in plain."""
    return make(paid_office.copied_to(tmp_path_factory.mktemp("shut")))


@pytest.fixture(scope="session")
def shown(paid_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A bundle of the same payment that shows the name, and the account out of the survey."""
    return make(paid_office.copied_to(tmp_path_factory.mktemp("shown")), "--only", "name", "--only", "entry.recorded:account")
