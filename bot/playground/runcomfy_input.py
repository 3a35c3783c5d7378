"""The input schema of the text-to-video model, checked as strictly as the service does."""

import json
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

_Prompt = Annotated[str, Field(min_length=1, max_length=2_500)]
_Seconds = Annotated[int, Field(ge=3, le=15)]


class InputSegment(BaseModel):
    """One shot of a storyboard."""

    model_config = ConfigDict(extra="forbid", strict=True)

    prompt: Annotated[str, Field(min_length=1, max_length=512)]
    duration: _Seconds


class ModelInput(BaseModel):
    """The body of a submission."""

    model_config = ConfigDict(extra="forbid", strict=True)

    prompt: _Prompt
    negative_prompt: Annotated[str, Field(max_length=2_500)] | None = None
    duration: _Seconds = 5
    aspect_ratio: Literal["16:9", "9:16", "1:1"] = "16:9"
    cfg_scale: Annotated[float, Field(ge=0, le=1)] = 0.5
    sound: bool = True
    multi_prompt: Annotated[list[InputSegment], Field(min_length=1, max_length=20)] | None = None
    shot_type: Literal["customize"] | None = None

    @model_validator(mode="after")
    def _segments_fill_the_clip(self) -> Self:
        if self.multi_prompt and sum(part.duration for part in self.multi_prompt) != self.duration:
            raise ValueError("the durations of multi_prompt must add up to duration")
        return self


def read_input(body: bytes) -> ModelInput | list[JsonValue]:
    """The input, or the `detail` of a 422, which quotes the input like such services do."""
    try:
        return ModelInput.model_validate_json(body.decode(errors="replace"))
    except ValidationError as error:
        details: list[JsonValue] = json.loads(error.json(include_url=False, include_context=False))
        return details


@cache
def input_schema() -> dict[str, Any]:
    """The schema as the catalogue shows it."""
    return ModelInput.model_json_schema()
