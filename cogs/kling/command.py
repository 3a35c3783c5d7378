"""`/kling`: asks for a video."""

import asyncio
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.denied import Denied
from bot.domain.generation.models import Cutting, qualities
from bot.domain.generation.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    GUIDANCE_DEFAULT,
    GUIDANCE_MAX,
    GUIDANCE_MIN,
    PROMPT_MAX_CHARS,
    Aspect,
)
from bot.domain.generation.styles import (
    STYLE_NAME_MAX_CHARS,
    OfferedStyle,
    Style,
    UnknownStyle,
    find,
    matching,
)
from bot.features.library.library import prompt_token
from bot.languages.language import Language
from bot.ui.context import Client, Interaction, language_of, tell_privately
from bot.ui.plain_text import excerpt
from bot.ui.words import library as words_library
from bot.ui.words import personal as words_personal
from bot.ui.words import requests as words_requests
from cogs.generations.details import refuse
from cogs.kling import (
    cancel,
    change,
    continuation,
    message_menu,
    ordering,
    pictures,
    price_question,
)
from cogs.kling.ordering import ask_for, is_private_there, may_ask

CHOICES_OFFERED: Final = 25
"""Discord's limit on choices."""
_ASPECTS = [
    app_commands.Choice(name="16:9 (landscape)", value=Aspect.LANDSCAPE.value),
    app_commands.Choice(name="9:16 (portrait)", value=Aspect.PORTRAIT.value),
    app_commands.Choice(name="1:1 (square)", value=Aspect.SQUARE.value),
]


_QUALITIES = [
    app_commands.Choice(name=label, value=quality) for quality, label in qualities().items()
]


