"""Which banks' layouts there are: those that come along, those of the office in its ledger's folder, and any file by its path."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.domain.refusal import Refused

from .profile import BankProfile, read_profile

FOLDER = "bank-profiles"
"""The folder of a ledger in which an office keeps its own banks' layouts, one `<code>.toml` each; `backup` takes it along."""
_BUNDLED = resources.files("mingzhang.cli") / "bankfiles" / "profiles"


def bundled_codes() -> list[str]:
    """The codes of the layouts that come along, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _BUNDLED.iterdir() if entry.name.endswith(".toml"))


@cache
def bundled_profile(code: str) -> BankProfile:
    name = f"{code}.toml"
    return read_profile((_BUNDLED / name).read_text(encoding="utf-8"), name)


def office_codes(ledger: Path | None) -> list[str]:
    """The names of the office's own files, sorted, whatever is in them."""
    folder = ledger / FOLDER if ledger is not None else None
    return sorted(path.stem for path in folder.glob("*.toml")) if folder is not None and folder.is_dir() else []


def profile_of_file(path: Path) -> BankProfile:
    """The layout in a file. Refused `file_missing`, `bank_profile_malformed`, and `bank_profile_name_taken` for the code of one that comes
    along."""
    if not path.is_file():
        raise Refused("file_missing", file=str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused("bank_profile_malformed", file=str(path), place="TOML", line=1, reason="UTF-8") from None
    found = read_profile(text, str(path))
    if found.code in (*bundled_codes(), SIGN_LIST):
        raise Refused("bank_profile_name_taken", file=str(path), profile=found.code)
    return found


def profile_named(written: str, ledger: Path | None) -> BankProfile:
    """The layout meant by a code, or by the path of a TOML file. Refused `bank_profile_unknown`, `bank_profile_code_differs` for an
    office's file that is not named by its code, and as `profile_of_file`."""
    if written.endswith(".toml"):
        return profile_of_file(Path(written))
    if written in bundled_codes():
        return bundled_profile(written)
    if ledger is None or written not in office_codes(ledger):
        raise Refused("bank_profile_unknown", profile=written, profiles=[*bundled_codes(), *office_codes(ledger)])
    path = ledger / FOLDER / f"{written}.toml"
    found = profile_of_file(path)
    if found.code != written:
        raise Refused("bank_profile_code_differs", file=str(path), profile=found.code)
    return found
