"""Two bots as processes that share Discord's shards: what both hear or see is said once."""

from tests.live.bot_process import Town
from tests.live.objects import ALICE_ID, BOT, CHANNEL, GUILD, PERMISSIONS, Json
from tests.shards.test_gateway import BOTH, sharing, stopped

CLUB_ID, WELCOME_ID = "120000000000000001", "120000000000000002"
JOINED: Json = {
    **{name: value for name, value in GUILD.items() if name != "unavailable"},
    "id": CLUB_ID,
    "name": "Chess Club",
    "roles": [
        {
            "id": CLUB_ID,
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": PERMISSIONS,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
    ],
    "members": [{"user": BOT, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}],
    "channels": [{**CHANNEL, "id": WELCOME_ID, "name": "welcome"}],
}
"""A server that has just added the bot."""
GREETED = f"/channels/{WELCOME_ID}/messages"
TO_THE_OWNER = f"/channels/{ALICE_ID}/messages"


async def test_of_two_bots_one_greets_a_server_and_one_tells_the_owner(
    town: Town, postgres_url: str
) -> None:
    refused = {"RUNCOMFY_API_KEY": "canary-key-that-is-refused"}
    first = await sharing(town, postgres_url, shards="0/2", **refused)
    second = await sharing(town, postgres_url, shards="1/2", **refused)
    await first.until(lambda: town.discord.gateway.connected() == BOTH)
    await first.until(lambda: town.discord.heard("POST", TO_THE_OWNER))
    for session in town.discord.gateway.sessions:
        await session.dispatch("GUILD_CREATE", JOINED)
    await first.until(lambda: town.discord.heard("POST", GREETED))
    for bot in (first, second):
        await stopped(bot)

    (greeting,) = town.discord.heard("POST", GREETED)
    assert "Hello! I make videos with Kling 3.0" in str(greeting.body)
    told = [str(call.body) for call in town.discord.heard("POST", TO_THE_OWNER)]
    assert sum("RunComfy refuses your key" in one for one in told) == 1
    # The next round of either bot tells it, if they are not stopped before.
    assert sum("Chess Club" in one for one in told) <= 1
