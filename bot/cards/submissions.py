"""What a window that was submitted says, read from the interaction itself.

So a window is taken as well that was open while the bot restarted: the library has forgotten it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted window: its own custom_id, and what its inputs hold by theirs."""

    custom_id: str
    texts: Mapping[str, str]
    choices: Mapping[str, Sequence[str]]


class _Control(BaseModel):
    custom_id: str = ""
    value: str | None = None
    values: list[str] = []


class _Part(BaseModel):
    component: _Control = _Control()


class _Window(BaseModel):
    custom_id: str = ""
    components: list[_Part] = []


def submission_of(interaction: discord.Interaction[Any]) -> Submission | None:
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
