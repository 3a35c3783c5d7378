"""The command line: `run` serves on Discord, `play` opens a playground without any account."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import discord
import typer

from bot.app import run as run_app
from bot.data_lock import DataFolderInUse
from bot.generation.ports import StoreUnavailable
from bot.logs import configure_logging
from bot.settings import Problems, Settings, load_settings
from bot.storage import DatabaseTooNew, DatabaseUnusable

COULD_NOT_START = 1
BAD_SETTINGS = 2

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a decorated traceback shows what variables hold
    help="A Discord bot that makes videos with Kling 3.0 Pro through RunComfy.",
)


@cli.command()
def run() -> None:
    """Serve on Discord, with the settings of the environment and .env."""
    settings = load_settings()
    if isinstance(settings, Problems):
        for sentence in settings.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(BAD_SETTINGS)
    configure_logging(level=settings.log_level, secrets=settings.secrets)
    problem = _why_not(settings)
    if problem is not None:
        typer.echo(problem, err=True)
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


def _why_not(settings: Settings) -> str | None:
    """Run the bot; one sentence when it could not be started, None when it ran and stopped."""
    try:
        asyncio.run(run_app(settings))
    except discord.LoginFailure:
        return "Discord does not accept DISCORD_TOKEN: copy it again from the Developer Portal."
    except DataFolderInUse as error:
        return str(error)
    except (StoreUnavailable, DatabaseUnusable, DatabaseTooNew) as error:
        return f"The database cannot be used: {error}"
    except (discord.HTTPException, OSError) as error:
        return f"Discord cannot be reached ({type(error).__name__}). Please try again."
    return None


if __name__ == "__main__":
    cli()
