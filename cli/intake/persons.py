"""Persons behind rows: found by identity number through the vault's keyed index, or made there, never named anywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

from mingzhang.domain.sealed import Sealed
from mingzhang.domain.survey.intake import RefusedRow
from mingzhang.domain.values import identity
from mingzhang.domain.values.text import person_name
from mingzhang.domain.vault.tokens import Kind
from mingzhang.domain.vault.vault import Vault

from ..workbooks.reading import RowProblem
from ..workbooks.survey import SurveyRow


class Placed(Protocol):
    """Any row: where in the file it stands."""

    @property
    def sheet(self) -> str | None: ...
    @property
    def row(self) -> int: ...


PERSONAL = (
    ("name", "name"),
    ("id_number", "id_number"),
    ("xueji", "xueji"),
    ("sex", "sex"),
    ("major", "major"),
    ("grade", "grade"),
    ("class_name", "class_name"),
    ("household_place", "household_place"),
    ("guardian", "guardian"),
    ("phone", "phone"),
    ("account", "account"),
    ("account_name", "account_name"),
    ("remark", "remark"),
)


def survey_fields(row: SurveyRow) -> dict[str, str]:
    """The personal fields of a survey row that say something."""
    return {field: value for field, attribute in PERSONAL if (value := getattr(row, attribute))}


def in_own_name(fields: Mapping[str, str]) -> bool | None:
    """Whether the account that is given is in the name given beside it, as an account is where nobody names its holder; None where there is
    no account."""
    if not fields.get("account"):
        return None
    holder = fields.get("account_name")
    return not holder or person_name(holder) == person_name(fields.get("name", ""))


def known_persons(vault: Vault, keys: Sequence[str]) -> dict[str, str]:
    """Reference by 18-character identity number, for those the vault knows; makes nobody."""
    found = vault.find_many("id_number", keys)
    return {key: refs[0] for key, refs in zip(keys, found, strict=True) if refs}


class Shut:
    """Whoever was erased or restricted: a row about them is refused, without keeping whom it named."""

    def __init__(self, vault: Vault) -> None:
        self._codes = dict.fromkeys(vault.erased(), "person_erased") | dict.fromkeys(vault.restricted, "person_restricted")

    def problem(self, row: Placed, ref: str | None, column: str | None = "身份证号") -> RowProblem | None:
        """What is wrong with a row about this reference; None where it may come in."""
        code = self._codes.get(ref or "")
        return RowProblem(row.sheet, row.row, column, code, {"student": ref}) if code is not None else None


def index_persons(vault: Vault, rows: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    """Makes the persons findable by account, 学籍 number and phone."""
    kinds: tuple[Kind, ...] = ("account", "xueji", "phone")
    vault.add_tokens([(kind, fields[kind], ref) for ref, fields in rows for kind in kinds if fields.get(kind)])


def sealed_refusals(vault: Vault, problems: Sequence[RowProblem]) -> tuple[RefusedRow, ...]:
    """Refused rows with whom they named, sealed: under the person's own key where the identity number is right, else under a new one."""
    refs: list[str | None] = []
    for problem in problems:
        named = problem.identity
        refs.append(None if named is None or not (named.name or named.id_number) else _person(vault, named.id_number))
    rows = []
    for problem, ref in zip(problems, refs, strict=True):
        person: Sealed | None = None
        if ref is not None and problem.identity is not None:
            said = {"name": problem.identity.name, "id_number": problem.identity.id_number}
            person = vault.seal(ref, {field: value for field, value in said.items() if value})
        rows.append(RefusedRow(sheet=problem.sheet, row=problem.row, column=problem.column, code=problem.code, person=person))
    return tuple(rows)


def _person(vault: Vault, id_number: str) -> str:
    if id_number and identity.is_id_number(id_number):
        return vault.subjects_for([identity.to_18(id_number)])[0]
    return vault.new_subject("p")


def file_name(file: str) -> str:
    """The file as the ledger remembers it: as it was given where that is a place below where one stood (`spring/公建系.xls`, since other
    folders have a 公建系.xls too), else its own name alone: where it lay on somebody's disk is nobody's business."""
    path = PurePath(file)
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()
