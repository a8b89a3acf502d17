"""A refusal teaches: what is wrong, where, and what to do next, in the reader's language.

Codes are permanent and come from below; their sentences are here, in one table per concept. A sentence names
what the refusal's context holds in braces; what a context does not hold is shown as `…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path
from string import Formatter
from traceback import walk_tb

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.categories import CATEGORIES

from ..i18n import N_, _, joined
from ..output.words import cell_text, instant_text
from ..words.books import step_words
from ..words.roles import role_and_code, separated_step_words
from . import (
    accounts,
    aid,
    attempts,
    bank_profiles,
    books,
    bundle,
    checkpoints,
    crosscheck,
    differences,
    duty,
    evidence,
    files,
    findings,
    forms,
    keeping,
    ledger,
    loan,
    money,
    notice,
    output,
    pairing,
    plan,
    plan_check,
    privacy,
    programme,
    proof,
    sampling,
    schools,
    signing,
    survey,
    tree,
    tutoring,
    verifying,
)
from .plan_reasons import reason_in_words
from .sentence import Sentence
from .words import PAYMENT_WORDS, WORDS

TABLES: tuple[Mapping[str, Sentence], ...] = (
    ledger.SENTENCES,
    keeping.SENTENCES,
    files.SENTENCES,
    plan.SENTENCES,
    plan_check.SENTENCES,
    survey.SENTENCES,
    crosscheck.SENTENCES,
    aid.SENTENCES,
    forms.SENTENCES,
    notice.SENTENCES,
    money.SENTENCES,
    accounts.SENTENCES,
    bank_profiles.SENTENCES,
    attempts.SENTENCES,
    differences.SENTENCES,
    books.SENTENCES,
    loan.SENTENCES,
    pairing.SENTENCES,
    tutoring.SENTENCES,
    duty.SENTENCES,
    findings.SENTENCES,
    evidence.SENTENCES,
    programme.SENTENCES,
    sampling.SENTENCES,
    privacy.SENTENCES,
    proof.SENTENCES,
    bundle.SENTENCES,
    checkpoints.SENTENCES,
    tree.SENTENCES,
    verifying.SENTENCES,
    schools.SENTENCES,
    signing.SENTENCES,
    output.SENTENCES,
)
_UNKNOWN: Sentence = (
    N_("The rules do not allow this ({code}). {details}"),
    N_(
        "Nothing was recorded. Check what is named here and try again; if it is not clear, give the code to whoever looks after the ledger."
    ),
)
# These keys of a context hold codes.
_SAID_IN_WORDS = frozenset({"reason", "reasons", "obstacle", "stand", "wanted", "kind", "state", "level", "channel", "layer", "first"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_PACKAGE = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Explanation:
    """`message` says what is wrong and `next` what to do; `context` is what the refusal carried."""

    code: str
    message: str
    next: str
    context: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """As `--json` prints it."""
        return {"refused": self.code, "message": self.message, "next": self.next, "context": plain(self.context)}

    def sentences(self) -> str:
        """Two lines for a person."""
        return _("Refused: {message}").format(message=self.message) + "\n" + _("Next: {step}").format(step=self.next)


class _Named(Formatter):
    """Fills the braces; amounts become yuan, lists are joined, and what is missing shows as `…` instead of failing."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        value = kwargs.get(str(key), kwargs.get("subject") if key == "student" else None)  # the vault knows subjects, students among them
        if key == "terms" and value is None:
            return "、".join(CATEGORIES)
        if value is None or value == "" or value == []:
            return "" if key == "reasons" else "…"
        if key in ("step", "first") and "movement" in kwargs:
            return step_words(str(plain(value)))
        if key == "step":
            return separated_step_words(str(plain(value)))
        if key == "roles" and isinstance(value, list | tuple | set | frozenset):
            return "、".join(role_and_code(role) for role in sorted(map(str, value)))
        if str(key) in _SAID_IN_WORDS:
            said = [_in_words(one, kwargs) for one in (value if isinstance(value, list | tuple) else [value])]
            return joined(*said) if key == "reasons" else "、".join(said)
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return instant_text(value)
        return cell_text(plain(value), str(key))

    def format_field(self, value: object, format_spec: str) -> str:
        return str(value)


