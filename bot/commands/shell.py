"""What every command does alike: its settings, its exit status, and a sentence when it cannot."""

from collections.abc import Generator
from contextlib import contextmanager

import typer

from bot.data_lock import DataFolderInUse
from bot.generation.ports import StoreUnavailable
from bot.settings import Problems, Settings, load_settings
from bot.storage import DatabaseUnusable

COULD_NOT = 1
"""The exit status of a command that could not do what it was asked for."""
BAD_SETTINGS = 2
"""The exit status where settings or arguments are missing or wrong."""


def settings_or_exit() -> Settings:
    """The settings of the environment and .env; a sentence for each problem, and the end."""
    settings = load_settings()
    if isinstance(settings, Problems):
        for sentence in settings.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(BAD_SETTINGS)
    return settings


def refused(sentence: str) -> typer.Exit:
    """Say why nothing was done; raise what this returns."""
    typer.echo(sentence, err=True)
    return typer.Exit(COULD_NOT)


@contextmanager
def told_in_a_sentence() -> Generator[None]:
    """End the command with one sentence where the database or the data folder cannot serve."""
    try:
        yield
    except DataFolderInUse as error:
        raise refused(str(error)) from error
    except (StoreUnavailable, DatabaseUnusable) as error:
        raise refused(f"The database cannot be used: {error}") from error
