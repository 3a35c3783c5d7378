"""The selects of roles and channels on the settings panel.

Several are chosen by their difference: what was added or taken out since the panel was drawn. So
of two managers who choose at once, neither undoes what the other did.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, Self

import discord
from discord import ui

from bot.features.ordering import Ordering
from bot.features.server_settings import SEVERAL_MAX, Several
from bot.ui.context import Interaction, is_manager
from bot.ui.layout import component_id
from bot.ui.pressed import Pressed
from cogs.kling_admin import admin_presses as presses
from cogs.kling_admin.admin_state import Page, Single, draw_of

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
RULES: Final = "rules"
"""The select of roles that shows a role's rules."""


class RolePick(
    Pressed,
    ui.DynamicItem[ui.RoleSelect[ui.LayoutView]],
    template=rf"kling:admin:roles:(?P<subject>{Several.ALLOWED_ROLES}|{RULES})",
):
    """A select of the server's roles: those that may ask, or one to show its rules."""

    def __init__(
        self, subject: str, role_ids: Sequence[int], *, placeholder: str | None = None
    ) -> None:
        is_several = subject != RULES
        kind = discord.SelectDefaultValueType.role
        super().__init__(
            ui.RoleSelect(
                id=component_id(subject, *role_ids),
                custom_id=f"kling:admin:roles:{subject}",
                placeholder=placeholder,
                min_values=0 if is_several else 1,
                max_values=SEVERAL_MAX if is_several else 1,
                default_values=[discord.SelectDefaultValue(id=one, type=kind) for one in role_ids],
            )
        )
        self.subject = subject
        self.seen = frozenset(role_ids)

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the select, with what it showed as chosen when it was opened."""
        shown = item.default_values if isinstance(item, ui.RoleSelect) else ()
        return cls(match["subject"], [one.id for one in shown])

    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Take what was chosen, from whoever may manage the server."""
        del desk
        if not await is_manager(interaction):
            return
        draw = draw_of(interaction.client)
        picked = [role.id for role in self.item.values]
        if self.subject == RULES:
            role_id = picked[0] if picked else 0
            await presses.turn_to(interaction, Page.WHO, role_id, draw=draw)
        else:
            several = Several(self.subject)
            await presses.pick(interaction, several, seen=self.seen, picked=picked, draw=draw)


class ChannelPick(
    Pressed,
    ui.DynamicItem[ui.ChannelSelect[ui.LayoutView]],
    template=rf"kling:admin:channels:(?P<subject>{'|'.join([*Several, *Single])})",
):
    """A select of the server's channels: several to ask in, or one to write in."""

    def __init__(
        self, subject: str, channel_ids: Sequence[int], *, placeholder: str | None = None
    ) -> None:
        is_single = subject in set(Single)
        kind = discord.SelectDefaultValueType.channel
        super().__init__(
            ui.ChannelSelect(
                id=component_id(subject, *channel_ids),
                custom_id=f"kling:admin:channels:{subject}",
                placeholder=placeholder,
                channel_types=_WRITTEN_IN if is_single else _PLACES,
                min_values=0,
                max_values=1 if is_single else SEVERAL_MAX,
                default_values=[
                    discord.SelectDefaultValue(id=one, type=kind) for one in channel_ids
                ],
            )
        )
        self.subject = subject
        self.seen = frozenset(channel_ids)

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the select, with what it showed as chosen when it was opened."""
        shown = item.default_values if isinstance(item, ui.ChannelSelect) else ()
        return cls(match["subject"], [one.id for one in shown])

    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Take what was chosen, from whoever may manage the server."""
        del desk
        if not await is_manager(interaction):
            return
        draw, picked = draw_of(interaction.client), self.item.values
        if self.subject in set(Single):
            channel = picked[0].resolve() if picked else None
            channel_id = picked[0].id if picked else None
            await presses.choose_channel(
                interaction, Single(self.subject), channel, channel_id, draw=draw
            )
        else:
            ids = [channel.id for channel in picked]
            several = Several(self.subject)
            await presses.pick(interaction, several, seen=self.seen, picked=ids, draw=draw)


PICKS = (RolePick, ChannelPick)
"""What a client registers so that presses on old panels find their way."""
