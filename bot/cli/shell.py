"""What all commands share: settings, exit status, and a sentence on failure."""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import typer

from bot.cli.serve import BAD_SETTINGS, COULD_NOT, redact
from bot.domain.job import Job
from bot.settings import Problems, Settings, load_settings
from bot.storage.errors import in_a_sentence

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
        lost = f"Standard output can't be written: {error.strerror}. {else_say}"
        raise refused(lost.rstrip()) from error


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for a person."""

    head: str
    is_figure: bool = False
    """Figures stand under each other, at the right."""
    is_whole: bool = False
    """What people copy stays on one line."""


Cell = str | tuple[str, str]
"""A text, or a text and rich's name of its colour."""


def tell_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    plain: Sequence[str],
    below: str = "",
) -> None:
    """Write rows as a table, with a sentence below, to a terminal; elsewhere `plain`, for scripts.

    The texts may come from strangers, if `on_one_line` was applied: no markup of theirs counts.
    """
    if not sys.stdout.isatty():
        tell("\n".join(plain))
        return
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - loaded when wanted: it costs 30 ms and 5 MiB
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    has_head = any(column.head for column in columns)
    table = Table(
        box=SIMPLE_HEAD if has_head else None,
        show_header=has_head,
        show_edge=False,
        padding=(0, 1 if has_head else 2, 0, 0),
        pad_edge=False,
    )
    for column in columns:
        table.add_column(
            Text(column.head, style="bold"),
            justify="right" if column.is_figure else "left",
            no_wrap=column.is_figure or column.is_whole,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else Text(*cell) for cell in row))
    console = Console()
    with console.capture() as drawn:
        console.print(table)
    tell("\n".join(filter(None, [drawn.get().strip("\n"), below and f"\n{below}"])))


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
        raise refused(
            f"{otherwise} There is no terminal to answer at. Use --yes to skip the question."
        )
    if answer.strip().casefold() not in {"y", "yes"}:
        raise refused(otherwise)


@contextmanager
def told_in_a_sentence() -> Generator[None]:
    """End the command with one sentence where the database or the data folder cannot serve."""
    try:
        with in_a_sentence(refused):
            yield
    except UnicodeError as error:
        raise refused("What you typed isn't valid text.") from error


def said_model(model_id: str) -> str:
    """A model's id, short: all of them are of one family."""
    return model_id.removeprefix(_FAMILY)


def said_video(job: Job) -> str:
    """The quality, the length and the shape of its video."""
    quality, _, kind = said_model(job.model_id).partition("/")
    said = f"{quality} {job.request.duration_s} s {job.request.aspect.value}"
    return f"{said} from a picture" if kind.startswith("image") else said
