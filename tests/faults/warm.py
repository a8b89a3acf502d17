"""A process that has the program in memory already and forks for each command line: what is tested at hundreds of writes starts once.

    python -m tests.faults.warm

Reads one JSON object a line: `words` as they stand after `mingzhang`, `out` and `err` as files. Answers with the process id of the fork,
which waits until it is traced and then runs the command as the installed one would; and, when that has ended, with its wait status.
"""

from __future__ import annotations

import ctypes
import json
import os
import pkgutil
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import mingzhang.cli
from mingzhang.cli.app import main

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
PATIENCE = 30.0  # seconds
UNTRACED = 99


def _wait_for_the_tracer() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)  # where only a parent may trace unasked
    until = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text(encoding="utf-8"):
        if time.monotonic() > until:
            os._exit(UNTRACED)
        time.sleep(0.001)


def _becomes(asked: dict[str, Any]) -> None:
    for name, descriptor in (("out", 1), ("err", 2)):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _wait_for_the_tracer()
    sys.argv = ["mingzhang", *asked["words"]]
    main()


def serve() -> None:
    for found in pkgutil.walk_packages(mingzhang.cli.__path__, "mingzhang.cli."):
        if not found.name.endswith(".__main__"):
            import_module(found.name)
    while line := sys.stdin.readline():
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _becomes(asked)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    serve()
