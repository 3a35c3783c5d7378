"""The initial contents of the simulated Discord: a server, a channel, people, a guide."""

import asyncio
from dataclasses import dataclass

import discord
import simcord
from simcord.backend.cdn import CDN_BASE
from simcord.preview import Preview

from bot.playground.runcomfy_scripts import WORDS
from bot.playground.videos import VideoLibrary

FIRST_COMMAND = "/kling prompt:a red kite over the sea duration:5 aspect:16:9"
SERVER_KEY = "playground-club-key"
"""A RunComfy key that the stand-in accepts as the server's own."""
_AVATAR = "sunset"


@dataclass(frozen=True, slots=True)
class Stage:
    """The prepared part of the simulated Discord."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    showcase: simcord.ChannelHandle
    you: simcord.MemberActor
    manager: simcord.MemberActor
    moderator: simcord.MemberActor
    operator: simcord.MemberActor
    stranger: simcord.MemberActor
    guide: simcord.MemberActor

    async def preview(self, *, videos: VideoLibrary, port: int) -> Preview:
        """The page of the channel, not yet open; the bot's picture is a frame of its videos."""
        picture = await asyncio.to_thread((await videos.image("1:1")).read_bytes)
        user = self.env.backend.bot_user
        address = f"{CDN_BASE}/avatars/{user.id}/{_AVATAR}.png"
        return self.env.preview(
            self.channel,
            viewers=(self.you, self.manager, self.moderator, self.operator, self.stranger),
            layout="channel",
            assets={address: (f"{_AVATAR}.png", picture)},
            port=port,
        )


def furnish(env: simcord.Env) -> Stage:
    """Prepare a server with one channel and five people with different permissions.

    Only you have a role that a manager could let generate; the stranger has none at all.
    """
    env.backend.edit_bot_profile("Kling").avatar = _AVATAR
    guild = env.create_guild("Kite Club")
    channel = guild.create_text_channel("videos")
    showcase = guild.create_text_channel("showcase")
    managers = guild.create_role(
        "Managers", permissions=discord.Permissions(manage_messages=True, manage_guild=True)
    )
    moderators = guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_messages=True)
    )
    administrators = guild.create_role(
        "Administrators", permissions=discord.Permissions(administrator=True)
    )
    flyers = guild.create_role("Kite flyers")
    return Stage(
        env=env,
        guild=guild,
        channel=channel,
        showcase=showcase,
        you=guild.add_member(env.create_user("you"), roles=[flyers]),
        manager=guild.add_member(env.create_user("manager"), roles=[managers]),
        moderator=guild.add_member(env.create_user("moderator"), roles=[moderators]),
        operator=guild.add_member(env.create_user("operator"), roles=[administrators]),
        stranger=guild.add_member(env.create_user("stranger")),
        guide=guild.add_member(env.create_user("guide", bot=True)),
    )


def guide_text() -> str:
    """The first message on the page; the stand-in itself supplies the words."""
    words = "\n".join(f"- **{word}**: {meaning}" for word, (meaning, _) in WORDS.items())
    return (
        f"Type or paste `{FIRST_COMMAND}` below, press Enter and watch the card. Press Cancel "
        "while it is queued. `/kling-help` has prompts to begin with. Be another person with "
        "*Viewing as* above: the manager can press *Set up* on the bot's greeting, has "
        f"`/kling-admin settings`, and gives the key `{SERVER_KEY}` with `/kling-admin key`; the "
        "operator has `/kling-operator overview`. Press `r` in the terminal to restart the bot in "
        "the middle of its work.\nA word in the prompt chooses what RunComfy's stand-in does with "
        f"it:\n{words}"
    )
