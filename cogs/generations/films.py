"""*Join*: a video and those that it continues become one film, which costs nothing."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, assert_never

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.job import Job
from bot.domain.ports import Trouble
from bot.features.films import Film, FilmRefusal
from bot.languages.language import Language, marked
from bot.ui.buttons import JOIN
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.layout import note, view_of
from bot.ui.parts import DEFAULT_LIMIT_BYTES, FORMER_LIMIT_BYTES
from bot.ui.routes import Action
from bot.ui.words import cards as words
from bot.ui.writes import once

FILM_NAME: Final = "kling-film-{job_id}.mp4"
JOINING = marked("🎞️ I join {parts} videos into one film. This takes a moment…")
JOINED = marked("🎞️ The film is ready. It was made here, at no cost.")
FILM_HEADING = marked("🎞️ {parts} videos as one film, {seconds} s")
NOT_TAKEN = marked(
    "Discord didn't take the film here. Its parts are still there. Please try again later."
)
REFUSALS: dict[FilmRefusal, str] = {
    FilmRefusal.UNKNOWN: marked("I don't know this video any more."),
    FilmRefusal.NOT_YOURS: marked("Only this video's requester can do that."),
    FilmRefusal.NOT_FINISHED: marked(
        "This needs finished videos, and one isn't finished yet. Please wait for it."
    ),
    FilmRefusal.GONE: marked(
        "One of the videos is gone: it was deleted, or RunComfy no longer keeps it."
    ),
    FilmRefusal.NOT_NOW: marked(
        "I can't fetch one of the videos right now. Please try again later."
    ),
    FilmRefusal.UNREADABLE: marked("One of the videos is damaged, or I can't read it."),
    FilmRefusal.ONE_PART: marked("This video continues no other one, so there is nothing to join."),
    FilmRefusal.TOO_LONG: marked(
        "The film would be too long: I join at most {seconds} s. Join an earlier video of the "
        "chain instead."
    ),
    FilmRefusal.BUSY: marked(
        "I'm joining another film, and I do one at a time. Please try again in a minute."
    ),
    FilmRefusal.NO_FFMPEG: marked(
        "I can't do that here: ffmpeg is missing or switched off. Please let the bot's owner know."
    ),
    FilmRefusal.TOO_SLOW: marked("That took too long, so I stopped. Please try again later."),
    FilmRefusal.DISK_FULL: marked("My disk is full. Please let the bot's owner know."),
    FilmRefusal.TOO_LARGE: marked(
        "The film is too large to post here, even as a smaller copy. Its parts are still there."
    ),
    FilmRefusal.FAILED: marked("I couldn't join the videos. They are still there."),
}


async def join(interaction: Interaction, action: Action) -> None:
    """Join the chain that ends with this video, and send the film as a message of its own."""
    films, language = interaction.client.services.films, language_of(interaction)
    parts = await films.chain(action["job_id"], actor_of(interaction))
    if isinstance(parts, Denied):
        await tell_privately(interaction, film_refusal(interaction, parts.why))
        return
    working = note(language.say(JOINING, parts=len(parts)))
    await interaction.response.send_message(view=working, ephemeral=True)
    async with films.film(parts) as film:
        match film:
            case Denied(why):
                said = film_refusal(interaction, why)
            case Film():
                said = await _sent(interaction, film)
            case _:
                assert_never(film)
    # The member may have dismissed it, or waited so long that its token ended.
    await once(lambda: interaction.edit_original_response(view=note(said)))


async def _sent(interaction: Interaction, film: Film) -> str:
    """Send the film, in ever smaller copies if Discord finds it too large; what to say then."""
    job = film.parts[-1]
    language = interaction.client.languages.of(job.locale)
    for limit_bytes in _limits(interaction.filesize_limit):
        file = await film.within(limit_bytes)
        if file is None:
            break
        sent = await once(partial(_send, interaction, film, file, job, language))
        if isinstance(sent, int):
            return language_of(interaction).say(JOINED)
        if sent is not Trouble.TOO_LARGE:
            return language_of(interaction).say(NOT_TAKEN)
    return film_refusal(interaction, FilmRefusal.TOO_LARGE)


def _limits(limit_bytes: int) -> Iterator[int]:
    yield limit_bytes
    yield from (one for one in (DEFAULT_LIMIT_BYTES, FORMER_LIMIT_BYTES) if one < limit_bytes)


async def _send(
    interaction: Interaction, film: Film, file: Path, job: Job, language: Language
) -> int:
    name = FILM_NAME.format(job_id=job.id)
    sent = await interaction.followup.send(
        view=film_view(film, name, language),
        file=discord.File(file, filename=f"SPOILER_{name}" if film.spoiler else name),
        ephemeral=any(part.private for part in film.parts),
        allowed_mentions=discord.AllowedMentions.none(),
        wait=True,
    )
    return sent.id


def film_view(film: Film, name: str, language: Language) -> ui.LayoutView:
    """The message with a film."""
    seconds = language.number(round(film.made.duration_s))
    heading = language.say(FILM_HEADING, parts=len(film.parts), seconds=seconds)
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.green())
    container.add_item(ui.TextDisplay(f"### {heading}"))
    container.add_item(ui.TextDisplay(words.quoted_prompt(film.parts[0].request.prompt)))
    gallery = ui.MediaGallery[ui.LayoutView]()
    gallery.add_item(
        media=f"attachment://{'SPOILER_' if film.spoiler else ''}{name}",
        description=words.video_alt(language, film.parts[0].request.prompt),
        spoiler=film.spoiler,
    )
    container.add_item(gallery)
    return view_of(container)


def film_refusal(interaction: Interaction, why: FilmRefusal) -> str:
    """Why there is no film or no last picture, in a sentence."""
    longest_s = interaction.client.services.films.film_max_s
    return language_of(interaction).say(REFUSALS[why], seconds=longest_s)


ROUTES: Final = ((JOIN.route, join),)
