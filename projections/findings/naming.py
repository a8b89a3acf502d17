"""Every finding has a name that stays: an answer given to it today belongs to it in ten years, whatever has been learned since.

The name is worked out from what makes it this finding and no other: its rule and the few facts `KEYS` names for the rule. It changes only
when one of these does, and then it is another finding. It is a hash: nothing can be read off it.
"""

from __future__ import annotations

from hashlib import sha256

import orjson

from ..finding import Finding

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 12

KEYS: dict[str, tuple[str, ...]] = {
    "paid_while_not_enrolled": ("payment", "batch"),
    "account_shared_by_several_students": ("account_from", "period"),
    "account_belongs_to_staff": ("payment", "batch"),
    "account_name_not_student": ("payment", "batch"),
    "duplicate_identity": ("period", "entries", "rows"),
    "eligible_but_unpaid": ("subject", "scheme", "period"),
    "paid_but_not_on_list": ("payment", "category"),
    "paid_more_than_award": ("subject", "scheme", "period"),
    "paid_twice_for_period": ("payment", "other_payment"),
    "paid_inside_notice": ("payment", "notice"),
    "paid_without_complete_trail": ("payment",),
    "paid_late": ("subject", "due_on", "paid_on", "tried_in_time"),
    "money_held_too_long": ("subject", "arrival"),
    "same_person_decided_twice": ("decisions",),
    "decided_on_own_family": ("subject", "staff", "scheme", "period"),
    "evidence_missing": ("fact", "sha256"),
    "contact_recorded_late": ("contact",),
    "contact_text_copied": ("helper", "on", "text"),
    "contact_schedule_impossible": ("helper", "on"),
    "backdated_entry": ("fact",),
}
"""By rule, what makes a finding this one: fields of the finding or of its facts; `decisions`, `entries`: its first two events."""


def finding_id(finding: Finding) -> str:
    """`finding-` and twelve letters and digits: SHA-256 over the compact JSON of the rule and the values `KEYS` names, its first 60 bits in
    five-bit steps."""
    values = [_value(finding, name) for name in KEYS[finding.rule]]
    digest = int.from_bytes(sha256(orjson.dumps([finding.rule, *values])).digest()[:8], "big") >> 4
    return "finding-" + "".join(_LETTERS[digest >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def _value(finding: Finding, name: str) -> object:
    if name == "payment":
        return finding.payment
    if name == "subject":
        return finding.subject
    if name in ("decisions", "entries"):
        return finding.events[:2]
    return finding.facts.get(name)
