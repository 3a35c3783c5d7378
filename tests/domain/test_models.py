"""The declared models are those that RunComfy lists, and another one is one more row."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.domain.generation import models
from bot.domain.generation.models import (
    MODELS,
    USUAL,
    Cutting,
    Model,
    Option,
    model_named,
    model_of,
)
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.money.price import Prices
from bot.languages.language import load_languages
from bot.playground.runcomfy_input import ModelInput, input_schema, read_input
from bot.runcomfy.wire import body_of
from cogs.allowance import price_lines

TEXT = {"prompt", "negative_prompt", "duration", "cfg_scale", "multi_prompt", "shot_type"}
TEXT_TO_VIDEO = TEXT | {"aspect_ratio", "sound"}
IMAGE_TO_VIDEO = TEXT | {"start_image_url", "generate_audio"}
LISTED = {
    "standard/text-to-video": (TEXT_TO_VIDEO, 5, (84, 126)),
    "pro/text-to-video": (TEXT_TO_VIDEO, 5, (112, 168)),
    "4k/text-to-video": (TEXT_TO_VIDEO, 5, (420, 420)),
    "standard/image-to-video": (IMAGE_TO_VIDEO, 10, (84, 126)),
    "pro/image-to-video": (IMAGE_TO_VIDEO | {"end_image_url"}, 10, (112, 168)),
    "4k/image-to-video": (IMAGE_TO_VIDEO | {"end_image_url"}, 10, (420, 420)),
}
"""RunComfy's model list of 2026-09-23: fields, the default length, and mills per second."""
PICTURE = Picture(digest="0" * 64, media_type="image/png", width_px=400, height_px=300)


def test_the_declaration_says_what_runcomfy_lists() -> None:
    declared = {
        model.id.removeprefix("kling/kling-3.0/"): (
            set(model.names.values()),
            model.duration_default_s,
            (model.silent_microusd_per_s // 1_000, model.sound_microusd_per_s // 1_000),
        )
        for model in MODELS
    }
    assert declared == LISTED
    assert all((model.duration_min_s, model.duration_max_s) == (3, 15) for model in MODELS)
    free = [model.id for model in MODELS if Cutting.BY_ITSELF in model.cutting]
    assert free == ["kling/kling-3.0/standard/text-to-video"]


def test_who_chooses_nothing_gets_what_the_bot_was_made_for() -> None:
    assert GenerationRequest(prompt="a kite").model is USUAL
    assert USUAL.id == "kling/kling-3.0/pro/text-to-video"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_quality_and_first_frame_name_the_model(model: Model) -> None:
    frame = PICTURE if model.starts_from_picture else None
    request = GenerationRequest(prompt="a kite", quality=model.quality, start_frame=frame)
    assert request.model is model
    assert model_named(model.id) is model


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"quality": "8k"}, "value_error"),
        ({"end_frame": PICTURE}, "end_without_start"),
        ({"quality": "standard", "start_frame": PICTURE, "end_frame": PICTURE}, "unknown_to_model"),
        ({"cutting": "intelligent"}, "unknown_to_model"),
        (
            {"quality": "standard", "start_frame": PICTURE, "cutting": "intelligent"},
            "unknown_to_model",
        ),
    ],
)
def test_what_a_model_cannot_do_is_refused_before_it_is_sent(
    options: dict[str, object], kind: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        GenerationRequest.model_validate({"prompt": "a kite", **options})
    assert [error["type"] for error in refusal.value.errors()] == [kind]


def test_a_seventh_model_is_one_more_row(monkeypatch: pytest.MonkeyPatch) -> None:
    turbo = replace(
        USUAL,
        id="kling/kling-3.0/turbo/text-to-video",
        quality="turbo",
        label="Turbo (540p)",
        names={Option.PROMPT: "text", Option.DURATION: "seconds", Option.SOUND: "audio"},
        silent_microusd_per_s=10_000,
        sound_microusd_per_s=20_000,
        duration_default_s=4,
    )
    monkeypatch.setattr(models, "MODELS", (*MODELS, turbo))

    request = GenerationRequest(prompt="a kite", quality="turbo", duration_s=6)
    assert request.model is turbo
    assert Prices().estimate_microusd(request) == 120_000
    taken = read_input(b"".join(body_of(request, {})), turbo)
    assert isinstance(taken, ModelInput)
    assert taken.said == {"text": "a kite", "seconds": 6, "audio": True}
    assert set(input_schema(turbo)["properties"]) == {"text", "seconds", "audio"}
    lines = price_lines(load_languages().of("en"), Prices(), models.qualities())
    assert "- Turbo (540p): 5 s $0.05 / $0.10 · 10 s $0.10 / $0.20 · 15 s $0.15 / $0.30" in lines
    assert model_of("turbo", starts_from_picture=True) is None
    with pytest.raises(ValidationError, match="does not have this option"):
        GenerationRequest(prompt="a kite", quality="turbo", start_frame=PICTURE)
