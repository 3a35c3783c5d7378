"""What a request says in one line, and what to change in one that is refused."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from bot.domain.generation.models import Cutting, Option
from bot.domain.generation.picture import (
    ATTACHMENT_MAX_BYTES,
    PIXELS_MAX,
    RATIO_MAX,
    SIDE_MIN_PX,
    PictureFault,
    PictureRefusal,
)
from bot.domain.generation.request import (
    END_WITHOUT_START,
    GUIDANCE_DEFAULT,
    PROMPT_MAX_CHARS,
    TOO_LONG_WITH_STYLE,
    UNKNOWN_TO_MODEL,
    GenerationRequest,
)
from bot.languages.language import Language, marked
from bot.ui.words.personal import style_line, too_long_with_style

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
        "{quality} can't end on a picture. Leave `last_image` out, or choose another "
        "quality. Nothing was charged."
    ),
    Option.START_FRAME: marked(
        "{quality} can't start from a picture. Please choose another quality. Nothing was charged."
    ),
    Option.CUTTING: marked(
        "{quality} can't cut into several shots by itself here. Leave `cuts` out, or use "
        "`/storyboard`. Nothing was charged."
    ),
    Option.SHOTS: marked(
        "{quality} can't make a storyboard. Please choose another quality. Nothing was charged."
    ),
}
END_NEEDS_START = marked(
    "A last frame needs a first one: please add `image` too. Nothing was charged."
)

SHAPE_FOLLOWS: Final = marked(
    "The shape of the video follows your picture, so leave `aspect` out. Nothing was charged."
)
_MIB: Final = 1024 * 1024
_MILLION: Final = 1_000_000
PICTURE_FAULTS: Final[Mapping[PictureFault, str]] = {
    PictureFault.TOO_LARGE: marked(
        "Your picture is too large: it may have {most_mib} MB. Save it smaller and try again. "
        "Nothing was charged."
    ),
    PictureFault.NOT_FETCHED: marked(
        "Discord didn't give me your picture. Please try again. Nothing was charged."
    ),
    PictureFault.NOT_A_PICTURE: marked(
        "That file is not a picture I can read. Please attach a PNG, JPEG, WEBP, BMP, GIF or HEIC. "
        "Nothing was charged."
    ),
    PictureFault.UNREADABLE: marked(
        "I can't open your picture: it seems to be damaged. Save it again and try once more. "
        "Nothing was charged."
    ),
    PictureFault.TOO_SMALL: marked(
        "Your picture has {width} by {height} pixels. Each side needs at least {least}. Nothing "
        "was charged."
    ),
    PictureFault.TOO_NARROW: marked(
        "Your picture has {width} by {height} pixels. The longer side may be {ratio} times the "
        "shorter one; crop it and try again. Nothing was charged."
    ),
    PictureFault.TOO_MANY_PIXELS: marked(
        "Your picture has {width} by {height} pixels. I can take {most_mp} million; save it "
        "smaller and try again. Nothing was charged."
    ),
    PictureFault.TOOK_TOO_LONG: marked(
        "It took me too long to open your picture. Save it smaller, as a JPEG, and try again. "
        "Nothing was charged."
    ),
}

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
                "Your text has a broken character that can't be sent. Please type it "
                "again. Nothing was charged."
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


def bad_picture(language: Language, refusal: PictureRefusal) -> str:
    """What to change about a picture."""
    return language.say(
        PICTURE_FAULTS[refusal.fault],
        most_mib=ATTACHMENT_MAX_BYTES // _MIB,
        width=refusal.width_px or 0,
        height=refusal.height_px or 0,
        least=SIDE_MIN_PX,
        ratio=language.number(RATIO_MAX),
        most_mp=PIXELS_MAX // _MILLION,
    )


def settings_line(language: Language, request: GenerationRequest, *, private: bool) -> str:
    """What was chosen, in one line; of the guidance only what differs from the usual."""
    parts = [
        request.model.label,
        language.say("{seconds} s", seconds=request.duration_s),
        *shots_part(language, len(request.shots)),
        *_shape_parts(language, request),
        language.say("with sound") if request.sound else language.say("silent"),
    ]
    if request.guidance != GUIDANCE_DEFAULT:
        parts.append(language.say("guidance {value}", value=language.number(request.guidance)))
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
