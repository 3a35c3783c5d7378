"""The command line: `run` serves on Discord, `play` needs no account, `resolve` ends doubts."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import operator
from bot.data_lock import DataFolderInUse
from bot.generation.answers import ResolveOutcome
from bot.generation.ports import StoreUnavailable
from bot.logs import configure_logging
from bot.serving import NotServed
from bot.serving import run as run_app
from bot.settings import Problems, Settings, load_settings
from bot.storage import DatabaseTooNew, DatabaseUnusable

COULD_NOT_START = 1
BAD_SETTINGS = 2

logger = logging.getLogger(__name__)

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a decorated traceback shows what variables hold
    help="A Discord bot that makes videos with Kling 3.0 Pro through RunComfy.",
)


@cli.command()
def run() -> None:
    """Serve on Discord, with the settings of the environment and .env."""
    settings = _settings()
    configure_logging(level=settings.log_level, secrets=settings.secrets)
    problem = _why_not(settings)
    if problem is not None:
        typer.echo(problem, err=True)
        raise typer.Exit(COULD_NOT_START)


@cli.command()
def resolve(
    job_id: Annotated[
        str | None, typer.Argument(help="The job; without it all are listed.")
    ] = None,
    *,
    request_id: Annotated[
        str | None, typer.Option(help="Its request, as RunComfy's list of generations shows it.")
    ] = None,
    write_off: Annotated[
        bool, typer.Option("--write-off", help="RunComfy's list does not have it: close it.")
    ] = False,
) -> None:
    """Decide about jobs of which nobody knows whether RunComfy accepted them."""
    settings = _settings()
    if job_id is not None and (request_id is None) is not write_off:
        typer.echo("Say either --request-id, or --write-off.", err=True)
        raise typer.Exit(BAD_SETTINGS)
    try:
        if job_id is None:
            jobs = asyncio.run(operator.unsure_jobs(settings))
            typer.echo("\n".join(map(operator.unsure_line, jobs)) or "No job is unsure.")
            return
        outcome = asyncio.run(operator.decide(settings, job_id, request_id=request_id))
    except (StoreUnavailable, DatabaseUnusable) as error:
        typer.echo(f"The database cannot be used: {error}", err=True)
        raise typer.Exit(COULD_NOT_START) from error
    typer.echo(operator.RESOLVED_WORDS[outcome])
    if outcome is not ResolveOutcome.RESOLVED:
        raise typer.Exit(COULD_NOT_START)


@cli.command()
def play(
    *,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the playground's data here, instead of nowhere.")
    ] = None,
    port: Annotated[
        int,
        typer.Option(min=0, max=65_535, help="The page's port on this machine; 0 takes any."),
    ] = 0,
) -> None:
    """Open a simulated Discord in the browser: no account, no token, no money."""
    try:
        from bot.playground import play as playground  # noqa: PLC0415 - SimCord is an extra
    except ModuleNotFoundError as missing:
        typer.echo(f"The playground needs {missing.name}: run `make play`.", err=True)
        raise typer.Exit(COULD_NOT_START) from missing
    configure_logging(level="WARNING", secrets=())
    try:
        asyncio.run(playground.play(data_dir=data_dir, port=port, stdin=sys.stdin))
    except playground.CannotPlay as reason:
        typer.echo(reason, err=True)
        raise typer.Exit(COULD_NOT_START) from reason


def _settings() -> Settings:
    settings = load_settings()
    if isinstance(settings, Problems):
        for sentence in settings.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(BAD_SETTINGS)
    return settings


def _why_not(settings: Settings) -> str | None:
    """Run the bot; one sentence when it could not be started, None when it ran and stopped."""
    try:
        asyncio.run(run_app(settings))
    except (NotServed, DataFolderInUse) as error:
        return str(error)
    except (StoreUnavailable, DatabaseUnusable, DatabaseTooNew) as error:
        return f"The database cannot be used: {error}"
    except Exception:  # the last gate: Python would print it itself, with any secret in its text
        logger.exception("the bot ended for a reason that nobody foresaw")
        return "The bot ended for a reason that nobody foresaw; the log above says what it knows."
    return None


if __name__ == "__main__":
    cli()
