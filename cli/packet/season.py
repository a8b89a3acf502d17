"""What belongs into the season's packet: the questions an inspection asks, each as the command line that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingzhang.domain.plan.vocabulary import Plan

from ..i18n import _

if TYPE_CHECKING:
    from mingzhang.projections.projection import View
    from mingzhang.projections.register import RoundRow


@dataclass(frozen=True, slots=True)
class Section:
    """`title` names the file as well; `words` are the command without its dates."""

    title: str
    words: tuple[str, ...]


FINDINGS_IN_NUMBERS = ("findings", "--totals")
"""What the cover says of them as well."""


def sections(view: View, plans: Sequence[Plan]) -> list[Section]:
    """The sections in the order of the work, from the survey to the findings: those of each round and comparison that the view knows, and
    those that every packet has, with something in them or not."""
    from mingzhang.projections.register import rounds

    found: list[Section] = []
    for row in rounds(view):
        found.append(Section(_("{round} survey totals").format(round=row.round), ("survey", "totals", "--round", row.round)))
        found += [
            Section(
                _("{round} sub-list {name}").format(round=row.round, name=name),
                ("survey", "list", "--round", row.round, "--category", name),
            )
            for name in _sub_lists(row, plans)
        ]
    found += [
        Section(_("Roster"), ("roster",)),
        Section(_("Applications"), ("application", "list")),
        Section(_("Cross-checks"), ("crosscheck", "list")),
        *_differences(view),
        Section(_("Public notices"), ("notice", "list")),
        Section(_("Payments by scheme and department"), ("payment", "totals")),
        Section(_("Batches"), ("payment", "batches")),
        Section(_("Payment list"), ("payment", "list")),
        Section(_("Fund balances"), ("fund", "balances")),
        Section(_("Gaps"), ("gaps",)),
        Section(_("Duties kept and missed"), ("due",)),
        Section(_("Loans"), ("loan", "list")),
        Section(_("Pairings"), ("pairing", "list")),
        Section(_("Pairing duties missed"), ("pairing", "gaps")),
        *_tutoring(view),
        Section(_("Dropouts"), ("dropout", "list")),
        Section(_("Dropout rates"), ("dropout", "rates")),
        Section(_("Paired schools"), ("schoolpair", "list")),
        Section(_("Left-behind children"), ("leftbehind", "list")),
        Section(_("Targets against progress"), ("programme", "list")),
        Section(_("Progress reports missing or late"), ("progress", "missing")),
        Section(_("Inspections"), ("inspection", "list")),
        *_inspected(view),
        Section(_("Audit findings in numbers"), FINDINGS_IN_NUMBERS),
        Section(_("Audit findings"), ("findings",)),
    ]
    return found


def _differences(view: View) -> list[Section]:
    """What the newest comparison of each round, or of each scheme and period, found person by person."""
    from mingzhang.projections.crosschecks import comparisons

    newest = {(row.against, row.unit): row for row in comparisons(view)}
    return [
        Section(_("Cross-check of {against}").format(against=_without_kind(row.against)), ("crosscheck", "show", row.comparison))
        for row in newest.values()
    ]


def _without_kind(against: str) -> str:
    """`round/2020-spring` and `scheme/sunan-2022.freshmen/once` as a title has them."""
    return " ".join(against.split("/")[1:])


def _tutoring(view: View) -> list[Section]:
    """What each term with a failed course lacks."""
    from mingzhang.projections.tutoring import courses

    return [
        Section(_("{period} tutoring duties missed").format(period=period), ("tutoring", "gaps", "--period", period))
        for period in sorted({row.period for row in courses(view)})
    ]


def _inspected(view: View) -> list[Section]:
    """The findings of each inspection, and how far each is put right."""
    from mingzhang.projections.inspections import inspections

    return [
        Section(_("Findings of {inspection}").format(inspection=row.inspection), ("inspection", "show", row.inspection))
        for row in inspections(view)
    ]


def _sub_lists(row: RoundRow, plans: Sequence[Plan]) -> tuple[str, ...]:
    """The sub-lists the round's plan asks for in its season."""
    for plan in plans:
        if plan.code == row.plan:
            for entry in plan.rounds:
                if row.period.endswith(f"-{entry.season}"):
                    return entry.sub_lists
    return ()
