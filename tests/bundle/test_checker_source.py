"""The checker is one file for any Python from 3.8 on: put together from parts that are tested here, with nothing of ours left in it."""

from __future__ import annotations

import ast
import json
import re
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli.bundle.assembling import PARTS, checker_source, words
from mingzhang.cli.bundle.checker import remarks, sentences, tree
from mingzhang.cli.bundle.checker.disclosed import commitment
from mingzhang.cli.bundle.checker.formats import read_record
from mingzhang.cli.bundle.checker.found import NotProved
from mingzhang.domain.journal.leaf import leaf_record
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.merkle.proofs import consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import grown, root_at
from mingzhang.domain.sealed import commit, field_record
from mingzhang.domain.signing import signed_message
from mingzhang.projections.trail_links import DIRECT, PHOTOGRAPHED, SIGNED_FOR, WHOLE
from tests.conftest import CHECKOUT

FOLDER = CHECKOUT / "cli" / "bundle" / "checker"
VECTORS = CHECKOUT / "tests" / "data" / "merkle-vectors"
SOURCE = checker_source().decode()


def test_every_part_is_in_the_one_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {*PARTS, "__init__"}


def test_it_is_written_in_the_python_of_3_8() -> None:
    ast.parse(SOURCE, feature_version=(3, 8))
    assert 'target-version = "py38"' in (FOLDER / "ruff.toml").read_text(encoding="utf-8")


