"""`crosscheck import`: the files of one command are one list of one kind as of one day, each row once, every refused row remembered.

Nobody on a list becomes a student by it. A later list of the same kind supersedes this one, and both stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.command import Command
from mingzhang.domain.crosscheck.crosscheck import ListPerson, ReceiveList
from mingzhang.domain.crosscheck.facts import NamedBy
from mingzhang.domain.refusal import Refused
from mingzhang.domain.survey.intake import Import, import_stream
from mingzhang.domain.values.ids import refuse_unusable
from mingzhang.domain.vault.vault import Vault

from ..session import Session, new_id
from ..workbooks.crosscheck import ListedRow, ListFile, read_list
from .households import household_of
from .opening import opening, report_on
from .persons import Shut, known_persons
from .report import FileReport, only_judged


@dataclass(frozen=True)
class ListReport:
    """What came of an import: `crosscheck` None where nothing was recorded; `superseded`: older lists of the kind that stood until now."""

    files: list[FileReport]
    recorded: int = 0
    crosscheck: str | None = None
    superseded: tuple[str, ...] = ()


@dataclass
class _File:
    read: ListFile
    report: FileReport
    context: str
    source: str = field(default="")
    rows: list[ListedRow] = field(default_factory=list)


# Columns of a 申请花名册: nobody's own application proves that they stand on an office's list.
_OF_A_FORM = frozenset({"申请日期", "申请金额"})


def list_context(kind: str, as_of: date) -> str:
    """What a list is imported into: the same file may be sent again for another day, or have been taken for another kind."""
    refuse_unusable("kind", kind)
    return f"list-{kind}-{as_of.isoformat()}"


def import_list(
    session: Session,
    paths: Sequence[Path],
    *,
    kind: str,
    as_of: date,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> ListReport:
    """Takes the files in as one list, all or nothing; several files are one transaction."""
    standing = _standing_imports(session)
    files: list[_File] = []
    seen: set[str] = set()
    for read in [read_list(path) for path in paths]:
        table = read.table
        if _OF_A_FORM.issubset(table.ignored_columns):
            raise Refused("list_is_a_form", file=table.file, columns=sorted(_OF_A_FORM))
        context = _context(session, kind, as_of, table.sha256, standing)
        file = _File(read, report_on(session, table, context, seen), context, f"{import_stream(context, table.sha256)}@1")
        files.append(file)
        if not file.report.already_imported:
            file.rows = _open_rows(session.vault, file)
            file.report.accepted = len(file.rows)
    reports = [file.report for file in files]
    fresh = [file for file in files if not file.report.already_imported]
    if not fresh or only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return ListReport(reports)
    superseded = _superseded(session, kind, as_of)
    crosscheck = new_id("list")
    with collector_at_rest():
        commands = _commands(session, fresh, crosscheck, kind, as_of)
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return ListReport(reports, sum(file.report.accepted for file in fresh), crosscheck, superseded)


def _open_rows(vault: Vault, file: _File) -> list[ListedRow]:
    """The rows of the list but for those about somebody erased or restricted, which are refused."""
    shut, rows = Shut(vault), file.read.rows
    known = known_persons(vault, [row.person_key for row in rows if row.person_key])
    problems = [shut.problem(row, known.get(row.person_key or "")) for row in rows]
    file.report.refused += [problem for problem in problems if problem is not None]
    return [row for row, problem in zip(rows, problems, strict=True) if problem is None]


def _standing_imports(session: Session) -> frozenset[str]:
    """The imports that the lists rest on which were not withdrawn."""
    from mingzhang.projections.crosschecks import lists

    with session.engine.view(session.as_of(None, None)) as view:
        return frozenset(ref for row in lists(view) for ref in row.imports)


def _context(session: Session, kind: str, as_of: date, sha256: str, standing: frozenset[str]) -> str:
    """What the file is imported into: once more under a new number where all lists it made of this kind and day were withdrawn, so that a
    list withdrawn in error can come in again."""
    first = list_context(kind, as_of)
    context, number = first, 1
    while session.streams.at(Import, stream := import_stream(context, sha256)).exists and f"{stream}@1" not in standing:
        number += 1
        context = f"{first}-{number}"
    return context


def _superseded(session: Session, kind: str, as_of: date) -> tuple[str, ...]:
    from mingzhang.projections.crosschecks import current_lists

    with session.engine.view(session.as_of(None, None)) as view:
        return tuple(row.crosscheck for row in current_lists(view, [kind]) if row.as_of < as_of.isoformat())


def _commands(session: Session, files: Sequence[_File], crosscheck: str, kind: str, as_of: date) -> list[Command]:
    commands: list[Command] = [opening(session, file.report, context=file.context, kind="crosscheck-list", on=as_of) for file in files]
    reports = [file.report for file in files]
    commands.append(
        ReceiveList(
            on=as_of,
            crosscheck=crosscheck,
            kind=kind,
            sources=tuple(file.source for file in files),
            files=len(files),
            rows=sum(report.rows for report in reports),
            accepted=sum(report.accepted for report in reports),
            refused=sum(len(report.refused) for report in reports),
        )
    )
    for file in files:
        commands += _persons(session.vault, file, crosscheck, as_of)
    return commands


def _persons(vault: Vault, file: _File, crosscheck: str, as_of: date) -> list[Command]:
    rows = file.rows
    refs = references(vault, rows)
    boxes = vault.seal_many([(ref, listed_fields(row)) for ref, row in zip(refs, rows, strict=True)])
    vault.add_tokens([("xueji", row.xueji, ref) for ref, row in zip(refs, rows, strict=True) if row.xueji])
    return [
        ListPerson(
            on=as_of,
            sheet=row.sheet,
            row=row.row,
            crosscheck=crosscheck,
            student=ref,
            category=row.category,
            support=row.support,
            entitled=row.entitled,
            household=household_of(vault, row.household_head, row.township, row.village, number=row.household_number),
            named_by=_named_by(row),
            person=box,
            source=file.source,
        )
        for row, ref, box in zip(rows, refs, boxes, strict=True)
    ]


def references(vault: Vault, rows: Sequence[ListedRow]) -> list[str]:
    """The reference of each row's person: by identity number, else by 学籍号 where exactly one person has it, else a new one."""
    keys = [row.person_key for row in rows]
    by_number = iter(vault.subjects_for([key for key in keys if key]))
    by_xueji: dict[str, str] = {}
    without = list(dict.fromkeys(row.xueji for row, key in zip(rows, keys, strict=True) if not key and row.xueji))
    for xueji, known in zip(without, vault.find_many("xueji", without), strict=True):
        by_xueji[xueji] = known[0] if len(known) == 1 else vault.new_subject("s")
    return [next(by_number) if key else by_xueji[row.xueji or ""] for row, key in zip(rows, keys, strict=True)]


def listed_fields(row: ListedRow) -> dict[str, str]:
    """The personal fields of a row that say something."""
    said = {
        "name": row.name,
        "id_number": row.person_key if row.id_number else None,
        "xueji": row.xueji,
        "household_head": row.household_head,
        "household_number": row.household_number,
        "relation": row.relation,
        "township": row.township,
        "village": row.village,
    }
    return {name: value for name, value in said.items() if value}


def _named_by(row: ListedRow) -> NamedBy:
    return "id_number" if row.id_number else "xueji"
