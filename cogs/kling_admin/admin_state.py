"""What the settings panel shows, and of which server: all that drawing and doing both know."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

import discord
from discord import ui

from bot.domain.servers import ServerSettings
from bot.features.server_settings import Several
from bot.languages.language import Language
from bot.ui.context import Interaction
from cogs.kling_admin.admin_choices import Choice


class Page(StrEnum):
    """What the panel shows at a time."""

    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    MUCH = "much"
    MORE = "more"


class Single(StrEnum):
    """Settings of one channel, by their names in ServerSettings."""

    LOG = "log_channel_id"
    REVIEW = "review_channel_id"


class Limits(StrEnum):
    """What holds for each member with a role."""

    USUAL = "usual"
    OWN = "own"
    EXEMPT = "exempt"


PAGE_OF: dict[Choice | Several, Page] = {
    Several.ALLOWED_ROLES: Page.WHO,
    Several.ALLOWED_CHANNELS: Page.WHERE,
    Several.DENIED_CHANNELS: Page.WHERE,
    Choice.AGE: Page.WHERE,
    Choice.PRIVATE: Page.WHAT,
    Choice.LONGEST: Page.WHAT,
    Choice.SOUND: Page.WHAT,
    Choice.SPOILER: Page.WHAT,
    Choice.NOTIFY: Page.WHAT,
    Choice.ASK_ABOVE: Page.WHAT,
    Choice.AT_ONCE_PERSON: Page.MUCH,
    Choice.AT_ONCE_SERVER: Page.MUCH,
    Choice.ZONE: Page.MORE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """What a server has now, as Discord told us; None where we do not know."""

    guild_id: int
    role_ids: frozenset[int] | None = None
    channel_ids: frozenset[int] | None = None

    def has_role(self, role_id: int) -> bool:
        """Whether the role may be there."""
        return self.role_ids is None or role_id in self.role_ids

    def has_channel(self, channel_id: int) -> bool:
        """Whether the channel may be there."""
        return self.channel_ids is None or channel_id in self.channel_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One state of the panel."""

    settings: ServerSettings
    there: There
    page: Page = Page.WHO
    role_id: int = 0
    """The role whose rules are shown, on the page WHO."""


Draw = Callable[[Panel, Language], ui.LayoutView]


def there(interaction: Interaction) -> There:
    """The server of an interaction."""
    guild = interaction.guild
    # Without a single role, not even everybody's, nothing was heard of it yet.
    if guild is None or not guild.roles:
        return There(guild_id=interaction.guild_id or 0)
    return There(
        guild_id=guild.id,
        role_ids=frozenset(role.id for role in guild.roles),
        channel_ids=frozenset(one.id for one in (*guild.channels, *guild.threads)),
    )


def gone_from(several: Several, settings: ServerSettings, here: There) -> list[int]:
    """The roles or channels of a list that were deleted."""
    is_there = here.has_role if several is Several.ALLOWED_ROLES else here.has_channel
    ids: tuple[int, ...] = getattr(settings, several)
    return [one for one in ids if not is_there(one)]


@runtime_checkable
class HasServerPanel(Protocol):
    """What carries the panel's drawing to its own items: the Discord client."""

    @property
    def server_panel(self) -> Draw:
        """How a panel is drawn."""
        ...


def draw_of(client: discord.Client) -> Draw:
    """How the panel is drawn: carried, since the panel is made of these very items.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasServerPanel):
        raise TypeError("this Discord client carries no panel")
    return client.server_panel
