"""What `generate` refuses before it asks anybody for anything."""

import os
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.commands import cli
from bot.cli.shell import confirmed
from tests.pictures import a_bomb, a_picture, saved


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
        "nowhere isn't a folder that you can write to.\n",
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
    assert result.output.endswith("isn't a folder that you can write to.\n")
    assert list(tmp_path.iterdir()) == []


def test_where_standard_input_is_closed_nobody_says_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(typer.Exit):
        confirmed("Generate?", yes=False, otherwise="Nothing was asked for.")
    assert capsys.readouterr().err == (
        "Generate? [y/N] Nothing was asked for. There is no terminal to answer at. Use --yes to "
        "skip the question.\n"
    )


HUGE_BYTES = 4 * 1024**3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a text", "That file is not a picture I can read. Please attach a PNG, JPEG, WEBP,"),
        (b"", "That file is not a picture I can read. Please attach a PNG, JPEG, WEBP,"),
        (saved(a_picture())[:300], "I can't open your picture: it seems to be damaged."),
        (saved(a_picture((300, 299))), "Your picture has 300 by 299 pixels. Each side needs at"),
        (saved(a_picture((751, 300))), "Your picture has 751 by 300 pixels. The longer side may"),
        (a_bomb(9_000, 9_000), "Your picture has 9000 by 9000 pixels. I can take 32 million;"),
    ],
    ids=["a text", "nothing", "damaged", "small", "narrow", "a bomb"],
)
def test_a_file_that_is_no_picture_for_a_video(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "kite.png").write_bytes(data)
    result = typed("a red kite", "--yes", "--image", "kite.png")
    assert result.exit_code == 1
    assert result.output.startswith(f"kite.png: {sentence}")
    assert result.output.endswith(" Nothing was charged.\n")


def test_a_file_of_any_length_is_refused_after_a_part_of_it(tmp_path: Path) -> None:
    with (tmp_path / "kite.png").open("wb") as sparse:
        sparse.truncate(HUGE_BYTES)
    result = typed("a red kite", "--yes", "--image", "kite.png")
    assert (result.exit_code, result.output) == (
        1,
        (
            "kite.png: Your picture is too large: it may have 10 MB. Save it smaller and try "
            "again. Nothing was charged.\n"
        ),
    )


@pytest.mark.parametrize(
    ("file", "reason"),
    [("nowhere.png", "No such file or directory"), (".", "Is a directory")],
)
def test_a_file_that_is_none(file: str, reason: str) -> None:
    result = typed("a red kite", "--yes", "--image", file)
    assert (result.exit_code, result.output) == (1, f"{file} can't be read: {reason}.\n")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--image", "kite.png", "--aspect", "16:9"),
            "The shape of the video follows your picture, so leave `aspect` out.",
        ),
        (
            ("--last-image", "kite.png"),
            "A last frame needs a first one: please add `image` too.",
        ),
        (
            ("--image", "kite.png", "--last-image", "kite.png", "--quality", "standard"),
            (
                "Standard (720p) can't end on a picture. Leave `last_image` out, or "
                "choose another quality."
            ),
        ),
    ],
    ids=["an aspect too", "the last one alone", "the last one of Standard"],
)
def test_options_that_go_not_together_with_a_picture(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "kite.png").write_bytes(saved(a_picture()))
    result = typed("a red kite", "--yes", *options)
    assert (result.exit_code, result.output) == (1, f"{sentence} Nothing was charged.\n")


def test_nothing_is_left_behind_by_a_slip(tmp_path: Path) -> None:
    typed("a" * 2_501, "--yes")
    assert list(tmp_path.iterdir()) == []
