"""`/generations`: a member's own videos, listed or one by one."""

from datetime import datetime, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_timedelta
from discord import app_commands
from discord.ext import commands

from bot.domain.actor import Actor
from bot.domain.job import Job
from bot.features.library.library import Filter
from bot.features.library.library_rows import Way
from bot.languages.language import Language
from bot.ui.context import Client, Interaction, language_of
from bot.ui.plain_text import excerpt
from bot.ui.words.library import CHOICE_MAX_CHARS
from cogs.generations import details, films
from cogs.generations import list as list_
from cogs.generations.details import show_details
from cogs.generations.list import FILTERS, show_page

CHOICES_OFFERED: Final = 25
"""Discord's limit on choices."""


class Generations(commands.Cog):
    """Everything about the videos that a person asked for before."""

    generations = app_commands.Group(
        name="generations",
        description="Your videos: where they stand, and what you can do with them.",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )

    @generations.command(
        name="list", description="List your videos, newest first. Only you see it."
    )
    @app_commands.describe(state="Only those in this state.")
    @app_commands.choices(
        state=[app_commands.Choice(name=FILTERS[which], value=which.value) for which in Filter]
    )
    async def list_them(self, interaction: Interaction, state: str = Filter.ALL.value) -> None:
        """Show the newest page."""
        await show_page(interaction, which=Filter(state), beyond=None, way=Way.OLDER)

    @generations.command(name="show", description="Show all about one of your videos.")
    @app_commands.describe(id="Which one: type words of its prompt, or its number.")
    async def show(self, interaction: Interaction, id: str) -> None:
        """Show one video of the person's own."""
        # Anybody can type any job's number, so being a moderator somewhere counts for nothing.
        asker = Actor(user_id=interaction.user.id)
        await show_details(interaction, id.strip(), asker, is_typed=True)

    @show.autocomplete("id")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The person's last videos whose prompts contain what was typed."""
        return await suggested_videos(interaction, typed)


async def suggested_videos(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The member's last videos whose prompts contain what they typed."""
    jobs = await interaction.client.services.library.recent(
        interaction.user.id, containing=typed, limit=CHOICES_OFFERED
    )
    language, now = language_of(interaction), interaction.created_at
    return [
        app_commands.Choice(name=choice_label(language, job, now), value=job.id) for job in jobs
    ]


def choice_label(language: Language, job: Job, now: datetime) -> str:
    """A job as a suggestion: the beginning of its prompt, and its time."""
    when = _ago(language, now - job.created_at)
    return f"{excerpt(job.request.prompt, CHOICE_MAX_CHARS - len(when) - 3)} · {when}"


def _ago(language: Language, age: timedelta) -> str:
    """Like "3 hours ago", for plain text, where Discord would show its timestamps as code."""
    locale = Locale.parse(language.code, sep="-")
    return format_timedelta(-age, add_direction=True, locale=locale)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*details.ROUTES, *films.ROUTES, *list_.ROUTES)
    await bot.add_cog(Generations())
