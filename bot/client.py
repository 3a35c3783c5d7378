"""The Discord client: it carries the desk, loads the commands, and answers every interaction."""

import logging
from collections.abc import Awaitable
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.command_sync import load_cogs
from bot.domain.keys import ServerKeys
from bot.domain.ports import StoreUnavailable
from bot.domain.preferences import People
from bot.domain.reviews import Reviews
from bot.domain.servers import Servers
from bot.domain.styles import Styles
from bot.features.allowance_ports import Books
from bot.features.library_ports import FrontLibrary
from bot.features.operations_ports import Operations, Operators
from bot.features.ordering_ports import FrontDesk
from bot.features.privacy_ports import Privacy
from bot.features.reports_ports import Reports
from bot.features.server_settings_ports import Management
from bot.features.storyboards_ports import StoryboardDesk
from bot.languages.language import Languages
from bot.ui import after
from bot.ui.buttons import BUTTONS
from bot.ui.replies import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION, apologise
from bot.ui.review_buttons import REVIEW_ITEMS
from cogs.generations.presses import PRESSES
from cogs.kling.price_question import QUESTION_ITEMS
from cogs.kling_admin.admin_panel import PANEL_ITEMS, panel
from cogs.kling_admin.key_card import KEY_ITEMS
from cogs.kling_me.forgetting import PRIVACY_ITEMS
from cogs.kling_me.settings_card import SETTINGS_ITEMS
from cogs.kling_operator.operator_cards import OPERATOR_ITEMS
from cogs.moderation.review_presses import REVIEW_PRESSES
from cogs.storyboard.builder import BUILDER_ITEMS

logger = logging.getLogger(__name__)

NEEDED_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,  # replies need it
)
"""Exactly what the bot asks for when it is invited."""


class KlingTree(app_commands.CommandTree["KlingBot"]):
    """The command tree, with the one gate for whatever a command did not foresee.

    The library asks a command's checks before the command, and not before its suggestions, which
    tell as much: here they are asked before both.
    """

    async def interaction_check(self, interaction: discord.Interaction["KlingBot"], /) -> bool:
        """Suggest nothing to whoever may not use the command."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        command = interaction.command
        if isinstance(command, app_commands.Command) and await _may_run(command, interaction):
            return True
        await interaction.response.autocomplete([])
        return False

    async def on_error(
        self,
        interaction: discord.Interaction["KlingBot"],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Answer privately with a reference; stay silent where somebody has answered."""
        if isinstance(error, app_commands.CheckFailure):
            # Whoever refused has said so.
            return
        cause = error.__cause__ if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.HTTPException) and cause.code in (
            UNKNOWN_INTERACTION,
            ALREADY_ACKNOWLEDGED,
        ):
            logger.warning(
                "an interaction could not be acknowledged (%s); nothing was bought", cause.code
            )
            return
        await apologise(interaction, error)


async def _may_run(
    command: app_commands.Command[Any, ..., Any], interaction: discord.Interaction[Any]
) -> bool:
    """The very checks that the library asks before the command: no other name leads to them all."""
    try:
        return await command._check_can_run(interaction)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    except app_commands.CheckFailure:
        return False


