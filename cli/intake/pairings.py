"""`pairing import`: one row of a 登记表 is one pairing; students and helpers nobody knew yet become known by it.

A helper has no identity number here: within one 帮扶单位 the name is the person (WORKBOOKS.md names helpers by nothing else).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.known_helper import KnowHelper
from mingzhang.domain.pairing.pairing import EstablishPairing, Pairing
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.intake import import_stream

from ..session import Session, new_id
from ..workbooks.pairing import AllocationFile, AllocationRow, PairingFile, PairingRow, read_allocation, read_pairings
from ..workbooks.reading import Identity, RowProblem
from .allocations import judge_shares, share_commands
from .households import household_of
from .opening import opening, report_on
from .persons import Shut, file_name, known_persons
from .report import FileReport, only_judged
from .units import UnitNames

CONTEXT = "pairings"
PEER = "朋辈"


class Helpers:
    """The helpers the ledger knows, by unit and name; whoever it does not know is made once per import.

    A fellow student who helps (朋辈) is never taken for the teacher of the same name. `fresh` are the commands that make the new ones
    known, in order.
    """

    def __init__(self, session: Session) -> None:
        from mingzhang.projections.register import known_staff

        self._vault = session.vault
        with session.engine.view(session.as_of(None, None)) as view:
            rows = [row for row in known_staff(view) if row.unit is not None]
        opened = self._vault.open_many([row.person for row in rows])
        self._names: dict[str, str] = {}
        self._refs: dict[tuple[str, str, bool], str] = {}
        for row, fields in zip(rows, opened, strict=True):
            if fields:
                self._names[row.staff] = name = fields.get("name", "")
                self._refs[row.unit or "", name, fields.get("post") == PEER] = row.staff
        self.fresh: list[KnowHelper] = []

    def name(self, ref: str) -> str:
        """The helper's full name; empty where it is not known (any more)."""
        return self._names.get(ref, "")

    def find(self, unit: str, written: str, *, peer: bool = False) -> str | None:
        """The helper of the unit with this name or reference."""
        return written if written in self._names else self._refs.get((unit, written, peer))

    def make(
        self,
        unit: str,
        names: Iterable[tuple[str, Mapping[str, str]]],
        *,
        peer: bool = False,
        source: str = "",
        on: date | None = None,
    ) -> None:
        """Makes those known whom nobody knew: (name, further sealed fields) each, all of one unit."""
        missing = [
            (name, dict(more) | ({"post": PEER} if peer else {}))
            for name, more in dict(names).items()
            if self.find(unit, name, peer=peer) is None
        ]
        if not missing:
            return
        refs = self._vault.new_subjects(len(missing))
        boxes = self._vault.seal_many([(ref, {"name": name, **more}) for ref, (name, more) in zip(refs, missing, strict=True)])
        for ref, box, (name, _more) in zip(refs, boxes, missing, strict=True):
            self._names[ref], self._refs[unit, name, peer] = name, ref
            self.fresh.append(KnowHelper(on=on, staff=ref, person=box, unit=unit, source=source))


@dataclass
class _File:
    read: PairingFile | AllocationFile
    report: FileReport
    rows: list[tuple[PairingRow, str]] = field(default_factory=list)
    shares: list[tuple[AllocationRow, str]] = field(default_factory=list)


