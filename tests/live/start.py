"""`python -m bot`, with a Discord on loopback in place of the real one: a seam of the library's."""

import os
import signal

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.__main__ import cli


def main() -> None:
    # A shell that runs the tests in the background lets them ignore Ctrl-C, and what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    discord_url = URL(os.environ["LOOPBACK_DISCORD"])
    Route.BASE = str(discord_url / "api" / "v10")
    DiscordWebSocket.DEFAULT_GATEWAY = discord_url.with_scheme("ws") / "gateway"
    cli()


if __name__ == "__main__":
    main()
