"""The command line: `run` serves on Discord, `play` needs no account; the rest is for operators."""

import asyncio
import os
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.app.run import run as run_app
from bot.app.run import work as work_app
from bot.cli.check import check
from bot.cli.generate import generate
from bot.cli.init import init
from bot.cli.jobs import jobs
from bot.cli.ledger import ledger
from bot.cli.maintenance import backup, move, restore
from bot.cli.prune import prune
from bot.cli.resolve import resolve
from bot.cli.serve import serve
from bot.cli.shell import refused, tell
from bot.observability.logs import configure_logging
from bot.shards.plan import ShardPlan, read_plan

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a decorated traceback shows the values of variables
    help="A Discord bot that makes videos with Kling 3.0 through RunComfy.",
)
for command in (init, check, generate, jobs, ledger, backup, restore, move, prune):
    cli.command()(command)


@cli.command()
def new_secret_key() -> None:
    """Make a secret for SECRET_KEY, and print it; nothing is written down anywhere."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - loaded when wanted: it costs 10 ms and 7 MiB

    tell(Fernet.generate_key().decode())


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
    raise typer.Exit(serve(partial(run_app, shards=_plan(shards))))


@cli.command()
def work() -> None:
    """Watch and deliver videos for processes that `run` on the same PostgreSQL database."""
    raise typer.Exit(serve(work_app))


cli.command()(resolve)


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
    browser: Annotated[
        bool,
        typer.Option(
            help="Open the page in your browser. Only at a terminal with a display, never over SSH."
        ),
    ] = True,
) -> None:
    """Open a simulated Discord in the browser: no account, no token, no money."""
    try:
        from bot.playground import play as playground  # noqa: PLC0415 - SimCord is an extra
    except ModuleNotFoundError as missing:
        raise refused(
            f"The playground needs {missing.name}: run `make play` in a checkout, or install the "
            "wheel with its extra [play]."
        ) from missing
    configure_logging(level="WARNING", secrets=())
    try:
        opens = browser and playground.has_a_browser(sys.stdout, os.environ)
        asyncio.run(
            playground.play(
                data_dir=data_dir,
                port=port,
                stdin=sys.stdin,
                open_page=webbrowser.open if opens else None,
            )
        )
    except playground.CannotPlay as reason:
        raise refused(str(reason)) from reason


def _plan(shards: str | None) -> ShardPlan | None:
    try:
        return None if shards is None else read_plan(shards)
    except ValueError as reason:
        raise typer.BadParameter(f"{reason}.", param_hint="--shards") from reason
