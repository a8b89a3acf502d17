"""Every way in which the rehearsal bank spoils an answer is refused, in both layouts, and nothing at all is recorded."""

from __future__ import annotations

import pytest

from mingzhang.cli.demo import bank_sim
from tests.bank.conftest import ORDER, contents, export, reconcile, size
from tests.cli.aid_office import Office

REFUSED = {
    "count": "bank_file_count_differs",
    "total": "bank_file_total_differs",
    "amount": "bank_file_amount_differs",
    "orphan": "bank_file_line_unknown",
    "duplicate": "bank_file_line_repeated",
    "other-batch": "bank_file_other_batch",
    "name": "bank_file_name_differs",
}
WITH_ROW = {"amount", "orphan", "duplicate", "name"}


def test_every_way_of_spoiling_an_answer_is_tried() -> None:
    assert {*bank_sim.TAMPER} == {"none", *REFUSED}


@pytest.mark.usefixtures("read_either_way")
@pytest.mark.parametrize("profile", ORDER)
@pytest.mark.parametrize("kind", REFUSED)
def test_a_tampered_answer_is_refused_whole(released: Office, profile: str, kind: str) -> None:
    order = export(released, profile)
    words = ("--date", "2020-04-10", "--tamper", kind, "--out", released.folder / "bank")
    [file] = released.done("cashier", "payment", "rehearse", order, *words, day="2020-04-10")["files"]
    before, long = contents(released.ledger), size(released)
    said = released.do("cashier", "payment", "reconcile", file, "--batch", "B1", day="2020-04-11")
    assert (said.code, said.refused) == (1, REFUSED[kind])
    assert (said.document["context"].get("row") is not None) is (kind in WITH_ROW)
    assert said.document["next"]
    assert (contents(released.ledger), size(released)) == (before, long)


@pytest.mark.parametrize("profile", ORDER)
def test_the_answer_nobody_spoiled_is_taken_in(released: Office, profile: str) -> None:
    order = export(released, profile)
    words = ("--date", "2020-04-10", "--out", released.folder / "bank")
    [file] = released.done("cashier", "payment", "rehearse", order, *words, day="2020-04-10")["files"]
    assert reconcile(released, file) == (0, "")
