"""The buttons of what is over, and of lists: drawn here, carried out by whoever the client names.

A card draws these buttons, and *Again* sends a card: so the drawing must not know the doing. The
client carries the doing, by the verb in the custom_id.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.domain.job import Job, State
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui import words_library as words
from bot.ui.context import Interaction
from bot.ui.pressed import Pressed


class Verb(StrEnum):
    """What a press asks for."""

    AGAIN = "again"
    CHANGE = "change"
    DETAILS = "details"
    RESEND = "resend"
    DELETE = "delete"
    DELETE_NOW = "deletenow"
    PAGE = "page"


Press = Callable[[Interaction, str], Awaitable[None]]
"""Carries a press out. The text is what the button is about: a job's id, or a page."""


@runtime_checkable
class HasPresses(Protocol):
    """What carries the doing to the buttons: the Discord client."""

    @property
    def presses(self) -> Mapping[Verb, Press]:
        """What each verb does."""
        ...


_LABELS: Mapping[Verb, str] = {
    Verb.AGAIN: words.AGAIN_LABEL,
    Verb.CHANGE: words.CHANGE_LABEL,
    Verb.DETAILS: words.DETAILS_LABEL,
    Verb.RESEND: words.RESEND_LABEL,
    Verb.DELETE: words.DELETE_LABEL,
    Verb.DELETE_NOW: words.DELETE_NOW_LABEL,
}
_STYLES: Mapping[Verb, discord.ButtonStyle] = {
    Verb.AGAIN: discord.ButtonStyle.primary,
    Verb.RESEND: discord.ButtonStyle.success,
    Verb.DELETE_NOW: discord.ButtonStyle.danger,
}

AFTER_RESULT = (Verb.AGAIN, Verb.CHANGE, Verb.DETAILS, Verb.DELETE)
AFTER_NOTHING = (Verb.AGAIN, Verb.CHANGE, Verb.DETAILS)


class PressButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"kling:(?P<verb>{'|'.join(Verb)}):(?P<subject>[0-9a-z:.-]+)",
):
    """A button that says in its custom_id what it does and to what."""

    def __init__(
        self, verb: Verb, subject: str, *, label: str, style: discord.ButtonStyle | None = None
    ) -> None:
        super().__init__(
            ui.Button(
                style=style or _STYLES.get(verb, discord.ButtonStyle.secondary),
                label=label,
                custom_id=f"kling:{verb}:{subject}",
            )
        )
        self.verb = verb
        self.subject = subject

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id, with the look that it has on its message."""
        label, style = (item.label, item.style) if isinstance(item, ui.Button) else (None, None)
        return cls(Verb(match["verb"]), match["subject"], label=label or "", style=style)

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Have it carried out."""
        del desk
        client = interaction.client
        if not isinstance(client, HasPresses):
            raise TypeError("this Discord client carries no presses")
        await client.presses[self.verb](interaction, self.subject)


def job_buttons(job: Job, language: Language, verbs: Sequence[Verb]) -> list[PressButton]:
    """Buttons that do something with a job."""
    return [PressButton(verb, job.id, label=language.say(_LABELS[verb])) for verb in verbs]


def verbs_after(state: State) -> Sequence[Verb]:
    """What a card offers once its job is over; an unsure job may yet come to its end."""
    match state:
        case State.DELIVERED:
            return AFTER_RESULT
        case State.FAILED | State.CANCELLED:
            return AFTER_NOTHING
        case _:
            return ()


BUTTONS = (PressButton,)
"""What a client registers so that presses on old cards find their way."""
