"""The Discord client: it holds the services, loads the commands, and answers every interaction."""

import logging
from collections.abc import Awaitable
from typing import Any, Final

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.figures import said_number
from bot.domain.ports import StoreUnavailable
from bot.languages.language import Languages
from bot.ui.context import Client, Interaction
from bot.ui.gate import Control, apologise, say_database_away, take_modal
from bot.ui.routes import Routes
from cogs import EXTENSIONS

logger = logging.getLogger(__name__)

_UNKNOWN_INTERACTION: Final = 10062
_ALREADY_ACKNOWLEDGED: Final = 40060

NEEDED_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,  # replies need it
)
"""Exactly the permissions that the bot asks for when it is invited."""


class KlingTree(app_commands.CommandTree[Client]):
    """The command tree, with the one handler for every unforeseen error of a command.

    The library runs a command's checks before the command, but not before its suggestions, which
    reveal as much: this class runs them before both.
    """

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Suggest nothing to people who may not use the command."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        command = interaction.command
        if isinstance(command, app_commands.Command) and await _may_run(command, interaction):
            return True
        await interaction.response.autocomplete([])
        return False

    async def on_error(
        self,
        interaction: Interaction,
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Answer privately with a reference; stay silent if a check has answered."""
        if isinstance(error, app_commands.CheckFailure):
            # The check that refused has said so.
            return
        cause = error.__cause__ if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.HTTPException) and cause.code in (
            _UNKNOWN_INTERACTION,
            _ALREADY_ACKNOWLEDGED,
        ):
            logger.warning("couldn't acknowledge an interaction (%s); bought nothing", cause.code)
            return
        if isinstance(cause, StoreUnavailable):
            await say_database_away(interaction, cause)
            return
        await apologise(interaction, error)


async def _may_run(command: app_commands.Command[Any, ..., Any], interaction: Interaction) -> bool:
    """The checks that the library runs before the command: no public name leads to them all."""
    try:
        return await command._check_can_run(interaction)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    except app_commands.CheckFailure:
        return False


class KlingBot(Client):
    """A bot of slash commands alone: it has no privileged intent and reads no messages."""

    def __init__(
        self,
        *,
        languages: Languages,
        http_trace: aiohttp.TraceConfig,
    ) -> None:
        # The library would warn, twice, that this bot cannot use voice, which it never does.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=KlingTree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            http_trace=http_trace,
        )
        self.languages = languages
        self.command_ids = {}
        self._introduced = False

    async def setup_hook(self) -> None:
        """Load every cog and register the buttons, after the log-in."""
        self.add_dynamic_items(Control)
        await load_cogs(self)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Serve every submitted modal."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_modal(interaction)

    async def on_ready(self) -> None:
        """Log the bot's name, once: Discord may send READY again after a reconnect."""
        if not self._introduced and self.user is not None:
            self._introduced = True
            servers = said_number(len(self.guilds), "server")
            logger.info("online as %s (%d), in %s", self.user, self.user.id, servers)
        await self._noted(self.services.privacy.servers_seen(self.is_in))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep the settings of a server that comes back within a month."""
        await self._noted(self.services.privacy.server_joined(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Start the month after which the server's data expires."""
        await self._noted(self.services.privacy.server_left(guild.id))

    def is_in(self, guild_id: int) -> bool | None:
        """Whether the bot is in a server; None while this process cannot know.

        READY names all servers, including those that are unavailable in an outage.
        """
        return self.get_guild(guild_id) is not None if self.is_ready() else None

    async def _noted(self, noting: Awaitable[object]) -> None:
        try:
            await noting
        except StoreUnavailable as error:
            # The daily run checks again. A bot that stops does not wait for this.
            if not self.is_closed():
                logger.warning("couldn't note that the bot joined or left a server: %s", error)

    @property
    def invitation_url(self) -> str:
        """The address that adds this bot to a server."""
        return invitation_to(self.application_id or 0)


def invitation_to(application_id: int) -> str:
    """The address that adds a bot to a server, with exactly the permissions it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=NEEDED_PERMISSIONS, scopes=("bot", "applications.commands")
    )


async def load_cogs(bot: Client) -> None:
    """Give the bot all its commands and routes."""
    bot.routes = Routes()
    for extension in EXTENSIONS:
        await bot.load_extension(extension)
