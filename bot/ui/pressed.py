"""What every button and select does alike: it is rebuilt from its custom_id and answers a press."""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import ui

from bot.domain.ports import StoreUnavailable
from bot.features.ordering import Ordering
from bot.ui.context import Interaction
from bot.ui.gate import apologise, say_database_away

Press = Callable[[Ordering, Interaction], Awaitable[None]]


class Pressed(ABC):
    """The first base of each dynamic item; the second is the library's, with a template of its own.

    The library asks every class of its own for a template, so this cannot be one of those.
    """

    @classmethod
    @abstractmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """The item that a press was on, from its custom_id and as it stands on its message."""

    @abstractmethod
    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Do what it says."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Called by discord.py for a press on any message, however old."""
        del interaction
        return cls.rebuilt(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Have it carried out, and the person answered whatever goes wrong."""
        await answered(interaction, self.pressed)


def label_of(item: ui.Item[Any]) -> str:
    """What is written on a button; an item that is none has nothing written on it."""
    return item.label or "" if isinstance(item, ui.Button) else ""


async def answered(interaction: Interaction, press: Press) -> None:
    """Run what a press does, and answer the person whatever goes wrong.

    The library only logs what a dynamic item raises, so this is its gate.
    """
    try:
        await press(interaction.client.services.ordering, interaction)
    except StoreUnavailable as error:
        await say_database_away(interaction, error)
    except Exception as error:  # noqa: BLE001 - the gate of every button: logged and answered
        await apologise(interaction, error)
