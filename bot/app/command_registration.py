"""Registers the slash commands with Discord, in a single scope, and only when they differ.

Discord creates at most 200 commands a day in each scope, and a needless registration makes commands
blink in every client.
"""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final

import aiohttp
import discord
from discord import app_commands
from discord.http import Route
from pydantic import JsonValue, TypeAdapter

from bot.domain.figures import said_number
from bot.domain.ports import Clock
from bot.ui.context import Client

logger = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 900.0
SAID_AFTER_S: Final = 60.0
"""How long a registration may take before `why_not_registered` reports it."""
BETWEEN_SERVERS_S: Final = 1.0
"""The pause between servers: the search for copies in them is not urgent."""
MISSING_ACCESS: Final = 50001
TOO_MANY_CREATED: Final = 30034

_COMPARED = frozenset(
    {
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "type",
        "options",
        "required",
        "choices",
        "value",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "autocomplete",
        "channel_types",
        "contexts",
        "integration_types",
        "default_member_permissions",
        "nsfw",
    }
)
"""What we declare of a command. Discord adds ids and versions, and leaves out defaults."""
_GLOBAL_ONLY = frozenset({"contexts", "integration_types"})
"""What Discord does not keep for a command that is registered in one server."""

_BY_LANGUAGE = frozenset({"name_localizations", "description_localizations"})

PAYLOADS = TypeAdapter(list[dict[str, JsonValue]])

Payloads = Sequence[Mapping[str, Any]]