class KlingBot(commands.Bot):
    """A bot that only knows slash commands: no privileged intent, no message ever read."""

    def __init__(
        self,
        *,
        languages: Languages,
        people: People,
        servers: Servers,
        keys: ServerKeys,
        management: Management,
        privacy: Privacy,
        styles: Styles,
        books: Books,
        http_trace: aiohttp.TraceConfig,
    ) -> None:
        # The library would warn, twice, that this bot cannot do what it never does: speak.
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
        self.people = people
        self.servers = servers
        self.keys = keys
        self.management = management
        self.server_panel = panel
        self.privacy = privacy
        self.styles = styles
        self.spendings = books.spendings
        self.allowances = books.allowances
        self.presses = PRESSES
        self.review_presses = REVIEW_PRESSES
        self._desk: FrontDesk | None = None
        self._storyboards: StoryboardDesk | None = None
        self._library: FrontLibrary | None = None
        self._operations: Operations | None = None
        self._operators: Operators | None = None
        self._reviews: Reviews | None = None
        self._reports: Reports | None = None
        self._introduced = False

    @property
    def desk(self) -> FrontDesk:
        """The use cases.

        Raises:
            RuntimeError: `serve` was not called; a wiring mistake.
        """
        if self._desk is None:
            raise RuntimeError("the bot has no desk yet")
        return self._desk

    def serve(self, desk: FrontDesk) -> None:
        """Take the desk to carry; the desk itself needs this client to show its jobs."""
        self._desk = desk

    @property
    def storyboards(self) -> StoryboardDesk:
        """The use cases of storyboards.

        Raises:
            RuntimeError: `draft_with` was not called; a wiring mistake.
        """
        if self._storyboards is None:
            raise RuntimeError("the bot has no storyboards yet")
        return self._storyboards

    def draft_with(self, storyboards: StoryboardDesk) -> None:
        """Take the storyboards to carry."""
        self._storyboards = storyboards

    @property
    def library(self) -> FrontLibrary:
        """The use cases around finished and former jobs.

        Raises:
            RuntimeError: `lend` was not called; a wiring mistake.
        """
        if self._library is None:
            raise RuntimeError("the bot has no library yet")
        return self._library

    def lend(self, library: FrontLibrary) -> None:
        """Take the library to carry; it needs this client as well, to take cards away."""
        self._library = library

    @property
    def reviews(self) -> Reviews:
        """The use cases of moderators.

        Raises:
            RuntimeError: `moderate_with` was not called; a wiring mistake.
        """
        if self._reviews is None:
            raise RuntimeError("the bot has no reviews yet")
        return self._reviews

    @property
    def reports(self) -> Reports:
        """The use cases of reports.

        Raises:
            RuntimeError: `moderate_with` was not called; a wiring mistake.
        """
        if self._reports is None:
            raise RuntimeError("the bot has no reports yet")
        return self._reports

    def moderate_with(self, reviews: Reviews, reports: Reports) -> None:
        """Take both to carry; they need this client as well, to write in servers' channels."""
        self._reviews, self._reports = reviews, reports

    @property
    def operations(self) -> Operations:
        """The use cases of whoever runs the bot.

        Raises:
            RuntimeError: `operate_with` was not called; a wiring mistake.
        """
        if self._operations is None:
            raise RuntimeError("the bot has no operations yet")
        return self._operations

    @property
    def operators(self) -> Operators:
        """Who runs the bot.

        Raises:
            RuntimeError: `operate_with` was not called; a wiring mistake.
        """
        if self._operators is None:
            raise RuntimeError("nobody runs the bot yet")
        return self._operators

    def operate_with(self, operations: Operations, operators: Operators) -> None:
        """Take both to carry; who runs the bot is asked by this client."""
        self._operations, self._operators = operations, operators

    async def setup_hook(self) -> None:
        """Load every cog and take the buttons, after the log-in."""
        self.add_dynamic_items(*BUTTONS, *after.BUTTONS, *KEY_ITEMS, *OPERATOR_ITEMS)
        self.add_dynamic_items(*BUILDER_ITEMS, *QUESTION_ITEMS, *SETTINGS_ITEMS, *PRIVACY_ITEMS)
        self.add_dynamic_items(*PANEL_ITEMS)
        self.add_dynamic_items(*REVIEW_ITEMS)
        await load_cogs(self)

    async def on_ready(self) -> None:
        """Introduce ourselves in the log, once: Discord may say READY again after a reconnect."""
        if not self._introduced and self.user is not None:
            self._introduced = True
            logger.info("I am %s (%d), in %d server(s)", self.user, self.user.id, len(self.guilds))
            logger.info("invite me: %s", self.invitation_url)
        await self._noted(self.privacy.servers_seen(self.is_in))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that is back within a month finds its settings as they were."""
        await self._noted(self.privacy.server_joined(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """From here on the month runs."""
        await self._noted(self.privacy.server_left(guild.id))

    def is_in(self, guild_id: int) -> bool | None:
        """Whether the bot is in a server; None while this process cannot know.

        READY names all servers, also those that are unavailable in an outage.
        """
        return self.get_guild(guild_id) is not None if self.is_ready() else None

    async def _noted(self, noting: Awaitable[object]) -> None:
        try:
            await noting
        except StoreUnavailable as error:
            # The daily run looks again. A bot that stops does not wait for this.
            if not self.is_closed():
                logger.warning("a server that was joined or left could not be noted: %s", error)

    @property
    def invitation_url(self) -> str:
        """The address that adds this bot to a server, with exactly the permissions it needs."""
        return discord.utils.oauth_url(
            self.application_id or 0,
            permissions=NEEDED_PERMISSIONS,
            scopes=("bot", "applications.commands"),
        )
