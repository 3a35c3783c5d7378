"""`restore`: go back to a backup, without buying anything a second time."""

import asyncio
from pathlib import Path
from typing import Annotated, assert_never

import typer

from bot.app.foundation import database_url, locked_ground
from bot.cli.shell import confirmed, refused, settings_or_exit, tell, told_in_a_sentence
from bot.domain.clock import SystemClock
from bot.storage.maintenance.restoring import NotRestored, Restored
from bot.storage.maintenance.restoring import disarm as disarm_database
from bot.storage.maintenance.restoring import restore as restore_database


def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="What `backup` wrote. Without it: the database was put back by other means, as "
            "by pg_restore, and only has to be made safe."
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Go back to the backup FILE. Stop every bot first; what was there is kept beside it."""
    settings = settings_or_exit()
    url, now = database_url(settings), SystemClock().now()
    with told_in_a_sentence(), locked_ground(settings):
        confirmed(_question(file), yes=yes, otherwise="Nothing was changed.")
        outcome = asyncio.run(
            disarm_database(url, now) if file is None else restore_database(url, file, now)
        )
    match outcome:
        case Restored(unsure, aside):
            tell(_told(unsure) + (f"\nWhat was there before is in {aside}." if aside else ""))
        case NotRestored(why):
            raise refused(why)
        case _:
            assert_never(outcome)


def _question(file: Path | None) -> str:
    what = (
        "This is for a database that was put back by other means."
        if file is None
        else f"{file} takes the place of the database, which is kept beside it."
    )
    return (
        f"{what} Every job that waits in it becomes unsure, and is not sent until somebody decides "
        "about it. Go on?"
    )


def _told(unsure: int) -> str:
    if not unsure:
        return "The database is back. Nothing was waiting in it: start the bot."
    return (
        f"The database is back. Jobs that were waiting in it: {unsure}. They may have been bought "
        "since then, so they are unsure now and are not sent again. Start the bot; "
        "`python -m bot resolve` lists them."
    )
