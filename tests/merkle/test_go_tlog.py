"""The library behind Go's checksum database makes the same roots, proofs and tiles of the same records, and accepts ours.

It needs Go and Debian's golang-golang-x-mod-dev, which the build machine has; elsewhere it is left out and says so.
"""

from __future__ import annotations

import json
import random
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

from mingzhang.domain.merkle.proofs import consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import WIDTH, root_at
from tests.go_packages import built

from .trees import record, tiles_of

SIZE = WIDTH * WIDTH + 2 * WIDTH + 5
EDGES = (1, 2, 3, 255, 256, 257, 512, 513, WIDTH * WIDTH, WIDTH * WIDTH + 1, SIZE)


def text(hashes: bytes) -> str:
    return b64encode(hashes).decode()


def test_go_finds_the_same_roots_proofs_and_tiles(tmp_path: Path) -> None:
    program = built(Path(__file__).with_name("tlog.go"), tmp_path)
    chance, tiles = random.Random(6962), tiles_of(SIZE)
    sizes = [*EDGES, *(chance.randint(1, SIZE) for _ in range(40))]
    spans = [(old, new) for new in sizes for old in {*EDGES, chance.randint(1, new)} if old <= new]
    given: dict[str, list[Any]] = {
        "Records": [text(record(number)) for number in range(SIZE)],
        "Inclusion": [
            {
                "Leaf": leaf,
                "Size": size,
                "Proof": [text(each) for each in inclusion_proof(leaf, size, tiles)],
                "Root": text(root_at(size, tiles)),
            }
            for size in sizes
            for leaf in {0, size - 1, chance.randrange(size)}
        ],
        "Consistency": [
            {
                "Old": old,
                "New": new,
                "Proof": [text(each) for each in consistency_proof(old, new, tiles)],
                "OldRoot": text(root_at(old, tiles)),
                "NewRoot": text(root_at(new, tiles)),
            }
            for old, new in spans
        ],
        "Tiles": [
            {"Level": level, "Index": index, "Width": len(hashes) // 32, "Hashes": text(hashes)}
            for (level, index), hashes in tiles.kept.items()
        ],
    }
    said = subprocess.run([program], input=json.dumps(given).encode(), capture_output=True, check=False)
    assert said.stderr.decode() == ""
    compared = [len(given[part]) for part in ("Inclusion", "Consistency", "Tiles")]
    assert said.stdout.decode() == "compared {} {} {}\n".format(*compared)
