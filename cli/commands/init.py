"""`init`: a ledger, its keys and its first administrator; with `--rehearsal --plan` everything one needs to practise.

The first administrator's signing key is enrolled in the very transaction it signs: all trust in the ledger's staff begins with it. So its
id is printed, to be written down outside.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from mingzhang.domain.command import Command
from mingzhang.domain.facts import Fact
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.ledger_state import LedgerKeyEnrolled
from mingzhang.domain.plan.adoption import AdoptPlan
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.proof.checkpoint import origin
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import ROLES, AppointStaff, StaffAppointed, StaffKeyEnrolled, refuse_personal
from mingzhang.domain.staff_keys import EnrolKey
from mingzhang.domain.transaction import uuid7
from mingzhang.domain.unit import UnitRegistered
from mingzhang.domain.values.base64_text import base64_text
from mingzhang.domain.values.ids import refuse_unusable
from mingzhang.domain.vault.log_key import make_log_key
from mingzhang.domain.vault.master import make_master_key
from mingzhang.domain.vault.vault import Vault

from ..cases.plans import plan_of, plan_text
from ..clock import RehearsalClock, SystemClock, day_of
from ..folder import LedgerFolder, make_folder
from ..i18n import _
from ..options import Globals, Verb, example
from ..output import Answer, show
from ..session import PASSPHRASE, make_ledger, passphrase
from ..signing.key_ring import KeyRing, NewKey
from ..signing.passphrases import new_passphrase


@dataclass(frozen=True)
class Founded:
    """A ledger just made: its folder, the first administrator's signing key, and its passphrase where it was made up here."""

    folder: LedgerFolder
    key: NewKey
    passphrase: str | None


@click.command(cls=Verb, help=_("Make a ledger, its keys and its first administrator."))
@click.option("--rehearsal", is_flag=True, help=_("A ledger to practise on: its clock can be set, and whatever it prints is marked 演练."))
@click.option("--plan", "plan_code", metavar="CODE|FILE", help=_("Adopt this plan at once and register its units."))
@click.option("--unit", "unit_name", metavar="NAME", help=_("The office or school that keeps the ledger. Default: the plan's top unit."))
@click.option("--administrator", default="administrator", metavar="STAFF", help=_("Staff id of the first administrator."))
@example("mingzhang init --rehearsal --plan fuxin-2020", "mingzhang --ledger 2020 init --unit 市教育局 --administrator zhao")
@click.pass_obj
def init(globals: Globals, rehearsal: bool, plan_code: str | None, unit_name: str | None, administrator: str) -> int:
    founded = found(globals, rehearsal=rehearsal, plan_code=plan_code, unit_name=unit_name, administrator=administrator)
    folder = founded.folder
    sentences = [
        _("The ledger is in {folder}.").format(folder=folder.root),
        _("Its key is {key}, readable by you alone. Whoever loses it loses every name in the ledger: keep a copy elsewhere.").format(
            key=folder.master_key
        ),
    ]
    if not passphrase():
        sentences.append(_("The key has no passphrase; set {variable} before init to give it one.").format(variable=PASSPHRASE))
    staff = list(ROLES) if rehearsal and plan_code else [administrator]
    if rehearsal and plan_code:
        sentences.append(_("Practice staff: {staff}. Act as one of them with --as.").format(staff="、".join(staff)))
    document = {"ledger": str(folder.root), "ledger_id": folder.ledger_id, "rehearsal": rehearsal, "plan": plan_code, "staff": staff}
    document |= {"key": founded.key.key, "signing_passphrase": founded.passphrase}
    sentences += _about_signing(founded, administrator)
    return show(globals, Answer.saying(document, *sentences), rehearsal=rehearsal)