def test_it_imports_the_standard_library_and_nothing_of_ours() -> None:
    nodes = list(ast.walk(ast.parse(SOURCE)))
    named = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    named += ["." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_only_module_newer_than_3_8_may_be_missing() -> None:
    newer = {"tomllib", "zoneinfo", "graphlib"}
    nodes = list(ast.walk(ast.parse(SOURCE)))
    found = [node for node in nodes if isinstance(node, ast.Import) and {one.name for one in node.names} & newer]
    tries = [node for node in nodes if isinstance(node, ast.Try) and set(found) & set(ast.walk(node))]
    assert len(found) == len(tries) == 1 and "tomllib" in ast.unparse(found[0])


def test_its_first_statement_leaves_its_own_folder_out_of_the_search_for_modules() -> None:
    statements = [ast.unparse(node) for node in ast.parse(SOURCE).body[1:4]]
    assert statements[:2] == ["from __future__ import annotations", "import sys"] and "del sys.path[0]" in statements[2]


def test_the_same_program_gives_the_same_checker() -> None:
    checker_source.cache_clear()
    words.cache_clear()
    assert checker_source().decode() == SOURCE


def test_every_code_that_is_raised_has_a_sentence_and_every_sentence_is_raised() -> None:
    raised = {
        kind: set(re.findall(pattern, SOURCE))
        for kind, pattern in {
            "problem": r'(?:findings\.problem|NotProved)\(\s*"([a-z_]+)"',
            "open": r'findings\.left_open\(\s*"([a-z_]+)"',
            "remark": r'findings\.remark\(\s*"([a-z_]+)"',
            "proved": r'findings\.prove\(\s*"([a-z_]+)"',
        }.items()
    }
    by_json = set(re.findall(r'json_value\([^()]*(?:\[[^\]]*\])?[^()]*"([a-z_]+)", ', SOURCE))
    left_out = {"others_left_out", "fund_left_out", "off_trail_left_out"}
    assert raised["problem"] | by_json == set(sentences.PROBLEMS)
    assert raised["open"] == set(sentences.OPEN)
    assert raised["proved"] == set(sentences.PROVED)
    assert raised["remark"] | left_out == set(remarks.REMARKS)


def test_both_languages_of_a_sentence_name_the_same_things() -> None:
    tables = (sentences.PROBLEMS, sentences.OPEN, sentences.PROVED, remarks.REMARKS, remarks.NOT_PROVED)
    braces = [[sorted(re.findall(r"{(\w+)}", text)) for text in said] for table in tables for said in table.values()]
    assert [one for one in braces if one[0] != one[1]] == []


def test_every_link_and_fact_of_a_trail_has_words_in_chinese() -> None:
    links = [link for table in (DIRECT, WHOLE) for found in table.values() for link in found] + [SIGNED_FOR, PHOTOGRAPHED]
    keys = {f"gap {link.code}" for link in links} | {topic for link in links for topic in link.topics} | set(DIRECT)
    assert sorted(key for key in keys if key not in words()) == []
    assert sorted(key for key in keys if words()[key][0] == words()[key][1]) == []


def test_it_judges_every_published_inclusion_proof_as_published() -> None:
    cases = json.loads((VECTORS / "inclusion.json").read_text(encoding="utf-8"))
    for case in cases:
        proof = [b64decode(text) for text in case["proof"] or []]
        leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
        assert tree.included(leaf, case["leafIdx"], case["treeSize"], proof, root) is not case["wantErr"], case["name"]
    assert len(cases) == 98


def test_it_judges_every_published_consistency_proof_as_published_unless_its_roots_are_no_hashes() -> None:
    cases: list[dict[str, Any]] = json.loads((VECTORS / "consistency.json").read_text(encoding="utf-8"))
    for case in cases:
        proof = [b64decode(text) for text in case["proof"] or []]
        roots = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        wanted = not case["wantErr"] and all(len(root) == 32 for root in roots)
        assert tree.consistent(case["size1"], roots[0], case["size2"], roots[1], proof) is wanted, case["name"]
    assert len(cases) == 98


@given(size=st.integers(1, 600), drawn=st.data())
def test_it_accepts_the_proofs_the_ledger_makes(size: int, drawn: st.DataObject) -> None:
    leaves = [tree.leaf_hash(str(number).encode()) for number in range(size)]
    tiles = {(level, index): hashes for level, index, hashes in grown(0, leaves, lambda _level, _index: b"")}

    def tile(level: int, index: int) -> bytes:
        return tiles.get((level, index), b"")

    leaf, old = drawn.draw(st.integers(0, size - 1)), drawn.draw(st.integers(0, size))
    root = root_at(size, tile)
    assert tree.included(leaves[leaf], leaf, size, inclusion_proof(leaf, size, tile), root)
    assert not tree.included(leaves[leaf], leaf + 1, size, inclusion_proof(leaf, size, tile), root) or size == 1
    assert tree.consistent(old, root_at(old, tile), size, root, consistency_proof(old, size, tile))


def test_it_reads_records_commitments_and_signed_messages_as_the_ledger_writes_them() -> None:
    state = b'{"actor":"clerk","effective_on":"2020-03-02","text":"\xe6\xb5\x8b\xe8\xaf\x95","signature":""}'
    row = LogRow(7, "transaction/测试", 1, "transaction.recorded", state, "2020-03-02T00:00:00.000000Z")
    event = read_record(leaf_record(row), 7, "x")
    assert (event.stream, event.version, event.topic, event.recorded_at, event.state) == (*row[1:4], row.recorded_at, row.state)
    assert commitment("name", bytes(16), "测试甲") == commit(field_record(bytes(16), "name", "测试甲"))
    assert signed_message(row.originator_id, state).startswith(b"mingzhang/transaction/1\x00")


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\x02",
        b"\x01",
        b"\x01" + bytes(20),
        b"\x01\xff\xff\xff\xff",
        leaf_record(LogRow(0, "a", 1, "t", b"{}", "x")),
        leaf_record(LogRow(0, "a", 1, "t", b"[]", "x")),
        leaf_record(LogRow(0, "a", 1, "t", b'{"actor":1,"effective_on":"x"}', "x")),
        leaf_record(LogRow(0, "a", 1, "t", b'{"actor":"a","effective_on":"x","because":"b"}', "x")),
        leaf_record(LogRow(0, "a", 1, "t", b'{"actor":"a","actor":"b","effective_on":"x"}', "x")),
        leaf_record(LogRow(0, "a", 1, "t", b'{"actor":"a","effective_on":"x"}', "x")) + b"\0",
    ],
)
def test_a_record_that_is_not_exactly_in_its_form_is_refused(record: bytes) -> None:
    with pytest.raises(NotProved):
        read_record(record, 0, "x")


def test_the_folder_of_the_parts_is_no_program_by_itself() -> None:
    assert Path(FOLDER / "check.py").read_text(encoding="utf-8").count("if __name__") == 0
