"""`prune`: deletes expired data, or only says what it would delete."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from aiohttp import TraceConfig

from bot import as_invoked
from bot.app.foundation import database_url, ground_of
from bot.cli.shell import Cell, Column, refused, settings_or_exit, tell_table, told_in_a_sentence
from bot.domain.clock import ServiceTime, SystemClock
from bot.domain.figures import said_bytes, said_number
from bot.features.retention import Pruned, is_believed
from bot.features.retention import prune as prune_ground
from bot.observability.date_headers import hear_dates
from bot.runcomfy.account import connect_account
from bot.settings import Settings
from bot.storage.maintenance.inspection import existing_store


def prune(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be deleted.")
    ] = False,
) -> None:
    """Delete expired data now, as the bot does every day. The bot can keep running."""
    settings = settings_or_exit()
    try:
        with told_in_a_sentence():
            steps = asyncio.run(_pruned(settings, dry_run=dry_run))
    except OSError as error:
        raise refused(f"Some files can't be read or deleted: {error.strerror}.") from error
    gone = sum(step.count for step in steps)
    size = said_bytes(sum(step.size_bytes or 0 for step in steps))
    tell_table(
        [
            Column("would go" if dry_run else "gone", is_figure=True),
            Column("what"),
            Column("size", is_figure=True),
        ],
        [_cells(step) for step in steps],
        plain=[_line(step, dry_run=dry_run) for step in steps],
        below=f"{said_number(gone, 'thing')}, {size} in all."
        + (f" Delete them: `{as_invoked('prune')}`" if dry_run and gone else ""),
    )


async def _pruned(settings: Settings, *, dry_run: bool) -> Sequence[Pruned]:
    async with existing_store(database_url(settings)) as store:
        service_time = ServiceTime()
        clock = SystemClock(service_time)
        if not dry_run and not await is_believed(store, clock.now(), service_time.near):
            # Nothing was written for days: a free request tells whether this clock is right.
            await _ask_for_the_time(settings, service_time)
            if not await is_believed(store, clock.now(), service_time.near):
                raise refused(
                    f"Nothing was deleted. This machine's clock says {clock.now():%F %H:%M}, days "
                    "after the last write, and RunComfy didn't say what time it is. Set the clock."
                )
        ground = ground_of(settings, store=store, now=clock.now(), dry_run=dry_run)
        return await prune_ground(ground)


async def _ask_for_the_time(settings: Settings, service_time: ServiceTime) -> None:
    async with connect_account(
        api_url=settings.runcomfy_api_url,
        account_url=settings.runcomfy_account_url,
        api_key=settings.runcomfy_api_key,
        proxy_url=settings.proxy_url,
        trace_configs=[hear_dates(TraceConfig(), service_time.hear)],
    ) as account:
        await account.balance()


def _cells(step: Pruned) -> Sequence[Cell]:
    colour = "" if step.count else "dim"
    size = said_bytes(step.size_bytes) if step.size_bytes else ""
    return [(str(step.count), colour), (step.what, colour), size]


def _line(step: Pruned, *, dry_run: bool) -> str:
    size = f" ({said_bytes(step.size_bytes)})" if step.size_bytes else ""
    return f"{'would go' if dry_run else 'gone'}: {step.count} {step.what}{size}"
