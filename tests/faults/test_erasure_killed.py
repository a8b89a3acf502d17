"""An erasure that is killed at any of its writes has either not happened or is finished by the next command that opens the keys: the fact
comes first, then the key and the tokens go, then the files, and nothing of the person can be read in any file of the ledger's folder.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.aid_office import Office, approve_all, fund, release, surveyed_office
from tests.faults import whole
from tests.faults.boundaries import journal_and_vault, killed_before, writes_of
from tests.privacy.desk import LATER, files_with, paid, said_of, wrapped_key_of
from tests.stories.player import Player
from tests.stories.practice import command

PHOTO = b"\xff\xd8\xff\xe0 Exif: a photo that shows the student alone" * 40
WHEN = f"{LATER}T18:00:00"
PART, PARTS = range(8), 8

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("strace")]


@dataclass(frozen=True)
class Template:
    """An office in which the student was paid by a file that lies in the ledger's folder, with a scan that shows nobody else."""

    office: Office
    person: str
    texts: frozenset[str]
    secrets: tuple[bytes, ...]

    def copied_to(self, folder: Path) -> Office:
        return self.office.copied_to(folder)

    def line(self, office: Office) -> list[str]:
        words = ("student", "erase", self.person, "--reason", "监护人书面申请删除")
        return command(Player(office.ledger), *words, actor="privacy-officer", at=WHEN)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = surveyed_office(tmp_path_factory.mktemp("erasing"))
    approve_all(office)
    fund(office)
    release(office)
    person = office.student(1)
    scan = office.folder / "scan.jpg"
    scan.write_bytes(PHOTO)
    day, card = "2020-04-02", ("student", "info-card", person, "--period", "2020-spring")
    office.done("clerk", *card, day=day)
    office.done("clerk", *card, "--filed", "--scan", scan, day=day)
    paid(office)
    for number in range(300):  # the file of a large batch is not overwritten in one page
        with next((office.ledger / "exports").glob("*.csv")).open("ab") as file:
            file.write(f"{number}".encode().zfill(100) + b"\n")
    return Template(office, person, frozenset(said_of(office, person)), tuple(wrapped_key_of(office, person)))


def changed(ledger: Path) -> list[Path]:
    """Every file that an erasure changes and no replay makes again: of the log, the keys, the bank's file and the scan."""
    files = [file for name in ("exports", "evidence") for file in (ledger / name).rglob("*") if file.is_file()]
    return [*journal_and_vault(ledger), *files, *{file.parent for file in files}]


@pytest.fixture(scope="module")
def writes(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    office = template.copied_to(tmp_path_factory.mktemp("counted"))
    counted = writes_of(template.line(office), changed(office.ledger))
    assert files_with([office.ledger], template.texts, template.secrets) == {}
    assert counted["pwrite64"] > 40 and counted["unlink"] + counted["unlinkat"] > 1, counted
    return counted


@pytest.mark.parametrize("part", PART)
def test_an_erasure_killed_before_any_of_its_writes_is_finished_by_the_next_opening(
    template: Template, writes: Counter[str], tmp_path: Path, part: int
) -> None:
    boundaries = [(call, number) for call, count in sorted(writes.items()) for number in range(1, count + 1)]
    missed, finished = [], 0
    for call, number in boundaries[part::PARTS]:
        office = template.copied_to(tmp_path / f"{call}-{number}")
        if not killed_before(template.line(office), changed(office.ledger), call, number):
            missed.append((call, number))
        player = Player(office.ledger)
        player.play("status", actor="clerk", at=f"{LATER}T19:00:00")
        erased = [one["persons"] for one in player.play("student", "erasures", actor="clerk", at=f"{LATER}T19:01:00")]
        left = files_with([office.ledger], template.texts, template.secrets)
        kept = sorted(path.suffix for name in ("exports", "evidence") for path in (office.ledger / name).rglob("*.*"))
        if erased:
            finished += 1
            assert (erased, left, kept) == ([[template.person]], {}, [".txt"]), (call, number)
        else:
            assert left and kept == [".csv", ".sealed", ".txt"], (call, number)
        assert whole.problems(office.ledger) == [], (call, number)
    assert missed == []
    assert finished
