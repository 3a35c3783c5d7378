"""The window in which a request is changed and asked for anew."""

from typing import Any

import discord
from discord import ui

from bot.cards import words_library as words
from bot.cards.asking import ask_for
from bot.cards.language import Language
from bot.cards.replies import apologise
from bot.generation.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    PROMPT_MAX_CHARS,
    Aspect,
    GenerationRequest,
)

GUIDANCE_STEPS = 10
_ASPECTS = {
    Aspect.LANDSCAPE: words.LANDSCAPE,
    Aspect.PORTRAIT: words.PORTRAIT,
    Aspect.SQUARE: words.SQUARE,
}


class ChangeModal(ui.Modal):
    """A request with everything filled in; Discord allows five inputs, so two choices are one.

    What it does not show, such as the style, is asked for as it was; `private` None is as the
    server has it.
    """

    def __init__(
        self,
        before: GenerationRequest,
        *,
        language: Language,
        private: bool | None = None,
        spoiler: bool = False,
    ) -> None:
        super().__init__(title=language.say(words.MODAL_TITLE))
        self._unchanged = before.model_dump()
        self._private = private
        self._spoiler = spoiler
        self.prompt = _text(before.prompt, required=True)
        self.negative = _text(before.negative_prompt or "", required=False)
        self.duration = _durations(before.duration_s, language)
        self.picture = _pictures(before.aspect, sound=before.sound, language=language)
        self.guidance = _guidances(before.guidance, language)
        style = before.style
        hint = language.say("The style “{name}” is added.", name=style.name) if style else None
        for text, description, component in (
            (words.PROMPT_LABEL, hint, self.prompt),
            (words.NEGATIVE_LABEL, None, self.negative),
            (words.DURATION_LABEL, None, self.duration),
            (words.PICTURE_LABEL, None, self.picture),
            (words.GUIDANCE_LABEL, language.say(words.GUIDANCE_HINT), self.guidance),
        ):
            self.add_item(
                ui.Label(text=language.say(text), description=description, component=component)
            )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Ask for it like for any other video."""
        aspect, _, sound = self.picture.values[0].partition(" ")
        options = self._unchanged | {
            "prompt": self.prompt.value,
            "negative_prompt": self.negative.value,
            "duration_s": int(self.duration.values[0]),
            "aspect": aspect,
            "sound": sound == _SOUND,
            "guidance": float(self.guidance.values[0]),
        }
        await ask_for(interaction, options, private=self._private, spoiler=self._spoiler)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """Answer whatever goes wrong: the library would only log it."""
        await apologise(interaction, error)


_SOUND = "sound"
_SILENT = "silent"


def _text(default: str, *, required: bool) -> ui.TextInput[ChangeModal]:
    return ui.TextInput(
        style=discord.TextStyle.paragraph,
        default=default or None,
        required=required,
        max_length=PROMPT_MAX_CHARS,
    )


def _durations(chosen_s: int, language: Language) -> ui.Select[ChangeModal]:
    return ui.Select(
        options=[
            discord.SelectOption(
                label=language.say("{seconds} s", seconds=seconds),
                value=str(seconds),
                default=seconds == chosen_s,
            )
            for seconds in range(DURATION_MIN_S, DURATION_MAX_S + 1)
        ]
    )


def _pictures(chosen: Aspect, *, sound: bool, language: Language) -> ui.Select[ChangeModal]:
    return ui.Select(
        options=[
            discord.SelectOption(
                label=f"{language.say(label)}, {language.say(words.SOUND[with_sound])}",
                value=f"{aspect.value} {_SOUND if with_sound else _SILENT}",
                default=(aspect, with_sound) == (chosen, sound),
            )
            for aspect, label in _ASPECTS.items()
            for with_sound in (True, False)
        ]
    )


def _guidances(chosen: float, language: Language) -> ui.Select[ChangeModal]:
    # Whatever was chosen by command stays a choice, between the round ones.
    steps = {step / GUIDANCE_STEPS for step in range(GUIDANCE_STEPS + 1)} | {chosen}
    return ui.Select(
        options=[
            discord.SelectOption(
                label=language.number(value), value=repr(value), default=value == chosen
            )
            for value in sorted(steps)
        ]
    )
