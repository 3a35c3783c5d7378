"""`backup`, `restore`, `move`: the database as a whole, from one place to another."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, assert_never

import typer

from bot import as_invoked
from bot.app.foundation import database_url, locked_ground
from bot.cli.shell import confirmed, refused, settings_or_exit, tell, told_in_a_sentence
from bot.domain.clock import SystemClock
from bot.domain.figures import said_bytes
from bot.storage.data_lock import locked_file
from bot.storage.engine import sqlite_file
from bot.storage.maintenance.backup import BackedUp, NotBackedUp, back_up
from bot.storage.maintenance.restore import NotRestored, Restored
from bot.storage.maintenance.restore import disarm as disarm_database
from bot.storage.maintenance.restore import restore as restore_database
from bot.storage.maintenance.transfer import NotTransferred, Transferred, transfer


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write. It must not exist yet.")],
) -> None:
    """Copy the database to FILE, even while the bot runs. Keep it private: it holds prompts."""
    settings = settings_or_exit()
    with told_in_a_sentence():
        outcome = asyncio.run(back_up(database_url(settings), file))
    match outcome:
        case BackedUp(size_bytes):
            tell(f"The database is in {file} ({said_bytes(size_bytes)}).")
        case NotBackedUp(why):
            raise refused(why)
        case _:
            assert_never(outcome)


def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A file from `backup`. Leave it out if you restored the database by other means, "
            "such as pg_restore: then it is only made safe."
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
) -> None:
    """Go back to the backup FILE. Stop every bot first. The present database is kept beside it."""
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
        f"{what} Every job that waits in it becomes unsure, and the bot doesn't send it "
        "until you decide about it. Go on?"
    )


def _told(unsure: int) -> str:
    if not unsure:
        return "The database is back. Nothing was waiting in it: start the bot."
    return (
        f"The database is back. Jobs that were waiting in it: {unsure}. They may have been bought "
        "since then, so they are unsure now and are not sent again. Start the bot; "
        f"`{as_invoked('resolve')}` lists them."
    )


def move(
    source: Annotated[
        str, typer.Argument(help="Where the data is, such as sqlite:///data/bot.sqlite3")
    ],
    target: Annotated[
        str, typer.Argument(help="Where it goes, such as postgresql://user:password@host/name")
    ],
) -> None:
    """Move to another database: copy all from SOURCE to an empty TARGET. Stop every bot first."""
    with told_in_a_sentence(), ExitStack() as held:
        file = sqlite_file(source)
        if file is not None and not file.is_file():
            raise refused(f"There is no database in {file}.")
        for either in (file, sqlite_file(target)):
            if either is not None:
                held.enter_context(locked_file(either))
        outcome = asyncio.run(transfer(source, target))
    match outcome:
        case Transferred(rows):
            lines = [f"{count:>9,}  {name}" for name, count in rows.items()]
            done = "Everything is there. Set DATABASE_URL to it, and start the bot."
            tell("\n".join([*lines, done]), else_say=done)
        case NotTransferred(why):
            raise refused(why)
        case _:
            assert_never(outcome)
