"""Bundles as a test handles them: made by the command, taken apart, put together again, and checked in this process or by a bare Python."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingzhang.cli.bundle.assembling import checker_source, words
from mingzhang.cli.bundle.checker.check import Asked, check, exit_code
from mingzhang.cli.bundle.checker.found import Findings
from mingzhang.cli.bundle.checker.manifest import manifest_bytes
from mingzhang.cli.bundle.checker.opening import MANIFEST
from mingzhang.cli.bundle.checker.signatures import Tool, find_tool
from mingzhang.cli.bundle.checker.telling import Bundle
from tests.cli.aid_office import Office

DAY = "2020-06-30"
BARE = (sys.executable, "-I", "-S")
"""This Python as on a machine where nothing is installed: no site-packages, so neither cryptography nor mingzhang."""


@dataclass(frozen=True)
class Made:
    """What `trace --bundle` gave: the office it was made in, the file, its part of the JSON document."""

    office: Office
    file: Path
    document: dict[str, Any]

    @property
    def files(self) -> dict[str, bytes]:
        return unpacked(self.file)

    @property
    def payment(self) -> str:
        return str(json.loads(self.files[MANIFEST])["payment"])


def payment_of(office: Office, person: int = 1) -> str:
    return f"fuxin-2020.grant/{office.student(person)}/2020-spring/1"


def make(office: Office, *words: object, person: int = 1, file: str = "证明.zip", staff: str = "inspector") -> Made:
    path = office.folder / file
    said = office.done(staff, "trace", payment_of(office, person), "--bundle", path, *words, day=DAY)
    return Made(office, path, said["bundle"])


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes], file: Path, packing: int = zipfile.ZIP_STORED) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, said in files.items():
            archive.writestr(name, said)
    file.write_bytes(content.getvalue())
    return file


def relisted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files under a new manifest that fits them: what anybody can do who changes one."""
    said = json.loads(files[MANIFEST])
    return {**files, MANIFEST: manifest_bytes(said["payment"], said["size"], dict(files))}


def folder_of(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def examined(path: Path, tool: Tool | None = None, asked: Asked | None = None) -> tuple[Bundle | None, Findings]:
    """Checked in this process."""
    return check(str(path), words(), checker_source(), tool or find_tool(), asked or Asked())


def problems(path: Path, **how: Any) -> list[str]:
    return [point.code for point in examined(path, **how)[1].problems]


def verdict(path: Path, **how: Any) -> int:
    return exit_code(examined(path, **how)[1])


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def run(script: Path, *words: object, python: Sequence[str] = BARE, cwd: Path | None = None, **environment: str) -> Ran:
    """The checker as a program of its own, in a process that knows nothing of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [*python, str(script), *map(str, words)],
        cwd=cwd or script.parent,
        env={**kept, "LC_ALL": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
