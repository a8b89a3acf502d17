"""Builds mingzhang with setuptools, which is told here that every package below the three folders belongs to it.

pyproject.toml alone cannot say so: setuptools finds packages by the folder they lie in, and ours are installed under
another name (`domain/journal` as `mingzhang.domain.journal`). A list kept by hand would be forgotten some day.
"""

from typing import Any

import setuptools
from setuptools.build_meta import *  # noqa: F403  (the hooks pip and build call)
from setuptools.command.sdist import sdist

FOLDERS = ("domain", "projections", "cli")

_setup = setuptools.setup


class SourceArchive(sdist):
    """A source archive that can itself be built: it brings this file along."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, [*files, ".ci/wheel_backend.py"])


def setup(**attributes: Any) -> Any:
    """What setuptools.build_meta calls: its own `setup`, with the packages found in the checkout."""
    patterns = [pattern for folder in FOLDERS for pattern in (folder, f"{folder}.*")]
    # Namespace packages too: to setuptools a folder that holds only plans, translations or examples is one.
    found = setuptools.find_namespace_packages(include=patterns, exclude=["*.__pycache__"])
    packages = sorted(f"mingzhang.{name}" for name in found)
    return _setup(packages=packages, cmdclass={"sdist": SourceArchive}, **attributes)


setuptools.setup = setup