def import_pairings(
    session: Session,
    paths: Sequence[Path],
    *,
    unit: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many rows were recorded; several files are one transaction. A 登记表 brings pairings, a 任务分解表
    each unit's share.

    unit: whose pairings these are where 帮扶单位 is no unit of the ledger. on: the day, for all rows, instead of 结对日期.
    """
    names = UnitNames(session)
    fallback = names.wanted(unit)
    files = _judge(session, [_read(path) for path in paths], names, fallback)
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    return reports, _record(session, files, on, on_progress)


def _read(path: Path) -> PairingFile | AllocationFile:
    """A 登记表, or a 任务分解表 where the header is that of one."""
    try:
        return read_pairings(path)
    except Refused as refused:
        if refused.code not in ("header_not_found", "column_missing"):
            raise
        try:
            return read_allocation(path)
        except Refused:
            raise refused from None


def _judge(session: Session, reads: Sequence[PairingFile | AllocationFile], names: UnitNames, fallback: str | None) -> list[_File]:
    """Sorts every row: refused, paired already, or to be recorded. Writes nothing."""
    taken = _running(session)
    files: list[_File] = []
    seen: set[str] = set()
    for read in reads:
        table = read.table
        file = _File(read, report_on(session, table, CONTEXT, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        if isinstance(read, AllocationFile):
            file.shares = judge_shares(session, read.rows, file.report, names)
            file.report.accepted = len(file.shares)
            continue
        shut, known = Shut(session.vault), known_persons(session.vault, [row.person_key for row in read.rows])
        for row in read.rows:
            if (shut_out := shut.problem(row, known.get(row.person_key))) is not None:
                file.report.refused.append(shut_out)
                continue
            unit = names.find(row.unit) or fallback
            if unit is None:
                named = Identity(row.name, row.id_number)
                problem = RowProblem(row.sheet, row.row, "帮扶单位", "unit_unknown", identity=named)
                file.report.refused.append(problem)
                continue
            key = (row.person_key, unit, frozenset(row.helpers))
            if key in taken:
                file.report.duplicates.append(RowProblem(row.sheet, row.row, None, "pairing_exists", {"pairing": taken[key]}))
                continue
            taken[key] = f"{file_name(table.file)} {row.row}"
            file.rows.append((row, unit))
        file.report.accepted = len(file.rows)
    return files


def _running(session: Session) -> dict[tuple[str, str, frozenset[str]], str]:
    """The pairings that run: (identity number, unit, names of the helpers) -> pairing."""
    from mingzhang.projections.contacts import pairings

    with session.engine.view(session.as_of(None, None)) as view:
        rows = [row for row in pairings(view) if row.until is None and row.kind == "household"]
    if not rows:
        return {}
    names = Helpers(session)
    opened = session.vault.open_many([row.person for row in rows])
    found = {}
    for row, fields in zip(rows, opened, strict=True):
        if fields is not None:
            found[fields.get("id_number", ""), row.unit, frozenset(map(names.name, row.helpers))] = row.pairing
    return found


def _record(session: Session, files: list[_File], on: date | None, on_progress: Callable[[int, int], None] | None) -> int:
    people = Helpers(session)
    registering: set[str] = set()
    commands: list[Command] = []
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        source = f"{import_stream(CONTEXT, file.report.read.sha256)}@1"
        if isinstance(file.read, AllocationFile):
            commands.append(opening(session, file.report, context=CONTEXT, kind="pairing-allocation", on=on))
            commands += share_commands(session, file.shares, source, on)
        else:
            commands.append(opening(session, file.report, context=CONTEXT, kind="pairing-register"))
            commands += _pairing_commands(session, file, people, registering, source, on)
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(file.report.accepted for file in fresh)


def _pairing_commands(
    session: Session, file: _File, people: Helpers, registering: set[str], source: str, on: date | None
) -> list[Command]:
    vault = session.vault
    refs = vault.subjects_for([row.person_key for row, _unit in file.rows])
    fields = [pairing_fields(row) for row, _unit in file.rows]
    boxes = vault.seal_many(list(zip(refs, fields, strict=True)))
    session.streams.fetch(f"student/{ref}" for ref in refs)
    commands: list[Command] = []
    for (row, unit), ref, box in zip(file.rows, refs, boxes, strict=True):
        day = on or row.established_on
        if ref not in registering and not session.streams.read(Student, ref).exists:
            registering.add(ref)
            person = vault.seal(ref, {"name": row.name, "id_number": row.person_key})
            commands.append(
                RegisterListedStudent(on=day, sheet=row.sheet, row=row.row, student=ref, unit=unit, person=person, source=source)
            )
        # Post and phone stand once in a row: they are the first helper's.
        first = {key: said for key, said in (("phone", row.phone), ("post", row.post)) if said}
        before = len(people.fresh)
        people.make(unit, [(row.helpers[0], first)], source=source, on=day)
        people.make(unit, [(name, {}) for name in row.helpers[1:]], source=source, on=day)
        commands += people.fresh[before:]
        commands.append(
            EstablishPairing(
                on=day,
                sheet=row.sheet,
                row=row.row,
                pairing=new_id("pair"),
                student=ref,
                unit=unit,
                helpers=tuple(found for name in row.helpers if (found := people.find(unit, name))),
                person=box,
                household=household_of(session.vault, row.household_head, row.address),
                source=source,
            )
        )
    return commands


def pairing_fields(row: PairingRow) -> dict[str, str]:
    """The personal fields of a pairing that say something: student, household, causes and needs."""
    said = {
        "name": row.name,
        "id_number": row.person_key,
        "helping_unit": row.unit,
        "school": row.school,
        "grade": row.grade,
        "household_head": row.household_head,
        "address": row.address,
        "cause": row.cause,
        "needs": "、".join(row.needs),
    }
    return {name: value for name, value in said.items() if value}


def pairing_named(session: Session, reference: str) -> Pairing:
    """The pairing behind a reference as lists show it, or `pairing_unknown`."""
    found = session.streams.read(Pairing, reference.removeprefix("pairing/"))
    if not found.exists:
        raise Refused("pairing_unknown", pairing=reference)
    return found


def student_named(session: Session, written: str) -> str:
    """A student's reference, given as such or as an identity number; `student_not_found` where there is none."""
    if session.streams.read(Student, written).exists:
        return written
    from mingzhang.domain.values.identity import is_id_number, to_18

    known = known_persons(session.vault, [to_18(written.upper())]) if is_id_number(written.upper()) else {}
    for ref in known.values():
        if session.streams.read(Student, ref).exists:
            return ref
    raise Refused("student_not_found")
