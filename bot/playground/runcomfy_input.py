"""What the models take, checked as strictly as the service does, by the declaration of each."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Annotated, Any, Final, Literal, Self

from PIL import Image, UnidentifiedImageError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    create_model,
    model_validator,
)

from bot.domain.generation.models import USUAL, Model, Option

PICTURE_MAX_BYTES: Final = 6 * 1024 * 1024
"""What RunComfy's own client sends at most."""
SIDE_MIN_PX: Final = 300
RATIO_MAX: Final = 2.5
FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP")
_DATA: Final = "data:image/"
_SHOWN_CHARS: Final = 40

_Prompt = Annotated[str, Field(min_length=1, max_length=2_500)]


def _picture(value: str) -> str:
    """A link or a data URI; a picture that is too small, too narrow or none at all is refused."""
    if value.startswith("https://"):
        return value
    kind, comma, encoded = value.partition(";base64,")
    if not (kind.startswith(_DATA) and comma):
        raise ValueError("neither a link nor a data URI of an image")
    data = b64decode(encoded, validate=True)
    if len(data) > PICTURE_MAX_BYTES:
        raise ValueError("the image is too large")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            shorter, longer = sorted(opened.size)
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError("the image cannot be read") from error
    if shorter < SIDE_MIN_PX or longer > shorter * RATIO_MAX:
        raise ValueError("the size of the image is not supported")
    return value


_Picture = Annotated[str, AfterValidator(_picture)]
_OptionalPicture = Annotated[
    str | None, AfterValidator(lambda value: None if value is None else _picture(value))
]


class InputSegment(BaseModel):
    """One shot of a storyboard."""

    model_config = ConfigDict(extra="forbid", strict=True)

    prompt: Annotated[str, Field(min_length=1, max_length=512)]
    duration: Annotated[int, Field(ge=3, le=15)]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="after")
    def _segments_fill_the_clip(self) -> Self:
        said = self.model_dump()
        segments = said.get("multi_prompt")
        if segments and sum(part["duration"] for part in segments) != said.get("duration"):
            raise ValueError("the durations of multi_prompt must add up to duration")
        return self


def _fields(model: Model) -> Mapping[Option, Any]:
    """The type and the default of every option that a model can have."""
    cutting = model.cutting
    return {
        Option.PROMPT: (_Prompt, ...),
        Option.NEGATIVE_PROMPT: (Annotated[str | None, Field(max_length=2_500)], None),
        Option.DURATION: (
            Annotated[int, Field(ge=model.duration_min_s, le=model.duration_max_s)],
            model.duration_default_s,
        ),
        Option.ASPECT: (Literal["16:9", "9:16", "1:1"], "16:9"),
        Option.SOUND: (bool, True),
        Option.GUIDANCE: (Annotated[float, Field(ge=0, le=1)], 0.5),
        Option.SHOTS: (
            Annotated[list[InputSegment] | None, Field(min_length=1, max_length=20)],
            None,
        ),
        Option.CUTTING: (Literal[tuple(one.value for one in cutting)], cutting[0].value),
        Option.START_FRAME: (_Picture, ...),
        Option.END_FRAME: (_OptionalPicture, None),
    }


_schemas: Final = dict[str, tuple[Model, type[_Schema]]]()
"""By the id of the model: making one takes a millisecond."""


def _schema_of(model: Model) -> type[_Schema]:
    known = _schemas.get(model.id)
    if known is None or known[0] != model:
        kinds = _fields(model)
        named = {name: kinds[option] for option, name in model.names.items()}
        known = model, create_model(f"Input of {model.id}", __base__=_Schema, **named)
        _schemas[model.id] = known
    return known[1]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """A body that the service takes."""

    model: Model
    said: Mapping[str, JsonValue]
    """As it came, with pictures shortened to their beginnings."""
    values: Mapping[Option, Any]
    """By our own words, with the model's defaults."""
    pictures: Mapping[Option, bytes] = field(default_factory=dict[Option, bytes])
    """The pictures that came in the body itself."""

    @property
    def echo(self) -> dict[str, JsonValue]:
        """As a result repeats it: with the model's defaults."""
        known = {name: self.values[option] for option, name in self.model.names.items()}
        return {
            name: self.said.get(name, value) for name, value in known.items() if value is not None
        }

    @property
    def prompt(self) -> str:
        """What the video shows."""
        return self.values[Option.PROMPT]

    @property
    def duration_s(self) -> int:
        """How long it is."""
        return self.values[Option.DURATION]

    @property
    def sound(self) -> bool:
        """Whether it has sound."""
        return self.values[Option.SOUND]

    @property
    def aspect(self) -> str:
        """Its shape, if no picture decides that."""
        return self.values.get(Option.ASPECT, "16:9")


def read_input(body: bytes, model: Model = USUAL) -> ModelInput | list[JsonValue]:
    """The input, or the `detail` of a 422, which quotes the input like such services do."""
    try:
        read = _schema_of(model).model_validate_json(body.decode(errors="replace"))
    except ValidationError as error:
        details: list[JsonValue] = json.loads(error.json(include_url=False, include_context=False))
        return details
    said, full = read.model_dump(mode="json", exclude_unset=True), read.model_dump()
    values = {option: full[name] for option, name in model.names.items()}
    pictures = {
        option: b64decode(values[option].partition(",")[2])
        for option in (Option.START_FRAME, Option.END_FRAME)
        if (values.get(option) or "").startswith(_DATA)
    }
    shortened = {name: _shortened(value) for name, value in said.items()}
    return ModelInput(model, shortened, values, pictures)


def _shortened(value: JsonValue) -> JsonValue:
    is_picture = isinstance(value, str) and value.startswith(_DATA)
    return f"{str(value)[:_SHOWN_CHARS]}…" if is_picture else value


def input_schema(model: Model = USUAL) -> dict[str, Any]:
    """The schema as the catalogue shows it."""
    return _json_schema_of(_schema_of(model))


@cache
def _json_schema_of(schema: type[_Schema]) -> dict[str, Any]:
    return schema.model_json_schema()
