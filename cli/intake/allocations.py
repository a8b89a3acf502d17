"""`pairing import` of a 任务分解表: one row is one unit's share, how many cadres it has and how many students it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.allocation import Allocation, SetAllocation

from ..session import Session
from ..workbooks.pairing import AllocationRow
from ..workbooks.reading import RowProblem
from .report import FileReport
from .units import UnitNames


def judge_shares(
    session: Session, rows: Sequence[AllocationRow], report: FileReport, names: UnitNames
) -> list[tuple[AllocationRow, str]]:
    """The rows to be recorded with their units; what is refused, or stands already, goes into the report."""
    kept: list[tuple[AllocationRow, str]] = []
    first: dict[str, int] = {}
    session.streams.fetch(f"allocation/{unit}" for row in rows if (unit := names.find(row.unit)))
    for row in rows:
        unit = names.find(row.unit)
        if unit is None:
            report.refused.append(RowProblem(row.sheet, row.row, "帮扶单位", "unit_unknown"))
        elif unit in first:
            report.refused.append(RowProblem(row.sheet, row.row, "帮扶单位", "row_repeated", {"first_row": first[unit]}))
        else:
            first[unit] = row.row
            state = session.streams.read(Allocation, unit)
            if state.exists and (state.cadres, state.students) == (row.cadres, row.students):
                report.duplicates.append(RowProblem(row.sheet, row.row, None, "allocation_unchanged", {"unit": unit}))
            else:
                kept.append((row, unit))
    report.refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
    return kept


def share_commands(session: Session, shares: Sequence[tuple[AllocationRow, str]], source: str, on: date | None) -> list[Command]:
    """The commands of one file; name and phone of a unit's 联络员 are sealed under a person of their own."""
    told = [{name: said for name, said in (("name", row.liaison), ("phone", row.phone)) if said} for row, _unit in shares]
    refs = iter(session.vault.new_subjects(sum(1 for said in told if said)))
    boxes = [session.vault.seal(next(refs), said) if said else None for said in told]
    return [
        SetAllocation(
            on=on,
            sheet=row.sheet,
            row=row.row,
            unit=unit,
            cadres=row.cadres,
            students=row.students,
            person=box,
            source=source,
        )
        for (row, unit), box in zip(shares, boxes, strict=True)
    ]
