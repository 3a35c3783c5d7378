"""The command line: `run` serves on Discord, `play` needs no account; the rest is for operators."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app.run import NeverServed, NotServed
from bot.app.run import run as run_app
from bot.app.run import work as work_app
from bot.cli import operator
from bot.cli.backup import backup
from bot.cli.check import check
from bot.cli.generate import generate
from bot.cli.jobs import jobs
from bot.cli.ledger import ledger
from bot.cli.move import move
from bot.cli.prune import prune
from bot.cli.restore import restore
from bot.cli.secret_key import new_secret_key
from bot.cli.shell import (
    BAD_SETTINGS,
    COULD_NOT,
    refused,
    settings_or_exit,
    tell,
    told_in_a_sentence,
)
from bot.domain.ports import StoreUnavailable
from bot.features.resolving import ResolveOutcome
from bot.observability.logs import configure_logging, log_pythons_own_words
from bot.observability.metrics.server import CannotListen
from bot.settings import Settings
from bot.shards.plan import ShardPlan, read_plan
from bot.storage import DatabaseTooNew, DatabaseUnusable
from bot.storage.data_lock import DataFolderInUse

logger = logging.getLogger(__name__)

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a decorated traceback shows what variables hold
    help="A Discord bot that makes videos with Kling 3.0 Pro through RunComfy.",
)
for command in (check, generate, jobs, ledger, backup, restore, move, prune, new_secret_key):
    cli.command()(command)


@cli.command()
def run(
    *,
    shards: Annotated[
        str | None,
        typer.Option(
            help="Share Discord's shards with other processes: auto, or these of so many, as in "
            "0-3/8. Without it this process serves alone."
        ),
    ] = None,
) -> None:
    """Serve on Discord, with the settings of the environment and .env."""
    _serve(partial(run_app, shards=_plan(shards)))


@cli.command()
def work() -> None:
    """Watch and deliver videos for processes that `run` on the same PostgreSQL database."""
    _serve(work_app)


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
    settings = settings_or_exit()
    if job_id is not None and (request_id is None) is not write_off:
        typer.echo("Say either --request-id, or --write-off.", err=True)
        raise typer.Exit(BAD_SETTINGS)
    with told_in_a_sentence():
        if job_id is None:
            unsure = asyncio.run(operator.unsure_jobs(settings))
            tell("\n".join(map(operator.unsure_line, unsure)) or "No job is unsure.")
            return
        outcome = asyncio.run(operator.decide(settings, job_id, request_id=request_id))
    tell(operator.RESOLVED_WORDS[outcome])
    if outcome is not ResolveOutcome.RESOLVED:
        raise typer.Exit(COULD_NOT)


@cli.command()
def play(
    *,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Keep the bot's data here, to look at; Discord and RunComfy begin empty each time."
        ),
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
        raise refused(f"The playground needs {missing.name}: run `make play`.") from missing
    configure_logging(level="WARNING", secrets=())
    try:
        asyncio.run(playground.play(data_dir=data_dir, port=port, stdin=sys.stdin))
    except playground.CannotPlay as reason:
        raise refused(str(reason)) from reason


def _plan(shards: str | None) -> ShardPlan | None:
    try:
        return None if shards is None else read_plan(shards)
    except ValueError as reason:
        raise typer.BadParameter(f"{reason}.", param_hint="--shards") from reason


def _serve(app: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    settings = settings_or_exit()
    configure_logging(
        level=settings.log_level, secrets=settings.secrets, log_format=settings.log_format
    )
    log_pythons_own_words()
    if (refusal := _why_not(app(settings))) is not None:
        raise refusal


def _why_not(running: Coroutine[Any, Any, None]) -> typer.Exit | None:
    """Run it; how to end when it could not go on, None when it ran and stopped."""
    try:
        asyncio.run(running)
    except NeverServed as error:
        return refused(str(error), status=BAD_SETTINGS)
    except (NotServed, DataFolderInUse, CannotListen) as error:
        return refused(str(error))
    except (StoreUnavailable, DatabaseUnusable, DatabaseTooNew) as error:
        return refused(f"The database cannot be used: {error}")
    except Exception:  # the last gate: Python would print it itself, with any secret in its text
        logger.exception("the bot ended for a reason that nobody foresaw")
        return refused(
            "The bot ended for a reason that nobody foresaw; the log above says what it knows."
        )
    return None
