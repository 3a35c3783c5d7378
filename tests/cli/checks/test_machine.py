"""What a machine brings along, looked at closely: ffmpeg, the disk, the clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bot.cli.checks.machine import check_clock, check_ffmpeg, check_room
from bot.cli.checks.outcome import Broken, Passed, Skipped


def program(folder: Path, script: str) -> Path:
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path


async def test_the_ffmpeg_that_is_installed_along_works() -> None:
    assert await check_ffmpeg(None, wanted=True) == Passed(
        f"makes copies ({Path(get_ffmpeg_exe()).name})"
    )


async def test_an_ffmpeg_without_the_encoders_is_told_apart(tmp_path: Path) -> None:
    said = await check_ffmpeg(program(tmp_path, "exit 8"), wanted=True)
    assert isinstance(said, Broken)
    assert "it can't encode H.264 and AAC (status 8)" in said.advice


async def test_without_any_ffmpeg_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "gone"))
    said = await check_ffmpeg(None, wanted=True)
    assert isinstance(said, Broken)


async def test_a_folder_that_is_to_be_made_has_the_room_of_what_is_above_it(tmp_path: Path) -> None:
    said = await check_room(tmp_path / "not" / "there" / "yet", min_free_bytes=1)
    assert isinstance(said, Passed)
    assert not (tmp_path / "not").exists()


async def test_a_folder_whose_name_no_disk_takes_is_told_in_a_sentence(tmp_path: Path) -> None:
    said = await check_room(tmp_path / ("x" * 300), min_free_bytes=1)
    assert isinstance(said, Broken)
    assert said.advice.endswith(" can't be looked at (File name too long).")


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [
        ([], Skipped("no server answered that could say what time it is")),
        ([3_600.0, 1.0], Passed("right within 30 s")),
        ([-30.0], Passed("right within 30 s")),
        ([31.0, 40.0], Broken("This machine's clock is 31 s behind: set it by NTP.")),
    ],
)
def test_a_clock_is_only_called_wrong_by_all(
    seconds: list[float], outcome: Passed | Broken | Skipped
) -> None:
    assert check_clock([timedelta(seconds=number) for number in seconds]) == outcome
