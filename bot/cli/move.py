"""`move`: from one database to another, as from one machine's file to a shared PostgreSQL."""

import asyncio
from contextlib import ExitStack
from typing import Annotated, assert_never

import typer

from bot.cli.shell import refused, tell, told_in_a_sentence
from bot.storage.data_lock import locked_file
from bot.storage.engine import sqlite_file
from bot.storage.maintenance.transfer import NotTransferred, Transferred, transfer


def move(
    source: Annotated[str, typer.Argument(help="As in sqlite:///data/bot.sqlite3")],
    target: Annotated[str, typer.Argument(help="As in postgresql://user:password@host/name")],
) -> None:
    """Copy everything from SOURCE to an empty TARGET. Stop every bot first."""
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
