"""A program of somebody else's, as it were: it checks an exported log with the standard library and the page that describes it.

It imports nothing of this project. `python export_verifier.py FILE` prints what it found; docs/concepts/export-format.md says what it does.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def verified(path: Path) -> dict[str, Any]:
    """The checkpoint's origin, size and root, after every event was hashed. ValueError, with the line's number, for what does not fit."""
    lines = enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
    header = json.loads(next(lines)[1])
    if (header["format"], header["version"]) != ("mingzhang-export", 1):
        raise ValueError("line 1: another format")
    hashes = list(_events(lines, header))
    number, last = next(lines)
    note = json.loads(last)["checkpoint"]
    origin, size, root = note.split("\n")[:3]
    if next(lines)[1] != "" or next(lines, None) is not None:
        raise ValueError("something after the checkpoint")
    if (origin, int(size)) != (header["origin"], header["size"]) or header["first"] + len(hashes) != header["size"]:
        raise ValueError(f"line {number}: the checkpoint is of another log")
    if header["first"] == 0 and base64.b64encode(tree(hashes)).decode() != root:
        raise ValueError(f"line {number}: another root")
    return {"origin": origin, "size": int(size), "root": root}


def _events(lines: Iterator[tuple[int, str]], header: dict[str, Any]) -> Iterator[bytes]:
    for leaf in range(header["first"], header["size"]):
        number, line = next(lines)
        event = json.loads(line)
        found = hashlib.sha256(b"\x00" + record(event)).digest()
        if event["leaf"] != leaf or base64.b64encode(found).decode() != event["leaf_hash"]:
            raise ValueError(f"line {number}: not what its hash says")
        yield found


def record(event: dict[str, Any]) -> bytes:
    """0x01, then each part after its length in four bytes: stream, version (eight bytes), topic, instant, state."""
    parts = (
        event["stream"].encode(),
        event["version"].to_bytes(8, "big"),
        event["topic"].encode(),
        event["recorded_at"].encode(),
        event["state"].encode(),
    )
    return b"\x01" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def tree(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, from the leaves' hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(hashes[:split]) + tree(hashes[split:])).digest()


if __name__ == "__main__":
    print(json.dumps(verified(Path(sys.argv[1]))))
