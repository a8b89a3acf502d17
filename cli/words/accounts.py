"""Why an account is doubtful, in a few words."""

from __future__ import annotations

from ..i18n import N_

WHY: dict[str, str] = {
    "account_shared_by_several_students": N_("shared by several students"),
    "account_belongs_to_staff": N_("a staff member's"),
    "account_name_not_student": N_("in another name"),
    "account_said_wrong": N_("said to be wrong when a payment was stopped"),
}
