"""A video is judged by what it is, and none takes more of the machine than it may."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bot.domain.ports import Copied, NotCopied, Playing
from bot.runner.transcoding.confined import Ended, NotRun, TookTooLong, run_confined
from bot.runner.transcoding.ffmpeg import FfmpegCopier
from bot.runner.transcoding.inspection import Streams, playing_of, streams_in
from tests.patience import PATIENCE_S, RUNS_OUT_S
from tests.runner.transcoding.hostile import huge_picture
from tests.runner.transcoding.test_ffmpeg import FFMPEG, LIKE_AN_MP4, MIB, a_program, described

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=24:d=0.5")
SOUND = ("-f", "lavfi", "-i", "sine=d=0.5")
AAC, OPUS = ("-c:a", "aac"), ("-c:a", "libopus")


async def made(folder: Path, name: str, *arguments: str) -> Path:
    """A video, by the ffmpeg of the wheel."""
    file = folder / name
    making = await asyncio.create_subprocess_exec(FFMPEG, "-v", "error", *arguments, str(file))
    assert await making.wait() == 0
    return file


@pytest.mark.parametrize(
    ("name", "arguments", "playing"),
    [
        ("a.mp4", (*PICTURE, "-c:v", "libx264"), Playing.AS_IT_IS),
        ("a.mp4", (*PICTURE, *SOUND, "-c:v", "libx264", *AAC), Playing.AS_IT_IS),
        ("a.mov", (*PICTURE, *SOUND, "-c:v", "libx264", *AAC), Playing.AS_IT_IS),
        ("a.mp4", (*PICTURE, *SOUND, "-c:v", "libx264", *OPUS), Playing.AS_A_COPY),
        ("a.mp4", (*PICTURE, "-c:v", "libx265"), Playing.AS_A_COPY),
        ("a.mp4", (*PICTURE, "-c:v", "libaom-av1", "-cpu-used", "8"), Playing.AS_A_COPY),
        ("a.mp4", (*PICTURE, "-c:v", "mpeg4"), Playing.AS_A_COPY),
        ("a.webm", (*PICTURE, *SOUND, "-c:v", "libvpx", *OPUS), Playing.AS_IT_IS),
        ("a.webm", (*PICTURE, "-c:v", "libvpx-vp9"), Playing.AS_IT_IS),
        ("a.webm", (*PICTURE, "-c:v", "libaom-av1", "-cpu-used", "8"), Playing.AS_A_COPY),
        ("a.mp4", (*SOUND, *AAC), Playing.NOT_AT_ALL),
        ("a.avi", (*PICTURE, "-c:v", "libx264"), Playing.NOT_AT_ALL),
    ],
)
async def test_a_video_is_what_its_streams_are(
    tmp_path: Path, name: str, arguments: tuple[str, ...], playing: Playing
) -> None:
    video = await made(tmp_path, name, *arguments)
    copier, into = FfmpegCopier(ffmpeg=FFMPEG), tmp_path / "copy.mp4"
    assert await copier.inspect(video) is playing
    if playing is Playing.AS_A_COPY:
        copied = await copier.copy(video, into, limit_bytes=MIB, duration_s=3, sound=True)
        assert isinstance(copied, Copied)
        assert "Video: h264" in described(into)
        assert await copier.inspect(into) is Playing.AS_IT_IS


@pytest.mark.parametrize("content", [b"<html>no</html>", b"", b"#EXTM3U", LIKE_AN_MP4 + bytes(99)])
async def test_what_is_no_video_is_shown_by_its_link_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(content)
    assert await FfmpegCopier(ffmpeg=FFMPEG).inspect(file) is Playing.NOT_AT_ALL


async def test_a_track_of_twelve_thousand_pixels_a_side_is_neither_shown_nor_decoded(
    tmp_path: Path,
) -> None:
    file, into = tmp_path / "huge.mp4", tmp_path / "copy.mp4"
    file.write_bytes(huge_picture())
    assert "12000x12000" in described(file)
    copier = FfmpegCopier(ffmpeg=FFMPEG)
    assert await copier.inspect(file) is Playing.NOT_AT_ALL
    copied = await copier.copy(file, into, limit_bytes=MIB, duration_s=3, sound=True)
    assert isinstance(copied, NotCopied)
    assert [*tmp_path.iterdir()] == [file]


async def test_a_picture_a_little_over_4k_is_not_decoded_though_the_memory_would_do(
    tmp_path: Path,
) -> None:
    picture = ("-f", "lavfi", "-i", "color=black:s=4096x2320:r=24:d=0.1")
    file = await made(tmp_path, "a.mp4", *picture, "-c:v", "libx264", "-preset", "ultrafast")
    copied = await FfmpegCopier(ffmpeg=FFMPEG).copy(
        file, tmp_path / "copy.mp4", limit_bytes=MIB, duration_s=3, sound=False
    )
    assert isinstance(copied, NotCopied)


async def test_without_an_ffmpeg_the_container_has_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(LIKE_AN_MP4)
    missing = FfmpegCopier(ffmpeg=str(tmp_path / "none"))
    assert await missing.inspect(file) is Playing.AS_IT_IS
    assert "the bot can't look at any video" in caplog.text
    file.write_bytes(b"<html>")
    assert await missing.inspect(file) is Playing.NOT_AT_ALL


async def test_an_ffmpeg_that_does_not_come_to_an_end_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(LIKE_AN_MP4)
    slow = a_program(tmp_path / "slow", "exec sleep 60")
    assert (
        await FfmpegCopier(ffmpeg=slow, inspecting_s=RUNS_OUT_S).inspect(file) is Playing.NOT_AT_ALL
    )


async def test_every_bound_is_set_before_it_begins(tmp_path: Path) -> None:
    said = "ulimit -t; ulimit -v; ulimit -f; ulimit -c; nice"
    telling = a_program(tmp_path / "telling", said)
    ended = await run_confined(telling, longest_s=119.5, largest_bytes=512_000, niceness=15)
    assert isinstance(ended, Ended)
    cpu_s, memory_kib, blocks, core, niceness = map(int, re.findall(rb"\d+", ended.said))
    assert (cpu_s, memory_kib, blocks, core) == (120, 1536 * 1024, 1000, 0)
    assert niceness == min(19, os.nice(0) + 15)


async def test_what_wants_more_memory_than_it_may_fails_by_itself(tmp_path: Path) -> None:
    script = "import sys; sys.stdout.write(str(len(bytearray(2 * 1024 ** 3))))"
    greedy = a_program(tmp_path / "greedy", f"exec python3 -c '{script}'")
    ended = await run_confined(greedy, longest_s=PATIENCE_S)
    assert ended == Ended(1, b"")


async def test_what_is_not_there_or_takes_too_long_is_told_apart(tmp_path: Path) -> None:
    slow = a_program(tmp_path / "slow", "exec sleep 60")
    assert await run_confined(str(tmp_path / "none"), longest_s=PATIENCE_S) == NotRun()
    assert await run_confined(slow, longest_s=RUNS_OUT_S) == TookTooLong()


async def test_the_real_one_runs_within_its_bounds() -> None:
    assert isinstance(await run_confined(get_ffmpeg_exe(), "-version", longest_s=PATIENCE_S), Ended)


@pytest.mark.parametrize(
    ("said", "streams"),
    [
        (b"", None),
        (b"#media_type 0: audio\n#codec_id 0: aac", None),
        (b"#media_type 0: video\n#codec_id 0: h264", None),
        (b"#media_type 0: video\n#codec_id 0: h264\n#dimensions 0: 4xq", None),
        (
            b"#media_type 0: video\n#codec_id 0: h264\n#dimensions 0: 4x3\n#codec_id 1: aac\n0, 0",
            Streams("h264", "aac", 4, 3),
        ),
        (b"\xff\n#media_type 0: video\n#dimensions 0: 4x3", Streams("", None, 4, 3)),
    ],
)
def test_only_what_is_said_for_certain_is_understood(said: bytes, streams: Streams | None) -> None:
    assert streams_in(said) == streams


def test_four_k_is_a_video_and_more_is_none() -> None:
    assert playing_of(Streams("h264", None, 4096, 2304), "mov") is Playing.AS_IT_IS
    assert playing_of(Streams("h264", None, 4096, 2305), "mov") is Playing.NOT_AT_ALL
    assert playing_of(Streams("h264", None, 4096, 0), "mov") is Playing.NOT_AT_ALL


async def test_where_there_is_no_such_shell_it_runs_within_the_wall_time_alone(
    tmp_path: Path,
) -> None:
    none, slow = tmp_path / "sh", a_program(tmp_path / "slow", "exec sleep 60")
    ended = await run_confined(get_ffmpeg_exe(), "-version", longest_s=PATIENCE_S, shell=none)
    assert isinstance(ended, Ended)
    assert ended.status == 0
    assert await run_confined(slow, longest_s=RUNS_OUT_S, shell=none) == TookTooLong()
