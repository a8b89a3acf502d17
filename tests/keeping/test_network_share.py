"""A ledger is never kept where its write-ahead log is lost, and an office on a plain disk never waits for that to be found out."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import pytest

from mingzhang.cli import network_share
from mingzhang.cli.network_share import kind_in
from tests.stories.player import Player

TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:40 / /mnt/nas rw,relatime shared:5 - nfs4 nas:/volume1 rw,vers=4.2
31 30 254:1 / /mnt/nas/local rw - xfs /dev/vdb rw
32 27 0:41 / /media/公共\040盘 rw - cifs //server/share rw
33 27 0:42 / /media/u/remote rw - fuse.sshfs u@host: rw
34 27 0:43 / /mnt/stick rw - fuseblk /dev/sdb1 rw
35 27 0:44 / /mnt/c rw - 9p C:\134 rw
36 27 0:45 / /mnt/dav rw - fuse.davfs https://pan rw
37 27 0:46 / /mnt/over rw - nfs old:/x rw
38 27 254:2 / /mnt/over rw - ext4 /dev/vdc rw
"""
PLACES = {
    "/srv/ledger": None,
    "/mnt/nas/ledger": "nfs4",
    "/mnt/nas": "nfs4",
    "/mnt/nasty/ledger": None,
    "/mnt/nas/local/ledger": None,
    "/media/公共 盘/账簿": "cifs",
    "/media/u/remote/a/b/c": "fuse.sshfs",
    "/mnt/stick/ledger": None,
    "/mnt/c/Users/ledger": "9p",
    "/mnt/dav/ledger": "fuse.davfs",
    "/mnt/over/ledger": None,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_a_share_or_a_disk_by_the_mount_nearest_above_it(place: str) -> None:
    assert kind_in(TABLE, place) == PLACES[place]


def test_the_root_of_a_container_is_its_own_disk_whatever_it_is_made_of() -> None:
    assert kind_in("27 1 0:3 / / rw - 9p root rw\n", "/srv/ledger") is None


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system says is a network share."""
    folder = tmp_path / "共享"
    folder.mkdir()
    table = tmp_path / "mountinfo"
    escaped = str(folder).replace(" ", "\\040")
    table.write_text(f"27 1 254:0 / / rw - ext4 /dev/vda rw\n30 27 0:40 / {escaped} rw - smb3 //s/x rw\n", encoding="utf-8")
    monkeypatch.setattr(network_share, "MOUNTS", table)
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def test_no_ledger_is_made_on_a_share(share: Path) -> None:
    said = Player(share / "ledger").run("init", "--rehearsal", "--plan", "fuxin-2020")
    assert said.refused == "ledger_on_network_share"
    assert said.document["context"]["share"] == "smb3"
    assert list(share.iterdir()) == []


def test_a_ledger_that_was_moved_to_a_share_is_not_opened(player: Player, share: Path) -> None:
    player.ledger.rename(share / "ledger")
    assert Player(share / "ledger").run("status").refused == "ledger_on_network_share"


def test_a_link_to_a_share_is_seen_through(player: Player, share: Path, tmp_path: Path) -> None:
    player.ledger.rename(share / "ledger")
    (tmp_path / "link").symlink_to(share / "ledger")
    assert Player(tmp_path / "link").run("status").refused == "ledger_on_network_share"


def test_a_backup_may_lie_on_a_share_and_is_restored_from_there_to_a_disk(player: Player, share: Path, tmp_path: Path) -> None:
    player.play("backup", "--out", str(share / "events"))
    assert player.run("restore", str(share / "events"), "--into", str(share / "again")).refused == "ledger_on_network_share"
    assert player.play("restore", str(share / "events"), "--into", str(tmp_path / "again"))["size"] == player.size()


def test_a_computer_with_many_mounts_is_asked_in_less_than_a_millisecond() -> None:
    overlays = (f"{n} 27 0:{n} / /var/lib/containers/{n} rw - overlay overlay rw,lowerdir=/a,upperdir=/b\n" for n in range(100, 1100))
    many = TABLE.split("\n30 ")[0] + "\n" + "".join(overlays)
    started = perf_counter()
    for _ in range(20):
        kind_in(many, "/srv/ledger")
    assert (perf_counter() - started) / 20 < 0.001
