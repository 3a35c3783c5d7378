"""Whether Discord has this version's commands, where the settings want them."""

import json
from typing import Final

import discord
from aiohttp import ClientError
from pydantic import JsonValue

from bot.app.command_registration import (
    PAYLOADS,
    Payloads,
    commands_path,
    declared_by,
    do_match,
    why_refused,
)
from bot.cli.checks.discord_token import APPLICATION, OK, DiscordAnswers, said_application
from bot.cli.checks.outcome import Failed, Outcome, Passed, Skipped, Warned
from bot.client import load_cogs
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.ui.context import Client

_TOKEN_FIRST: Final = Skipped("the Discord token comes first")
_BY_A_START: Final = "a start registers them, and its log says why it could not"


async def check_commands(answers: DiscordAnswers, *, dev_guild_id: int | None) -> Outcome:
    """Compare what is registered with what this version declares; nothing is registered."""
    try:
        _, body = await answers.to(APPLICATION)
        application = said_application(body)
        if application is None or not application[0].isdecimal():
            return _TOKEN_FIRST
        path = commands_path(int(application[0]), dev_guild_id)
        status, body = await answers.to(f"{path}?with_localizations=true")
        if status != OK:
            why = why_refused(status, _code_in(json.loads(body)))
            return Failed(f"The commands cannot be looked at: {why}.")
        theirs = PAYLOADS.validate_json(body)
    except (ClientError, OSError, ValueError):
        return _TOKEN_FIRST
    return _judged(await _declared(), theirs, dev_guild_id=dev_guild_id)


def _code_in(said: JsonValue) -> JsonValue:
    return said.get("code") if isinstance(said, dict) else None


def _judged(ours: Payloads, theirs: Payloads, *, dev_guild_id: int | None) -> Outcome:
    if not theirs:
        return Passed(f"none are registered yet; {_BY_A_START}")
    if not do_match(ours, theirs, dev_guild_id=dev_guild_id):
        return Warned(f"another version's are registered; {_BY_A_START}")
    return Passed(f"all {len(ours)} are registered")


async def _declared() -> Payloads:
    # Commands are declared without anything behind them; nobody logs in.
    async with Client((), intents=discord.Intents.none(), help_command=None) as bot:
        await load_cogs(bot)
        return await declared_by(bot.tree, CatalogueTranslator(load_languages()))