def found(
    globals: Globals, *, rehearsal: bool, plan_code: str | None, unit_name: str | None = None, administrator: str = "administrator"
) -> Founded:
    """Makes the ledger folder, its keys, and its first facts.

    Refused, beside what these refuse, `staff_id_personal` and `id_unusable` for the administrator's id, as for anybody's who is appointed.
    """
    refuse_personal(administrator)
    refuse_unusable("staff", administrator)
    if globals.now is not None and not rehearsal:
        raise Refused("clock_only_in_rehearsal")
    if globals.ledger.startswith("postgresql:"):
        raise Refused("ledger_url_unsupported")
    clock = RehearsalClock(globals.now) if globals.now else SystemClock()
    ledger_id = uuid7(clock(), secrets.token_bytes)
    text = plan_text(plan_code) if plan_code else None
    plan = plan_of(text) if text else None
    top = plan.top if plan else "office"
    entry = next((unit for unit in plan.units if unit.id == plan.top), None) if plan else None
    title = unit_name or (entry.name if entry else "")
    if not title:
        raise Refused("unit_name_needed")

    made: list[NewKey] = []
    words, made_up = (None, False) if rehearsal else new_passphrase(administrator)

    def fill(folder: LedgerFolder) -> None:
        master = make_master_key(folder.master_key, secrets.token_bytes, passphrase())
        vault = Vault.create(folder.vault, master, secrets.token_bytes)
        try:
            log_key = make_log_key(vault).public_key
        finally:
            vault.close()
        ring = KeyRing(folder, passphrase=lambda staff: words)
        ledger = make_ledger(folder, clock, new=True, signer=ring.signer)
        try:
            today = day_of(clock())
            day = min(today, plan.effective_from) if plan else today
            registered: Fact = UnitRegistered(actor=administrator, effective_on=day, name=title, kind=entry.kind if entry else "office")
            because = (f"unit/{top}@1",)
            appointed = StaffAppointed(actor=administrator, effective_on=day, because=because, role="administrator", unit=top)
            with ring.making(administrator, words) as key:
                made.append(key)
                ledger.open_ledger(
                    [
                        (f"ledger/{ledger_id}", _log_key_enrolled(ledger_id, administrator, today, log_key, rehearsal=rehearsal)),
                        (f"unit/{top}", registered),
                        (f"staff/{administrator}", appointed),
                        (f"staff/{administrator}", _key_enrolled(administrator, today, key)),
                    ],
                    actor=administrator,
                    rehearsal=rehearsal,
                )
            if text is not None and plan is not None:
                ledger.execute(AdoptPlan(text=text), actor=administrator)
                if rehearsal:
                    _appoint_practice_staff(ledger, ring, top, administrator, plan)
        finally:
            ledger.close()

    folder = make_folder(Path(globals.ledger), ledger_id, rehearsal=rehearsal, fill=fill)
    return Founded(folder, made[0], words if made_up else None)


def _key_enrolled(administrator: str, day: date, key: NewKey) -> Fact:
    because = (f"staff/{administrator}@1",)
    return StaffKeyEnrolled(
        actor=administrator, effective_on=day, because=because, public_key=key.public_key, key=key.key, issued_by="self"
    )


def _log_key_enrolled(ledger_id: str, administrator: str, day: date, public_key: bytes, *, rehearsal: bool) -> Fact:
    named = origin(ledger_id, rehearsal=rehearsal)
    return LedgerKeyEnrolled(actor=administrator, effective_on=day, public_key=base64_text(public_key), origin=named)


def _appoint_practice_staff(ledger: Ledger, ring: KeyRing, top: str, administrator: str, plan: Plan) -> None:
    """One practice person for each role, over all of the plan's units, with a key as in earnest."""
    missing = [role for role in ROLES if role != "administrator" or administrator != "administrator"]
    commands: list[Command] = []
    for role in missing:
        commands.append(AppointStaff(on=plan.effective_from, staff=role, role=role, unit=top))
        commands.append(EnrolKey(staff=role, public_key=base64_text(ring.practice_key(role).public_key)))
    ledger.execute_many(commands, actor=administrator)


def _about_signing(founded: Founded, administrator: str) -> list[str]:
    """What to do with the first signing key; in a rehearsal there is nothing to be done."""
    if founded.key.file is None:
        return [_("Everybody's records are signed here too, with practice keys that need no passphrase.")]
    said = [
        _("{staff} signs with the key {key}, in {file}. Write {key} down outside this computer: all signatures rest on it.").format(
            staff=administrator, key=founded.key.key, file=founded.key.file
        ),
    ]
    if founded.passphrase is not None:
        said.append(_("Its passphrase is {passphrase}. It is shown this once and kept nowhere.").format(passphrase=founded.passphrase))
    said.append(_("Appoint a second administrator soon: if this key or its passphrase is lost, nobody else can appoint or give keys."))
    return said
