"""`init`: a ledger, its keys and its first administrator; with `--rehearsal --plan` everything one needs to practise."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from mingzhang.domain.facts import Fact
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.plan.adoption import AdoptPlan
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import ROLES, AppointStaff, StaffAppointed
from mingzhang.domain.transaction import uuid7
from mingzhang.domain.unit import UnitRegistered
from mingzhang.domain.vault.master import make_master_key
from mingzhang.domain.vault.vault import Vault

from ..cases.plans import plan_of, plan_text
from ..clock import RehearsalClock, SystemClock, day_of
from ..folder import LedgerFolder, make_folder
from ..i18n import _
from ..options import Globals, Verb, example
from ..output import Answer, show
from ..session import PASSPHRASE, make_ledger, passphrase


@click.command(cls=Verb, help=_("Make a ledger, its keys and its first administrator."))
@click.option("--rehearsal", is_flag=True, help=_("A ledger to practise on: its clock can be set, and whatever it prints is marked 演练."))
@click.option("--plan", "plan_code", metavar="CODE|FILE", help=_("Adopt this plan at once and register its units."))
@click.option("--unit", "unit_name", metavar="NAME", help=_("The office or school that keeps the ledger. Default: the plan's top unit."))
@click.option("--administrator", default="administrator", metavar="STAFF", help=_("Staff id of the first administrator."))
@example("mingzhang init --rehearsal --plan fuxin-2020", "mingzhang --ledger 2020 init --unit 市教育局 --administrator zhao")
@click.pass_obj
def init(globals: Globals, rehearsal: bool, plan_code: str | None, unit_name: str | None, administrator: str) -> int:
    folder = found(globals, rehearsal=rehearsal, plan_code=plan_code, unit_name=unit_name, administrator=administrator)
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
    return show(globals, Answer.saying(document, *sentences), rehearsal=rehearsal)


def found(
    globals: Globals, *, rehearsal: bool, plan_code: str | None, unit_name: str | None = None, administrator: str = "administrator"
) -> LedgerFolder:
    """Makes the ledger folder, its keys, and its first facts."""
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

    def fill(folder: LedgerFolder) -> None:
        key = make_master_key(folder.master_key, secrets.token_bytes, passphrase())
        Vault.create(folder.vault, key, secrets.token_bytes).close()
        ledger = make_ledger(folder, clock, new=True)
        try:
            day = min(day_of(clock()), plan.effective_from) if plan else day_of(clock())
            registered: Fact = UnitRegistered(actor=administrator, effective_on=day, name=title, kind=entry.kind if entry else "office")
            because = (f"unit/{top}@1",)
            appointed = StaffAppointed(actor=administrator, effective_on=day, because=because, role="administrator", unit=top)
            opening = [(f"unit/{top}", registered), (f"staff/{administrator}", appointed)]
            ledger.open_ledger(opening, actor=administrator, rehearsal=rehearsal)
            if text is not None and plan is not None:
                ledger.execute(AdoptPlan(text=text), actor=administrator)
                if rehearsal:
                    _appoint_practice_staff(ledger, top, administrator, plan)
        finally:
            ledger.close()

    return make_folder(Path(globals.ledger), ledger_id, rehearsal=rehearsal, fill=fill)


def _appoint_practice_staff(ledger: Ledger, top: str, administrator: str, plan: Plan) -> None:
    """One practice person for each role, over all of the plan's units."""
    missing = [role for role in ROLES if role != "administrator" or administrator != "administrator"]
    ledger.execute_many([AppointStaff(on=plan.effective_from, staff=role, role=role, unit=top) for role in missing], actor=administrator)
