"""Bulk work makes hundreds of thousands of objects that all stay: a collector that keeps looking for garbage among them finds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Python's cycle collector rests for the length of one batch, and goes on afterwards if it was on. It cost half of a rebuild."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
