"""A price is exact to the micro-dollar before the fact, and never a float."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.domain.generation.models import MODELS, USUAL, Model
from bot.domain.generation.request import GenerationRequest
from bot.domain.money.price import Prices
from tests.domain.samples import requests


def price(*, seconds: int, sound: bool, quality: str = "pro") -> int:
    request = GenerationRequest(prompt="kite", duration_s=seconds, sound=sound, quality=quality)
    return Prices().estimate_microusd(request)


def test_the_published_prices_come_out_exactly() -> None:
    assert price(seconds=5, sound=True) == 840_000
    assert price(seconds=15, sound=True) == 2_520_000
    assert price(seconds=3, sound=True) == 504_000
    assert price(seconds=5, sound=False) == 560_000
    assert price(seconds=15, sound=False) == 1_680_000
    assert price(seconds=3, sound=False) == 336_000
    assert price(seconds=5, sound=True, quality="standard") == 630_000
    assert price(seconds=3, sound=False, quality="standard") == 252_000
    assert price(seconds=15, sound=False, quality="4k") == 6_300_000
    assert price(seconds=15, sound=True, quality="4k") == 6_300_000


@given(requests())
def test_a_price_is_whole_and_follows_from_model_seconds_and_sound_alone(
    request: GenerationRequest,
) -> None:
    estimate = Prices().estimate_microusd(request)

    assert type(estimate) is int
    assert estimate % request.duration_s == 0
    model = request.model
    second = model.sound_microusd_per_s if request.sound else model.silent_microusd_per_s
    assert estimate // request.duration_s == second


def test_the_usual_and_the_cheapest_video_are_told_apart() -> None:
    assert Prices().usual_microusd == 840_000
    assert Prices().cheapest_microusd() == 252_000


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_higher_price_of_the_catalogue_holds_and_a_lower_one_does_not(model: Model) -> None:
    prices = Prices()
    silent, sound = model.silent_microusd_per_s, model.sound_microusd_per_s
    assert not prices.hear(model, silent_microusd=silent, sound_microusd=sound)
    assert not prices.hear(model, silent_microusd=silent - 1, sound_microusd=1)
    assert prices.price_microusd(model, 5, sound=True) == 5 * sound

    assert prices.hear(model, silent_microusd=silent, sound_microusd=sound + 1)
    assert prices.price_microusd(model, 5, sound=True) == 5 * (sound + 1)
    assert prices.price_microusd(model, 5, sound=False) == 5 * silent

    assert not prices.hear(model, silent_microusd=silent, sound_microusd=sound)
    assert prices.price_microusd(model, 5, sound=True) == 5 * sound


def test_sound_rises_in_proportion_where_the_catalogue_names_no_price_for_it() -> None:
    prices = Prices()
    assert prices.hear(USUAL, silent_microusd=224_000, sound_microusd=None)
    assert prices.price_microusd(USUAL, 1, sound=True) == 336_000
    other = replace(USUAL, id="another")
    assert prices.price_microusd(other, 1, sound=True) == 168_000
