"""An import is a fact of its own: which file, how many rows, which were refused and why, so that a file cannot come in twice.

"Named in a survey but refused" can be answered years later: a refused row keeps its place, its code and, sealed, whom it named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace


class RefusedRow(BaseModel):
    """A row that was not taken in. `person` seals whom it named, under a reference of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: str | None = None
    row: int
    column: str | None = None
    code: str
    person: Sealed | None = None


class RepeatedRow(BaseModel):
    """A row that names somebody whom another row of the same round had named before, and was not recorded again. unit: who reported it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    unit: str
    sheet: str | None = None
    row: int


class FileImported(Fact):
    """`rows` = accepted + refused + duplicates. `kind` says which layout; `context` is what it was imported into (a round)."""

    topic = "import.file_imported"
    schema_version = 2
    context: str
    kind: str
    file: str
    sha256: str
    unit: str | None = None
    rows: int
    accepted: int
    duplicates: int
    refused: tuple[RefusedRow, ...] = ()
    warnings: int = 0
    repeated: tuple[RepeatedRow, ...] | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Rows that named somebody again were only counted then."""
        state.setdefault("repeated", None)


@dataclass(frozen=True)
class Import(State):
    """`import/<context>/<sha256>`."""

    prefix: ClassVar[str] = "import"
    file: str = ""

    def evolve(self, fact: Fact, ref: str) -> Import:
        return replace(self, file=fact.file) if isinstance(fact, FileImported) else self


def import_stream(context: str, sha256: str) -> str:
    return f"import/{context}/{sha256}"


@dataclass(frozen=True, kw_only=True)
class ImportFile(Command):
    """Opens an import: the rows' own commands follow in the same transaction and point at it."""

    name: ClassVar[str] = "ImportFile"
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor", "clerk", "applicant-clerk", "administrator", "helper-clerk", "reviewer"})
    context: str
    kind: str
    file: str
    sha256: str
    unit: str | None = None
    rows: int
    accepted: int
    duplicates: int = 0
    refused: tuple[RefusedRow, ...] = ()
    warnings: int = 0
    repeated: tuple[RepeatedRow, ...] = ()

    def needs(self) -> tuple[str, ...]:
        return (import_stream(self.context, self.sha256),)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,) if self.unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.at(Import, import_stream(self.context, self.sha256))
        if state.exists:
            raise Refused("file_already_imported", file=self.file, first=state.ref, first_file=state.file)
        fact = FileImported(
            **self.stamp(context),
            context=self.context,
            kind=self.kind,
            file=self.file,
            sha256=self.sha256,
            unit=self.unit,
            rows=self.rows,
            accepted=self.accepted,
            duplicates=self.duplicates,
            refused=self.refused,
            warnings=self.warnings,
            repeated=self.repeated or None,
        )
        return [(state.stream, fact)]
