"""What is stored can be read in one way only: names are plain text, and no object says the same thing twice.

Programs that read JSON differ in what they make of a name that comes twice: the one who decided must not be another for one of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..facts import decode, encode, fact_class


def are_legible(names: Sequence[bytes]) -> bool:
    """Whether these are texts that a program can have as names of streams: UTF-8, and no NUL, at which many a program would end them."""
    try:
        return "\0" not in b"".join(names).decode()
    except (UnicodeDecodeError, TypeError):
        return False


def is_as_written(topic: str, state: bytes) -> bool:
    """Whether a fact is stored as this program stores it, byte for byte; one of an older shape: whether it can be read in full."""
    try:
        fact = decode(topic, state)
        version = json.loads(state).get("_v", 1)
    except (KeyError, ValueError, RecursionError):
        return False
    return version != fact_class(topic).schema_version or encode(fact) == state


def actor_in(state: bytes) -> object:
    """Who decided, as a fact's stored bytes say. ValueError where they do not say it, or say it twice or anything else twice."""
    try:
        said = json.loads(state.decode(), object_pairs_hook=_each_once)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(said, dict) or "actor" not in said:
        raise ValueError("nobody's")
    return said["actor"]


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("said twice")
    return found
