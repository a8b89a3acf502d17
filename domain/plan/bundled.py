"""The plans that come with mingzhang: one TOML file each under `domain/plans/`."""

from __future__ import annotations

from importlib import resources

from ..refusal import Refused

_FOLDER = resources.files("mingzhang.domain") / "plans"


def bundled_codes() -> list[str]:
    """The codes of the plans that come along, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))


def bundled_text(code: str) -> str:
    """The text of one of them; refused `plan_unknown` for another code."""
    if code not in bundled_codes():
        raise Refused("plan_unknown", plan=code, plans=bundled_codes())
    return (_FOLDER / f"{code}.toml").read_text(encoding="utf-8")
