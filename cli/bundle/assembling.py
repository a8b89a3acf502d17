"""The checker is tested in its parts and travels as one file: this puts the parts together, with the program's own sentences for facts.

The parts import nothing but the standard library and each other, so that without the imports among them, one behind the other, they are a
program. Its first statement keeps Python from looking for modules beside it: a bundle from somebody else may hold a file called json.py.
"""

from __future__ import annotations

import ast
import gettext
from functools import cache
from pathlib import Path
from pprint import pformat

import mingzhang.projections.trail_links as trail_links

from ..i18n import LOCALE_DIR
from ..words.roles import ROLES
from ..words.summaries import SIGNED, SUMMARIES
from ..words.trail import GAPS, SOURCES
from .checker.sentences import Words

PARTS = (
    "found", "opening", "formats", "tree", "signatures", "log", "manifest", "people", "history", "trail", "disclosed", "evidence",
    "sentences", "remarks", "telling", "page", "check",
)  # fmt: skip
"""In this order, so that every part stands behind those it uses."""
_FIRST = '''
from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # the folder this file lies in, where anybody may have put a json.py
'''
_LAST = '''

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], WORDS))
'''


@cache
def words() -> Words:
    """How the program says each fact, role and missing link: key -> (Chinese, English)."""
    chinese = gettext.translation("mingzhang", LOCALE_DIR, ["zh_CN"], fallback=True).gettext
    said = {
        **SUMMARIES,
        **{f"{topic} signed": text for topic, text in SIGNED.items()},
        **{f"role {role}": text for role, text in ROLES.items()},
        **{f"gap {code}": text for code, text in GAPS.items()},
        **{f"source {code}": text for code, text in SOURCES.items()},
    }
    return {key: (chinese(text), text) for key, text in sorted(said.items())}


@cache
def checker_source() -> bytes:
    """check.py as it is put into a bundle; the same program gives the same bytes. ValueError where two parts use one name."""
    folder = Path(__file__).parent / "checker"
    sources = [(folder / f"{part}.py").read_text(encoding="utf-8") for part in PARTS]
    sources.insert(PARTS.index("trail"), Path(trail_links.__file__).read_text(encoding="utf-8"))
    imports: dict[str, None] = {}
    bodies: list[str] = []
    defined: dict[str, int] = {}
    opening = ast.get_docstring(ast.parse(sources[-1]), clean=False)
    for number, source in enumerate(sources):
        tree = ast.parse(source)
        for name in _defined(tree):
            if defined.setdefault(name, number) != number:
                raise ValueError(f"two parts of the checker define {name}")
        imports |= dict.fromkeys(_of_the_library(tree))
        bodies.append(_without_imports(source, tree))
    table = "WORDS: Words = " + pformat(words(), width=150) + "\n"
    parts = [f'"""{opening}"""\n{_FIRST}', "\n".join(sorted(imports)) + "\n", *bodies, table]
    return ("\n\n".join(parts) + _LAST).encode()


def _defined(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.append(name)
            case ast.Assign(targets=targets):
                names += [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
    return names


def _of_the_library(tree: ast.Module) -> list[str]:
    """The imports from the standard library at the top of a part, each as a line."""
    return [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not _ours(node) and node.module != "__future__")
    ]


def _ours(node: ast.ImportFrom) -> bool:
    return node.level > 0 or (node.module or "").startswith("mingzhang.")


def _without_imports(source: str, tree: ast.Module) -> str:
    """The part without its imports, and with its opening sentence as a comment."""
    lines = source.splitlines()
    first = tree.body[0]
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    left_out = {line for node in imports for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    said = ["# " + line if line else "#" for line in (ast.get_docstring(tree) or "").splitlines()]
    kept = [line for number, line in enumerate(lines, start=1) if number > (first.end_lineno or 0) and number not in left_out]
    return "\n".join(said) + "\n\n" + "\n".join(kept).strip("\n") + "\n"
