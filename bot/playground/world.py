"""A whole world on one machine: the real bot between a simulated Discord and a RunComfy stand-in.

The same composition root builds this bot and the real one; only the addresses differ, and SimCord
replaces Discord's network underneath discord.py.
"""

from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import simcord
from discord.types.appinfo import AppInfo
from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from simcord.backend.serializers import guild_create_payload

from bot.app.bot import App, build
from bot.domain.ports import Clock
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from bot.settings import Settings

if TYPE_CHECKING:
    from discord.types.team import Team
    from discord.types.user import User

_NO_SECRET = b"for play alone, and the same again"[:32]
"""The key encryption secret here; the same each time, so that kept data can be decrypted again."""
UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""Discord's limit without boosts; SimCord would offer 25 MiB."""
ENGLISH_LOCALE = "en-US"

SETTLE_TIMEOUT_S = 14
"""Below the 15 s that aiohttp keeps an idle connection: settling would wait for its timer."""

Feed = Callable[[str, Any], None]


class World:
    """The simulated Discord, the stand-in, and the bot that lives between them."""

    def __init__(
        self,
        *,
        env: simcord.Env,
        app: App,
        server: RunComfyServer,
        settings: Settings,
        clock: Clock,
        random: Random | None,
        bot_life: AsyncExitStack,
    ) -> None:
        self.env = env
        self.app = app
        self.server = server
        self.settings = settings
        self.upload_limit_bytes = UPLOAD_LIMIT_BYTES
        self.locale = ENGLISH_LOCALE
        """The language of the person who acts."""
        self.locales: dict[int, str] = {}
        """The languages of those who have another one, by their IDs."""
        self.guild_locale = ENGLISH_LOCALE
        """The language of the server."""
        self.by_user_install = False
        """Whether the person who acts installed the bot for themselves, and the server did not."""
        self.owner: User | None = None
        """The application's owner; in SimCord a bot belongs to itself."""
        self.team: Team | None = None
        """The team that owns the application instead."""
        self._clock = clock
        self._random = random
        self._bot_life = bot_life
        self._feed: Feed | None = None

    def belong_to(self, person: simcord.UserHandle) -> None:
        """Make this person the bot's owner and thereby its operator."""
        self.owner = {
            "id": person.id,
            "username": person.name,
            "discriminator": "0",
            "avatar": None,
            "global_name": None,
        }

    async def log_in(self) -> None:
        """Bring the bot to READY and let its engine resume the jobs that it finds."""
        await self.env.start()
        await self._begin()

    async def restart_bot(self, *, ended_by: Exception | None = None) -> None:
        """End the bot abruptly, in the middle of its work, and start it again.

        Discord and RunComfy go on meanwhile, as in reality. The bot ends as if told to stop, or by
        the unforeseen error `ended_by`.
        """
        await self.app.engine.stop(drain_timeout_s=0)
        await self._bot_life.__aexit__(type(ended_by) if ended_by else None, ended_by, None)
        self.app = await self._bot_life.enter_async_context(
            build(self.settings, clock=self._clock, random=self._random)
        )
        self._unhook()
        await self.env.restart_bot(self.app.bot)
        await self._begin()

    def join(self, guild: simcord.GuildHandle) -> None:
        """Let the bot hear that this server has just added it.

        SimCord tells of a server that the bot joins as of one that comes back after an outage.
        """
        backend = self.env.backend
        payload = dict(guild_create_payload(backend, backend.get_guild(guild.id)))
        del payload["unavailable"]
        backend.emit("GUILD_CREATE", payload)

    async def close(self) -> None:
        """Drain the bot, then end Discord."""
        await self._bot_life.aclose()
        self._unhook()
        await self.env.shutdown()

    async def _begin(self) -> None:
        self._hook()
        self._own()
        # The engine's tasks belong to no command: they keep real time, or the given clock, and
        # take from this context only SimCord's replacement of the interaction endpoints.
        with self.env.time_context():
            await self.app.engine.start()
            await self.app.registration.register()

    def _own(self) -> None:
        """Give the bot the owner or team of this world."""
        http = self.app.bot.http
        told = http.application_info

        async def with_owner() -> AppInfo:
            application = await told()
            if self.owner is not None:
                application["owner"] = self.owner
            if self.team is not None:
                application["team"] = self.team
            return application

        http.application_info = with_owner

    def _hook(self) -> None:
        """Give interactions the data that SimCord leaves out or sets differently from Discord."""
        subscribers = self.env.backend.subscribers
        feed: Feed = subscribers.pop()

        def corrected(event: str, payload: Mapping[str, Any]) -> None:
            if event == "INTERACTION_CREATE":
                payload = {
                    **payload,
                    "attachment_size_limit": self.upload_limit_bytes,
                    "locale": self.locale_of(_person_id(payload)),
                    "authorizing_integration_owners": self._owners_in(payload),
                }
                if "guild_locale" in payload:
                    payload["guild_locale"] = self.guild_locale
            feed(event, payload)

        self._feed = corrected
        subscribers.append(corrected)

    def locale_of(self, person_id: int) -> str:
        """The language of this person, as Discord names it."""
        return self.locales.get(person_id, self.locale)

    def _owners_in(self, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """Whose installation, a server's (0) or a person's (1), allows the bot there."""
        if "guild_id" in payload and not self.by_user_install:
            return {"0": payload["guild_id"]}
        return {"1": str(_person_id(payload))}

    def _unhook(self) -> None:
        if self._feed is not None and self._feed in self.env.backend.subscribers:
            self.env.backend.subscribers.remove(self._feed)


def _person_id(interaction: Mapping[str, Any]) -> int:
    person = interaction["user"] if "user" in interaction else interaction["member"]["user"]
    return int(person["id"])


class _GivenSettings(Settings):
    """Settings from the given values alone: the environment may be a real bot's."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ignore the environment and files."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def world_settings(*, server: RunComfyServer, data_dir: Path, database_url: str | None) -> Settings:
    """Settings as an operator would write them, for the stand-in; nothing is inherited."""
    return _GivenSettings(
        discord_token=SecretStr("simulated-discord"),
        runcomfy_api_key=SecretStr(server.api_key),
        runcomfy_api_url=server.url,
        runcomfy_account_url=server.url,
        runcomfy_file_hosts=(server.file_host,),
        data_dir=data_dir,
        database_url=None if database_url is None else SecretStr(database_url),
        dev_guild_id=None,
        drain_timeout_s=1,
        secret_key=SecretStr(urlsafe_b64encode(_NO_SECRET).decode()),
    )


@asynccontextmanager
async def open_world(
    *,
    clock: Clock,
    data_dir: Path,
    videos: VideoLibrary,
    database_url: str | None = None,
    random: Random | None = None,
    changes: Mapping[str, Any] | None = None,
) -> AsyncGenerator[World]:
    """Open a world whose bot is built but not yet logged in: the caller furnishes Discord first.

    `changes` are settings by field name, besides those that name the stand-ins.
    """
    async with RunComfyServer(clock=clock, videos=videos) as server, AsyncExitStack() as bot_life:
        settings = world_settings(server=server, data_dir=data_dir, database_url=database_url)
        settings = settings.model_copy(update=dict(changes or {}))
        app = await bot_life.enter_async_context(build(settings, clock=clock, random=random))
        world = World(
            env=simcord.Env(app.bot, settle_timeout=SETTLE_TIMEOUT_S),
            app=app,
            server=server,
            settings=settings,
            clock=clock,
            random=random,
            bot_life=bot_life,
        )
        try:
            yield world
        finally:
            await world.close()
