"""The last picture of a video, by the real ffmpeg."""

import asyncio
import io
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from bot.runner.transcoding.frames import NoFrame, last_frame
from tests.patience import RUNS_OUT_S, until
from tests.runner.transcoding.hostile import huge_picture
from tests.runner.transcoding.test_ffmpeg import LIKE_AN_MP4, a_program, like_an_mp4
from tests.runner.transcoding.test_what_plays import made

FFMPEG = get_ffmpeg_exe()
RED, LIME = (254, 0, 0), (0, 255, 1)
LAST_IS_LIME = (
    *("-f", "lavfi", "-i", "color=red:s=320x240:r=24:d=2,drawbox=c=lime:t=fill:enable='eq(n,47)'"),
)
"""Two seconds of red, whose 48th and last picture alone is lime."""


async def frame_of(video: Path, *, ffmpeg: str = FFMPEG) -> bytes | NoFrame:
    scratch = video.with_name("scratch.jpg")
    found = await last_frame(video, ffmpeg=ffmpeg, scratch=scratch)
    assert not scratch.exists()
    return found


def middle_of(frame: bytes | NoFrame) -> tuple[int, ...]:
    assert isinstance(frame, bytes)
    with Image.open(io.BytesIO(frame)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 240))
        colour = picture.convert("RGB").getpixel((160, 120))
    assert isinstance(colour, tuple)
    return colour


def is_like(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 8 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.mp4", ("-c:v", "libx264")),
        ("b-frames.mp4", ("-c:v", "libx264", "-bf", "8", "-g", "250")),
        ("a.webm", ("-c:v", "libvpx-vp9")),
        ("hevc.mp4", ("-c:v", "libx265")),
    ],
)
async def test_it_is_the_very_last_one(
    tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    video = await made(tmp_path, name, *LAST_IS_LIME, "-pix_fmt", "yuv420p", *arguments)
    assert is_like(middle_of(await frame_of(video)), LIME)


async def test_the_colours_are_those_of_a_player_that_heeds_the_videos_own_matrix(
    tmp_path: Path,
) -> None:
    red = ("-f", "lavfi", "-i", "color=red:s=320x240:r=24:d=1")
    as_bt709 = ("-vf", "scale=out_color_matrix=bt709,format=yuv420p", "-colorspace", "bt709")
    video = await made(tmp_path, "a.mp4", *red, *as_bt709, "-c:v", "libx264")
    assert is_like(middle_of(await frame_of(video)), RED)


async def test_sound_that_goes_on_after_the_last_picture_does_not_hide_it(tmp_path: Path) -> None:
    sound = ("-f", "lavfi", "-i", "sine=d=6", "-c:v", "libx264", "-c:a", "aac")
    video = await made(tmp_path, "a.mp4", *LAST_IS_LIME, *sound)
    assert is_like(middle_of(await frame_of(video)), LIME)


async def test_a_video_of_a_single_picture_has_one(tmp_path: Path) -> None:
    one = ("-f", "lavfi", "-i", "color=red:s=320x240:r=24", "-frames:v", "1", "-c:v", "libx264")
    video = await made(tmp_path, "a.mp4", *one, "-pix_fmt", "yuv420p")
    assert is_like(middle_of(await frame_of(video)), RED)


@pytest.mark.parametrize("content", [b"<html>no</html>", b"", b"#EXTM3U", LIKE_AN_MP4 + bytes(99)])
async def test_what_is_no_video_has_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(content)
    assert await frame_of(file) is NoFrame.UNREADABLE


async def test_a_picture_that_would_take_too_much_memory_is_not_decoded(tmp_path: Path) -> None:
    file = tmp_path / "huge.mp4"
    file.write_bytes(huge_picture())
    assert await frame_of(file) is NoFrame.UNREADABLE


async def test_a_video_of_sound_alone_has_none(tmp_path: Path) -> None:
    file = await made(tmp_path, "a.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
    assert await frame_of(file) is NoFrame.UNREADABLE


async def test_without_an_ffmpeg_or_with_a_slow_one_it_says_so(tmp_path: Path) -> None:
    video = like_an_mp4(tmp_path)
    assert await frame_of(video, ffmpeg=str(tmp_path / "none")) is NoFrame.NO_FFMPEG
    slow = a_program(tmp_path / "slow", "exec sleep 60")
    scratch = tmp_path / "scratch.jpg"
    found = await last_frame(video, ffmpeg=slow, scratch=scratch, longest_s=RUNS_OUT_S)
    assert found is NoFrame.TOO_SLOW


async def test_a_cancelled_caller_ends_it_and_nothing_stays(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    writing = 'for out; do :; done; echo half > "${out#file:}"'
    slow = a_program(
        tmp_path / "slow", f"{writing}; echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 60"
    )
    scratch = tmp_path / "scratch.jpg"
    looking = asyncio.create_task(last_frame(like_an_mp4(tmp_path), ffmpeg=slow, scratch=scratch))
    await until(pid.exists)
    assert scratch.exists()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert not scratch.exists()
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()
