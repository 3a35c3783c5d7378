"""What a person may request of the Kling 3.0 family, checked against its model."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.domain.generation.models import PRO, USUAL, Cutting, Model, Option, model_of, qualities
from bot.domain.generation.picture import Picture
from bot.domain.generation.styles import Style, added

PROMPT_MAX_CHARS = 2_500
"""Maximum length of the prompt and of the negative prompt, each."""
TOO_LONG_WITH_STYLE = "too_long_with_style"
"""The type of the error for a text that is too long only together with its style. Its context has
`field`, the text that is too long, and `excess`, the characters beyond the limit."""
UNKNOWN_TO_MODEL = "unknown_to_model"
"""The type of the error for an option that the chosen quality does not have. Its context has
`option` and `label`, the quality's name for people."""
END_WITHOUT_START = "end_without_start"
"""The type of the error for a last frame without a first one."""
DURATION_MIN_S = USUAL.duration_min_s
DURATION_MAX_S = USUAL.duration_max_s
DURATION_DEFAULT_S = 5
GUIDANCE_MIN = 0.0
GUIDANCE_MAX = 1.0
GUIDANCE_DEFAULT = 0.5
SHOT_PROMPT_MAX_CHARS = 512
SHOTS_MIN = 2
"""A single shot is not a storyboard."""
SHOTS_MAX = DURATION_MAX_S // DURATION_MIN_S
"""More do not fit: each shot has a minimum duration, and the video has a maximum."""


class Aspect(StrEnum):
    """The three aspect ratios that the model renders, width to height."""

    LANDSCAPE = "16:9"
    PORTRAIT = "9:16"
    SQUARE = "1:1"


_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX_CHARS)]


def _known(quality: str) -> str:
    if quality not in qualities():
        raise ValueError("there is no such quality")
    return quality


_SAYS_NOTHING = {
    "quality": PRO,
    "cutting": Cutting.AS_ORDERED,
    "start_frame": None,
    "end_frame": None,
}

QualityName = Annotated[str, AfterValidator(_known)]
"""A quality that a declared model has."""


