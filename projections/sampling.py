"""抽样框: who or what an inspection can draw, as of a day and a size of the log, told apart by unit and scheme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mingzhang.domain.inspection.sample import FrameOf
from mingzhang.domain.inspection.sampling import Stratum

from .aid_steps import standing_awards
from .payments import payments
from .projection import View
from .register.offices import units_below
from .register.recognition import survivors


def sampling_frame(
    view: View,
    of: FrameOf,
    unit: str,
    schemes: Collection[str] = (),
    periods: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Stratum]:
    """The frame by strata: students to whom something stands awarded or was ever to be paid, or the payments themselves.

    unit: itself and those below it; schemes (`<plan>.<scheme>`), periods: only these, where any are named; without: references that are
    left out. A person stands once, under the reference that answers for all their files, in the unit of their newest award, else of their
    last payment by its name, and under all schemes together that they have anything of.
    """
    wanted = units_below(view, unit)
    merged = survivors(view)
    found: dict[str, tuple[str, set[str]]] = {}
    for row in payments(view):
        if _asked(row.scheme, schemes) and _asked(row.period, periods):
            name = row.payment if of == "payments" else merged.get(row.student, row.student)
            found[name] = (row.unit, found.get(name, ("", set()))[1] | {row.scheme})
    if of == "students":
        for award in sorted(standing_awards(view), key=lambda award: award.leaf):
            if _asked(award.scheme, schemes) and _asked(award.period, periods):
                name = merged.get(award.student, award.student)
                found[name] = (award.unit, found.get(name, ("", set()))[1] | {award.scheme})
    return _strata({name: said for name, said in found.items() if said[0] in wanted and name not in without})


def _asked(value: str, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted


def _strata(found: Mapping[str, tuple[str, Iterable[str]]]) -> list[Stratum]:
    members: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name in sorted(found):
        unit, schemes = found[name]
        members.setdefault((unit, tuple(sorted(schemes))), []).append(name)
    return [Stratum(unit, schemes, tuple(names)) for (unit, schemes), names in sorted(members.items())]
