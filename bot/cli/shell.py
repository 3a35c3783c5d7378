"""What every command does alike: its settings, its exit status, and a sentence when it cannot."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import typer

from bot.domain.ports import StoreUnavailable
from bot.observability.redaction import Redactor
from bot.settings import Problems, Settings, load_settings
from bot.storage import DatabaseUnusable
from bot.storage.data_lock import DataFolderInUse

COULD_NOT = 1
"""The exit status of a command that could not do what it was asked for."""
BAD_SETTINGS = 2
"""The exit status where settings or arguments are missing or wrong: no restart mends that."""
LIST_MAX: Final = 1_000_000
ID_MAX: Final = 2**63 - 1
"""What both databases can count to."""

redact = Redactor(())
"""Takes the secrets of the settings out of sentences that quote a driver or a library."""


def settings_or_exit() -> Settings:
    """The settings of the environment and .env; a sentence for each problem, and the end."""
    settings = load_settings()
    if isinstance(settings, Problems):
        for sentence in settings.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(BAD_SETTINGS)
    redact.learn(*settings.secrets)
    return settings


def refused(sentence: str, *, status: int = COULD_NOT) -> typer.Exit:
    """Say why nothing was done; raise what this returns."""
    typer.echo(redact(sentence), err=True)
    return typer.Exit(status)


def tell(text: str, *, else_say: str = "") -> None:
    """Write a result to standard output; where that takes nothing (a full disk), say so instead."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        raise  # whoever read it has seen enough, and Typer ends without a word
    except OSError as error:
        # Python would try once more at its end, and complain in its own words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        lost = f"Standard output cannot be written: {error.strerror}. {else_say}"
        raise refused(lost.rstrip()) from error


def confirmed(question: str, *, yes: bool, otherwise: str) -> None:
    """Ask, unless `yes` was said already; end the command with `otherwise` where nobody says it."""
    if yes:
        return
    # Not by a prompt of the library's: it would leave a trace on standard output.
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    try:
        # Python has no standard input where it was closed.
        answer = sys.stdin.readline() if sys.stdin else ""
    except (OSError, ValueError):
        answer = ""
    if not answer:
        raise refused(f"{otherwise} Nobody is here to answer; --yes does not ask.")
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
