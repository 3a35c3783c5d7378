"""What a person may ask of Kling 3.0 Pro: the one place that knows the model's limits."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

PROMPT_MAX_CHARS = 2_500
"""Longest prompt and longest negative prompt that the model takes."""
DURATION_MIN_S = 3
DURATION_MAX_S = 15
DURATION_DEFAULT_S = 5
GUIDANCE_MIN = 0.0
GUIDANCE_MAX = 1.0
GUIDANCE_DEFAULT = 0.5


class Aspect(StrEnum):
    """The three frame shapes that the model renders, width to height."""

    LANDSCAPE = "16:9"
    PORTRAIT = "9:16"
    SQUARE = "1:1"


_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX_CHARS)]


class GenerationRequest(BaseModel):
    """One text-to-video request, checked against the model's limits.

    Raises:
        pydantic.ValidationError: a field is outside the limits; nothing was asked of anybody yet.
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

    @field_validator("negative_prompt")
    @classmethod
    def _blank_means_none(cls, value: str | None) -> str | None:
        return value or None
