"""What a bundle shows in plain: fields of the payment's own student, each with the salt that proves it; nobody else's, none unasked.

A field is named as the facts name it (`name`), or with the kind of fact it stands in (`entry.recorded:account`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.base64_text import base64_text
from mingzhang.domain.vault.vault import Vault


@dataclass(frozen=True)
class BoxedField:
    """A field in a box of a fact on the trail: `path` leads from the fact to the box (`/person`)."""

    event: str
    topic: str
    path: str
    field: str
    sealed: Sealed

    @property
    def written(self) -> str:
        """As `--only` takes it when it means this kind of fact alone."""
        return f"{self.topic}:{self.field}"


def fields_of(rows: Iterable[LogRow], subjects: Iterable[str]) -> list[BoxedField]:
    """Every sealed field about one of these references, in the log's order."""
    wanted = frozenset(subjects)
    found: list[BoxedField] = []
    for row in rows:
        event = f"{row.originator_id}@{row.originator_version}"
        for path, box in _boxes(orjson.loads(row.state), ""):
            if box["subject"] in wanted:
                sealed = Sealed.model_validate(box)
                found += [BoxedField(event, row.topic, path, field, sealed) for field in sealed.commitment]
    return found


def chosen_fields(fields: Sequence[BoxedField], only: Sequence[str]) -> list[BoxedField]:
    """Those that are named. Refused `bundle_field_unknown` (field, fields) for a name that none of them bears."""
    for name in only:
        if not any(name in (one.field, one.written) for one in fields):
            raise Refused("bundle_field_unknown", field=name, fields=sorted({one.field for one in fields}))
    return [one for one in fields if one.field in only or one.written in only]


def opened_fields(vault: Vault, fields: Sequence[BoxedField]) -> list[dict[str, str]]:
    """As the bundle's file of disclosed fields has them. Refused as `Vault.disclose`: `person_erased`, `person_restricted`, …"""
    shown: list[dict[str, str]] = []
    for one in fields:
        salt, value = vault.disclose(one.sealed, one.field)
        said = {"event": one.event, "box": one.path, "field": one.field, "salt": base64_text(salt), "value": value}
        shown.append(said)
    return shown


def _boxes(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sealed box in a fact's state, with its path."""
    if isinstance(value, dict):
        if {"alg", "subject", "box", "commitment"} <= value.keys():
            yield path, value
            return
        for name, one in value.items():
            yield from _boxes(one, f"{path}/{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _boxes(one, f"{path}/{number}")
