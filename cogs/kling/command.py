"""`/kling`: asks for a video."""

import asyncio

from discord import app_commands
from discord.ext import commands

from bot.domain.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    GUIDANCE_DEFAULT,
    GUIDANCE_MAX,
    GUIDANCE_MIN,
    PROMPT_MAX_CHARS,
    Aspect,
)
from bot.domain.styles import STYLE_NAME_MAX_CHARS
from bot.ui.context import Interaction
from cogs.kling.asking import ask_for, is_private_there
from cogs.kling.choosing_style import chosen_style, suggested_styles
from cogs.kling.suggesting import full_prompt, suggested_prompts

_ASPECTS = [
    app_commands.Choice(name="16:9 (landscape)", value=Aspect.LANDSCAPE.value),
    app_commands.Choice(name="9:16 (portrait)", value=Aspect.PORTRAIT.value),
    app_commands.Choice(name="1:1 (square)", value=Aspect.SQUARE.value),
]


class Kling(commands.Cog):
    """The slash command that everything else is for."""

    @app_commands.command(
        name="kling",
        description="Make a video from words with Kling 3.0 Pro. For several shots: /storyboard",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        prompt="What the video shows.",
        duration="How long it is, in seconds (3 to 15).",
        aspect="The shape of the picture.",
        sound="With sound that fits the picture; silent is cheaper.",
        style="A look to add to the prompt.",
        negative_prompt="What the video should not show.",
        guidance="How closely to follow the prompt: 0 is free, 1 is strict.",
        private="Only you see it.",
        spoiler="Covered until somebody clicks on it.",
    )
    @app_commands.choices(aspect=_ASPECTS)
    async def kling(
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, PROMPT_MAX_CHARS],
        duration: app_commands.Range[int, DURATION_MIN_S, DURATION_MAX_S] | None = None,
        aspect: str | None = None,
        sound: bool | None = None,  # noqa: FBT001 - an option on Discord
        style: app_commands.Range[str, 1, STYLE_NAME_MAX_CHARS] | None = None,
        negative_prompt: app_commands.Range[str, 0, PROMPT_MAX_CHARS] | None = None,
        guidance: app_commands.Range[float, GUIDANCE_MIN, GUIDANCE_MAX] = GUIDANCE_DEFAULT,
        private: bool | None = None,  # noqa: FBT001 - an option on Discord
        spoiler: bool = False,  # noqa: FBT001, FBT002 - an option on Discord
    ) -> None:
        """Ask for one video."""
        full = await full_prompt(interaction, prompt)
        if full is None:
            return
        chosen = await chosen_style(interaction, style) if style is not None else None
        if style is not None and chosen is None:
            return
        given = {"duration_s": duration, "aspect": aspect, "sound": sound, "style": chosen}
        # They decide about the price, so they are read anew: another process may have erased them.
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
        }
        await ask_for(interaction, options, private=private, spoiler=spoiler)

    @kling.autocomplete("style")
    async def suggest_styles(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The styles of this place that begin like what was typed."""
        return await suggested_styles(interaction, typed)

    @kling.autocomplete("prompt")
    async def suggest_prompts(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """The person's last prompts that contain what was typed."""
        return await suggested_prompts(interaction, typed)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Kling())
