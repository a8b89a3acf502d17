"""Chinese unless another language is asked for, click's own words included."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mingzhang.cli import i18n
from mingzhang.cli.app import cli
from mingzhang.cli.i18n import GlobalWords, _, language_of_locale
from tests.cli_kernel.test_frame import program


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "en:zh", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_locale_decides_where_nobody_else_does(environ: dict[str, str], language: str) -> None:
    assert language_of_locale(environ) == language


@pytest.mark.parametrize(
    ("words", "environ", "language"),
    [
        (["--lang", "en", "roster"], {}, "en"),
        (["--lang=en", "roster"], {}, "en"),
        (["--lang", "zh", "roster"], {"MINGZHANG_LANG": "en"}, "zh"),
        (["roster"], {"MINGZHANG_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (["roster", "--lang", "en"], {}, "zh"),
        (["--ledger", "--lang", "roster"], {}, "zh"),
        (["--as", "en", "--json", "--lang", "en", "roster"], {}, "en"),
    ],
)
def test_an_option_goes_before_the_environment_and_that_before_the_locale(words: list[str], environ: dict[str, str], language: str) -> None:
    assert GlobalWords(words, environ).lang == language


def test_json_is_known_before_anything_is_parsed() -> None:
    assert GlobalWords(["--json", "roster"], {}).json
    assert GlobalWords(["roster"], {"MINGZHANG_JSON": "1"}).json
    assert not GlobalWords(["roster", "--json"], {}).json


def test_help_is_chinese_by_default_and_so_are_click_s_own_words() -> None:
    page = program("--help", LANG="C.UTF-8", LC_ALL="", LANGUAGE="").stdout.decode()
    for words in ("用法：", "选项：", "命令：", "显示本说明后退出", "摸底排查", "示例："):
        assert words in page
    assert "Options" not in page and "Usage" not in page


def test_help_is_english_when_asked() -> None:
    page = program("--lang", "en", "--help", LANG="zh_CN.UTF-8").stdout.decode()
    for words in ("Usage:", "Options:", "Commands:", "Show this message and exit."):
        assert words in page


def test_one_run_in_english_does_not_decide_the_language_of_the_next() -> None:
    chinese = {"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": ""}
    pages = [CliRunner().invoke(cli, [*words, "-h"], env=chinese).stdout for words in (["--lang", "en"], [])]
    assert pages[0].startswith("Usage:") and pages[1].startswith("用法：")


def test_a_usage_error_is_said_in_chinese() -> None:
    result = CliRunner().invoke(cli, ["--lang", "zh", "--verison"])
    assert result.exit_code == 2
    assert "没有选项" in result.stderr and "错误" in result.stderr


def test_a_message_without_translation_is_shown_as_it_is() -> None:
    i18n.choose("zh")
    assert _("No such sentence in the catalogue.") == "No such sentence in the catalogue."
    assert _("") == ""
