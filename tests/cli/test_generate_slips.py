"""What `generate` refuses before it asks anybody for anything."""

import os
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.commands import cli
from bot.cli.shell import confirmed


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def typed(*arguments: str) -> Result:
    env = {"DISCORD_TOKEN": "canary.discord.token", "RUNCOMFY_API_KEY": "canary-key"}
    return CliRunner().invoke(cli, ["generate", *arguments], env=env)


def test_a_prompt_that_is_too_long() -> None:
    result = typed("a" * 2_501, "--yes")
    assert (result.exit_code, result.output) == (
        1,
        "Please write a prompt of 1 to 2,500 characters. Nothing was charged.\n",
    )


def test_a_folder_that_is_not_there() -> None:
    result = typed("a red kite", "--yes", "-o", "nowhere/kite.mp4")
    assert (result.exit_code, result.output) == (
        1,
        "nowhere is no folder that can be written to.\n",
    )


def test_root_leaves_nothing_in_the_folder_of_a_bot_with_its_own_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = os.geteuid() or 64_123
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", somebody, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    result = typed("a red kite", "--yes")
    assert (result.exit_code, result.output) == (
        1,
        f"data belongs to user {somebody}: run this command as that user.\n",
    )
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("option", [("--duration", "16"), ("--aspect", "4:3"), ("--guidance", "2")])
def test_an_option_outside_of_the_models_limits(option: tuple[str, str]) -> None:
    assert typed("a red kite", "--yes", *option).exit_code == 2


@pytest.mark.parametrize("arguments", [(), ("-o", "."), ("-o", "kite.mp4"), ("-o", "/proc")])
def test_a_folder_where_nothing_can_be_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    # Not even root may make files there, and its permissions do not say so.
    monkeypatch.chdir("/proc")
    result = typed("a red kite", "--yes", *arguments)
    assert result.exit_code == 1
    assert result.output.endswith("is no folder that can be written to.\n")
    assert list(tmp_path.iterdir()) == []


def test_where_standard_input_is_closed_nobody_says_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(typer.Exit):
        confirmed("Generate?", yes=False, otherwise="Nothing was asked for.")
    assert capsys.readouterr().err == (
        "Generate? [y/N] Nothing was asked for. There is no terminal to ask at; --yes does not "
        "ask.\n"
    )


def test_nothing_is_left_behind_by_a_slip(tmp_path: Path) -> None:
    typed("a" * 2_501, "--yes")
    assert list(tmp_path.iterdir()) == []
