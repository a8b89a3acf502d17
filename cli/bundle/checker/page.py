"""The page in words is for people: it shows what the records say and how to check them, and proves nothing by itself, which it says first.

It is made from the records alone, loads nothing from anywhere, and holds no script; the checker makes it again and compares.
"""

from __future__ import annotations

from html import escape

from .found import Findings
from .remarks import REMARKS, not_proved
from .sentences import LANGUAGES, Words
from .telling import Bundle, fields_told, steps_told

_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;line-height:1.6;color:#222}"
    "h1{font-size:1.4em}h2{font-size:1.1em;border-bottom:1px solid #999;margin-top:2em}"
    "code{background:#eee;padding:0 .3em;word-break:break-all}li{margin:.3em 0}"
    ".warn{background:#fff3cd;border:1px solid #d9b84a;padding:.6em 1em}"
)
_TITLE = ("一笔付款的证明", "Proof of one payment")
_FIRST = (
    "这一页只是用文字说出包里的记录，本身不证明任何事，谁都能改。请运行核验程序：它自己读记录、核对签名，从不相信这一页。",
    "This page only says in words what the records in the bundle say. It proves nothing by itself, and anybody could change it. Run the "
    "checker: it reads the records, checks the signatures, and never believes this page.",
)
_HOW = (
    (
        "在解压后的文件夹里运行：",
        "python3 check.py",
        "（Python 3.8 以上即可运行；全部核对要 3.11 以上，并有 openssl 3.0 以上或 cryptography）",
    ),
    (
        "In the unpacked folder run:",
        "python3 check.py",
        "(it runs from Python 3.8 on; to check everything it takes 3.11, and openssl 3.0 or cryptography)",
    ),
)
_OWN = (
    "更稳妥：用您从别处得到的 check.py 核验，并给出您所知道的账本公钥（--key）和您自己留过的检查点（--checkpoint）。",
    "Better still: use a check.py you have from elsewhere, and give it the ledger's public key you know (--key) and a checkpoint you kept "
    "yourself (--checkpoint).",
)
_ABOUT = (
    ("付款", "日志", "检查点（条数）", "树根", "账本公钥"),
    ("Payment", "Log", "Checkpoint (log size)", "Root", "Ledger's public key"),
)
_TRAIL = ("这笔款的来龙去脉（新的在前）", "How the payment came about (newest first)")
_DISCLOSED = ("披露的个人信息", "Personal data disclosed")
_NONE = ("没有披露任何个人信息。", "No personal data is disclosed.")
_ATTACHED = ("附件（原始文件的 SHA-256）", "Attachments (SHA-256 of each)")
_LIMITS = ("这个包没有证明的", "What this bundle does not prove")


def page_bytes(bundle: Bundle, words: Words) -> bytes:
    """The page in both languages, Chinese first; the same records give the same bytes."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(_TITLE[0])} · {escape(_TITLE[1])}</title><style>{_STYLE}</style></head><body>",
    ]
    for language in LANGUAGES:
        parts += _in(bundle, words, language)
    return ("\n".join([*parts, "</body></html>"]) + "\n").encode("utf-8", "replace")


def _in(bundle: Bundle, words: Words, language: str) -> list[str]:
    at = LANGUAGES.index(language)
    checkpoint = bundle.log.checkpoint
    head, command, tail = _HOW[at]
    told: list[tuple[str, str]] = [
        (_ABOUT[at][0], bundle.manifest.payment),
        (_ABOUT[at][1], checkpoint.origin),
        (_ABOUT[at][2], str(checkpoint.size)),
        (_ABOUT[at][3], checkpoint.root.hex()),
        (_ABOUT[at][4], bundle.log.keys[-1].vkey if bundle.log.keys else "—"),
    ]
    parts = [f'<section lang="{language}"><h1>{escape(_TITLE[at])}</h1>']
    if bundle.log.rehearsal:
        parts.append(f'<p class="warn"><strong>{escape(REMARKS["rehearsal"][at])}</strong></p>')
    parts.append(f'<p class="warn">{escape(_FIRST[at])}</p>')
    parts.append(f"<p>{escape(head)} <code>{command}</code> {escape(tail)}</p><p>{escape(_OWN[at])}</p>")
    parts += ["<ul>", *(f"<li>{escape(name)}: <code>{escape(value)}</code></li>" for name, value in told), "</ul>"]
    parts += _list(_TRAIL[at], steps_told(bundle, words, language))
    parts += _list(_DISCLOSED[at], fields_told(bundle, words, language) or [_NONE[at]])
    if bundle.attached:
        parts += _list(_ATTACHED[at], bundle.attached)
    parts += _list(_LIMITS[at], not_proved(Findings(), checkpoint.size, language))
    return [*parts, "</section>"]


def _list(title: str, lines: list[str]) -> list[str]:
    return [f"<h2>{escape(title)}</h2><ul>", *(f"<li>{escape(line)}</li>" for line in lines), "</ul>"]
