"""Masked output is as short as it can be and still be recognised by the person it is about."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mingzhang.domain.vault import mask_account, mask_id, mask_name, mask_phone, mask_words


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("测试甲", "测**"),
        ("欧阳", "欧*"),
        ("欧阳某某", "欧***"),
        ("阿依古丽·买买提", "阿***"),
        (" 张三 ", "张*"),
        ("张 三", "张*"),
        ("𠮷某", "𠮷*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("999999200001010011", "999*************11"),
        ("99999920000101001X", "999*************1X"),
        ("999999000101001", "999**********01"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_masked_id_number_hides_birth_date_and_sequence(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(("phone", "masked"), [("10000000034", "100******34"), ("024000001", "*********"), ("", "")])
def test_a_masked_phone_hides_the_region(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("account", "masked"),
    [("9999 0000 1111 2222", "****2222"), ("12345678", "****5678"), ("1234567", "****"), ("", "")],
)
def test_a_masked_account_keeps_four_digits_and_hides_its_length(account: str, masked: str) -> None:
    assert mask_account(account) == masked


def test_masking_does_not_wait_for_the_ciphers() -> None:
    program = "import sys; from mingzhang.domain.vault import mask_name; sys.exit('cryptography' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("账户已销户", "账户已销户"),
        ("户名应为测试甲", "户名应为测**"),
        ("账号6299000000000023不符", "账号****0023不符"),
        ("3039 测试甲 21090220020503657X", "3039 测** ****657X"),
    ],
)
def test_words_of_others_are_kept_but_for_names_and_long_numbers(words: str, masked: str) -> None:
    assert mask_words(words, ["测试甲", ""]) == masked
