"""What all commands share: settings, exit status, and a sentence on failure."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import typer

from bot.cli.serve import BAD_SETTINGS, COULD_NOT, redact
from bot.domain.ports import StoreUnavailable
from bot.settings import Problems, Settings, load_settings
from bot.storage import DatabaseUnusable
from bot.storage.data_lock import DataFolderInUse

LIST_MAX: Final = 1_000_000
_FAMILY: Final = "kling/kling-3.0/"
ID_MAX: Final = 2**63 - 1
"""What both databases can count to."""


def settings_or_exit() -> Settings:
    """The settings of the environment and .env; prints a sentence for each problem and exits."""
    settings = load_settings()
    if isinstance(settings, Problems):
        for sentence in settings.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(BAD_SETTINGS)
    redact.learn(*settings.secrets)
    return settings


def refused(sentence: str, *, status: int = COULD_NOT) -> typer.Exit:
    """Say why nothing was done; the caller raises the result."""
    typer.echo(redact(sentence), err=True)
    return typer.Exit(status)


def tell(text: str, *, else_say: str = "") -> None:
    """Write a result to standard output; where that takes nothing (a full disk), say so instead."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        raise  # the reader closed the pipe, and Typer ends without a message
    except OSError as error:
        # Python would try again at its exit, and complain in its own words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        lost = f"Standard output cannot be written: {error.strerror}. {else_say}"
        raise refused(lost.rstrip()) from error


def confirmed(question: str, *, yes: bool, otherwise: str) -> None:
    """Ask, unless `yes` is given; end the command with `otherwise` without a yes."""
    if yes:
        return
    # Not with a prompt of the library: it would write to standard output.
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    try:
        # Python has no standard input if it was closed.
        answer = sys.stdin.readline() if sys.stdin else ""
    except (OSError, ValueError):
        answer = ""
    if not answer:
        raise refused(f"{otherwise} There is no terminal to ask at; --yes does not ask.")
    if answer.strip().casefold() not in {"y", "yes"}:
        raise refused(otherwise)


@contextmanager
def told_in_a_sentence() -> Generator[None]:
    """End the command with one sentence where the database or the data folder cannot serve."""
    try:
        yield
    except DataFolderInUse as error:
        raise refused(str(error)) from error
    except (StoreUnavailable, DatabaseUnusable) as error:
        raise refused(f"The database cannot be used: {error}") from error
    except UnicodeError as error:
        raise refused("What was typed is no text.") from error


def said_model(model_id: str) -> str:
    """A model's id, short: all of them are of one family."""
    return model_id.removeprefix(_FAMILY)
