"""The models of the Kling 3.0 family at RunComfy, one declaration each.

From a declaration follow the command's checks, the body of the paid POST, the estimate, the price
lists, what `check` looks up, and what the playground's stand-in accepts. Another model of the same
kind is one more row. The rows follow RunComfy's model list of 2026-09-23.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Option(StrEnum):
    """What the bot can say to a model, in its own words."""

    PROMPT = "prompt"
    NEGATIVE_PROMPT = "negative_prompt"
    DURATION = "duration"
    ASPECT = "aspect"
    SOUND = "sound"
    GUIDANCE = "guidance"
    SHOTS = "shots"
    CUTTING = "cutting"
    START_FRAME = "start_frame"
    END_FRAME = "end_frame"


class Cutting(StrEnum):
    """Who decides where the video cuts, in the service's words."""

    AS_ORDERED = "customize"
    """One shot, or the shots of a storyboard."""
    BY_ITSELF = "intelligent"
    """The model makes several shots of one prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One endpoint: `POST /v1/models/<id>`."""

    id: str
    quality: str
    """What a member chooses. The model with a first frame and the one without share it."""
    label: str
    """The quality's name for people: a product's name, the same in every language."""
    names: Mapping[Option, str]
    """The options that it has, under its own names. All but empty ones are sent explicitly, since
    the defaults of the models differ."""
    silent_microusd_per_s: int
    sound_microusd_per_s: int
    """The same as silent where sound costs nothing more."""
    duration_default_s: int
    """The service's own default. The bot never relies on it."""
    duration_min_s: int = 3
    duration_max_s: int = 15
    cutting: tuple[Cutting, ...] = (Cutting.AS_ORDERED,)
    """What it takes, its own default first."""

    def has(self, option: Option) -> bool:
        """Whether the model knows this option."""
        return option in self.names

    @property
    def starts_from_picture(self) -> bool:
        """Whether it needs a first frame; the other models take none."""
        return self.has(Option.START_FRAME)


PRO: Final = "pro"
FOUR_K: Final = "4k"

_TEXT: Final = {
    Option.PROMPT: "prompt",
    Option.NEGATIVE_PROMPT: "negative_prompt",
    Option.DURATION: "duration",
    Option.GUIDANCE: "cfg_scale",
    Option.SHOTS: "multi_prompt",
    Option.CUTTING: "shot_type",
}
_TEXT_TO_VIDEO: Final = _TEXT | {Option.ASPECT: "aspect_ratio", Option.SOUND: "sound"}
_IMAGE_TO_VIDEO: Final = _TEXT | {
    Option.SOUND: "generate_audio",
    Option.START_FRAME: "start_image_url",
}
_BETWEEN_IMAGES: Final = _IMAGE_TO_VIDEO | {Option.END_FRAME: "end_image_url"}

USUAL: Final = Model(
    id="kling/kling-3.0/pro/text-to-video",
    quality=PRO,
    label="Pro (1080p)",
    names=_TEXT_TO_VIDEO,
    silent_microusd_per_s=112_000,
    sound_microusd_per_s=168_000,
    duration_default_s=5,
)
"""What a member gets who chooses nothing."""

MODELS: Final = (
    Model(
        id="kling/kling-3.0/standard/text-to-video",
        quality="standard",
        label="Standard (720p)",
        names=_TEXT_TO_VIDEO,
        silent_microusd_per_s=84_000,
        sound_microusd_per_s=126_000,
        duration_default_s=5,
        cutting=(Cutting.BY_ITSELF, Cutting.AS_ORDERED),
    ),
    USUAL,
    Model(
        id="kling/kling-3.0/4k/text-to-video",
        quality=FOUR_K,
        label="4K",
        names=_TEXT_TO_VIDEO,
        silent_microusd_per_s=420_000,
        sound_microusd_per_s=420_000,
        duration_default_s=5,
    ),
    Model(
        id="kling/kling-3.0/standard/image-to-video",
        quality="standard",
        label="Standard (720p)",
        names=_IMAGE_TO_VIDEO,
        silent_microusd_per_s=84_000,
        sound_microusd_per_s=126_000,
        duration_default_s=10,
    ),
    Model(
        id="kling/kling-3.0/pro/image-to-video",
        quality=PRO,
        label="Pro (1080p)",
        names=_BETWEEN_IMAGES,
        silent_microusd_per_s=112_000,
        sound_microusd_per_s=168_000,
        duration_default_s=10,
    ),
    Model(
        id="kling/kling-3.0/4k/image-to-video",
        quality=FOUR_K,
        label="4K",
        names=_BETWEEN_IMAGES,
        silent_microusd_per_s=420_000,
        sound_microusd_per_s=420_000,
        duration_default_s=10,
    ),
)


def model_of(quality: str, *, starts_from_picture: bool) -> Model | None:
    """The model of this quality, for words alone or for a first frame; None if there is none."""
    for model in MODELS:
        if model.quality == quality and model.starts_from_picture is starts_from_picture:
            return model
    return None


def model_named(model_id: str) -> Model | None:
    """The declared model with this id; None for one that is no longer declared."""
    return next((model for model in MODELS if model.id == model_id), None)


def qualities() -> Mapping[str, str]:
    """Every quality with its label, in the order of the declaration."""
    return {model.quality: model.label for model in MODELS}
