"""What lies on the disk of an office, and what of a person can be read there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mingzhang.cli.options import Globals
from mingzhang.cli.privacy.erasing import standing_of_person
from mingzhang.cli.privacy.plaintexts import plaintexts
from mingzhang.cli.session import Session
from tests.cli.aid_office import ACCOUNTS, Office, bank_answer, export
from tests.stories.in_the_open import unpacked
from tests.workbooks.made_up import number_of

LATER = "2021-01-02"
CLASSES = ("vouchers", "bank-statements", "aid-files", "student-files", "loan-files", "help-records", "office-records")


def keep_no_longer(office: Office, day: str = "2020-07-01") -> None:
    """The office decides that nothing is kept beyond its year."""
    for one in CLASSES:
        office.done("privacy-officer", "retention", "set", one, 0, "--basis", "测试", day=day)


def paid(released: Office) -> Office:
    """The bank file lies in the ledger's own folder, and the bank has paid everybody in it."""
    said = released.done("cashier", "payment", "export", "B1", "--bank-profile", "csv-gb18030", day="2020-04-02")
    order = Path(said["file"])
    answer = bank_answer(order, {})
    outside = released.folder / answer.name
    answer.rename(outside)
    released.done("cashier", "payment", "reconcile", outside, "--batch", "B1", day="2020-04-11")
    keep_no_longer(released)
    return released


def erase(office: Office, person: str, *more: str, day: str = LATER) -> Any:
    return office.done("privacy-officer", "student", "erase", person, "--reason", "监护人书面申请删除", *more, day=day)


def said_of(office: Office, person: str) -> set[str]:
    """Every text of two characters or more that the ledger has sealed about the person, and their number and account."""
    with Session(Globals(str(office.ledger), None, "zh", True, True, None)) as session:
        fields = plaintexts(session, standing_of_person(session, (person,)).leaves, (person,))
    return {text for texts in fields.values() for text in texts if len(text) > 2}


def wrapped_key_of(office: Office, person: str) -> list[bytes]:
    """What the vault keeps of the person: the wrapped key and the tokens."""
    connection = sqlite3.connect(office.ledger / "keys" / "vault.db")
    found = connection.execute("SELECT wrapped_key FROM persons WHERE subject = ?", (person,)).fetchall()
    found += connection.execute("SELECT token FROM tokens WHERE subject = ?", (person,)).fetchall()
    connection.close()
    return [bytes(row[0]) for row in found if row[0] is not None]


def files_with(folders: Iterable[Path], texts: Iterable[str], secrets: Iterable[bytes] = ()) -> dict[str, list[str]]:
    """Which files below these folders hold one of the texts, in any encoding an office uses, or one of the secrets."""
    wanted = [(text, {text.encode(), text.encode("gb18030"), text.encode("utf-16-le")}) for text in texts]
    wanted += [(secret.hex(), {secret}) for secret in secrets]
    found: dict[str, list[str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = unpacked(path.read_bytes())
                here = [name for name, forms in wanted if any(form in content for form in forms)]
                if here:
                    found[path.relative_to(folder).as_posix()] = here
    return found


def killed(does: Callable[[], object]) -> None:
    """Does it in a process of its own, which must not come to the end of it."""
    child = os.fork()
    if child == 0:
        try:
            does()
        finally:
            os._exit(0)  # it was not killed
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED


KILLED = 9


def die(*_given: object, **_named: object) -> None:
    """As a process that is killed: nothing is tidied up."""
    os._exit(KILLED)


__all__ = [
    "ACCOUNTS",
    "KILLED",
    "LATER",
    "die",
    "erase",
    "export",
    "files_with",
    "keep_no_longer",
    "killed",
    "number_of",
    "paid",
    "said_of",
]
