"""The gate for every button, select and modal: routes each to its handler, and always answers."""

import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import discord
from discord import ui
from pydantic import BaseModel, ConfigDict

from bot.domain.ports import StoreUnavailable, Trouble
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.routes import OURS, Action
from bot.ui.writes import once

logger = logging.getLogger(__name__)


OTHER_VERSION = marked("This button is from another version of me. Please use the command again.")
DATABASE_AWAY = marked(
    "My database isn't answering, so I don't know whether that worked. Please look again "
    "in a minute."
)


class Control(ui.DynamicItem[ui.Item[Any]], template=OURS):
    """Any button or select of ours on a message, of every route.

    The library keeps a plain item in memory for each message, and forgets it at a restart. It
    keeps one class for all items like this one, and makes one of a message's item when it is used.
    """

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py for an action on any message, however old."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Called by discord.py."""
        data = _Data.model_validate(interaction.data)
        await _serve(
            interaction, data.custom_id, Action(arguments={}, item=self.item, values=data.values)
        )


async def take_modal(interaction: Interaction) -> None:
    """Serve a submitted modal.

    This reads the modal from the interaction itself. The library forgets modals that were open
    during a restart; and of two modals with one custom_id it knows only the last, which would
    hold another person's words.
    """
    data = _Data.model_validate(interaction.data)
    controls = [part.component for part in data.components]
    state = interaction._state  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - an Attachment needs it
    came = {
        file_id: discord.Attachment(data=file, state=state)
        for file_id, file in data.resolved.attachments.items()
    }
    action = Action(
        arguments={},
        texts={control.custom_id: control.value or "" for control in controls},
        choices={control.custom_id: control.values for control in controls},
        files={
            control.custom_id: [came[file_id] for file_id in control.values if file_id in came]
            for control in controls
        },
    )
    await _serve(interaction, data.custom_id, action)


async def _serve(interaction: Interaction, custom_id: str, action: Action) -> None:
    # The library only logs what an item raises, and ignores an unknown custom_id.
    try:
        found = interaction.client.routes.find(custom_id)
        if found is None:
            logger.warning("no route serves the custom_id %r", custom_id)
            await tell_privately(interaction, language_of(interaction).say(OTHER_VERSION))
            return
        handler, arguments = found
        await handler(interaction, replace(action, arguments=arguments))
    except StoreUnavailable as error:
        await say_database_away(interaction, error)
    except Exception as error:  # noqa: BLE001 - the gate: logged and answered
        await apologise(interaction, error)


async def apologise(interaction: Interaction, error: Exception) -> None:
    """Log an unforeseen error under a short reference, and tell the person the reference."""
    reference = secrets.token_hex(3)
    logger.error("unexpected error %s in an interaction", reference, exc_info=error)
    text = _went_wrong(language_of(interaction), reference)
    told = await once(lambda: tell_privately(interaction, text))
    if isinstance(told, Trouble):
        logger.warning("couldn't tell the person about error %s (%s)", reference, told.value)


async def say_database_away(interaction: Interaction, error: StoreUnavailable) -> None:
    """Tell the person that it may not have been done: a write may succeed without confirmation.

    A handler catches StoreUnavailable itself only where it can do or say more than this.
    """
    logger.warning("the database didn't answer during an interaction: %s", error)
    text = language_of(interaction).say(DATABASE_AWAY)
    told = await once(lambda: tell_privately(interaction, text))
    if isinstance(told, Trouble):
        logger.warning("couldn't tell the person that either (%s)", told.value)


class _Quiet(BaseModel):
    # The typed text may be a secret.
    model_config = ConfigDict(hide_input_in_errors=True)


class _Input(_Quiet):
    custom_id: str = ""
    value: str | None = None
    values: list[str] = []


class _Label(_Quiet):
    component: _Input = _Input()


class _Resolved(_Quiet):
    attachments: dict[str, Any] = {}


class _Data(_Quiet):
    custom_id: str = ""
    values: Sequence[str] = ()
    components: list[_Label] = []
    resolved: _Resolved = _Resolved()


def _went_wrong(language: Language, reference: str) -> str:
    """The sentence for an unforeseen error; the log carries the same reference."""
    return language.say(
        "Something went wrong on my side. Please try again later. (Reference: {reference})",
        reference=reference,
    )
