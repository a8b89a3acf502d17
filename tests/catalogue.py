"""Every message has a translation: extracts those of `cli/` and of click, merges them into the catalogue, compiles it.

    python -m tests.catalogue update          messages of the code into the .po (new ones empty, old ones dropped)
    python -m tests.catalogue missing         those without a translation, as a JSON file of pairs to fill in
    python -m tests.catalogue add PAIRS.json  {"English message": "中文"} into the .po; a plural takes its one form
    python -m tests.catalogue compile         the .po into the .mo (the first and the third do so as well)

Babel is needed for this only; the program reads the committed .mo with the standard library.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CLI = ROOT / "cli"
MAPPING = CLI / "locale" / "babel.cfg"
PO = CLI / "locale" / "zh_CN" / "LC_MESSAGES" / "mingzhang.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
_LAID_DOWN = datetime(2020, 3, 6, tzinfo=UTC)  # a fixed header: two people's updates differ in messages only
_BRACES = re.compile(r"\{([a-z_]*)[^{}]*\}|%\(([a-z]+)\)s")


def extracted() -> Catalog:
    """All messages of the code, each with the files it comes from; those of click are marked `click`."""
    found = _empty()
    with MAPPING.open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    ours = 0
    for name, _line, text, comments, context in extract_from_dir(CLI, methods, options, KEYWORDS, ("Translators:",)):
        found.add(text, locations=[(f"cli/{name}", 0)], auto_comments=comments, context=context)
        ours += 1
    if not ours:
        raise SystemExit("nothing was extracted: the mapping file names no file with messages")
    package = Path(click.__file__).parent
    for _name, _line, text, _comments, context in extract_from_dir(package, [("**.py", "python")], {}, KEYWORDS):
        found.add(text, locations=[("click", 0)], context=context)
    return found


def committed() -> Catalog:
    """The catalogue as it is in the .po."""
    if not PO.exists():
        return _empty()
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="mingzhang")


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages whose translation is empty or only guessed."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(_forms(message)))]


def wrong_braces(catalogue: Catalog) -> list[str]:
    """Translations naming a placeholder that their message does not have: they would fail or print braces."""
    wrong = []
    for message in catalogue:
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        known = {brace for source in sources for brace in _BRACES.findall(source)}
        if message.id and any(set(_BRACES.findall(form)) - known for form in _forms(message)):
            wrong.append(sources[0])
    return wrong


def merged() -> Catalog:
    """What the .po should be now: the messages of the code with the translations there are."""
    old, new = committed(), _empty()
    for message in extracted():
        if not message.id:
            continue
        known = old.get(message.id, message.context) or old.get(_key(message), message.context)
        string = known.string if known and not known.fuzzy else None
        new.add(
            message.id,
            string,
            sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po: sorted, with files but no line numbers, so that it changes only where messages do."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The .mo of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def add(pairs: dict[str, str]) -> list[str]:
    """Merge, set these translations, write both files. Gives the messages that the code does not have."""
    with _alone():
        catalogue = merged()
        unknown = []
        for english, chinese in pairs.items():
            message = catalogue.get(english)
            if message is None:
                unknown.append(english)
            else:
                message.string = chinese if isinstance(message.id, str) else (chinese,)
        _write(catalogue)
    return unknown


def _write(catalogue: Catalog) -> None:
    for path, content in ((PO, po_bytes(catalogue)), (MO, mo_bytes(catalogue))):
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Several people add messages at once: one at a time reads and writes."""
    folder = os.open(PO.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _empty() -> Catalog:
    return Catalog(
        locale="zh_CN",
        domain="mingzhang",
        project="mingzhang",
        version="1",
        charset="utf-8",
        creation_date=_LAID_DOWN,
        revision_date=_LAID_DOWN,
        last_translator="mingzhang",
        language_team="zh",
        msgid_bugs_address="mingzhang",
        fuzzy=False,
        header_comment="# Messages of mingzhang in Chinese; see tests/catalogue.py.",
    )


def _forms(message: Message) -> list[str]:
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main(words: list[str]) -> int:
    """0 done, 1 something is missing or unknown, 2 not understood."""
    match words:
        case ["update"]:
            add({})
            left = untranslated(committed())
            print(f"{len(left)} messages without a translation")
            return 1 if left else 0
        case ["missing"]:
            left = untranslated(merged())
            print(json.dumps({_key(message): "" for message in left}, ensure_ascii=False, indent=1))
            return 1 if left else 0
        case ["add", *files] if files:
            unknown = [text for file in files for text in add(json.loads(Path(file).read_text(encoding="utf-8")))]
            for text in unknown:
                print(f"no such message in the code: {text}", file=sys.stderr)
            return 1 if unknown else 0
        case ["compile"]:
            with _alone():
                _write(committed())
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
