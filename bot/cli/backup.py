"""`backup`: the database in one file, at any time."""

import asyncio
from pathlib import Path
from typing import Annotated, assert_never

import typer

from bot.app.foundation import database_url
from bot.cli.shell import refused, settings_or_exit, tell, told_in_a_sentence
from bot.domain.figures import said_bytes
from bot.storage.maintenance.backup import BackedUp, NotBackedUp, back_up


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
) -> None:
    """Copy the database to FILE, also while the bot runs. Holds prompts: keep it to yourself."""
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
