"""*Share*, ⭐ and *Take back*: what members do with the showcase of their server."""

from collections.abc import Mapping
from typing import Final, assert_never

from bot.domain.denied import Denied
from bot.domain.showcase import ShareRefusal, ShowcasePost
from bot.features.showcase.showcase import Coming, InShowcase, NotShown, ShareAnswer
from bot.languages.language import Language, marked
from bot.ui.buttons import SHARE, STAR, TAKE_BACK
from bot.ui.context import Client, Interaction, actor_of, language_of, tell_privately
from bot.ui.routes import Action
from bot.ui.showcase_card import not_posted_line, post_link

REFUSALS: Final[Mapping[ShareRefusal, str]] = {
    ShareRefusal.UNKNOWN: marked("I don't know this video any more."),
    ShareRefusal.NO_SHOWCASE: marked(
        "This server has no showcase. A manager can choose a channel for it with "
        "`/kling-admin settings`."
    ),
    ShareRefusal.NO_VIDEO: marked("There's no finished video to show yet."),
    ShareRefusal.GONE: marked("This video was deleted, or its prompt was erased."),
    ShareRefusal.PRIVATE: marked("This video is private, so it stays with you."),
    ShareRefusal.ELSEWHERE: marked("You can only do that in the server where it was made."),
    ShareRefusal.NOT_ALLOWED: marked("You can't do that in this server."),
    ShareRefusal.NOT_YOURS: marked("Only its author or a moderator can do that."),
    ShareRefusal.MODERATORS_ONLY: marked("Only moderators put videos into this showcase."),
    ShareRefusal.STARS_ONLY: marked(
        "In this server only stars bring videos into the showcase: {stars} of them do."
    ),
    ShareRefusal.OWN_STAR: marked("You can't star your own video."),
    ShareRefusal.TAKEN_OUT: marked(
        "A moderator took this video out of the showcase, so only they can bring it back."
    ),
    ShareRefusal.NOT_SHOWN: marked("This video isn't in the showcase."),
    ShareRefusal.NOT_NOW: marked("Discord doesn't answer. I'll finish this as soon as it does."),
    ShareRefusal.OUT_OF_REACH: marked(
        "I can't get into the showcase channel, so the post may still be there. I'll delete it as "
        "soon as a manager lets me in again."
    ),
}
_SHOWN: Final = marked("⭐ It's in the showcase now: {link}")
_SHOWN_BEFORE: Final = marked("It's in the showcase already: {link}")
_FROM_HIDDEN: Final = marked(
    "Not everyone there can see the channel where it was made. *Take back* undoes this."
)
_COMING: Final = marked("Discord is slow. It will be in {channel} as soon as Discord answers.")
_BROUGHT: Final = marked("⭐ Your star brought this video into the showcase: {link}")
_TAKEN_BACK: Final = marked("It's out of the showcase. The original message stays.")


async def star(interaction: Interaction, action: Action) -> None:
    """Give a star, or take it back; the number on the button is the answer."""
    await interaction.response.defer()
    showcase = interaction.client.services.showcase
    outcome = await showcase.star(action["job_id"], actor_of(interaction))
    if isinstance(outcome, Denied):
        await tell_privately(interaction, refusal(interaction, outcome.why))
    elif outcome.brought is not None:
        text = language_of(interaction).say(_BROUGHT, link=post_link(outcome.brought))
        await tell_privately(interaction, text)


async def share(interaction: Interaction, action: Action) -> None:
    """Put the video into the showcase."""
    # The video has to be fetched and sent first.
    await interaction.response.defer(ephemeral=True, thinking=True)
    showcase = interaction.client.services.showcase
    answer = await showcase.share(action["job_id"], actor_of(interaction))
    await tell_privately(interaction, share_words(interaction, answer))


async def take_back(interaction: Interaction, action: Action) -> None:
    """Take the video out of the showcase."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    showcase = interaction.client.services.showcase
    outcome = await showcase.take_back(action["job_id"], actor_of(interaction))
    match outcome:
        case ShowcasePost():
            text = language_of(interaction).say(_TAKEN_BACK)
        case Denied(why):
            text = refusal(interaction, why)
        case _:
            assert_never(outcome)
    await tell_privately(interaction, text)


def share_words(interaction: Interaction, answer: ShareAnswer) -> str:
    """What came of it."""
    language = language_of(interaction)
    match answer:
        case InShowcase(post, before=before, from_hidden=from_hidden):
            said = language.say(_SHOWN_BEFORE if before else _SHOWN, link=post_link(post))
            return f"{said}\n{language.say(_FROM_HIDDEN)}" if from_hidden else said
        case Coming(channel_id):
            return language.say(_COMING, channel=f"<#{channel_id}>")
        case NotShown(channel_id, why):
            return not_posted_line(language, channel_id, why)
        case Denied(why):
            return refusal(interaction, why)
        case _:
            assert_never(answer)


def refusal(interaction: Interaction, why: ShareRefusal) -> str:
    """Why nothing was done."""
    server = interaction.client.services.servers.known(interaction.guild_id)
    language = language_of(interaction)
    return refusal_words(language, why, stars=server.showcase_stars)


def refusal_words(language: Language, why: ShareRefusal, *, stars: int | None) -> str:
    """The same for a server's number of stars."""
    if why is ShareRefusal.STARS_ONLY and stars is None:
        why = ShareRefusal.MODERATORS_ONLY
    return language.say(REFUSALS[why], stars=language.number(stars or 0))


ROUTES: Final = ((STAR.route, star), (SHARE.route, share), (TAKE_BACK.route, take_back))


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*ROUTES)
