"""Which files of the ledger's folder name a person: bank files, signed lists, copies of refused rows, answers somebody wrote there.

Before the key goes, the person's own boxes say what to look for: numbers wherever they stand, a name where it stands by itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from mingzhang.domain.facts import decode
from mingzhang.domain.money.batch import BatchExported
from mingzhang.domain.money.payment import PaymentInstructed, PaymentReissued
from mingzhang.domain.privacy.facts import RemovedFile
from mingzhang.domain.sealed import Sealed

from ..session import Session

NUMBERS = ("id_number", "account", "xueji", "phone")
NAMES = ("name", "account_name")
_SHORTEST_NUMBER = 6
_APART = frozenset({"keys", "evidence"})  # sealed or wrapped, and somebody else's to take away
_DATABASES = ("journal.db", "projections.db")
_HAN = "\\u3400-\\u9fff"


def plaintexts(session: Session, leaves: Sequence[int], refs: Sequence[str]) -> dict[str, set[str]]:
    """What is sealed about the person, by the name of the field; `leaves`: where in the log."""
    boxes = [box for leaf in leaves for row in session.ledger.journal.select_rows(leaf, 1) for box in _boxes(row.topic, row.state, refs)]
    found: dict[str, set[str]] = {}
    for fields in session.vault.open_many(boxes, also_restricted=True):
        for name, value in (fields or {}).items():
            if value.strip():
                found.setdefault(name, set()).add(value.strip())
    return found


def _boxes(topic: str, state: bytes, refs: Sequence[str]) -> Iterator[Sealed]:
    for value in decode(topic, state).__dict__.values():
        for one in value if isinstance(value, tuple) else (value,):
            box = one if isinstance(one, Sealed) else getattr(one, "person", None)
            if isinstance(box, Sealed) and box.subject in refs:
                yield box


def files_naming(session: Session, streams: Sequence[str], said: dict[str, set[str]]) -> tuple[tuple[RemovedFile, ...], tuple[str, ...]]:
    """The files in the ledger's folder that name the person, and the names of bank files and lists that were exported to anywhere."""
    root = session.folder.root
    exported = _exported(session, streams)
    wanted = _pattern(said)
    found = []
    for path in _files(root):
        content = path.read_bytes()
        if _of_batch(path, exported) or (wanted is not None and any(wanted.search(text) for text in _texts(content))):
            found.append(RemovedFile(path=path.relative_to(root).as_posix(), sha256=hashlib.sha256(content).hexdigest()))
    return tuple(found), tuple(sorted(exported))


def _exported(session: Session, streams: Sequence[str]) -> set[str]:
    """The names under which batches left the house in which the person has a line."""
    journal = session.ledger.journal
    batches: dict[str, None] = {}
    for row in journal.select_streams([name for name in streams if name.startswith("payment/")]):
        fact = decode(row.topic, row.state)
        if isinstance(fact, PaymentInstructed | PaymentReissued):
            batches[f"batch/{fact.batch}"] = None
    facts = (decode(row.topic, row.state) for row in journal.select_streams(list(batches)))
    return {fact.file for fact in facts if isinstance(fact, BatchExported)}


def _of_batch(path: Path, exported: set[str]) -> bool:
    return path.name in exported or path.name.removeprefix(".").removesuffix(".unfinished") in exported


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        here = Path(folder)
        if here == root:
            names[:] = [name for name in names if name not in _APART]
            files = [name for name in files if name != "ledger.json" and not name.startswith(_DATABASES)]
        yield from (here / name for name in sorted(files) if not (here / name).is_symlink())


def _pattern(said: dict[str, set[str]]) -> re.Pattern[str] | None:
    numbers = {one for field in NUMBERS for one in said.get(field, ()) if len(one) >= _SHORTEST_NUMBER}
    names = {one for field in NAMES for one in said.get(field, ()) if len(one) > 1}
    parts = [re.escape(one) for one in sorted(numbers)]
    parts += [f"(?<![{_HAN}]){re.escape(one)}(?![{_HAN}])" for one in sorted(names)]
    return re.compile("|".join(parts)) if parts else None


def _texts(content: bytes) -> Iterator[str]:
    """What a file says: a workbook's or an archive's parts, else the whole in the two encodings that banks and offices use."""
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            for name in parts.namelist():
                yield from _texts(parts.read(name))
        return
    try:
        yield content.decode("utf-8")
    except UnicodeDecodeError:
        yield content.decode("gb18030", errors="replace")
        yield content.decode("utf-16-le", errors="replace")
