"""The plan of a copy: what fits, and looks as good as it may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runner.transcoding.plan import LEAST_VIDEO_BITS_PER_S, plan_copy

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
