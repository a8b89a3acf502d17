"""When a duty is owed, in a few words: a day, a range, a cadence, or after what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..i18n import N_, _, listed, ngettext

if TYPE_CHECKING:
    from mingzhang.domain.plan.duties import Duty
    from mingzhang.domain.plan.words import MonthDay

CADENCES = {
    "monthly": N_("every month"),
    "quarterly": N_("every quarter"),
    "half-yearly": N_("every half-year"),
    "yearly": N_("every year"),
    "term": N_("every term"),
}
_AT = {"start": N_("at its start"), "middle": N_("in its middle"), "end": N_("at its end")}
_AFTER = {
    "fund.arrived": N_("after the money has arrived"),
    "notice.completed": N_("after the notice is complete"),
    "round.reported": N_("after the survey is reported"),
}


def when_text(duty: Duty) -> str:
    """`03-20`, `07-01 … 07-31`, `every month, within 5 days`."""
    parts: list[str] = [_(CADENCES[duty.cadence])] if duty.cadence else []
    if duty.due == "external":
        parts.append(_("set by a higher office"))
    elif duty.between is not None:
        parts.append(f"{day_text(duty.between[0])} … {day_text(duty.between[1])}")
    elif duty.due is not None:
        parts.append(duty.due.isoformat() if hasattr(duty.due, "isoformat") else day_text(duty.due))
    if duty.at is not None:
        parts.append(_(_AT[duty.at]))
    if duty.day is not None:
        parts.append(_("by day {day} of its last month").format(day=duty.day))
    if duty.after is not None:
        parts.append(_(_AFTER[duty.after]))
    if duty.after_date is not None:
        parts.append(_("after {name}").format(name=duty.after_date))
    if duty.within_days:
        parts.append(ngettext("within {count} day", "within {count} days", duty.within_days).format(count=duty.within_days))
    return listed(*parts)


def day_text(day: MonthDay) -> str:
    """`03-20`."""
    return f"{day.month:02d}-{day.day:02d}"
