"""Runs every benchmark here, or the ones named: `python -m tests.benchmarks [NAME…]`.

A benchmark is a module of this folder with `ratios() -> dict[str, float]`. Ratios are taken side by side on one
machine, since seconds say nothing about another.
"""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path


def names() -> list[str]:
    """The benchmarks there are, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name[0] != "_")


def main(wanted: Sequence[str]) -> int:
    """0 when all were run, 2 for a name that is none."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)} (there are: {', '.join(names())})", file=sys.stderr)
        return 2
    for name in wanted or names():
        for what, ratio in importlib.import_module(f"tests.benchmarks.{name}").ratios().items():
            print(f"{name:<16} {ratio:8.2f}  {what}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
