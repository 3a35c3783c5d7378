"""The buttons on cards. Their state is in the custom_id, so they work after any restart."""

import re
from typing import Any, Self, assert_never

import discord
from discord import ui

from bot.domain.answers import (
    CancelAnswer,
    CancelledForCertain,
    CancelRefusal,
    NotBrought,
    NotCancelled,
)
from bot.domain.job import JobId
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui import words
from bot.ui.context import (
    Interaction,
    actor_of,
    card_language_of,
    language_of,
    place_of,
    tell_privately,
)
from bot.ui.layout import note
from bot.ui.pressed import Pressed, label_of
from bot.ui.writes import once


class CancelButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"kling:cancel:(?P<job_id>[0-9a-z]+)",
):
    """Cancels the job of its card, for its requester or a moderator."""

    def __init__(self, job_id: JobId, *, label: str) -> None:
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.danger,
                label=label,
                custom_id=f"kling:cancel:{job_id}",
            )
        )
        self.job_id = job_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(match["job_id"], label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Ask the desk to cancel, and say truthfully what came of it."""
        # The service is asked before we can answer, so the press is acknowledged first.
        await interaction.response.defer(ephemeral=True, thinking=True)
        answer = await desk.cancel(self.job_id, actor_of(interaction))
        if answer == NotCancelled(CancelRefusal.UNKNOWN_JOB):
            await _say_never_sent(interaction)
        await tell_privately(interaction, cancel_words(answer, language_of(interaction)))


async def _say_never_sent(interaction: Interaction) -> None:
    """Put a card right whose bot died between sending it and writing its job down."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return
    never_sent = note(card_language_of(interaction, private=False).say(words.NEVER_SENT))
    nobody = discord.AllowedMentions.none()
    # Whatever comes of it: the private answer says it as well.
    await once(lambda: message.edit(view=never_sent, allowed_mentions=nobody))


class BringButton(
    Pressed, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"kling:bring:(?P<job_id>[0-9a-z]+)"
):
    """Sends a kept video to the place where it is pressed, for its requester."""

    def __init__(self, job_id: JobId, *, label: str) -> None:
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.primary,
                label=label,
                custom_id=f"kling:bring:{job_id}",
            )
        )
        self.job_id = job_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(match["job_id"], label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Place a new card as the answer, and have the desk deliver there."""
        # In private: where it failed before may be where it fails again, and a public card that
        # stays empty would help nobody.
        language = language_of(interaction)
        bringing = note(language.say(words.BRINGING))
        answer = await interaction.response.send_message(view=bringing, ephemeral=True)
        message_id = answer.message_id or (await interaction.original_response()).id
        place = place_of(interaction, message_id=message_id, private=True)
        outcome = await desk.bring(self.job_id, actor_of(interaction), place)
        if isinstance(outcome, NotBrought):
            refusal = note(language.say(words.BRING_REFUSALS[outcome.refusal]))
            await interaction.edit_original_response(view=refusal)


def cancel_button(job_id: JobId, language: Language) -> CancelButton:
    """The Cancel of a job, with its word."""
    return CancelButton(job_id, label=language.say(words.CANCEL_LABEL))


def cancel_words(answer: CancelAnswer, language: Language) -> str:
    """What is told to whoever pressed Cancel."""
    match answer:
        case CancelledForCertain():
            return language.say(words.CANCELLED)
        case NotCancelled(refusal):
            return language.say(words.CANCEL_REFUSALS[refusal])
        case _:
            assert_never(answer)


BUTTONS = (CancelButton, BringButton)
"""What a client registers so that presses on old cards find their way."""
