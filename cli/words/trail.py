"""The words of a trail: roles, chapters, missing links, and the names that stand behind codes of schemes and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingzhang.domain.plan.adoption import AdoptedPlan

from ..i18n import N_, _
from ..intake.units import UnitNames
from ..session import Session
from .accounts import WHY
from .roles import ROLES
from .summaries import summary

GAPS: dict[str, str] = {
    "event_missing": N_("a fact that is referred to is not in the log"),
    "instruction_missing": N_("the instruction to pay"),
    "reconciliation_missing": N_("the bank's answer"),
    "returns_missing": N_("the bank's list of returned payments"),
    "failure_missing": N_("the failure or return that a new attempt answers"),
    "payment_missing": N_("the payment itself"),
    "export_missing": N_("the file sent to the bank"),
    "release_missing": N_("the release of the batch"),
    "check_missing": N_("the check of the batch"),
    "preparation_missing": N_("the preparation of the batch"),
    "funds_missing": N_("the arrival of the money"),
    "award_missing": N_("the award"),
    "review_missing": N_("a review"),
    "application_missing": N_("the application"),
    "entry_missing": N_("the survey entry or the application form"),
    "import_missing": N_("the file the entry came from"),
    "account_missing": N_("the fact that gives the account"),
    "plan_missing": N_("the plan"),
    "notice_missing": N_("a public notice"),
    "posting_missing": N_("the posting of a public notice"),
    "evidence_missing": N_("the photo of a public notice in its place"),
    "comparison_missing": N_("a comparison with lists"),
    "list_missing": N_("a list that was compared with"),
    "stop_missing": N_("the stopping of its line in the batch"),
    "demand_missing": N_("the demand that was withdrawn"),
    "clawback_missing": N_("the money that came back on demand"),
    "receipt_missing": N_("the signed receipt"),
}
SOURCES: dict[str, str] = {"survey": N_("survey"), "register": N_("school register"), "list": N_("list")}

CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("At the bank"), ("payment", "batch", "account")),
    (N_("The money"), ("fund",)),
    (N_("The award"), ("award", "difference", "application", "case", "notice", "objection")),
    (N_("Surveys, lists and files"), ("entry", "student", "import", "round")),
    (N_("The rules"), ("plan", "unit", "staff")),
)
"""Headline and first words of topics, in the order of the story; what no chapter names comes last."""


def role_word(role: str) -> str:
    """The role in the reader's language."""
    return _(ROLES.get(role, role))


def gap_text(code: str) -> str:
    """What is missing, in words."""
    return _(GAPS.get(code, code))


def scheme_titles(session: Session) -> dict[str, str]:
    """`<plan>.<scheme>` -> the scheme's name in the newest version of its plan."""
    return {f"{plan.code}.{scheme.code}": scheme.name for plan in session.adopted_plans() for scheme in plan.schemes}


def tier_titles(session: Session, scheme: str) -> dict[str, str]:
    """Code -> name of the tiers of a scheme in all versions of its plan, the newest version's name winning."""
    plan_code, _dot, code = scheme.partition(".")
    names: dict[str, str] = {}
    for version in session.streams.read(AdoptedPlan, plan_code).versions:
        for one in version.plan.schemes:
            if one.code == code:
                names |= {tier.code: tier.name for tier in one.tiers}
    return names


class Naming:
    """Turns the codes in a fact's fields into the names people use, and so makes its summary."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._units = UnitNames(session)
        self._schemes = scheme_titles(session)
        self._tiers: dict[str, dict[str, str]] = {}

    def unit(self, unit: str) -> str:
        """The unit's name."""
        return self._units.title(unit)

    def scheme(self, scheme: str) -> str:
        """The scheme's name."""
        return self._schemes.get(scheme, scheme)

    def summary(self, topic: str, facts: Mapping[str, Any]) -> str:
        """One line for the fact, in the reader's language."""
        said = dict(facts)
        for name in ("unit", "to", "acting_unit", "parent"):
            if isinstance(said.get(name), str):
                said[name] = self.unit(said[name])
        if isinstance(said.get("role"), str):
            said["role"] = role_word(said["role"])
        if topic == "student.registered":
            said["source"] = _(SOURCES.get(str(said.get("source")), str(said.get("source"))))
        if topic.startswith("account."):
            said["code"] = _(WHY[str(said["code"])])
        if isinstance(said.get("scheme"), str):
            if said.get("tier"):
                tiers = self._tiers.setdefault(said["scheme"], tier_titles(self._session, said["scheme"]))
                said["tier"] = tiers.get(str(said["tier"]), said["tier"])
            said["scheme"] = self.scheme(said["scheme"])
        return summary(topic, said)
