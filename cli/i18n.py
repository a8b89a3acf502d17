"""Every sentence is said in the language of whoever reads it: Chinese, unless they speak another one.

Messages are written in English in the code and looked up in one catalogue
(`locale/zh_CN/LC_MESSAGES/mingzhang.mo`), which also holds click's own words. The language is chosen before a
command module is imported, since help texts are translated while it is imported.
"""

from __future__ import annotations

import gettext as _gettext
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

DOMAIN = "mingzhang"
LOCALE_DIR = os.path.join(os.path.dirname(__file__), "locale")  # pathlib would be a tenth of what help may cost
LANGUAGES = ("zh", "en")
_CATALOGUE_OF = {"zh": "zh_CN", "en": "en"}
# Global options that are followed by a value: the scan before parsing has to step over it.
_WITH_VALUE = frozenset({"--ledger", "--as", "--key", "--lang", "--now"})

_translations: _gettext.NullTranslations = _gettext.NullTranslations()
_chosen = "en"


def N_(message: str) -> str:
    """Mark a sentence for the catalogue where it is written; whoever shows it calls `_` on it."""
    return message


def _(message: str) -> str:
    """The sentence in the chosen language, or as it is where the catalogue does not have it."""
    return _translations.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence for this count in the chosen language."""
    return _translations.ngettext(one, many, count)


def chosen() -> str:
    """`zh` or `en`."""
    return _chosen


def choose(language: str) -> None:
    """Say our own sentences in `zh` or `en` from now on."""
    global _translations, _chosen
    _translations = _gettext.translation(DOMAIN, LOCALE_DIR, [_CATALOGUE_OF[language]], fallback=True)
    _chosen = language


def joined(*sentences: str) -> str:
    """Sentences one after the other: with a blank between them in English, without one after a Chinese full stop."""
    return ("" if _chosen == "zh" else " ").join(sentences)


def listed(*items: str) -> str:
    """What belongs together in one line, set off as the language does it."""
    return ("；" if _chosen == "zh" else "; ").join(items)


@contextmanager
def click_speaks(language: str) -> Iterator[None]:
    """Meanwhile click's own words come from our catalogue, too.

    click asks the standard library's default domain, which asks the environment variable LANGUAGE: both are put
    back afterwards, so that one run in a language does not decide the language of the next in the same process.
    """
    before, domain = os.environ.get("LANGUAGE"), _gettext.textdomain()
    os.environ["LANGUAGE"] = _CATALOGUE_OF[language]
    _gettext.bindtextdomain(DOMAIN, LOCALE_DIR)
    _gettext.textdomain(DOMAIN)
    try:
        yield
    finally:
        _gettext.textdomain(domain)
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before


class GlobalWords:
    """What has to be known before click parses: the language asked for, and whether the answer must be JSON."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        asked = ""
        self.json = environ.get("MINGZHANG_JSON", "").lower() in {"1", "true", "t", "yes", "y", "on"}
        words = iter(argv)
        for word in words:
            if not word.startswith("-") or word == "--":
                break  # the group: what follows are its own options
            name, equals, value = word.partition("=")
            if name in _WITH_VALUE and not equals:
                value = next(words, "")
            if name == "--lang":
                asked = value
            elif name == "--json":
                self.json = True
        self.lang = next(
            (lang for lang in (asked, environ.get("MINGZHANG_LANG", "")) if lang in LANGUAGES),
            language_of_locale(environ),
        )


def language_of_locale(environ: Mapping[str, str]) -> str:
    """`en` where the locale names a language other than Chinese, else `zh`: a locale that names none (C, POSIX,
    unset) is no choice."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        # LANGUAGE may hold a list; its first entry is what the reader prefers.
        locale = environ.get(name, "").split(":")[0].split(".")[0].split("@")[0].lower()
        if locale:
            return "zh" if locale in {"c", "posix"} or locale.startswith(("zh", "chinese")) else "en"
    if sys.platform == "win32":
        import locale as windows_locale

        name_on_windows = (windows_locale.getlocale()[0] or "").lower()
        return "zh" if not name_on_windows or name_on_windows.startswith(("zh", "chinese")) else "en"
    return "zh"
