"""`/kling`: asks for a video. It checks, acknowledges, hands over to the desk, and is done."""

from typing import Any, assert_never

import discord
from discord import app_commands
from discord.ext import commands
from pydantic import ValidationError

from bot.cards import card, words
from bot.cards.buttons import desk_of
from bot.cards.language import Language, card_language_of, language_of
from bot.cards.places import missing_permissions, place_of
from bot.cards.replies import tell_privately
from bot.generation.answers import Asked, AskedBefore, Declined, Wish
from bot.generation.ports import FrontDesk
from bot.generation.request import (
    DURATION_DEFAULT_S,
    DURATION_MAX_S,
    DURATION_MIN_S,
    GUIDANCE_DEFAULT,
    GUIDANCE_MAX,
    GUIDANCE_MIN,
    PROMPT_MAX_CHARS,
    Aspect,
    GenerationRequest,
)

_ASPECTS = [
    app_commands.Choice(name="16:9 (landscape)", value=Aspect.LANDSCAPE.value),
    app_commands.Choice(name="9:16 (portrait)", value=Aspect.PORTRAIT.value),
    app_commands.Choice(name="1:1 (square)", value=Aspect.SQUARE.value),
]


class Kling(commands.Cog):
    """The slash command that everything else is for."""

    def __init__(self, *, desk: FrontDesk) -> None:
        self._desk = desk

    @app_commands.command(name="kling", description="Make a video from words with Kling 3.0 Pro.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        prompt="What the video shows.",
        duration="How long it is, in seconds (3 to 15).",
        aspect="The shape of the picture.",
        sound="With sound that fits the picture; silent is cheaper.",
        negative_prompt="What the video should not show.",
        guidance="How closely to follow the prompt: 0 is free, 1 is strict.",
        private="Only you see it.",
    )
    @app_commands.choices(aspect=_ASPECTS)
    async def kling(
        self,
        interaction: discord.Interaction[Any],
        prompt: app_commands.Range[str, 1, PROMPT_MAX_CHARS],
        duration: app_commands.Range[int, DURATION_MIN_S, DURATION_MAX_S] = DURATION_DEFAULT_S,
        aspect: str = Aspect.LANDSCAPE.value,
        sound: bool = True,  # noqa: FBT001, FBT002 - an option on Discord
        negative_prompt: app_commands.Range[str, 0, PROMPT_MAX_CHARS] | None = None,
        guidance: app_commands.Range[float, GUIDANCE_MIN, GUIDANCE_MAX] = GUIDANCE_DEFAULT,
        private: bool = False,  # noqa: FBT001, FBT002 - an option on Discord
    ) -> None:
        """Ask for one video."""
        language = language_of(interaction)
        try:
            request = GenerationRequest.model_validate(
                {
                    "prompt": prompt,
                    "duration_s": duration,
                    "aspect": aspect,
                    "sound": sound,
                    "negative_prompt": negative_prompt,
                    "guidance": guidance,
                }
            )
        except ValidationError as refusal:
            await tell_privately(interaction, words.bad_request(language, refusal))
            return
        if missing := missing_permissions(interaction, private=private):
            await tell_privately(interaction, words.missing_permissions(language, missing))
            return
        card_language = card_language_of(interaction, private=private)
        admitted = self._desk.admit(
            request,
            interaction_id=interaction.id,
            requester_id=interaction.user.id,
            private=private,
            locale=card_language.code,
        )
        match admitted:
            case Wish():
                await self._ask(interaction, admitted, card_language)
            case Declined(reason):
                await tell_privately(interaction, language.say(words.DECLINES[reason]))
            case _:
                assert_never(admitted)

    async def _ask(
        self, interaction: discord.Interaction[Any], wish: Wish, card_language: Language
    ) -> None:
        # The card is the acknowledgement: when it stands, this process and no other may buy.
        answer = await interaction.response.send_message(
            view=card.opening(wish, card_language),
            ephemeral=wish.private,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        message_id = answer.message_id or (await interaction.original_response()).id
        place = place_of(interaction, message_id=message_id, private=wish.private)
        outcome = await self._desk.ask(wish, place)
        match outcome:
            case Asked():
                await self._offer_kept(interaction)
            case AskedBefore():
                await interaction.delete_original_response()
            case Declined(reason):
                await interaction.delete_original_response()
                language = language_of(interaction)
                await tell_privately(interaction, language.say(words.DECLINES[reason]))
            case _:
                assert_never(outcome)

    async def _offer_kept(self, interaction: discord.Interaction[Any]) -> None:
        """Offer what is paid for and could not be delivered elsewhere: no video is lost."""
        kept = await self._desk.kept_for(interaction.user.id)
        if kept:
            await interaction.followup.send(
                view=card.kept(kept, language_of(interaction)),
                ephemeral=True,
                allowed_mentions=discord.AllowedMentions.none(),
            )


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Kling(desk=desk_of(bot)))
