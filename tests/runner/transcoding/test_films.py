"""Several videos as one film, by the real ffmpeg."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bot.domain.ports import Playing
from bot.runner.transcoding.ffmpeg import FfmpegCopier
from bot.runner.transcoding.films import Joined, JoinLimits, NotJoined, join
from tests.patience import RUNS_OUT_S, until
from tests.runner.transcoding.hostile import huge_picture
from tests.runner.transcoding.test_ffmpeg import (
    LIKE_AN_MP4,
    a_program,
    boxes,
    described,
    like_an_mp4,
)
from tests.runner.transcoding.test_what_plays import made

FFMPEG = get_ffmpeg_exe()
LIMITS = JoinLimits(film_s=60)
COLOURS = {"red": (254, 0, 0), "lime": (0, 255, 1), "blue": (0, 0, 254), "black": (0, 0, 0)}


async def part(
    folder: Path,
    colour: str,
    *,
    size: str = "320x180",
    rate: int = 24,
    duration_s: float = 2.0,
    sound_s: float = 0.0,
    coding: tuple[str, ...] = ("-c:v", "libx264"),
    name: str = "",
) -> Path:
    """A video of one colour; with a sound, if it has any, as loud as can be."""
    picture = ("-f", "lavfi", "-i", f"color={colour}:s={size}:r={rate}:d={duration_s}")
    sound = ("-f", "lavfi", "-i", f"sine=d={sound_s},volume=8") if sound_s else ()
    arguments = (*picture, *sound, "-pix_fmt", "yuv420p", *coding)
    return await made(folder, name or f"{colour}.mp4", *arguments)


async def joined(
    videos: list[Path], into: Path, *, ffmpeg: str = FFMPEG, limits: JoinLimits = LIMITS
) -> Joined | NotJoined:
    before = {*into.parent.iterdir()}
    outcome = await join(videos, into, ffmpeg=ffmpeg, turn=asyncio.Semaphore(1), limits=limits)
    left = {*into.parent.iterdir()} - before
    assert left == ({into} if isinstance(outcome, Joined) else set())
    return outcome


async def decoded(film: Path, *arguments: str) -> bytes:
    """What ffmpeg makes of a film, or the test fails if it finds any fault with it."""
    making = await asyncio.create_subprocess_exec(
        *(FFMPEG, "-v", "error", "-xerror", "-i", str(film), *arguments, "-"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, faults = await making.communicate()
    assert (making.returncode, faults) == (0, b"")
    return said


async def colours_of(film: Path, *, x: int = 8, y: int = 8) -> list[str]:
    """The colour of each frame at one place, each run of the same once, with its length."""
    one = ("-vf", f"format=rgb24,crop=1:1:{x}:{y}", "-f", "rawvideo", "-pix_fmt", "rgb24")
    pixels = await decoded(film, *one)
    names = [named(tuple(pixels[at : at + 3])) for at in range(0, len(pixels), 3)]
    runs = list[tuple[str, int]]()
    for name in names:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        else:
            runs.append((name, 1))
    return [f"{count} {name}" for name, count in runs]


def named(pixel: tuple[int, ...]) -> str:
    """The nearest of our colours."""

    def distance(name: str) -> int:
        return sum(abs(one - other) for one, other in zip(pixel, COLOURS[name], strict=True))

    return min(COLOURS, key=distance)


async def loud_seconds(film: Path) -> list[bool]:
    """Of each half of a second, whether anything is to be heard in its middle."""
    raw = ("-vn", "-f", "s16le", "-ac", "1", "-ar", "8000")
    heard = memoryview(await decoded(film, *raw)).cast("h")
    return [
        max(abs(sample) for sample in heard[at + 1_500 : at + 2_500]) > 1_000
        for at in range(0, len(heard) - 2_500, 4_000)
    ]


def length_s(film: Path) -> float:
    found = re.search(r"Duration: 00:(\d\d):(\d\d\.\d\d)", described(film))
    assert found is not None
    return int(found[1]) * 60 + float(found[2])


async def plays(film: Path) -> bool:
    return await FfmpegCopier(ffmpeg=FFMPEG).inspect(film) is Playing.AS_IT_IS


async def test_parts_of_one_form_are_copied_picture_by_picture(tmp_path: Path) -> None:
    videos = [await part(tmp_path, one, sound_s=2) for one in ("red", "lime", "blue")]
    film = tmp_path / "film.mp4"
    outcome = await joined(videos, film)
    assert outcome == Joined(film.stat().st_size, length_s(film), sound=True)
    assert length_s(film) == pytest.approx(6.0, abs=1 / 24)
    assert await colours_of(film) == ["48 red", "48 lime", "48 blue"]
    assert await loud_seconds(film) == [True] * 12
    assert await plays(film)
    assert boxes(film).index("moov") < boxes(film).index("mdat")
    assert await are_copied(videos, film)


async def are_copied(videos: list[Path], film: Path) -> bool:
    """Whether the film has the very packets of the parts."""
    packets = [packet for video in videos for packet in await packets_of(video)]
    return await packets_of(film) == packets


async def packets_of(film: Path) -> list[bytes]:
    hashed = await decoded(film, "-map", "0:v:0", "-c", "copy", "-f", "framehash")
    return [line.split(b",")[5] for line in hashed.splitlines() if not line.startswith(b"#")]


async def test_silent_parts_make_a_silent_film(tmp_path: Path) -> None:
    videos = [await part(tmp_path, one) for one in ("red", "blue")]
    film = tmp_path / "film.mp4"
    outcome = await joined(videos, film)
    assert isinstance(outcome, Joined)
    assert not outcome.sound
    assert "Audio" not in described(film)
    assert await colours_of(film) == ["48 red", "48 blue"]


async def test_parts_of_other_shapes_and_rates_get_the_form_of_the_first(tmp_path: Path) -> None:
    videos = [
        await part(tmp_path, "red"),
        await part(tmp_path, "lime", size="180x320", rate=30, sound_s=1),
        await part(tmp_path, "blue", size="640x360", rate=25),
    ]
    film = tmp_path / "film.mp4"
    outcome = await joined(videos, film)
    assert outcome == Joined(film.stat().st_size, length_s(film), sound=True)
    assert length_s(film) == pytest.approx(6.0, abs=1 / 24)
    said = described(film)
    assert "320x180" in said
    assert "24 fps" in said
    assert await colours_of(film, x=160, y=90) == ["48 red", "48 lime", "48 blue"]
    # The upright one has bars at its sides.
    assert await colours_of(film) == ["48 red", "48 black", "48 blue"]
    # Silence, then its one second of sound, then silence again.
    assert await loud_seconds(film) == [False] * 4 + [True] * 2 + [False] * 6
    assert await plays(film)


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("a.webm", ("-c:v", "libvpx-vp9", "-c:a", "libopus")),
        ("hevc.mp4", ("-c:v", "libx265", "-c:a", "aac")),
        ("other.mp4", ("-c:v", "libx264", "-profile:v", "baseline", "-c:a", "aac")),
    ],
)
async def test_parts_of_another_coding_play_all_the_same(
    tmp_path: Path, name: str, coding: tuple[str, ...]
) -> None:
    other = await part(tmp_path, "lime", sound_s=2, coding=coding, name=name)
    videos = [await part(tmp_path, "red", sound_s=2), other]
    film = tmp_path / "film.mp4"
    assert isinstance(await joined(videos, film), Joined)
    assert await colours_of(film) == ["48 red", "48 lime"]
    assert await loud_seconds(film) == [True] * 8
    assert await plays(film)
    # Two of them have one form, which does not play everywhere, or does.
    alike = tmp_path / "alike.mp4"
    assert isinstance(await joined([other, other], alike), Joined)
    assert await colours_of(alike) == ["96 lime"]
    assert await plays(alike)


async def test_sound_that_is_longer_or_shorter_than_its_pictures_stays_with_its_part(
    tmp_path: Path,
) -> None:
    videos = [
        await part(tmp_path, "red", sound_s=4),
        await part(tmp_path, "lime", sound_s=1),
        await part(tmp_path, "blue", sound_s=2),
    ]
    film = tmp_path / "film.mp4"
    outcome = await joined(videos, film)
    assert isinstance(outcome, Joined)
    assert length_s(film) == pytest.approx(6.0, abs=1 / 24)
    assert await colours_of(film) == ["48 red", "48 lime", "48 blue"]
    assert await loud_seconds(film) == [True] * 6 + [False] * 2 + [True] * 4
    assert await are_copied(videos, film)


async def test_a_part_with_a_side_of_an_odd_number_gets_an_even_one(tmp_path: Path) -> None:
    odd = ("-c:v", "libx264", "-pix_fmt", "yuv444p")
    videos = [
        await part(tmp_path, "red", size="321x181", coding=odd),
        await part(tmp_path, "blue"),
    ]
    film = tmp_path / "film.mp4"
    assert isinstance(await joined(videos, film), Joined)
    assert await plays(film)


async def test_what_has_to_be_encoded_has_at_most_1080_lines(tmp_path: Path) -> None:
    fast = ("-c:v", "libx264", "-preset", "ultrafast")
    videos = [
        await part(tmp_path, "red", size="3840x2160", duration_s=0.25, coding=fast),
        await part(tmp_path, "blue", duration_s=0.25),
    ]
    film = tmp_path / "film.mp4"
    assert isinstance(await joined(videos, film), Joined)
    assert "1920x1080" in described(film)


async def test_a_path_with_quotes_and_spaces_is_as_good_as_any(tmp_path: Path) -> None:
    folder = tmp_path / "it's\n a 'folder' \\"
    folder.mkdir()
    videos = [await part(folder, one) for one in ("red", "blue")]
    film = folder / "film.mp4"
    assert isinstance(await joined(videos, film), Joined)
    assert await colours_of(film) == ["48 red", "48 blue"]


async def test_a_system_that_lets_nobody_make_links_gets_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(link: Path, target: Path) -> None:
        raise PermissionError(link, target)

    monkeypatch.setattr(Path, "symlink_to", refused)
    videos = [await part(tmp_path, one) for one in ("red", "blue")]
    film = tmp_path / "film.mp4"
    assert isinstance(await joined(videos, film), Joined)
    assert await colours_of(film) == ["48 red", "48 blue"]


async def test_a_film_over_the_bound_is_not_made(tmp_path: Path) -> None:
    videos = [await part(tmp_path, one) for one in ("red", "blue")]
    film = tmp_path / "film.mp4"
    assert await joined(videos, film, limits=JoinLimits(film_s=3.9)) is NotJoined.TOO_LONG
    assert await joined(videos, film, limits=JoinLimits(film_s=1)) is NotJoined.TOO_LONG
    assert isinstance(await joined(videos, film, limits=JoinLimits(film_s=4)), Joined)


@pytest.mark.parametrize("content", [b"<html>no</html>", b"#EXTM3U", LIKE_AN_MP4 + bytes(99)])
async def test_a_part_that_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(content)
    videos = [await part(tmp_path, "red"), bad]
    assert await joined(videos, tmp_path / "film.mp4") is NotJoined.UNREADABLE


async def test_a_part_that_would_take_too_much_memory_makes_no_film(tmp_path: Path) -> None:
    huge = tmp_path / "huge.mp4"
    huge.write_bytes(huge_picture())
    videos = [await part(tmp_path, "red"), huge]
    assert await joined(videos, tmp_path / "film.mp4") is NotJoined.UNREADABLE


async def test_without_an_ffmpeg_or_with_a_slow_one_it_says_so(tmp_path: Path) -> None:
    video, film = like_an_mp4(tmp_path), tmp_path / "film.mp4"
    missing = str(tmp_path / "none")
    assert await joined([video, video], film, ffmpeg=missing) is NotJoined.NO_FFMPEG
    slow = a_program(tmp_path / "slow", "exec sleep 60")
    limits = JoinLimits(film_s=60, working_s=RUNS_OUT_S)
    assert await joined([video], film, ffmpeg=slow, limits=limits) is NotJoined.TOO_SLOW


async def test_a_film_that_grows_too_large_is_given_up(tmp_path: Path) -> None:
    videos = [await part(tmp_path, one, sound_s=2) for one in ("red", "blue")]
    limits = JoinLimits(film_s=60, largest_bytes=4_096)
    assert await joined(videos, tmp_path / "film.mp4", limits=limits) is NotJoined.FAILED


async def test_a_full_disk_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    videos = [await part(tmp_path, one, sound_s=2) for one in ("red", "blue")]
    usage = shutil.disk_usage(tmp_path)._replace(free=0)

    def full(folder: Path) -> object:
        assert folder == tmp_path
        return usage

    monkeypatch.setattr(shutil, "disk_usage", full)
    limits = JoinLimits(film_s=60, largest_bytes=4_096)  # a write that fails, as on a full disk
    assert await joined(videos, tmp_path / "film.mp4", limits=limits) is NotJoined.DISK_FULL


async def test_a_folder_that_cannot_be_written_is_no_crash(tmp_path: Path) -> None:
    video = await part(tmp_path, "red")
    into, turn = tmp_path / "none" / "film.mp4", asyncio.Semaphore(1)
    outcome = await join([video, video], into, ffmpeg=FFMPEG, turn=turn, limits=LIMITS)
    assert outcome is NotJoined.FAILED


async def test_it_has_the_turn_of_the_copies_until_a_cancelled_caller_ends_it(
    tmp_path: Path,
) -> None:
    pid = tmp_path / "pid"
    slow = a_program(tmp_path / "slow", f"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 60")
    folder = tmp_path / "work"
    folder.mkdir()
    video, turn = like_an_mp4(tmp_path), FfmpegCopier(ffmpeg=FFMPEG).turn
    joining = asyncio.create_task(
        join([video], folder / "film.mp4", ffmpeg=slow, turn=turn, limits=LIMITS)
    )
    await until(pid.exists)
    assert turn.locked()
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    assert not [*folder.iterdir()]
    assert not turn.locked()
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()
