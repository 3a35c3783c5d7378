"""Draws the post of a video in a showcase, and says why a channel does not take one."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import unquote, urlsplit

import discord
from discord import ui

from bot.domain.job import Job, JobId
from bot.domain.showcase import NotPosted, PostTrouble, ShowcasePost
from bot.languages.language import Language, marked
from bot.ui.buttons import LIKE, STAR, TAKE_BACK, star_button
from bot.ui.layout import add_buttons, row_of, view_of
from bot.ui.words import cards as words
from bot.ui.words import requests as words_requests
from bot.ui.words.library import jump_link

GO_TO_ORIGINAL: Final = marked("Go to the original")
ONLY_THERE: Final = marked("▶️ The video is too large to play here. It's in the original message.")
_GONE_OR_HIDDEN: Final = marked(
    "The showcase channel is gone, or I can't see it. A manager can choose another one with "
    "`/kling-admin settings`. Then share it again."
)
TROUBLES: Final[Mapping[PostTrouble, str]] = {
    PostTrouble.CHANNEL_GONE: _GONE_OR_HIDDEN,
    PostTrouble.CLOSED: _GONE_OR_HIDDEN,
    PostTrouble.MISSING: marked(
        "I can't post in {channel} yet. A manager has to give me these permissions there: "
        "{names}. Then share it again."
    ),
    PostTrouble.TAG_NEEDED: marked(
        "{channel} wants a tag on every post, and I can't create one. A manager can add a tag "
        "named {names}, or give me Manage Channels there. Then share it again."
    ),
    PostTrouble.AGE_RESTRICTED: marked(
        "This video was made in an age-restricted channel, and {channel} isn't one, so it stays "
        "here."
    ),
    PostTrouble.REFUSED: marked(
        "Discord doesn't let me post this in {channel}. A manager can check what I may do there. "
        "Then share it again."
    ),
    PostTrouble.PASSING: marked(
        "Discord hasn't answered for a day, so I gave up. You can share it again."
    ),
}


def post_view(job: Job, language: Language, *, file_name: str | None, stars: int) -> ui.LayoutView:
    """The post: the prompt and its author first, the video, and what can be done with it."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.gold())
    container.add_item(ui.TextDisplay(words.quoted_prompt(job.request.prompt)))
    settings = words_requests.settings_line(language, job.request, private=False)
    container.add_item(ui.TextDisplay(f"-# <@{job.requester_id}> · {settings}"))
    if file_name is None:
        container.add_item(ui.TextDisplay(language.say(ONLY_THERE)))
    else:
        gallery = ui.MediaGallery[ui.LayoutView]()
        alt = words.video_alt(language, job.request.prompt)
        gallery.add_item(media=f"attachment://{file_name}", description=alt, spoiler=job.spoiler)
        container.add_item(gallery)
    buttons = [
        LIKE.of(job.id, language),
        star_button(job.id, language, stars=stars),
        TAKE_BACK.of(job.id, language),
    ]
    label = language.say(GO_TO_ORIGINAL)
    buttons.append(ui.Button(style=discord.ButtonStyle.link, label=label, url=jump_link(job)))
    add_buttons(container, row_of(*buttons))
    return view_of(container)


def shows(message: discord.Message, job_id: JobId) -> bool:
    """Whether the stars of this video stand on a message."""
    return _star_of(ui.LayoutView.from_message(message, timeout=None), job_id) is not None


def recounted(message: discord.Message, job_id: JobId, label: str) -> ui.LayoutView | None:
    """The same message with another number of stars; None if nothing on it changes.

    Everything else stays as it was drawn, also by another version.
    """
    view = ui.LayoutView.from_message(message, timeout=None)
    # The library must not remember its plain buttons: their routes serve them.
    view.stop()
    button = _star_of(view, job_id)
    if button is None or button.label == label:
        return None
    button.label = label
    attached = {one.filename for one in message.attachments}
    for part in view.walk_children():
        if isinstance(part, ui.MediaGallery):
            for item in part.items:
                item.media = _within(item.media.url, attached)
        elif isinstance(part, ui.File):
            part.media = _within(part.media.url, attached)
    return view


def post_link(post: ShowcasePost) -> str:
    """The address of a post: Discord shows it as the name of its channel or thread."""
    channel_id = post.thread_id or post.channel_id
    return f"https://discord.com/channels/{post.guild_id}/{channel_id}/{post.message_id}"


def not_posted_line(language: Language, channel_id: int, why: NotPosted) -> str:
    """Why a channel does not take a video, and what helps."""
    return language.say(
        TROUBLES[why.trouble],
        channel=f"<#{channel_id}>",
        names=", ".join(f"**{language.say(one)}**" for one in why.missing),
    )


def _star_of(view: ui.View | ui.LayoutView, job_id: JobId) -> "ui.Button[ui.LayoutView] | None":
    custom_id = STAR.route.of(job_id=job_id)
    for part in view.walk_children():
        if isinstance(part, ui.Button) and part.custom_id == custom_id:
            return cast("ui.Button[ui.LayoutView]", part)
    return None


def _within(url: str, attached: set[str]) -> str:
    """The address of a file: as Discord wants it in an edit if it is the message's own."""
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    return f"attachment://{name}" if name in attached else url