class Kling(commands.Cog):
    """The slash command that all the others serve."""

    @app_commands.command(
        name="kling",
        description="Make a video from words with Kling 3.0. For several shots: /storyboard",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        prompt="What the video shows.",
        duration="How long it is, in seconds (3 to 15).",
        aspect="The shape of the picture.",
        quality="How fine it is, which decides most of the price.",
        image="A picture that the video begins with. Its shape follows the picture.",
        last_image="A picture that it ends on. Pro and 4K only.",
        sound="With sound that fits the picture; silent is cheaper.",
        style="A look to add to the prompt.",
        negative_prompt="What the video should not show.",
        cuts="Let the model cut into several shots by itself. Standard only.",
        guidance="How closely to follow the prompt: 0 is free, 1 is strict.",
        private="Only you see it.",
        spoiler="Covered until someone clicks on it.",
    )
    @app_commands.choices(aspect=_ASPECTS, quality=_QUALITIES)
    async def kling(  # noqa: PLR0913, PLR0917 - each option on Discord is a parameter
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, PROMPT_MAX_CHARS],
        duration: app_commands.Range[int, DURATION_MIN_S, DURATION_MAX_S] | None = None,
        aspect: str | None = None,
        quality: str | None = None,
        image: discord.Attachment | None = None,
        last_image: discord.Attachment | None = None,
        sound: bool | None = None,  # noqa: FBT001 - an option on Discord
        style: app_commands.Range[str, 1, STYLE_NAME_MAX_CHARS] | None = None,
        negative_prompt: app_commands.Range[str, 0, PROMPT_MAX_CHARS] | None = None,
        guidance: app_commands.Range[float, GUIDANCE_MIN, GUIDANCE_MAX] = GUIDANCE_DEFAULT,
        cuts: bool = False,  # noqa: FBT001, FBT002 - an option on Discord
        private: bool | None = None,  # noqa: FBT001 - an option on Discord
        spoiler: bool = False,  # noqa: FBT001, FBT002 - an option on Discord
    ) -> None:
        """Ask for one video."""
        if image is not None and aspect is not None:
            await tell_privately(
                interaction, language_of(interaction).say(words_requests.SHAPE_FOLLOWS)
            )
            return
        full = await full_prompt(interaction, prompt)
        if full is None:
            return
        chosen = await chosen_style(interaction, style) if style is not None else None
        if style is not None and chosen is None:
            return
        given = {
            "duration_s": duration,
            "aspect": aspect,
            "quality": quality,
            "sound": sound,
            "style": chosen,
        }
        # They decide about the price, so they are read again: another process may have erased them.
        reading = interaction.client.services.preferences.current(interaction.user.id)
        if private is None:
            # Both at once, since Discord waits for 3 s.
            choices, private = await asyncio.gather(reading, is_private_there(interaction))
        else:
            choices = await reading
        options = {
            **choices.defaults,
            **{option: value for option, value in given.items() if value is not None},
            "prompt": full,
            "negative_prompt": negative_prompt,
            "guidance": guidance,
            "cutting": Cutting.BY_ITSELF if cuts else Cutting.AS_ORDERED,
        }
        attached = {"start_frame": image, "end_frame": last_image}
        attachments = {field: one for field, one in attached.items() if one is not None}
        if not attachments:
            await ask_for(interaction, options, private=private, spoiler=spoiler)
        elif await may_ask(interaction):
            frames = await pictures.taken(interaction, attachments)
            if frames is not None:
                await ask_for(interaction, options | frames, private=private, spoiler=spoiler)
                await pictures.done_reading(interaction)

    @kling.autocomplete("style")
    async def suggest_styles(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """This place's styles that begin with what was typed."""
        return await suggested_styles(interaction, typed)

    @kling.autocomplete("prompt")
    async def suggest_prompts(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The person's last prompts that contain what was typed."""
        return await suggested_prompts(interaction, typed)


async def suggested_prompts(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The member's last prompts that contain what they typed, each once.

    A choice's value has 100 characters at most. So a longer prompt is offered as a token with its
    job's number, which `full_prompt` replaces with the prompt; typed text is never changed.
    """
    jobs = await interaction.client.services.library.recent_prompts(
        interaction.user.id, containing=typed, limit=CHOICES_OFFERED
    )
    return [
        app_commands.Choice(
            name=excerpt(job.request.prompt, words_library.CHOICE_MAX_CHARS) or "…",
            value=job.request.prompt
            if len(job.request.prompt) <= words_library.CHOICE_MAX_CHARS
            else prompt_token(job.id),
        )
        for job in jobs
    ]


async def full_prompt(interaction: Interaction, prompt: str) -> str | None:
    """The prompt that was typed or chosen; None, after telling the member, if it is unknown."""
    answer = await interaction.client.services.library.full_prompt(prompt, interaction.user.id)
    if isinstance(answer, Denied):
        await refuse(interaction, answer)
        return None
    return answer


async def suggested_styles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """This place's styles whose names begin with what was typed."""
    offered = await _offered(interaction, language_of(interaction))
    return [
        app_commands.Choice(name=one.label, value=one.style.name)
        for one in matching(typed, offered)[:CHOICES_OFFERED]
    ]


async def chosen_style(interaction: Interaction, wanted: str) -> Style | None:
    """The style that was typed or chosen; None, after telling the member, if there is none."""
    language = language_of(interaction)
    found = find(wanted, await _offered(interaction, language))
    if isinstance(found, UnknownStyle):
        await tell_privately(interaction, words_personal.unknown_style(language, found))
        return None
    return found


async def _offered(interaction: Interaction, language: Language) -> list[OfferedStyle]:
    styles = await interaction.client.services.styles.offered(interaction.guild_id)
    return [OfferedStyle(style, words_personal.style_label(language, style)) for style in styles]


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(
        *cancel.ROUTES,
        *change.ROUTES,
        *continuation.ROUTES,
        *message_menu.ROUTES,
        *ordering.ROUTES,
        *price_question.ROUTES,
    )
    await bot.add_cog(Kling())
    bot.tree.add_command(message_menu.message_command())
