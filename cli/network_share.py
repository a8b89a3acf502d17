"""A ledger lies on a disk of the computer that works in it: on a network share two writers do not see each other's log, and it is lost.

SQLite's write-ahead log needs memory that all its readers and writers share, which no share over a network gives
(https://www.sqlite.org/wal.html). A backup may lie on one, since a backup is written once and by one program only.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from mingzhang.domain.refusal import Refused

MOUNTS = Path("/proc/self/mountinfo")  # Linux: proc(5)

_KINDS = (
    "9p|afpfs|afs|beegfs|ceph|cifs|coda|davfs|davfs2|gfs2|gpfs|glusterfs|lustre|ncpfs|ncp|nfs|nfs4|ocfs2|orangefs|prl_fs|pvfs2|smb|smb2|smb3"
    "|smbfs|vboxsf|vmhgfs|webdav|drvfs|fuse\\.(?:afp|afuse|ceph|ceph-fuse|curlftpfs|davfs|davfs2|gcsfuse|glusterfs|gvfsd-fuse|juicefs|lizardfs"
    "|mfs|moosefs|mountpoint-s3|onedriver|portal|prl_fsd|rclone|s3fs|seadrive|smbnetfs|sshfs|vmhgfs-fuse|webdavfs|wdfs)"
)
_SHARED = re.compile(rf" - ({_KINDS}) ")
_OCTAL = re.compile(r"\\([0-7]{3})")
_DRIVE_REMOTE = 4  # GetDriveTypeW
_MNT_LOCAL = 0x1000  # macOS, sys/mount.h


def refuse_network_share(ledger: Path) -> None:
    """Refuses `ledger_on_network_share` (ledger, share) for a folder that lies on one, be it there yet or not."""
    kind = network_kind(ledger)
    if kind is not None:
        raise Refused("ledger_on_network_share", ledger=str(ledger), share=kind)


def network_kind(folder: Path) -> str | None:
    """What kind of share the folder lies on, such as `nfs4`; None for a disk, and where the system does not tell."""
    there = os.path.realpath(folder)
    while not os.path.exists(there) and os.path.dirname(there) != there:
        there = os.path.dirname(there)
    try:
        if sys.platform == "win32":
            return _on_windows(there)
        if sys.platform == "darwin":
            return _on_macos(there)
        return kind_in(MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"), there)
    except OSError:
        return None


def kind_in(mounts: str, path: str) -> str | None:
    """The kind of share that a mount table (proc(5), mountinfo) says `path` lies on: that of the longest mount point above it, a later
    line covering an earlier one. A root file system counts as the computer's own, whatever it is: a container may have it by 9p."""
    if not _SHARED.search(mounts):  # most computers have none, and are told so at the cost of one look
        return None
    best, found = "", None
    for line in mounts.splitlines():
        parts = line.split(" ", 5)
        if len(parts) < 6:
            continue
        point = _OCTAL.sub(lambda byte: chr(int(byte[1], 8)), parts[4]) if "\\" in parts[4] else parts[4]
        above = point if point.endswith("/") else point + "/"
        if len(above) >= len(best) and (path + "/").startswith(above):
            kind = _SHARED.search(line)
            best, found = above, kind[1] if kind else None
    return None if best == "/" else found


if sys.platform == "win32":

    def _on_windows(there: str) -> str | None:
        import ctypes

        drive, _path = os.path.splitdrive(there)
        if drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\")):
            return "unc"
        remote = ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE
        return "mapped-drive" if remote else None

else:

    def _on_windows(there: str) -> str | None:
        raise OSError("not Windows")


def _on_macos(there: str) -> str | None:
    """Reads two fields of `struct statfs`: f_flags at byte 64, f_fstypename (16 bytes) at byte 72, as since macOS 10.6."""
    import ctypes

    about = ctypes.create_string_buffer(4096)
    library = ctypes.CDLL(None, use_errno=True)
    statfs = getattr(library, "statfs$INODE64", None) or library.statfs
    if statfs(os.fsencode(there), about) != 0:
        raise OSError(ctypes.get_errno(), "statfs")
    local = int.from_bytes(about.raw[64:68], sys.byteorder) & _MNT_LOCAL
    return None if local else about.raw[72:88].split(b"\0")[0].decode("ascii", "replace")