def _in_words(value: object, context: Mapping[str, object]) -> str:
    """A code within a context: the word for it, or the sentence where it is a refusal's own code, filled from the same context."""
    code = str(plain(value))
    if "payment" in context and code in PAYMENT_WORDS:
        return _(PAYMENT_WORDS[code])
    if code in WORDS:
        return _(WORDS[code])
    found = sentence_of(code)
    if found is None:
        return reason_in_words(code)
    return _Named().vformat(_(found[0]), (), {name: one for name, one in context.items() if one != value}) if found else code


def sentence_of(code: str) -> Sentence | None:
    """The English sentences of a code, or None where nobody wrote any."""
    return next((table[code] for table in TABLES if code in table), None)


def explain(refused: Refused) -> Explanation:
    """The refusal in the chosen language."""
    return explain_code(refused.code, refused.context)


def explain_code(code: str, context: Mapping[str, object] | None = None) -> Explanation:
    """The same for a bare code, as rows of a file carry them. A code without a sentence of its own still says
    what is known."""
    context = context or {}
    message, step = sentence_of(code) or _UNKNOWN
    details = "; ".join(f"{name}: {cell_text(plain(value), name)}" for name, value in context.items())
    words = {**context, "code": code, "details": details} if message is _UNKNOWN[0] else context
    fill = _Named()
    return Explanation(code, fill.vformat(_(message), (), words).strip(), fill.vformat(_(step), (), words).strip(), context)


def explain_problem(problem: BaseException, *, recorded: bool = False) -> Explanation:
    """Whatever stopped a command, as an explanation. `recorded` says whether something had been committed by then.

    An error nobody foresaw shows its class and our line only: its text may hold personal data.
    """
    if isinstance(problem, Refused):
        return explain(problem)
    if isinstance(problem, click.Abort):
        return explain_code("interrupted_after_recording" if recorded else "interrupted")
    if isinstance(problem, click.FileError):
        return explain_code("file_not_usable", {"file": problem.ui_filename, "reason": problem.message})
    if isinstance(problem, click.ClickException):
        return Explanation("usage", problem.format_message(), _("Nothing was recorded."))
    name = problem.filename if isinstance(problem, OSError) and isinstance(problem.filename, str) else ""
    if isinstance(problem, FileNotFoundError) and name:
        return explain_code("file_not_found", {"file": name})
    if isinstance(problem, PermissionError) and name:
        return explain_code("file_not_permitted", {"file": name})
    if isinstance(problem, OSError) and name:
        return explain_code("file_not_usable", {"file": name, "reason": problem.strerror or type(problem).__name__})
    if isinstance(problem, OSError) and problem.errno == ENOSPC:
        return explain_code("answer_not_written", {"reason": problem.strerror or type(problem).__name__})
    context = {"error": type(problem).__name__, "at": _our_line(problem)}
    return explain_code("internal_error_after_recording" if recorded else "internal_error", context)


def _our_line(problem: BaseException) -> str:
    """The innermost line of this package the error came through, as `cli/app.py:120`."""
    place = ""
    for frame, line in walk_tb(problem.__traceback__):
        path = Path(frame.f_code.co_filename)
        for folder in ("domain", "projections", "cli"):
            # Both an installed package and a checkout: the part from our own folder on.
            if folder in path.parts and path.is_relative_to(_PACKAGE):
                place = f"{path.relative_to(_PACKAGE).as_posix()}:{line}"
            elif folder in path.parts and "site-packages" not in path.parts:
                start = len(path.parts) - 1 - path.parts[::-1].index(folder)
                place = "/".join(path.parts[start:]) + f":{line}"
    return place or "?"


def plain(value: object) -> object:
    """The value with nothing in it that JSON does not know; an object is named by its class alone, since it may
    hold anything."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return type(value).__name__
