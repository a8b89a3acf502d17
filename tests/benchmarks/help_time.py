"""`mingzhang --help` costs at most twice what importing click costs: nothing heavy is imported to say what there is.

Run with `python tests/benchmarks/help_time.py`; both are fresh processes, timed in turn so that a busy machine
slows both alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

HELP = [sys.executable, "-m", "mingzhang.cli", "--help"]
IMPORT = [sys.executable, "-c", "import click"]
LIMIT = 2.0


def _seconds(command: list[str]) -> float:
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "COLUMNS": "100"})
    return perf_counter() - started


def ratios(rounds: int = 15) -> dict[str, float]:
    """`{"help_to_import_click": …}`: the ratio of the medians over `rounds` runs of each, after one run to warm
    the disk."""
    _seconds(HELP)
    _seconds(IMPORT)
    times = [(_seconds(HELP), _seconds(IMPORT)) for _ in range(rounds)]
    return {"help_to_import_click": median(one for one, _two in times) / median(two for _one, two in times)}


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name} {ratio:.2f} (at most {LIMIT})")
