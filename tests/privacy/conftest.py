"""The offices of the command line's tests, for what becomes of the people in them."""

from tests.cli.conftest import _answered, _awarded, _released, _surveyed, answered, awarded, released, surveyed

__all__ = ["_answered", "_awarded", "_released", "_surveyed", "answered", "awarded", "released", "surveyed"]
