"""Windows, and what one that was submitted says, read from the interaction itself.

So a window is taken as well that was open while the bot restarted: the library has forgotten it.
And no two people write into each other's: of windows with one custom_id the library knows only the
last, whose inputs hold whatever anybody submitted last.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from discord import ui
from pydantic import BaseModel, ConfigDict

from bot.domain.request import DURATION_MAX_S, DURATION_MIN_S
from bot.features.ordering import Ordering
from bot.languages.language import Language
from bot.ui.context import Interaction
from bot.ui.pressed import answered

_MODAL_LIFE_S: Final = 3_600
"""How long the library remembers a modal that was never submitted; ours need it for nothing."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted window: its own custom_id, and what its inputs hold by theirs."""

    custom_id: str
    texts: Mapping[str, str] = field(repr=False)
    """One of them may be a secret."""
    choices: Mapping[str, Sequence[str]]


Take = Callable[[Interaction, Submission, re.Match[str]], Awaitable[None]]


class _Quiet(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)


class _Control(_Quiet):
    custom_id: str = ""
    value: str | None = None
    values: list[str] = []


class _Part(_Quiet):
    component: _Control = _Control()


class _Window(_Quiet):
    custom_id: str = ""
    components: list[_Part] = []


def modal_of(title: str, custom_id: str, *parts: ui.Item[Any]) -> ui.Modal:
    """A modal whose custom_id belongs to a route."""
    modal = ui.Modal(title=title, custom_id=custom_id, timeout=_MODAL_LIFE_S)
    for part in parts:
        modal.add_item(part)
    return modal


window_of = modal_of


def paragraph(
    custom_id: str, *, max_length: int, default: str | None = None, required: bool = True
) -> ui.TextInput[Any]:
    """An input of several lines; Discord takes no default that is empty."""
    return ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=custom_id,
        default=default or None,
        required=required,
        max_length=max_length,
    )


def seconds_select(custom_id: str, chosen_s: int, language: Language) -> ui.Select[Any]:
    """Every length that a video or a shot of one may have."""
    return ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(
                label=language.say("{seconds} s", seconds=seconds),
                value=str(seconds),
                default=seconds == chosen_s,
            )
            for seconds in range(DURATION_MIN_S, DURATION_MAX_S + 1)
        ],
    )


async def take_window(interaction: Interaction, template: re.Pattern[str], take: Take) -> None:
    """Carry out a submitted window of such a custom_id; anything else is left alone.

    Who submits it is answered whatever goes wrong. May they still? That is for `take` to ask.
    """
    submission = _submission_of(interaction)
    match = None if submission is None else template.fullmatch(submission.custom_id)
    if submission is None or match is None:
        return

    async def press(_desk: Ordering, interaction: Interaction) -> None:
        await take(interaction, submission, match)

    await answered(interaction, press)


def _submission_of(interaction: Interaction) -> Submission | None:
    """The window that was submitted, or None if the interaction is anything else."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    window = _Window.model_validate(interaction.data)
    controls = [part.component for part in window.components]
    return Submission(
        custom_id=window.custom_id,
        texts={control.custom_id: control.value or "" for control in controls},
        choices={control.custom_id: control.values for control in controls},
    )
