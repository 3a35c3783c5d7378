"""The stand-in's videos are real: they play, with the shape, the length and the sound asked for."""

import asyncio
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from bot.domain.generation.models import FOUR_K
from bot.playground.videos import Clip, VideoLibrary
from tests.pictures import (
    LEFT,
    RIGHT,
    a_chequer,
    a_picture,
    corner_colours,
    first_and_last_frame,
    resembles,
    saved,
)

OVER = 11 * 1024 * 1024
TALL, WIDE = saved(a_chequer((301, 752))), saved(a_chequer((480, 320)), "JPEG", quality=90)
ANOTHER, OF_ANOTHER = saved(a_picture((1200, 700)), "WEBP", lossless=True), (LEFT, RIGHT) * 2


def what_plays(path: Path) -> str:
    """What ffmpeg says of a file after it decoded all of it without an error."""
    command = [get_ffmpeg_exe(), "-hide_banner", "-i", str(path), "-f", "null", "-xerror", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr  # noqa: S603 - our own arguments, no shell


def boxes(path: Path) -> list[str]:
    """The names of the outermost boxes of an MP4."""
    data, names, at = path.read_bytes(), list[str](), 0
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode())
        at += int.from_bytes(data[at : at + 4], "big")
    return names


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> VideoLibrary:
    return VideoLibrary(folder=tmp_path_factory.mktemp("library") / "made" / "here")


@pytest.mark.parametrize(
    ("clip", "size", "length"),
    [
        (Clip("16:9", 5, sound=True), "640x360", "00:00:05.00"),
        (Clip("9:16", 3, sound=False), "360x640", "00:00:03.00"),
        (Clip("1:1", 15, sound=True), "480x480", "00:00:15.00"),
        (Clip("16:9", 3, sound=True, over_bytes=OVER), "640x360", "00:00:03.00"),
        (Clip("9:16", 15, sound=False, over_bytes=OVER), "360x640", "00:00:15.00"),
        (Clip("16:9", 3, sound=True, quality="standard"), "480x270", "00:00:03.00"),
        (Clip("1:1", 3, sound=True, quality=FOUR_K), "720x720", "00:00:03.00"),
        (Clip("16:9", 3, sound=True, start_frame=TALL), "304x758", "00:00:03.00"),
        (Clip("16:9", 15, sound=False, start_frame=TALL, end_frame=WIDE), "304x758", "00:00:15.00"),
        (
            Clip("9:16", 3, sound=True, quality=FOUR_K, start_frame=WIDE, over_bytes=OVER),
            "882x588",
            "00:00:03.00",
        ),
    ],
)
async def test_a_video_plays_as_it_was_asked_for(
    library: VideoLibrary, clip: Clip, size: str, length: str
) -> None:
    path = await library.video(clip)

    said = await asyncio.to_thread(what_plays, path)
    assert re.search(rf"Duration: {length}", said)
    assert re.search(rf"Video: h264 .*yuv420p.* {size}", said)
    assert bool(re.search(r"Audio: aac", said)) is clip.sound
    names = await asyncio.to_thread(boxes, path)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")
    size_bytes = (await asyncio.to_thread(path.stat)).st_size
    assert (size_bytes > OVER) is (clip.over_bytes is not None)
    assert size_bytes < 2 * OVER


async def test_the_picture_moves(library: VideoLibrary, tmp_path: Path) -> None:
    path = await library.video(Clip("16:9", 5, sound=True))
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vf", "fps=1"]

    await asyncio.to_thread(
        subprocess.run, [*command, str(tmp_path / "%d.png")], check=True, capture_output=True
    )

    frames = sorted(await asyncio.to_thread(lambda: list(tmp_path.glob("*.png"))))
    pictures = [await asyncio.to_thread(frame.read_bytes) for frame in frames]
    assert len(pictures) == 5
    assert all(before != after for before, after in pairwise(pictures))


