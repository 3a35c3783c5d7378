"""What a request says in one line, and what to change in one that is refused."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from bot.domain.models import Cutting, Option
from bot.domain.request import (
    END_WITHOUT_START,
    PROMPT_MAX_CHARS,
    TOO_LONG_WITH_STYLE,
    UNKNOWN_TO_MODEL,
    GenerationRequest,
)
from bot.languages.language import Language, marked
from bot.ui.words_personal import style_line, too_long_with_style

FIELDS: dict[str, str] = {
    "prompt": marked("prompt"),
    "negative_prompt": marked("negative prompt"),
    "duration_s": marked("duration"),
    "aspect": marked("aspect"),
    "guidance": marked("guidance"),
    "style": marked("style"),
    "shots": marked("shots"),
}

UNKNOWN_OPTIONS: Mapping[str, str] = {
    Option.END_FRAME: marked(
        "{quality} cannot end on a picture you choose. Leave `last_image` out, or choose another "
        "quality. Nothing was charged."
    ),
    Option.START_FRAME: marked(
        "{quality} cannot start from a picture. Please choose another quality. Nothing was charged."
    ),
    Option.CUTTING: marked(
        "{quality} cannot cut into several shots by itself here. Leave `cuts` out, or use "
        "`/storyboard`. Nothing was charged."
    ),
    Option.SHOTS: marked(
        "{quality} cannot make a storyboard. Please choose another quality. Nothing was charged."
    ),
}
END_NEEDS_START = marked(
    "A last frame needs a first one: please add `image` too. Nothing was charged."
)

HALF_A_CHARACTER: Final = "string_unicode"
"""Pydantic's name for a text with a lone surrogate: some keyboards cut an emoji in two."""


def bad_request(language: Language, refusal: ValidationError) -> str:
    """What to change in a request that Discord let through and the model would refuse."""
    for error in refusal.errors():
        if error["type"] == TOO_LONG_WITH_STYLE:
            context = error.get("ctx", {})
            return too_long_with_style(language, context["field"], context["excess"])
        if error["type"] == UNKNOWN_TO_MODEL:
            context = error.get("ctx", {})
            return language.say(UNKNOWN_OPTIONS[context["option"]], quality=context["label"])
        if error["type"] == END_WITHOUT_START:
            return language.say(END_NEEDS_START)
        if error["type"] == HALF_A_CHARACTER:
            return language.say(
                "Your text holds half a character, which cannot be sent. Please type it again; "
                "nothing was charged."
            )
    fields = {str(error["loc"][0]) for error in refusal.errors()}
    if fields == {"prompt"}:
        return language.say(
            "Please write a prompt of 1 to {limit} characters. Nothing was charged.",
            limit=language.number(PROMPT_MAX_CHARS),
        )
    return language.say(
        "Please change this and try again: {fields}. Nothing was charged.",
        fields=", ".join(sorted(language.say(FIELDS.get(field, field)) for field in fields)),
    )


def settings_line(language: Language, request: GenerationRequest, *, private: bool) -> str:
    """All that was chosen, in one line."""
    parts = [
        request.model.label,
        language.say("{seconds} s", seconds=request.duration_s),
        *shots_part(language, len(request.shots)),
        *_shape_parts(language, request),
        language.say("with sound") if request.sound else language.say("silent"),
        language.say("guidance {value}", value=language.number(request.guidance)),
    ]
    if request.style is not None:
        parts.append(style_line(language, request.style))
    if request.negative_prompt:
        parts.append(language.say("negative prompt"))
    if private:
        parts.append(language.say("private"))
    return " · ".join(parts)


def _shape_parts(language: Language, request: GenerationRequest) -> list[str]:
    if request.start_frame is None:
        cuts = request.cutting is Cutting.BY_ITSELF
        return [request.aspect.value, *([language.say("own cuts")] if cuts else [])]
    both = request.end_frame is not None
    return [language.say("between two pictures") if both else language.say("from a picture")]


def shots_part(language: Language, shots: int) -> list[str]:
    """How many shots a storyboard has; empty for a video without shots."""
    return [language.plural("{number} shot", "{number} shots", shots)] if shots else []
