"""The window in which a request is changed and asked for anew."""

import re
from typing import Any, Final

import discord
from discord import ui

from bot.domain.job import JobId
from bot.domain.request import PROMPT_MAX_CHARS, Aspect, GenerationRequest
from bot.languages.language import Language
from bot.ui import words_library as words
from bot.ui.modals import Submission, paragraph, seconds_select, window_of

CHANGE_WINDOW: Final = re.compile(r"kling:change-form:(?P<job_id>[0-9a-z]*)")
"""Of the job that is changed; of none where the text of a message is."""
GUIDANCE_STEPS: Final = 10
_PROMPT, _NEGATIVE = "prompt", "negative"
_DURATION, _PICTURE, _GUIDANCE = "duration", "picture", "guidance"
_SOUND, _SILENT = "sound", "silent"
_ASPECTS = {
    Aspect.LANDSCAPE: words.LANDSCAPE,
    Aspect.PORTRAIT: words.PORTRAIT,
    Aspect.SQUARE: words.SQUARE,
}


def change_form(
    before: GenerationRequest, language: Language, *, job_id: JobId | None = None
) -> ui.Modal:
    """A request with everything filled in; Discord allows five inputs, so two choices are one.

    What it does not show, such as the style, stays as it is in the job that is changed, if any.
    """
    style = before.style
    hint = language.say("The style “{name}” is added.", name=style.name) if style else None
    prompt = paragraph(_PROMPT, default=before.prompt, max_length=PROMPT_MAX_CHARS)
    negative = paragraph(
        _NEGATIVE, default=before.negative_prompt, required=False, max_length=PROMPT_MAX_CHARS
    )
    picture = _pictures(before.aspect, sound=before.sound, language=language)
    parts = (
        (words.PROMPT_LABEL, hint, prompt),
        (words.NEGATIVE_LABEL, None, negative),
        (words.DURATION_LABEL, None, seconds_select(_DURATION, before.duration_s, language)),
        (words.PICTURE_LABEL, None, picture),
        (
            words.GUIDANCE_LABEL,
            language.say(words.GUIDANCE_HINT),
            _guidances(before.guidance, language),
        ),
    )
    return window_of(
        language.say(words.MODAL_TITLE),
        f"kling:change-form:{job_id or ''}",
        *(
            ui.Label(text=language.say(text), description=description, component=component)
            for text, description, component in parts
        ),
    )


def changed_options(submission: Submission) -> dict[str, Any]:
    """What a submitted window says, by the fields of GenerationRequest."""
    texts, choices = submission.texts, submission.choices
    aspect, _, sound = choices[_PICTURE][0].partition(" ")
    return {
        "prompt": texts[_PROMPT],
        "negative_prompt": texts.get(_NEGATIVE, ""),
        "duration_s": int(choices[_DURATION][0]),
        "aspect": aspect,
        "sound": sound == _SOUND,
        "guidance": float(choices[_GUIDANCE][0]),
    }


def _pictures(chosen: Aspect, *, sound: bool, language: Language) -> ui.Select[Any]:
    return ui.Select(
        custom_id=_PICTURE,
        options=[
            discord.SelectOption(
                label=f"{language.say(label)}, {language.say(words.SOUND[with_sound])}",
                value=f"{aspect.value} {_SOUND if with_sound else _SILENT}",
                default=(aspect, with_sound) == (chosen, sound),
            )
            for aspect, label in _ASPECTS.items()
            for with_sound in (True, False)
        ],
    )


def _guidances(chosen: float, language: Language) -> ui.Select[Any]:
    # Whatever was chosen by command stays a choice, between the round ones.
    steps = {step / GUIDANCE_STEPS for step in range(GUIDANCE_STEPS + 1)} | {chosen}
    return ui.Select(
        custom_id=_GUIDANCE,
        options=[
            discord.SelectOption(
                label=language.number(value), value=repr(value), default=value == chosen
            )
            for value in sorted(steps)
        ],
    )
