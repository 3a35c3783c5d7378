"""The copy that fits, by the real ffmpeg."""

import asyncio
import json
import re
import stat
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bot.domain.ports import Copied, NotCopied
from bot.playground.videos import Clip, VideoLibrary
from bot.runner.transcoding.ffmpeg import FfmpegCopier
from tests.patience import RUNS_OUT_S, until

MIB = 1024 * 1024
FFMPEG = get_ffmpeg_exe()


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> VideoLibrary:
    return VideoLibrary(folder=tmp_path_factory.mktemp("videos"))


LIKE_AN_MP4 = b"\x00\x00\x00\x18ftypisom"


def like_an_mp4(folder: Path) -> Path:
    """A file that begins as an MP4, for programs that do not look at the rest."""
    file = folder / "like.mp4"
    file.write_bytes(LIKE_AN_MP4)
    return file


def described(video: Path) -> str:
    """What ffmpeg says of a file."""
    return subprocess.run(  # noqa: S603 - the ffmpeg of the wheel
        [FFMPEG, "-hide_banner", "-i", str(video)], capture_output=True, text=True, check=False
    ).stderr


def boxes(video: Path) -> list[str]:
    """The outermost parts of an MP4, in their order."""
    content, names, at = video.read_bytes(), list[str](), 0
    while at < len(content):
        names.append(content[at + 4 : at + 8].decode())
        at += int.from_bytes(content[at : at + 4], "big")
    return names


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
async def test_a_copy_is_under_the_limit_and_plays_inline(
    tmp_path: Path, videos: VideoLibrary, aspect: str
) -> None:
    source = await videos.video(Clip(aspect=aspect, duration_s=5, sound=True, over_bytes=3 * MIB))
    into = tmp_path / "copy.mp4"
    outcome = await FfmpegCopier(ffmpeg=FFMPEG).copy(
        source, into, limit_bytes=MIB, duration_s=5, sound=True
    )
    assert isinstance(outcome, Copied)
    assert outcome.size_bytes == into.stat().st_size <= MIB
    said = described(into)
    assert "Video: h264" in said
    assert "yuv420p" in said
    assert "Audio: aac" in said
    assert re.search(r"Duration: 00:00:05", said)
    # The index first: a player may begin before the file has come whole.
    assert boxes(into).index("moov") < boxes(into).index("mdat")
    width, height = map(int, re.findall(r"(\d{2,5})x(\d{2,5})", said)[0])
    expected = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}[aspect]
    assert width / height == pytest.approx(expected, rel=0.02)
    assert list(tmp_path.iterdir()) == [into]


async def test_a_silent_video_stays_silent(tmp_path: Path, videos: VideoLibrary) -> None:
    source = await videos.video(Clip(aspect="16:9", duration_s=3, sound=False, over_bytes=2 * MIB))
    into = tmp_path / "copy.mp4"
    copier = FfmpegCopier(ffmpeg=FFMPEG)
    outcome = await copier.copy(source, into, limit_bytes=MIB, duration_s=3, sound=False)
    assert isinstance(outcome, Copied)
    assert "Audio" not in described(into)


async def test_even_a_short_video_full_of_grain_ends_under_the_limit(tmp_path: Path) -> None:
    grain = "testsrc2=s=640x360:r=24:d=3,noise=alls=34:allf=t:all_seed=1"
    source, into = tmp_path / "grain.mp4", tmp_path / "copy.mp4"
    making = ["-f", "lavfi", "-i", grain, "-preset", "ultrafast", "-crf", "18", str(source)]
    await (await asyncio.create_subprocess_exec(FFMPEG, "-v", "error", *making)).wait()
    outcome = await FfmpegCopier(ffmpeg=FFMPEG).copy(
        source, into, limit_bytes=MIB, duration_s=3, sound=False
    )
    assert isinstance(outcome, Copied)


async def not_copied(copier: FfmpegCopier, source: Path, into: Path, limit_bytes: int) -> str:
    outcome = await copier.copy(source, into, limit_bytes=limit_bytes, duration_s=5, sound=True)
    assert isinstance(outcome, NotCopied)
    assert not into.exists()
    return outcome.what_happened


