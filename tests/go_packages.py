"""Programs over the Go packages behind Go's checksum database, which nobody here wrote; on Debian golang-golang-x-mod-dev brings them."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

LIBRARIES = Path("/usr/share/gocode")


def built(source: Path, folder: Path) -> Path:
    """The program, in this folder. Where Go or the packages are not there its tests are left out, and say so."""
    if not (shutil.which("go") and (LIBRARIES / "src/golang.org/x/mod/sumdb").is_dir()):
        warnings.warn("NOT CHECKED with Go: apt-get install golang-go golang-golang-x-mod-dev", stacklevel=2)
        pytest.skip("no Go, or no golang-golang-x-mod-dev")
    settings = {"GOPATH": str(LIBRARIES), "GO111MODULE": "off", "GOCACHE": str(folder / "cache"), "HOME": str(folder)}
    program = folder / source.stem
    subprocess.run(["go", "build", "-o", str(program), str(source)], env={"PATH": os.environ["PATH"], **settings}, check=True)
    return program