@pytest.mark.parametrize("start_frame", [TALL, WIDE], ids=["an odd and tall one", "a wide one"])
@pytest.mark.parametrize("quality", ["standard", "pro", FOUR_K])
async def test_a_video_from_a_picture_begins_with_it_and_comes_nearer(
    library: VideoLibrary, start_frame: bytes, quality: str
) -> None:
    path = await library.video(
        Clip("16:9", 3, sound=False, quality=quality, start_frame=start_frame)
    )

    first, last = await asyncio.to_thread(first_and_last_frame, path)
    assert resembles(first)
    assert not resembles(first, OF_ANOTHER)
    assert resembles(last)


async def test_the_picture_moves_over_its_whole_length(library: VideoLibrary) -> None:
    middle = Image.new("RGB", (600, 600), RIGHT)
    middle.paste(LEFT, (100, 100, 500, 500))
    path = await library.video(Clip("1:1", 3, sound=False, start_frame=saved(middle)))

    first, last = await asyncio.to_thread(first_and_last_frame, path)
    reddish = [corner_colours(frame)[0][0] for frame in (first, last)]
    assert reddish[0] + 20 < reddish[1]


@pytest.mark.parametrize("duration_s", [3, 15])
async def test_a_video_to_a_picture_ends_on_it(library: VideoLibrary, duration_s: int) -> None:
    path = await library.video(
        Clip("16:9", duration_s, sound=True, start_frame=TALL, end_frame=ANOTHER)
    )

    first, last = await asyncio.to_thread(first_and_last_frame, path)
    assert resembles(first)
    assert resembles(last, OF_ANOTHER)
    assert first.size == last.size == (304, 758)


async def test_videos_from_different_pictures_are_different_files(library: VideoLibrary) -> None:
    clips = [
        Clip("16:9", 3, sound=False, start_frame=start, end_frame=end)
        for start, end in [(TALL, None), (WIDE, None), (TALL, WIDE), (WIDE, TALL)]
    ]
    paths = [await library.video(clip) for clip in clips]
    made_at = [(await asyncio.to_thread(path.stat)).st_mtime_ns for path in paths]

    again = [await library.video(clip) for clip in clips]
    assert again == paths
    assert len(set(paths)) == len(clips)
    assert [(await asyncio.to_thread(path.stat)).st_mtime_ns for path in paths] == made_at


async def test_what_is_asked_for_many_times_at_once_is_made_once(library: VideoLibrary) -> None:
    clip = Clip("1:1", 4, sound=False)

    paths = await asyncio.gather(*(library.video(clip) for _ in range(5)))
    made_at = [(await asyncio.to_thread(path.stat)).st_mtime_ns for path in paths]
    again = await library.video(clip)

    assert set(paths) == {again}
    assert {*made_at, (await asyncio.to_thread(again.stat)).st_mtime_ns} == {made_at[0]}


async def test_the_loop_goes_on_while_a_video_is_made(library: VideoLibrary) -> None:
    making = asyncio.create_task(library.video(Clip("9:16", 6, sound=True)))
    turns = 0
    while not making.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 1


async def test_an_image_is_a_png(library: VideoLibrary) -> None:
    path = await library.image("9:16")

    data = await asyncio.to_thread(path.read_bytes)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (360, 640)


async def test_a_failure_to_make_one_leaves_no_file_that_could_be_served(tmp_path: Path) -> None:
    library, clip = VideoLibrary(folder=tmp_path), Clip("16:9", -1, sound=True)

    with pytest.raises(subprocess.CalledProcessError):
        await library.video(clip)

    assert not (tmp_path / clip.file_name).exists()


async def test_ctrl_c_in_the_terminal_does_not_reach_what_makes_a_video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "ffmpeg"
    says_its_session = "import os, sys; open(sys.argv[-1], 'w').write(str(os.getsid(0)))"
    stand_in.write_text(f"#!{sys.executable}\n{says_its_session}\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(stand_in))
    made = await VideoLibrary(folder=tmp_path).image("1:1")

    assert int(made.read_text()) != os.getsid(0)