class Shot(BaseModel):
    """One shot of a storyboard. Its prompt is one paragraph: line breaks become spaces.

    Raises:
        pydantic.ValidationError: a field is outside the limits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    prompt: str
    duration_s: Annotated[int, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)]

    @field_validator("prompt")
    @classmethod
    def _one_paragraph(cls, value: str) -> str:
        paragraph = " ".join(value.split())
        if not 1 <= len(paragraph) <= SHOT_PROMPT_MAX_CHARS:
            raise ValueError(f"a shot's prompt has 1 to {SHOT_PROMPT_MAX_CHARS} characters")
        return paragraph


class GenerationRequest(BaseModel):
    """One request, checked against the limits of the model that its quality and frames name.

    Raises:
        pydantic.ValidationError: a field is outside the limits; no service was called yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    prompt: Annotated[_Text, Field(min_length=1)]
    negative_prompt: _Text | None = None
    duration_s: Annotated[int, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)] = DURATION_DEFAULT_S
    aspect: Aspect = Aspect.LANDSCAPE
    sound: bool = True
    guidance: Annotated[float, Field(ge=GUIDANCE_MIN, le=GUIDANCE_MAX, allow_inf_nan=False)] = (
        GUIDANCE_DEFAULT
    )
    shots: tuple[Shot, ...] = ()
    """A storyboard's shots in order; empty for a video without a storyboard."""
    style: Style | None = None
    """The style as it was when chosen. The prompts above hold only what the person typed."""

    quality: QualityName = PRO
    cutting: Cutting = Cutting.AS_ORDERED
    start_frame: Picture | None = None
    """The picture that the video begins with. The shape of the video follows it."""
    end_frame: Picture | None = None

    def as_text(self) -> str:
        """As it stands in a row.

        What the first version did not know is left out while it says nothing, so that a process of
        that version, which may still run, can read it. These defaults therefore never change.
        """
        plain = {name for name, usual in _SAYS_NOTHING.items() if getattr(self, name) == usual}
        return self.model_dump_json(exclude=plain)

    @property
    def model(self) -> Model:
        """The declared model that makes it."""
        model = model_of(self.quality, starts_from_picture=self.start_frame is not None)
        assert model is not None  # noqa: S101 - it was checked
        return model

    @property
    def frames(self) -> dict[Option, Picture]:
        """The pictures that it sends."""
        frames = {Option.START_FRAME: self.start_frame, Option.END_FRAME: self.end_frame}
        return {option: picture for option, picture in frames.items() if picture is not None}

    @property
    def said(self) -> dict[Option, object]:
        """Every option but the pictures, as it is said to the model; None where it is left out."""
        return {
            Option.PROMPT: self.sent_prompt,
            Option.NEGATIVE_PROMPT: self.sent_negative_prompt,
            Option.DURATION: self.duration_s,
            Option.ASPECT: self.aspect.value,
            Option.SOUND: self.sound,
            Option.GUIDANCE: self.guidance,
            Option.SHOTS: [
                {"prompt": shot.prompt, "duration": shot.duration_s} for shot in self.shots
            ]
            or None,
            Option.CUTTING: self.cutting.value,
        }

    @property
    def sent_prompt(self) -> str:
        """The prompt as sent to the service: the typed text, then the style's."""
        return added(self.prompt, self.style.prompt) if self.style else self.prompt

    @property
    def sent_negative_prompt(self) -> str | None:
        """The negative prompt as sent to the service."""
        if self.style is None:
            return self.negative_prompt
        return added(self.negative_prompt or "", self.style.negative_prompt) or None

    @field_validator("negative_prompt")
    @classmethod
    def _blank_means_none(cls, value: str | None) -> str | None:
        return value or None

    @field_validator("shots")
    @classmethod
    def _shots_fill_the_video(
        cls, value: tuple[Shot, ...], info: ValidationInfo
    ) -> tuple[Shot, ...]:
        if value and not SHOTS_MIN <= len(value) <= SHOTS_MAX:
            raise ValueError(f"a storyboard has {SHOTS_MIN} to {SHOTS_MAX} shots")
        duration_s: int | None = info.data.get("duration_s")
        # If the duration itself was refused, do not report a second error for the shots.
        if value and duration_s is not None and sum(s.duration_s for s in value) != duration_s:
            raise ValueError("the shots of a storyboard add up to its duration")
        return value

    @field_validator("style")
    @classmethod
    def _fits_with_the_prompts(cls, value: Style | None, info: ValidationInfo) -> Style | None:
        if value is None:
            return None
        # A prompt that was refused is missing here; do not report it a second time.
        typed: str = info.data.get("prompt") or ""
        unwanted: str = info.data.get("negative_prompt") or ""
        _fit(added(typed, value.prompt), "prompt")
        _fit(added(unwanted, value.negative_prompt), "negative_prompt")
        return value

    @model_validator(mode="after")
    def _model_can_do_it(self) -> Self:
        if self.end_frame is not None and self.start_frame is None:
            raise PydanticCustomError(END_WITHOUT_START, "a last frame needs a first one")
        model = model_of(self.quality, starts_from_picture=self.start_frame is not None)
        if model is None:
            raise _unknown(Option.START_FRAME, qualities()[self.quality])
        if self.end_frame is not None and not model.has(Option.END_FRAME):
            raise _unknown(Option.END_FRAME, model.label)
        if self.shots and not model.has(Option.SHOTS):
            raise _unknown(Option.SHOTS, model.label)
        if self.cutting not in model.cutting or (self.shots and self.cutting is Cutting.BY_ITSELF):
            raise _unknown(Option.CUTTING, model.label)
        return self


def _unknown(option: Option, label: str) -> PydanticCustomError:
    return PydanticCustomError(
        UNKNOWN_TO_MODEL,
        "the quality does not have this option",
        {"option": option.value, "label": label},
    )


def _fit(text: str, field: str) -> None:
    excess = len(text) - PROMPT_MAX_CHARS
    if excess > 0:
        raise PydanticCustomError(
            TOO_LONG_WITH_STYLE,
            "with the style the text is too long",
            {"field": field, "excess": excess},
        )
