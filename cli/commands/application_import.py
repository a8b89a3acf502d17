"""`application import`: application forms (申请花名册), all rows or none; a row is a claim, judged later by people and lists."""

from __future__ import annotations

from typing import Any

import click

from ..i18n import _, ngettext
from ..intake.frame import import_options, take_in
from ..options import Globals, Verb, example, on_option, period_option, scheme_option, unit_option


@click.command("import", cls=Verb, help=_("Take application forms (申请花名册) in: all rows or none."))
@scheme_option(required=True)
@period_option(required=True)
@unit_option(help=_("The township whose villages the rows or sheets name, or the unit of rows that name no place (its id, or its name)."))
@on_option
@import_options
@example(
    "mingzhang --as applicant-clerk application import 花名册.xlsx --scheme county-grant --period 2020-2021 --unit 新村镇",
    "mingzhang --as applicant-clerk application import 本科批.xlsx --scheme freshmen --period once --unit 肃南县教育局 --dry-run",
)
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    from ..intake.applications import import_applications

    return take_in(globals, import_applications, _applications_recorded, **asked)


def _applications_recorded(count: int) -> str:
    return ngettext("{count} application recorded.", "{count} applications recorded.", count).format(count=count)
