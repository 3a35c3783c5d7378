"""Registers the slash commands with Discord, and only when they differ from what it has.

Discord allows few registrations a day, and a needless one makes commands blink in every client.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.http import Route
from pydantic import JsonValue, TypeAdapter

logger = logging.getLogger(__name__)

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
"""What we say about a command. Discord adds ids and versions, and leaves out what is default."""

_BY_LANGUAGE = frozenset({"name_localizations", "description_localizations"})

_PAYLOADS = TypeAdapter(list[dict[str, JsonValue]])


async def sync_commands(
    bot: commands.Bot, *, translator: app_commands.Translator, dev_guild_id: int | None
) -> bool:
    """Register the commands globally, or in one server at once; says whether that was needed.

    Raises:
        discord.HTTPException: Discord could not be asked, or did not take them.
    """
    guild = None if dev_guild_id is None else discord.Object(dev_guild_id)
    if guild is not None:
        bot.tree.copy_global_to(guild=guild)
    await bot.tree.set_translator(translator)
    declared = bot.tree.get_commands(guild=guild)
    ours = [await command.get_translated_payload(bot.tree, translator) for command in declared]
    if _shapes(ours) == _shapes(await _registered(bot, dev_guild_id)):
        logger.info("the commands are registered already")
        return False
    await bot.tree.sync(guild=guild)
    logger.info("%d commands were registered", len(ours))
    return True


async def _registered(bot: commands.Bot, dev_guild_id: int | None) -> Sequence[Mapping[str, Any]]:
    # The raw answer: the library's own model of a registered command drops some of its fields,
    # and Discord leaves out the other languages unless asked for them.
    server = "" if dev_guild_id is None else f"/guilds/{dev_guild_id}"
    route = Route("GET", f"/applications/{bot.application_id or 0}{server}/commands")
    return _PAYLOADS.validate_python(
        await bot.http.request(route, params={"with_localizations": "true"})
    )


def _shapes(payloads: Sequence[Mapping[str, Any]]) -> dict[str, JsonValue]:
    """The commands by kind and name: their order means nothing, that of their options does."""
    commands_ = _PAYLOADS.validate_python(list(payloads))
    return {f"{command.get('type', 1)} {command['name']}": _shape(command) for command in commands_}


def _shape(value: JsonValue) -> JsonValue:
    """The part of a payload that counts, in a form that compares."""
    if isinstance(value, dict):
        shaped = {
            # Whatever language stands in there counts.
            key: inner if key in _BY_LANGUAGE else _shape(inner)
            for key, inner in value.items()
            if key in _COMPARED
        }
        return {
            key: inner for key, inner in shaped.items() if inner not in (None, False, "", [], {})
        }
    if isinstance(value, list):
        # Lists of numbers are contexts and channel types: sets to Discord.
        return sorted(map(_shape, value), key=lambda inner: inner if isinstance(inner, int) else 0)
    return value