class CommandRegistration:
    """Keeps our commands at Discord as this version declares them.

    Nothing waits for it: if registration fails, the bot serves the commands that are registered.
    """

    def __init__(
        self,
        bot: Client,
        *,
        translator: app_commands.Translator,
        dev_guild_id: int | None,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._translator = translator
        self._dev_guild_id = dev_guild_id
        self._clock = clock
        self._pending_since = clock.now()
        self._is_pending = False
        self._trouble: str | None = None

    async def why_not_registered(self) -> str | None:
        """Why the commands are not registered, in a phrase; None when they are, or soon will be."""
        if self._trouble is not None:
            return self._trouble
        pending_s = (self._clock.now() - self._pending_since).total_seconds()
        if not self._is_pending or pending_s < SAID_AFTER_S:
            return None
        return f"Discord hasn't answered the registration of commands for {pending_s:.0f} s"

    async def run(self) -> None:
        """Register, retrying until Discord has the commands; then remove copies elsewhere."""
        self._is_pending, self._pending_since = True, self._clock.now()
        pause_s = FIRST_PAUSE_S
        while (trouble := await self._trouble_with(self.register())) is not None:
            self._trouble = f"couldn't register the commands: {trouble}"
            logger.warning("%s; trying again in %.0f s", self._trouble, pause_s)
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self._is_pending, self._trouble = False, None
        # The library knows the servers from here on.
        await self._bot.wait_until_ready()
        await self._remove_copies()

    async def register(self) -> bool:
        """Register the commands globally, or in one server; says whether that was needed.

        Raises:
            discord.HTTPException: Discord did not take them.
            aiohttp.ClientError, OSError: Discord could not be reached.
        """
        ours = await declared_by(self._bot.tree, self._translator)
        theirs = await self._registered(self._dev_guild_id)
        if do_match(ours, theirs, dev_guild_id=self._dev_guild_id):
            logger.info("the commands are already registered")
            self._bot.command_ids = _ids_in(theirs)
            return False
        written = await self._write(ours, guild_id=self._dev_guild_id)
        self._bot.command_ids = _ids_in(written)
        logger.info("registered %s", said_number(len(ours), "command"))
        return True

    async def _remove_copies(self) -> None:
        """Empty every other scope: a command that is registered in two shows twice."""
        others = [guild.id for guild in self._bot.guilds if guild.id != self._dev_guild_id]
        if self._dev_guild_id is not None:
            await self._told(self._empty(None), where="for all servers")
        for nth, guild_id in enumerate(others):
            if nth:
                await self._clock.sleep(BETWEEN_SERVERS_S)
            await self._told(self._empty(guild_id), where=f"in server {guild_id}")

    async def _told(self, emptying: Awaitable[None], *, where: str) -> None:
        if (trouble := await self._trouble_with(emptying)) is not None:
            # For example, a server that allows the bot no commands: then it has no copies.
            logger.debug("couldn't look for copies of the commands %s: %s", where, trouble)

    async def _empty(self, guild_id: int | None) -> None:
        if copies := await self._registered(guild_id):
            await self._write((), guild_id=guild_id)
            place = "for all servers" if guild_id is None else f"in server {guild_id}"
            logger.info("removed the copies of %s %s", said_number(len(copies), "command"), place)

    async def _registered(self, guild_id: int | None) -> Payloads:
        # The raw answer: the library's own model of a registered command drops some of its
        # fields, and Discord leaves out the other languages unless asked for them.
        route = Route("GET", commands_path(self._bot.application_id or 0, guild_id))
        return PAYLOADS.validate_python(
            await self._bot.http.request(route, params={"with_localizations": "true"})
        )

    async def _write(self, payloads: Payloads, *, guild_id: int | None) -> Payloads:
        application_id, written = self._bot.application_id or 0, [dict(one) for one in payloads]
        http = self._bot.http
        if guild_id is None:
            return await http.bulk_upsert_global_commands(application_id, written)
        return await http.bulk_upsert_guild_commands(application_id, guild_id, written)

    async def _trouble_with(self, asking: Awaitable[object]) -> str | None:
        try:
            await asking
        except discord.HTTPException as error:
            return why_refused(error.status, error.code)
        except (aiohttp.ClientError, OSError) as error:
            return f"Discord can't be reached ({type(error).__name__})"
        except Exception as error:  # whatever a library raises on an odd answer, nothing may wait
            logger.exception("couldn't read Discord's answer about the commands")
            return f"Discord's answer makes no sense ({type(error).__name__})"
        return None


def _ids_in(registered: Payloads) -> Mapping[str, int]:
    return {one["name"]: int(one["id"]) for one in registered if one.get("id")}


def why_refused(status: int, code: object) -> str:
    """Why Discord does not take or show commands, in a phrase that says what to do."""
    if code == MISSING_ACCESS:
        return "the bot isn't allowed to in that server. Invite it there, or unset DEV_GUILD_ID"
    if code == TOO_MANY_CREATED:
        return "this bot has created too many commands today; Discord takes more tomorrow"
    return f"Discord answers HTTP {status}, code {code}"


async def declared_by(
    tree: app_commands.CommandTree[Any], translator: app_commands.Translator
) -> Payloads:
    """The commands of a tree in every language, as sent to Discord."""
    await tree.set_translator(translator)
    return [
        await command.get_translated_payload(tree, translator) for command in tree.get_commands()
    ]


def commands_path(application_id: int, guild_id: int | None) -> str:
    """The API path of the commands of all servers, or of one."""
    server = "" if guild_id is None else f"/guilds/{guild_id}"
    return f"/applications/{application_id}{server}/commands"


def do_match(ours: Payloads, theirs: Payloads, *, dev_guild_id: int | None) -> bool:
    """Whether Discord has exactly our commands, as far as it keeps what we declare."""
    compared = _COMPARED if dev_guild_id is None else _COMPARED - _GLOBAL_ONLY
    return _shapes(ours, compared) == _shapes(theirs, compared)


def _shapes(payloads: Payloads, compared: frozenset[str]) -> dict[str, JsonValue]:
    """The commands by kind and name: their order does not matter, that of their options does."""
    commands_ = PAYLOADS.validate_python(list(payloads))
    return {
        f"{command.get('type', 1)} {command['name']}": _shape(command, compared)
        for command in commands_
    }


def _shape(value: JsonValue, compared: frozenset[str]) -> JsonValue:
    """The relevant part of a payload, in a form that can be compared."""
    if isinstance(value, dict):
        shaped = {
            key: _shape_of(key, inner, compared) for key, inner in value.items() if key in compared
        }
        return {key: inner for key, inner in shaped.items() if not _is_unsaid(inner)}
    if isinstance(value, list):
        # Lists of numbers are contexts and channel types: sets to Discord.
        return sorted(
            (_shape(inner, compared) for inner in value),
            key=lambda inner: inner if isinstance(inner, int) else 0,
        )
    return value


def _shape_of(key: str, inner: JsonValue, compared: frozenset[str]) -> JsonValue:
    if key in _BY_LANGUAGE:
        # Every language in there counts.
        return inner
    if key == "default_member_permissions" and inner is not None:
        # The library has a number; Discord writes text, since it may have more than 53 bits.
        return str(inner)
    return _shape(inner, compared)


def _is_unsaid(inner: JsonValue) -> bool:
    """A value that Discord leaves out or defaults; zero counts, as a choice or a minimum."""
    return inner is None or inner is False or inner in ("", [], {})
