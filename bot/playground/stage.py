"""The initial contents of the simulated Discord: a server, a channel, people, a guide."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from babel import Locale
from simcord.backend.cdn import CDN_BASE
from simcord.preview import Preview

from bot.languages.language import ENGLISH, load_languages
from bot.playground.runcomfy_scripts import WORDS
from bot.playground.videos import VideoLibrary

FIRST_COMMAND = "/kling prompt:a red kite over the sea duration:5 aspect:16:9"
SERVER_KEY = "playground-club-key"
"""A RunComfy key that the stand-in accepts as the server's own."""
_AVATAR = "sunset"


_WORDS_BUTTON = "What else can happen?"
_FOLD_BUTTON = "Show less"
_FORUM_POST = "kites at night"


@dataclass(frozen=True, slots=True)
class Stage:
    """The prepared part of the simulated Discord."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    showcase: simcord.ChannelHandle
    post: simcord.ChannelHandle
    """In a forum."""
    you: simcord.MemberActor
    manager: simcord.MemberActor
    moderator: simcord.MemberActor
    operator: simcord.MemberActor
    stranger: simcord.MemberActor
    speakers: Mapping[str, simcord.MemberActor]
    """One for each of the bot's other languages, by its code."""
    guide: simcord.MemberActor

    @property
    def people(self) -> tuple[simcord.MemberActor, ...]:
        """All whom a person at the page may be."""
        five = (self.you, self.manager, self.moderator, self.operator, self.stranger)
        return (*five, *self.speakers.values())

    @property
    def places(self) -> Mapping[str, simcord.ChannelHandle]:
        """All channels of the server where a person at the page may go, as the page names them."""
        return {
            "#videos": self.channel,
            "#showcase": self.showcase,
            f"forum: {_FORUM_POST}": self.post,
        }

    async def say_hello(self) -> None:
        """Let the guide say what there is to try, and begin the post in the forum."""
        said = guide_message(with_words=False)
        self.env.backend.create_message(self.channel.id, self.guide.id, **said)
        await self.guide.send(self.post, "How would you film a kite that carries a lantern?")

    async def preview(self, *, videos: VideoLibrary, port: int) -> Preview:
        """The page of the channel, not yet open; the bot's picture is a frame of its videos."""
        picture = await asyncio.to_thread((await videos.image("1:1")).read_bytes)
        user = self.env.backend.bot_user
        address = f"{CDN_BASE}/avatars/{user.id}/{_AVATAR}.png"
        return self.env.preview(
            self.channel,
            viewers=self.people,
            layout="channel",
            assets={address: (f"{_AVATAR}.png", picture)},
            port=port,
        )


def furnish(env: simcord.Env) -> Stage:
    """Prepare a server with channels and with people who differ by permission or language.

    Only you have a role that a manager could let generate; the stranger has none at all.
    """
    env.backend.edit_bot_profile("Kling").avatar = _AVATAR
    guild = env.create_guild("Kite Club")
    channel = guild.create_text_channel("videos")
    showcase = guild.create_text_channel("showcase")
    forum = guild.create_forum_channel("ideas")
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
    you = guild.add_member(env.create_user("you"), roles=[flyers])
    guide = guild.add_member(env.create_user("guide", bot=True))
    post = env.backend.create_thread(forum.id, _FORUM_POST, guide.id, broadcast=False)
    return Stage(
        env=env,
        guild=guild,
        channel=channel,
        showcase=showcase,
        post=simcord.ChannelHandle(env, guild, post),
        you=you,
        manager=guild.add_member(env.create_user("manager"), roles=[managers]),
        moderator=guild.add_member(env.create_user("moderator"), roles=[moderators]),
        operator=guild.add_member(env.create_user("operator"), roles=[administrators]),
        stranger=guild.add_member(env.create_user("stranger")),
        speakers={
            code: guild.add_member(env.create_user(_name_of(code)), roles=[flyers])
            for code in load_languages().codes
            if code != ENGLISH
        },
        guide=guide,
    )


def _name_of(language: str) -> str:
    """Its name in itself: "italiano"."""
    return Locale.parse(language, sep="-").get_display_name() or language


def guide_message(*, with_words: bool) -> dict[str, Any]:
    """The first message on the page, and its button; the stand-in itself supplies the words."""
    said = (
        f"Paste `{FIRST_COMMAND}` below and press Enter.\n"
        "*Viewing as* above makes you the manager or an Italian, and leads to a direct message.\n"
        "Reply `Make a Kling video` to a message to use its menu. Press `r` in the terminal to "
        "restart the bot."
    )
    if with_words:
        words = "\n".join(f"- **{word}**: {meaning}" for word, (meaning, _) in WORDS.items())
        said += (
            "\n\nThe manager has `/kling-admin settings` and can give the server its own key with "
            f"`/kling-admin key`: `{SERVER_KEY}`. The operator has `/kling-operator overview`.\n"
            f"A word in a prompt chooses what RunComfy's stand-in does with it:\n{words}"
        )
    button = {
        "type": discord.ComponentType.button.value,
        "style": discord.ButtonStyle.secondary.value,
        "label": _FOLD_BUTTON if with_words else _WORDS_BUTTON,
        "custom_id": "guide",
    }
    row = {"type": discord.ComponentType.action_row.value, "components": [button]}
    return {"content": said, "components": [row]}
