"""Checks a proof of one payment (明账证明包) with Python alone: what is proved, by which key, at which log size, and what is not.

    python3 check.py                    the bundle unpacked in this folder
    python3 check.py bundle.zip         a bundle as it came
    python3 check.py bundle.zip --key VKEY --checkpoint FILE

Exit codes: 0 proved; 4 not proved; 5 nothing is wrong, but something could not be checked on this machine; 2 usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, NamedTuple, Sequence

from .disclosed import read_disclosed
from .evidence import read_attached
from .found import Findings, NotProved, Point
from .history import check_seen, check_vouched, compare_with, read_histories
from .log import LogKey, check_checkpoint, read_log, read_vkey
from .manifest import read_manifest
from .opening import CHECKER, PAGE, read_bundle, read_small
from .page import page_bytes
from .people import check_authority, read_transactions
from .remarks import REMARKS, not_proved
from .sentences import LANGUAGES, OPEN, PROBLEMS, PROVED, Words, printable, sentence
from .signatures import Tool, find_tool
from .telling import Bundle, fields_told, steps_told
from .trail import FUND, OFF_TRAIL, OTHERS, follow

PROVED_ALL, NOT, SOMETHING_OPEN = 0, 4, 5
_LEFT_OUT = {OTHERS: "others_left_out", FUND: "fund_left_out", OFF_TRAIL: "off_trail_left_out"}


class Asked(NamedTuple):
    """What whoever checks knows already: the ledger's key, and a checkpoint of their own with the name of its file."""

    key: LogKey | None = None
    own: tuple[str, bytes] | None = None


def examine(files: dict[str, bytes], words: Words, source: bytes, tool: Tool, asked: Asked, findings: Findings) -> Bundle:
    """Checks everything; `source` is the running checker. NotProved where nothing can be read; all else becomes a finding."""
    manifest = read_manifest(files, findings)
    log = read_log(files, findings)
    check_checkpoint(log, asked.key, tool, findings)
    if manifest.size != log.checkpoint.size:
        findings.problem("size_differs", size=manifest.size, here=log.checkpoint.size)
    transactions = read_transactions(log, tool, findings)
    check_authority(log, transactions, findings)
    histories = read_histories(files, log, findings)
    seen = check_seen(transactions, histories, log, findings)
    trail = follow(log, manifest.payment, findings)
    check_vouched(trail.steps, transactions, seen, findings)
    disclosed = read_disclosed(files, log, findings)
    attached = read_attached(files, log, findings)
    bundle = Bundle(manifest, log, transactions, trail, disclosed, attached)
    _refuse_unrelated(bundle, findings)
    if asked.own is not None:
        compare_with(asked.own[1], asked.own[0], log.keys, histories, log, tool, findings)
    for why, code in _LEFT_OUT.items():
        count = sum(one == why for one in trail.left_out.values())
        if count:
            findings.remark(code, count=count)
    if log.rehearsal:
        findings.remark("rehearsal")
    if files.get(CHECKER) != source:
        findings.remark("checker_other")
    elif PAGE in files and page_bytes(bundle, words) != files[PAGE]:
        findings.problem("page_differs")
    elif PAGE in files:
        findings.prove("page_same")
    return bundle


def _refuse_unrelated(bundle: Bundle, findings: Findings) -> None:
    """A bundle holds the trail, and what shows who did it: no more."""
    steps = {event.leaf for event in bundle.trail.steps}
    for leaf, event in bundle.log.by_leaf.items():
        own = bundle.transactions.get(leaf)
        of_people = event.topic in ("transaction.recorded", "staff.appointed", "staff.key_enrolled", "staff.key_revoked")
        whole = own is not None and own.whole
        if leaf not in steps and not of_people and not whole and not event.stream.startswith("ledger/"):
            findings.problem("event_unrelated", event=event.ref)


def check(path: str, words: Words, source: bytes, tool: Tool, asked: Asked) -> tuple[Bundle | None, Findings]:
    """Reads and examines; whatever a bundle holds, this comes to an end with findings."""
    findings = Findings()
    bundle: Bundle | None = None
    try:
        files, others = read_bundle(path)
        if others:
            findings.remark("folder_holds_more", names=others)
        bundle = examine(files, words, source, tool, asked, findings)
    except NotProved as not_readable:
        findings.problems.append(not_readable.point)
    except Exception as error:  # what nobody thought of is not proved either
        findings.problem("unexpected", reason=type(error).__name__)
    return bundle, findings


def exit_code(findings: Findings) -> int:
    return NOT if findings.problems else SOMETHING_OPEN if findings.open else PROVED_ALL


