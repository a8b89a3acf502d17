"""What an older format recorded before anybody signed is proved to be in the log, and is not said to be signed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bundle.bundles import DAY, Made, examined
from tests.cli.aid_office import SPRING, Office, approve_all, fund, release
from tests.conftest import TRUTHS


def upgraded(folder: Path) -> Office:
    """A ledger of format 1 with a survey in it, brought up to date; from then on its people sign."""
    office = Office(folder)
    shutil.copytree(TRUTHS / "format-1" / "rehearsal", office.ledger)
    office.ledger.joinpath("keys").chmod(0o700)
    office.ledger.joinpath("keys", "master.key").chmod(0o600)
    office.done("administrator", "upgrade", day="2020-03-10")
    return office


def test_a_payment_over_the_upgrade_is_proved_with_what_was_signed_and_what_was_not(tmp_path: Path) -> None:
    office = upgraded(tmp_path)
    approve_all(office)
    fund(office, "900000")
    release(office)
    (first, *_others) = office.done("inspector", "payment", "list", *SPRING[:2], day=DAY)
    said = office.done("inspector", "trace", first["payment"], "--bundle", tmp_path / "x.zip", day=DAY)
    made = Made(office, tmp_path / "x.zip", said["bundle"])
    bundle, findings = examined(made.file)
    assert bundle is not None and findings.problems == []
    stands = {transaction.header.leaf: transaction.stands for transaction in bundle.transactions.values()}
    begun = bundle.log.signing_from
    assert begun > 0 and {one for leaf, one in stands.items() if leaf < begun} == {"unsigned"}
    assert {one for leaf, one in stands.items() if leaf >= begun} == {"signed"}
    assert {"unsigned_allowed"} <= {point.code for point in findings.remarks}
    (vouched,) = [point.context for point in findings.proved if point.code == "vouched"]
    assert vouched["size"] > begun  # whoever signed later had seen all of it