async def test_whatever_goes_wrong_leaves_nothing_behind(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_bytes(json.dumps("no video").encode() * 1_000)
    rubbish = tmp_path / "rubbish.mp4"
    rubbish.write_bytes(LIKE_AN_MP4 + bytes(1_000))
    into = tmp_path / "copy.mp4"
    there, missing = FfmpegCopier(ffmpeg=FFMPEG), FfmpegCopier(ffmpeg=str(tmp_path / "none"))
    assert "ended with status" in await not_copied(there, rubbish, into, MIB)
    assert "didn't start" in await not_copied(missing, rubbish, into, MIB)
    assert "nothing watchable" in await not_copied(there, rubbish, into, 1_000)
    assert "neither MP4 nor WebM" in await not_copied(there, text, into, MIB)
    assert {*tmp_path.iterdir()} == {rubbish, text}


async def test_where_none_is_named_it_takes_the_one_that_is_installed_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert await FfmpegCopier(ffmpeg=None).ffmpeg() == FFMPEG

    def none_is_there() -> str:
        raise RuntimeError

    rubbish = tmp_path / "rubbish.mp4"
    rubbish.write_bytes(LIKE_AN_MP4)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none_is_there)
    monkeypatch.setenv("PATH", str(tmp_path))
    copier = FfmpegCopier(ffmpeg=None)
    outcome = await not_copied(copier, rubbish, tmp_path / "copy.mp4", MIB)
    assert "didn't start" in outcome


def a_program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def test_an_encoder_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    slow = a_program(tmp_path / "slow", "exec sleep 60")
    copier = FfmpegCopier(ffmpeg=slow, longest_s=RUNS_OUT_S)
    said = await not_copied(copier, like_an_mp4(tmp_path), tmp_path / "copy.mp4", MIB)
    assert "took over" in said


async def test_a_copy_that_came_out_too_large_is_none(tmp_path: Path) -> None:
    fat = a_program(
        tmp_path / "fat", 'for out; do :; done; head -c 2000000 /dev/zero > "${out#file:}"'
    )
    copier = FfmpegCopier(ffmpeg=fat)
    said = await not_copied(copier, like_an_mp4(tmp_path), tmp_path / "copy.mp4", MIB)
    assert "2000000 bytes" in said


async def test_a_copy_that_never_ends_is_ended_by_its_size(tmp_path: Path) -> None:
    endless = a_program(tmp_path / "endless", 'for out; do :; done; cat /dev/zero > "${out#file:}"')
    copier = FfmpegCopier(ffmpeg=endless)
    said = await not_copied(copier, like_an_mp4(tmp_path), tmp_path / "copy.mp4", MIB)
    assert "ended with status" in said


async def test_a_cancelled_copy_ends_its_process(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    slow = a_program(
        tmp_path / "slow", f"echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file}; exec sleep 60"
    )
    copier = FfmpegCopier(ffmpeg=slow)
    copying = asyncio.create_task(
        copier.copy(
            like_an_mp4(tmp_path), tmp_path / "b.mp4", limit_bytes=MIB, duration_s=5, sound=True
        )
    )
    await until(pid_file.exists)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert not Path(f"/proc/{pid_file.read_text().strip()}").exists()


async def test_an_ffmpeg_that_outlived_its_bot_cannot_spoil_the_next_copy(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    source = await videos.video(Clip(aspect="16:9", duration_s=3, sound=True))
    into = tmp_path / "copy.mp4"
    with (tmp_path / "copy.part").open("wb") as outlived:
        copier = FfmpegCopier(ffmpeg=FFMPEG)
        outcome = await copier.copy(source, into, limit_bytes=MIB, duration_s=3, sound=True)
        assert isinstance(outcome, Copied)
        whole = into.read_bytes()
        outlived.write(b"from an earlier life")
        outlived.flush()
        assert into.read_bytes() == whole
