"""`python -m bot`, with a Discord on loopback in place of the real one: a seam of the library's."""

import os

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.__main__ import cli


def main() -> None:
    discord_url = URL(os.environ["LOOPBACK_DISCORD"])
    Route.BASE = str(discord_url / "api" / "v10")
    DiscordWebSocket.DEFAULT_GATEWAY = discord_url.with_scheme("ws") / "gateway"
    cli()


if __name__ == "__main__":
    main()
