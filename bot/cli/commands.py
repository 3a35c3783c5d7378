"""The command line: `run` serves on Discord, `play` needs no account; the rest is for operators."""

import asyncio
import os
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from bot import PROGRAM, VERSION
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
    help="A Discord bot that makes videos with Kling 3.0 through RunComfy. Begin with `init`.",
)
_START: Final = "Start"
_LOOK: Final = "Look"
_REPAIR: Final = "Keep and repair"
_VERSION: Final = "Show the version and exit."


@cli.callback(invoke_without_command=True)
def _version(*, version: Annotated[bool, typer.Option("--version", help=_VERSION)] = False) -> None:
    if version:
        tell(f"{PROGRAM} {VERSION}")
        raise typer.Exit


cli.command(rich_help_panel=_START)(init)


@cli.command(rich_help_panel=_START)
def run(
    *,
    shards: Annotated[
        str | None,
        typer.Option(
            help="For several processes: auto, or which of Discord's shards this one serves, "
            "such as 0-3/8. Without it, this process serves all."
        ),
    ] = None,
) -> None:
    """Serve on Discord until Ctrl-C. Settings come from the environment and from .env."""
    raise typer.Exit(serve(partial(run_app, shards=_plan(shards))))


@cli.command(rich_help_panel=_START)
def work() -> None:
    """Help a busy bot: watch and deliver its videos from here. Needs PostgreSQL."""
    raise typer.Exit(serve(work_app))


cli.command(rich_help_panel=_START)(generate)


@cli.command(rich_help_panel=_START)
def play(
    *,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Keep the bot's data in this folder. Discord and RunComfy still start empty."
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65_535, help="Port of the page on this machine. 0 takes any free one."
        ),
    ] = 0,
    browser: Annotated[
        bool,
        typer.Option(
            help="Open the page in your browser. Only at a terminal with a display, never over SSH."
        ),
    ] = True,
) -> None:
    """Try the bot in your browser, in a simulated Discord: no account, no token, no money."""
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


for command in (check, jobs, ledger):
    cli.command(rich_help_panel=_LOOK)(command)
for command in (resolve, prune, backup, restore, move):
    cli.command(rich_help_panel=_REPAIR)(command)


@cli.command(rich_help_panel=_REPAIR)
def new_secret_key() -> None:
    """Print a new secret for SECRET_KEY. It is stored nowhere: copy it into .env."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - loaded when wanted: it costs 10 ms and 7 MiB

    tell(Fernet.generate_key().decode())


def _plan(shards: str | None) -> ShardPlan | None:
    try:
        return None if shards is None else read_plan(shards)
    except ValueError as reason:
        raise typer.BadParameter(f"{reason}.", param_hint="--shards") from reason
