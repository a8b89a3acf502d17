"""What a code says: a message and a next step, both English messages of the catalogue."""

from __future__ import annotations

Sentence = tuple[str, str]
