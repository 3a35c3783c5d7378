"""The greeting in a server that has added the bot: sent once, or not at all."""

import logging
from collections.abc import Sequence
from typing import Final

import discord
from discord import ui
from discord.ext import commands

from bot.domain.money.keys import ServerKey
from bot.domain.money.policy import OperatorLimits
from bot.domain.ports import StoreUnavailable, Trouble
from bot.languages.language import Language
from bot.ui.context import Client, may_write_in
from bot.ui.key_news import SERVER_NAME_SHOWN_CHARS
from bot.ui.layout import row_of, view_of
from bot.ui.plain_text import as_text
from bot.ui.writes import attempt, once
from cogs.kling_admin.setup_card import BEGIN
from cogs.kling_admin.summary import payer_lines

logger = logging.getLogger(__name__)

HELP: Final = "kling-help"
PLACES_TRIED: Final = 3
_ENTRIES_READ: Final = 20
"""How far back the audit log is read for who added the bot: it was a moment ago."""


def greeting(
    language: Language,
    *,
    guild_id: int,
    key: ServerKey | None,
    limits: OperatorLimits,
    help_id: int | None = None,
) -> ui.LayoutView:
    """What the bot is, who pays, which limits hold, and *Set up*; `help_id` is the command's."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.blurple())
    container.add_item(
        ui.TextDisplay(
            "\n".join(
                [
                    language.say("### Hello! I make videos with Kling 3.0"),
                    language.say(
                        "Type `/kling` and say what you want to see. One card shows where your "
                        "video stands and what it costs, and then plays it."
                    ),
                    *payer_lines(language, key, limits, guild_id=guild_id),
                    language.say(
                        "{help} has examples, prices and what's left for you.",
                        help=f"`/{HELP}`" if help_id is None else f"</{HELP}:{help_id}>",
                    ),
                    "-# " + language.say("If you manage this server, set me up in a minute."),
                ]
            )
        )
    )
    set_up = ui.Button[ui.LayoutView](
        style=discord.ButtonStyle.primary, label=language.say("Set up"), custom_id=BEGIN.of()
    )
    container.add_item(row_of(set_up))
    return view_of(container)


def direct_greeting(language: Language, server_name: str) -> str:
    """To the person who added the bot to a server where it may write nowhere."""
    return language.say(
        "Hello! You've added me to **{server}**, but I can't write in any channel there. Let me "
        "view a channel and send messages in it, then run `/kling-admin setup` in that server. "
        "`/kling-help` explains how I make videos.",
        server=as_text(server_name, SERVER_NAME_SHOWN_CHARS),
    )


class Greeting(commands.Cog):
    """Hears of new servers; what Discord says of known ones, as after an outage, is no news."""

    def __init__(self, bot: Client) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server, if no process has done so and not many joined at once."""
        services = self._bot.services
        try:
            is_blocked = (await services.servers.current(guild.id)).is_blocked
            key = await services.server_keys.of_server(guild.id)
            if is_blocked or not await services.greetings.claim(guild.id):
                return
        except StoreUnavailable as error:
            if not self._bot.is_closed():
                logger.warning("couldn't greet server %d: %s", guild.id, error)
            return
        language = self._bot.languages.of(guild.preferred_locale)

        def draw() -> ui.LayoutView:
            return greeting(
                language,
                guild_id=guild.id,
                key=key,
                limits=services.limits,
                help_id=self._bot.command_ids.get(HELP),
            )

        for channel in _places(guild):
            sent = await attempt(
                lambda channel=channel: channel.send(view=draw(), nonce=f"hello{guild.id}"),
                clock=services.greetings.clock,
            )
            # After a passing trouble it may have arrived, and must not arrive twice.
            if sent is Trouble.PASSING or not isinstance(sent, Trouble):
                return
        if not await self._told_directly(guild, language):
            logger.info("found no place for a greeting in server %d", guild.id)

    async def _told_directly(self, guild: discord.Guild, language: Language) -> bool:
        """Whether the person who added the bot is known and was told."""
        added_by = await once(lambda: who_added(guild, self._bot.application_id))
        if added_by is None or isinstance(added_by, Trouble):
            return False
        chosen = self._bot.services.preferences.known(added_by).language
        text = direct_greeting(
            language if chosen is None else self._bot.languages.of(chosen), guild.name
        )
        clock, person = self._bot.services.greetings.clock, discord.Object(added_by)
        opened = await attempt(lambda: self._bot.create_dm(person), clock=clock)
        if isinstance(opened, Trouble):
            return False
        nonce = f"hello{guild.id}"
        sent = await attempt(lambda: opened.send(text, nonce=nonce), clock=clock)
        return not isinstance(sent, Trouble)


def _places(guild: discord.Guild) -> Sequence[discord.TextChannel]:
    """Where the bot may write: the system channel before the others, in their order."""
    channels = [guild.system_channel, *guild.text_channels]
    writable = [
        channel
        for channel in dict.fromkeys(channels)
        if channel is not None and not channel.is_news() and may_write_in(channel)
    ]
    return writable[:PLACES_TRIED]


async def who_added(guild: discord.Guild, application_id: int | None) -> int | None:
    """Who added the bot, as far as it may look: in the audit log, or among the integrations."""
    granted = guild.me.guild_permissions
    if granted.view_audit_log:
        added = discord.AuditLogAction.bot_add
        async for entry in guild.audit_logs(action=added, limit=_ENTRIES_READ):
            if entry.target is not None and entry.target.id == guild.me.id:
                return entry.user_id
    if granted.manage_guild:
        for one in await guild.integrations():
            is_ours = (
                isinstance(one, discord.BotIntegration) and one.application.id == application_id
            )
            if is_ours and one.user is not None:
                return one.user.id
    return None


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Greeting(bot))
