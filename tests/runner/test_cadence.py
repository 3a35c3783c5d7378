"""How long the runner waits."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.runner import cadence

SECONDS = st.floats(min_value=0, max_value=200_000, allow_nan=False)


@given(st.integers(min_value=1, max_value=10_000), st.integers())
def test_backoff_grows_and_is_bounded(failures: int, seed: int) -> None:
    delay_s = cadence.retry_delay_s(failures, None, Random(seed))  # noqa: S311 - jitter
    assert 1 <= delay_s <= 60
    ceiling_s = min(60, 2 * 2 ** min(failures - 1, 10))
    assert ceiling_s / 2 <= delay_s <= ceiling_s


def test_a_wish_for_patience_is_honoured_within_reason() -> None:
    random = Random(1)  # noqa: S311 - jitter
    assert cadence.retry_delay_s(1, 30.0, random) == 30.0
    assert cadence.retry_delay_s(1, 86_400.0, random) == cadence.SLOW_POLL_S


@given(SECONDS, st.integers())
def test_delivery_is_tried_soon_at_first_and_never_too_seldom(age_s: float, seed: int) -> None:
    gap_s = cadence.delivery_gap_s(age_s, Random(seed))  # noqa: S311 - jitter
    if age_s >= cadence.DELIVER_FOR_S:
        assert gap_s == cadence.KEPT_GAP_S
    else:
        assert 4 <= gap_s <= 1.2 * cadence.DELIVERY_GAP_MAX_S


def test_a_day_of_delivering_is_some_dozens_of_tries() -> None:
    random = Random(1)  # noqa: S311 - jitter
    age_s, tries = 0.0, 0
    while age_s < cadence.DELIVER_FOR_S:
        age_s += cadence.delivery_gap_s(age_s, random)
        tries += 1
    assert 40 <= tries <= 100
