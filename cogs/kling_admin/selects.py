"""The selects of the settings panel: fixed options, roles, and channels, with what is chosen."""

from collections.abc import Mapping, Sequence
from typing import Final

import discord
from discord import ui

from bot.features.servers.server_settings import SEVERAL_MAX, Several
from bot.languages.language import Language
from bot.ui.layout import component_id
from bot.ui.routes import Route
from cogs.kling_admin import settings as table

ROLES: Final = Route(
    "kling:admin:roles:{several}", several=f"{Several.ALLOWED_ROLES}|{Several.PICTURE_ROLES}"
)
CHANNELS: Final = Route("kling:admin:channels:{several}", several="|".join(Several))
CHANNEL: Final = Route("kling:admin:channels:{single}", single="|".join(table.CHANNELS))
_PLACES: Final = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.media,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.category,
]
_WRITTEN_IN: Final = [discord.ChannelType.text, discord.ChannelType.news]
_SHOWN_IN: Final = [*_WRITTEN_IN, discord.ChannelType.forum, discord.ChannelType.media]


def select(custom_id: str, labels: Mapping[str, str], *, chosen: str) -> ui.Select[ui.LayoutView]:
    """One value out of a fixed set."""
    return ui.Select(
        id=component_id(custom_id, chosen),
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=label, value=value, default=value == chosen)
            for value, label in labels.items()
        ],
    )


def roles_select(
    several: Several, role_ids: Sequence[int], *, custom_id: str = ""
) -> ui.RoleSelect[ui.LayoutView]:
    """The roles of a list; by default a choice counts at once."""
    role = discord.SelectDefaultValueType.role
    return ui.RoleSelect(
        id=component_id(several, *role_ids),
        custom_id=custom_id or ROLES.of(several=several),
        min_values=0,
        max_values=SEVERAL_MAX,
        default_values=[discord.SelectDefaultValue(id=one, type=role) for one in role_ids],
    )


def channels_select(
    several: Several, channel_ids: Sequence[int], *, custom_id: str = ""
) -> ui.ChannelSelect[ui.LayoutView]:
    """The channels and categories of a list; by default a choice counts at once."""
    return ui.ChannelSelect(
        id=component_id(several, *channel_ids),
        custom_id=custom_id or CHANNELS.of(several=several),
        channel_types=_PLACES,
        min_values=0,
        max_values=SEVERAL_MAX,
        default_values=_default_channels(channel_ids),
    )


def channel_select(
    name: str, channel_ids: Sequence[int], language: Language
) -> ui.ChannelSelect[ui.LayoutView]:
    """A channel that the bot writes in, or none."""
    return ui.ChannelSelect(
        id=component_id(name, *channel_ids),
        custom_id=CHANNEL.of(single=name),
        placeholder=language.say(table.NO_CHANNEL),
        channel_types=_SHOWN_IN if table.CHANNELS[name].may_be_forum else _WRITTEN_IN,
        min_values=0,
        max_values=1,
        default_values=_default_channels(channel_ids),
    )


def _default_channels(channel_ids: Sequence[int]) -> list[discord.SelectDefaultValue]:
    channel = discord.SelectDefaultValueType.channel
    return [discord.SelectDefaultValue(id=one, type=channel) for one in channel_ids]
