"""`prune`: take away what has had its time, or only say what that would be."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.commands.shell import refused, settings_or_exit, tell, told_in_a_sentence
from bot.figures import said_bytes
from bot.foundation import database_url, ground_of
from bot.pruning import Pruned
from bot.pruning import prune as prune_ground
from bot.settings import Settings
from bot.storage.inspection import existing_store


def prune(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go; delete nothing.")
    ] = False,
) -> None:
    """Do the daily run of a bot now: delete what has had its time. The bot may run on."""
    settings = settings_or_exit()
    try:
        with told_in_a_sentence():
            steps = asyncio.run(_pruned(settings, dry_run=dry_run))
    except OSError as error:
        raise refused(f"Not all can be read or deleted: {error.strerror}.") from error
    tell("\n".join(_line(step, dry_run=dry_run) for step in steps))


async def _pruned(settings: Settings, *, dry_run: bool) -> Sequence[Pruned]:
    async with existing_store(database_url(settings)) as store:
        now = SystemClock().now()
        return await prune_ground(ground_of(settings, store=store, now=now, dry_run=dry_run))


def _line(step: Pruned, *, dry_run: bool) -> str:
    size = f" ({said_bytes(step.size_bytes)})" if step.size_bytes else ""
    return f"{'would go' if dry_run else 'gone'}: {step.count} {step.what}{size}"
