"""A price is exact to the micro-dollar before the fact, and never a float."""

from hypothesis import given

from bot.domain.price import estimate_microusd
from bot.domain.request import GenerationRequest
from tests.domain.samples import requests


def price(*, seconds: int, sound: bool) -> int:
    return estimate_microusd(GenerationRequest(prompt="kite", duration_s=seconds, sound=sound))


def test_the_published_prices_come_out_exactly() -> None:
    assert price(seconds=5, sound=True) == 840_000
    assert price(seconds=15, sound=True) == 2_520_000
    assert price(seconds=3, sound=True) == 504_000
    assert price(seconds=5, sound=False) == 560_000
    assert price(seconds=15, sound=False) == 1_680_000
    assert price(seconds=3, sound=False) == 336_000


@given(requests())
def test_a_price_is_whole_and_follows_from_seconds_and_sound_alone(
    request: GenerationRequest,
) -> None:
    estimate = estimate_microusd(request)

    assert type(estimate) is int
    assert estimate == price(seconds=request.duration_s, sound=request.sound)
    assert estimate % request.duration_s == 0
    assert estimate // request.duration_s == (168_000 if request.sound else 112_000)
