"""The plan of a copy, and an ffmpeg that is tried out before people wait for its copies."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imageio_ffmpeg import get_ffmpeg_exe

from bot.runner.transcoding.ffmpeg import LEAST_VIDEO_BITS_PER_S, plan_copy, what_is_wrong_with

MIB = 1024 * 1024


@given(
    st.integers(min_value=1, max_value=500 * MIB),
    st.floats(min_value=1, max_value=3_600),
    st.booleans(),
)
def test_a_plan_always_ends_under_the_limit(
    limit_bytes: int,
    duration_s: float,
    sound: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    plan = plan_copy(limit_bytes=limit_bytes, duration_s=duration_s, sound=sound)
    if plan is None:
        return
    assert plan.video_bits_per_s >= LEAST_VIDEO_BITS_PER_S
    total_bytes = (plan.video_bits_per_s + plan.audio_bits_per_s) * duration_s / 8
    assert total_bytes <= limit_bytes * 0.93
    assert (plan.audio_bits_per_s > 0) is sound


@pytest.mark.parametrize(
    ("limit_mib", "duration_s", "px"), [(10, 15, 720), (10, 3, 720), (1, 15, 360), (2, 20, 480)]
)
def test_the_picture_gets_smaller_when_the_bits_get_few(
    limit_mib: int, duration_s: int, px: int
) -> None:
    plan = plan_copy(limit_bytes=limit_mib * MIB, duration_s=duration_s, sound=True)
    assert plan is not None
    assert plan.short_side_px == px


def test_nothing_watchable_is_no_plan() -> None:
    assert plan_copy(limit_bytes=100_000, duration_s=15, sound=True) is None


def program(folder: Path, script: str) -> str:
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


async def test_a_real_one_has_nothing_wrong_with_it() -> None:
    assert await what_is_wrong_with(get_ffmpeg_exe()) is None


async def test_one_that_hangs_is_not_waited_for_and_does_not_stay(tmp_path: Path) -> None:
    hanging = program(
        tmp_path, f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 60"
    )
    pid = tmp_path / "pid"
    longest_s = 0
    while not pid.exists():  # on a busy machine it may be ended before it began
        longest_s += 1
        wrong = await what_is_wrong_with(hanging, longest_s=longest_s)
        assert wrong == f"it took over {longest_s} s for a tenth of a second of video"

    assert not Path(f"/proc/{pid.read_text().strip()}").exists()


async def test_one_that_is_no_program_is_told_by_its_error(tmp_path: Path) -> None:
    (tmp_path / "ffmpeg").write_text("no program")
    said = await what_is_wrong_with(str(tmp_path / "ffmpeg"))
    assert said == "it doesn't start"


async def test_one_that_fails_is_told_by_its_status(tmp_path: Path) -> None:
    said = await what_is_wrong_with(program(tmp_path, "exit 3"))
    assert said == "it can't encode H.264 and AAC (status 3)"
