"""Where a row belongs: the village named in it, below the township that the row, the command or the sheet names.

Village names repeat from township to township, so a village is only ever looked for below what is known to lie above it.
"""

from __future__ import annotations

from mingzhang.domain.refusal import Refused

from ..session import Session


class Places:
    """The open units of the ledger as places. `fallback` is the unit given with `--unit`, by its id, None where none was."""

    def __init__(self, session: Session, fallback: str | None) -> None:
        from mingzhang.projections.register import unit_rows

        with session.engine.view(session.as_of(None, None)) as view:
            rows = [row for row in unit_rows(view) if row.open]
        self._fallback = fallback
        self._parents = {row.id: row.parent for row in rows}
        self._named: dict[str, list[str]] = {}
        self._kinds = {row.id: row.kind for row in rows}
        for row in rows:
            self._named.setdefault(row.name, []).append(row.id)

    def find(self, township: str | None, village: str | None, sheet: str | None) -> str | None:
        """The unit of a row: its village, else its township, else what the sheet is named after, else the unit given.

        Refused `unit_unknown` with the `column` whose place the ledger does not know, and `unit_ambiguous` where several are called so.
        None where the row names no place at all.
        """
        above = self._fallback
        if township:
            above = self._one(township, self._fallback, "乡镇")
        if village:
            return self._one(village, above, "村") if above is None or self._has_villages(above) else above
        if sheet and not township:
            found = self._below(sheet, above)
            if len(found) == 1:
                return found[0]
        return above

    def _one(self, written: str, above: str | None, column: str) -> str:
        found = self._below(written, above)
        if not found:
            raise Refused("unit_unknown", unit=written, column=column)
        if len(found) > 1:
            raise Refused("unit_ambiguous", unit=written, units=found, column=column)
        return found[0]

    def _below(self, written: str, above: str | None) -> list[str]:
        found = [written] if written in self._parents else self._named.get(written, [])
        return sorted(unit for unit in found if above is None or self._lies_below(unit, above))

    def _lies_below(self, unit: str, above: str) -> bool:
        step: str | None = unit
        seen: set[str] = set()
        while step is not None and step not in seen:
            if step == above:
                return True
            seen.add(step)
            step = self._parents.get(step)
        return False

    def _has_villages(self, above: str) -> bool:
        """Whether the ledger keeps villages there: where it does not, the township is the place."""
        return any(kind == "village" and self._lies_below(unit, above) for unit, kind in self._kinds.items())
