"""Offices write a unit's name where the ledger has its id; both are understood, an unknown one is refused."""

from __future__ import annotations

from mingzhang.domain.refusal import Refused

from ..session import Session


class UnitNames:
    """The open units of the ledger, by id and by name."""

    def __init__(self, session: Session) -> None:
        from mingzhang.projections.register import unit_rows

        with session.engine.view(session.as_of(None, None)) as view:
            rows = unit_rows(view)
        self._titles = {row.id: row.name for row in rows}
        self._several: dict[str, list[str]] = {}
        for row in rows:
            if row.open:
                self._several.setdefault(row.name, []).append(row.id)
        self._ids = {name: ids[0] for name, ids in self._several.items() if len(ids) == 1} | {row.id: row.id for row in rows}

    def find(self, written: str) -> str | None:
        """The id behind an id or a name; None where there is no such unit, or several are called so: villages of two townships."""
        return self._ids.get(written.strip())

    def resolve(self, written: str) -> str:
        """As `find`, refused `unit_unknown`, or `unit_ambiguous` with the ids."""
        found = self.find(written)
        if found is None and (several := self._several.get(written.strip())):
            raise Refused("unit_ambiguous", unit=written, units=sorted(several))
        if found is None:
            raise Refused("unit_unknown", unit=written)
        return found

    def wanted(self, written: str | None) -> str | None:
        """As `resolve`, of an option that may be left out: then None."""
        return self.resolve(written) if written else None

    def said(self, unit: str) -> dict[str, str]:
        """The unit in an answer's JSON: `unit` as offices write it, `unit_id` as the ledger does."""
        return {"unit": self.title(unit), "unit_id": unit}

    def title(self, unit: str) -> str:
        """The unit's name, or the id itself where it has none."""
        return self._titles.get(unit, unit)