def main(arguments: Sequence[str], words: Words) -> int:
    """The program: reads the command line, prints what was found, gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(prog="check.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", default=here, help="the zip, or the folder it was unpacked to (default: where check.py lies)")
    parser.add_argument("--key", metavar="VKEY", help="the ledger's public key, as you know it from elsewhere")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint of this ledger that you kept: the file, or its three lines")
    parser.add_argument("--lang", choices=LANGUAGES, default=_language(), help="zh or en")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of sentences")
    said = parser.parse_args(list(arguments))
    try:
        asked = Asked(
            read_vkey(said.key) if said.key is not None else None,
            (said.checkpoint, read_small(said.checkpoint)) if said.checkpoint is not None else None,
        )
    except NotProved as unusable:
        parser.error(sentence(PROBLEMS, unusable.point, said.lang, words))
    with open(os.path.abspath(__file__), "rb") as file:
        source = file.read()
    tool = find_tool()
    bundle, findings = check(said.bundle, words, source, tool, asked)
    if said.json:
        answer = json.dumps(document(bundle, findings, said.lang, words, tool), ensure_ascii=False, indent=2)
    else:
        answer = "\n".join(told(bundle, findings, said.lang, words, tool))
    try:
        print(answer, flush=True)
    except BrokenPipeError:  # whoever read along has seen enough; Python's own last flush goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_code(findings)


def _language() -> str:
    """English where the locale names a language other than Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        locale = os.environ.get(name, "").lower()
        if locale:
            return "zh" if locale.startswith(("zh", "chinese", "c.", "posix")) or locale == "c" else "en"
    return "zh"


_HEADS = {
    "title": ("明账证明包核验", "Check of a proof by mingzhang"),
    "payment": ("付款 {payment}", "Payment {payment}"),
    "log": ("日志 {origin}，第 {size} 条为止，树根 {root}", "Log {origin}, size {size}, root {root}"),
    "tool": ("签名由 {tool} 核对", "Signatures checked by {tool}"),
    "proved": ("证明了：", "Proved:"),
    "problems": ("没有通过：", "Not as it should be:"),
    "open": ("这台机器上没能核对：", "Could not be checked on this machine:"),
    "trail": ("这笔款的来龙去脉（新的在前）：", "How the payment came about (newest first):"),
    "disclosed": ("披露的个人信息：", "Personal data disclosed:"),
    "remarks": ("另外要知道：", "What else to know:"),
    "limits": ("没有证明的：", "Not proved:"),
}
_VERDICTS = {
    PROVED_ALL: ("结论：已证明。", "Verdict: proved."),
    NOT: ("结论：没有证明。不要采信这个包里的内容。", "Verdict: NOT proved. Do not rely on what this bundle says."),
    SOMETHING_OPEN: ("结论：没有发现问题，但有几项没能核对。", "Verdict: nothing is wrong, but some things could not be checked."),
}


def told(bundle: Bundle | None, findings: Findings, language: str, words: Words, tool: Tool) -> list[str]:
    """The whole answer as lines. What the records say is left out where they are not to be believed."""
    at = LANGUAGES.index(language)
    lines = [_HEADS["title"][at]]
    if bundle is not None:
        checkpoint = bundle.log.checkpoint
        about = {"origin": printable(checkpoint.origin), "size": checkpoint.size, "root": checkpoint.root.hex()}
        lines += [_HEADS["payment"][at].format(payment=printable(bundle.manifest.payment)), _HEADS["log"][at].format(**about)]
    if tool.name:
        lines.append(_HEADS["tool"][at].format(tool=printable(tool.name)))
    for head, mark, table, points in _groups(findings):
        if points and not (head == "proved" and findings.problems):  # a tick beside a cross would be read as half a proof
            lines += ["", _HEADS[head][at], *(f"  {mark} {sentence(table, point, language, words)}" for point in points)]
    if bundle is not None and not findings.problems:
        lines += ["", _HEADS["trail"][at], *("  " + line for line in steps_told(bundle, words, language))]
        if bundle.disclosed:
            lines += ["", _HEADS["disclosed"][at], *("  " + line for line in fields_told(bundle, words, language))]
    if findings.remarks:
        lines += ["", _HEADS["remarks"][at], *(f"  - {sentence(REMARKS, point, language, words)}" for point in findings.remarks)]
    if bundle is not None:
        lines += ["", _HEADS["limits"][at], *("  - " + line for line in not_proved(findings, bundle.log.checkpoint.size, language))]
    return [*lines, "", _VERDICTS[exit_code(findings)][at]]


def _groups(findings: Findings) -> list[tuple[str, str, Any, list[Point]]]:
    return [
        ("proved", "✓", PROVED, findings.proved),
        ("problems", "✗", PROBLEMS, findings.problems),
        ("open", "?", OPEN, findings.open),
    ]


def document(bundle: Bundle | None, findings: Findings, language: str, words: Words, tool: Tool) -> dict[str, Any]:
    """The same for a program."""
    verdicts = {PROVED_ALL: "proved", NOT: "not_proved", SOMETHING_OPEN: "open"}
    said: dict[str, Any] = {"verdict": verdicts[exit_code(findings)], "tool": tool.name}
    for head, _mark, table, points in [*_groups(findings), ("remarks", "", REMARKS, findings.remarks)]:
        said[head] = [{"code": point.code, "message": sentence(table, point, language, words)} for point in points]
    if bundle is not None:
        checkpoint = bundle.log.checkpoint
        said.update(payment=bundle.manifest.payment, origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root.hex())
        said["keys"] = [key.vkey for key in bundle.log.keys]
        said["rehearsal"] = bundle.log.rehearsal
        said["steps"] = [{"event": event.ref, "leaf": event.leaf, "topic": event.topic} for event in reversed(bundle.trail.steps)]
        said["left_out"] = bundle.trail.left_out
        said["disclosed"] = [one._asdict() for one in bundle.disclosed]
        said["attached"] = bundle.attached
    return said
