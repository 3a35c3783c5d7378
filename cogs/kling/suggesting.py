"""Suggestions while somebody types: their last prompts, and their last videos."""

from discord import app_commands

from bot.features.library_ports import NotServed, prompt_token
from bot.ui import words_library as own_words
from bot.ui.context import Interaction, language_of
from bot.ui.plain_text import excerpt
from cogs.generations.presses import refuse

CHOICES_OFFERED = 25
"""Discord's limit of choices."""


async def suggested_prompts(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Somebody's last prompts that contain what they typed, each once.

    A choice's value has 100 characters at most. So a longer prompt is offered as a token with its
    job's number, and `full_prompt` puts the prompt in its place; what is typed is never changed.
    """
    jobs = await interaction.client.services.library.recent_prompts(
        interaction.user.id, containing=typed, limit=CHOICES_OFFERED
    )
    return [
        app_commands.Choice(
            name=excerpt(job.request.prompt, own_words.CHOICE_MAX_CHARS) or "…",
            value=job.request.prompt
            if len(job.request.prompt) <= own_words.CHOICE_MAX_CHARS
            else prompt_token(job.id),
        )
        for job in jobs
    ]


async def suggested_videos(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Somebody's last videos whose prompts contain what they typed."""
    jobs = await interaction.client.services.library.recent(
        interaction.user.id, containing=typed, limit=CHOICES_OFFERED
    )
    language, now = language_of(interaction), interaction.created_at
    return [
        app_commands.Choice(name=own_words.choice_label(language, job, now), value=job.id)
        for job in jobs
    ]


async def full_prompt(interaction: Interaction, prompt: str) -> str | None:
    """The prompt that was typed or chosen; None when that is unknown, and they were told."""
    answer = await interaction.client.services.library.full_prompt(prompt, interaction.user.id)
    if isinstance(answer, NotServed):
        await refuse(interaction, answer)
        return None
    return answer.text
