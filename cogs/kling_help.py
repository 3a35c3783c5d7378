"""`/kling-help`: how it works, prompts to begin with, and what holds where the member is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.money.policy import DeclineWhy
from bot.domain.money.price import Prices
from bot.features.allowance import Allowance
from bot.languages.language import Language, marked
from bot.ui.context import Client, Interaction, asking_actor, language_of
from bot.ui.gate import Control
from bot.ui.layout import view_of
from bot.ui.routes import Action, Route
from bot.ui.words.declines import decline_line
from bot.ui.words.library import NEW_TITLE
from cogs.allowance import NO_LIMITS, PRICES_TITLE, SERVER_PAYS, limit_line, price_lines
from cogs.kling.change import change_form, offered_in, request_of
from cogs.kling.ordering import may_ask

LIMITS_SHOWN: Final = 4
"""The tightest; `/allowance` has all of them."""
HOW: Final = marked(
    "1. Type `/kling` and say what the video shows.\n"
    "2. Its card says where it stands. You're told when it's ready, mostly in a few minutes.\n"
    "3. Then make it again, change it or continue it with the buttons on the card. "
    "`/storyboard` makes several shots, `/generations` lists your videos."
)


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt to begin with, and what is good about it."""

    prompt: str
    why: str


EXAMPLES: Final[Sequence[Example]] = (
    Example(
        marked(
            "A red kite climbs above a windy beach, then dives towards the waves. The camera "
            "follows it from below. Bright morning light. Wind and distant surf."
        ),
        marked("**Subject and motion**: one thing, and what it does first and next."),
    ),
    Example(
        marked(
            "A steam train crosses a stone bridge in the mountains. The camera flies beside it, "
            "then rises above the valley. Low clouds, soft daylight. The whistle echoes."
        ),
        marked("**Camera**: where it is and how it moves, such as follows, rises or pushes in."),
    ),
    Example(
        marked(
            "An old lighthouse keeper climbs a spiral staircase, seen from behind. Warm light from "
            "his lantern, deep shadows, rain on the window. Footsteps and far thunder."
        ),
        marked("**Light**: the hour, the weather and where the light comes from set the mood."),
    ),
    Example(
        marked(
            "A street musician plays the cello under a bridge at night. Slow push in on her hands. "
            "Neon reflections in puddles. A calm melody over soft rain."
        ),
        marked("**Sound**: name what can be heard, or leave it out with `sound: False`."),
    ),
)
USE: Final = Route(
    "kling:help:use:{number}", number="|".join(str(number) for number in range(len(EXAMPLES)))
)


def help_card(
    allowance: Allowance,
    language: Language,
    *,
    prices: Prices,
    refusal: DeclineWhy | None,
    in_server: bool,
    manages: bool = False,
) -> ui.LayoutView:
    """How it works, four prompts with *Use this*, prices, what is left, and where to ask."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.blurple())
    heading = language.say("### Videos from your words")
    container.add_item(ui.TextDisplay(f"{heading}\n{language.say(HOW)}"))
    container.add_item(ui.TextDisplay(language.say("**Prompts to begin with**")))
    for number, example in enumerate(EXAMPLES):
        container.add_item(_example(number, example, language))
    title = language.say(marked("**Prices here**") if in_server else PRICES_TITLE)
    prices_said = price_lines(language, prices, allowance.offered)
    left = [language.say("**What you can still make**"), *_left(allowance, refusal, language)]
    asks = [language.say("**Questions?**"), *_asks(language, in_server=in_server, manages=manages)]
    for lines in ([title, *prices_said], left, asks):
        container.add_item(ui.TextDisplay("\n".join(lines)))
    return view_of(container)


def _example(number: int, example: Example, language: Language) -> ui.Section[Any]:
    use = ui.Button[ui.LayoutView](
        label=language.say("Use this"), custom_id=USE.of(number=f"{number}")
    )
    text = f"> {language.say(example.prompt)}\n-# {language.say(example.why)}"
    return ui.Section[Any](ui.TextDisplay[Any](text), accessory=Control(use))


def _left(allowance: Allowance, refusal: DeclineWhy | None, language: Language) -> list[str]:
    if refusal is not None:
        return [f"⛔ {decline_line(language, refusal)}"]
    lines = [
        limit_line(language, limit, is_tightest=False) for limit in allowance.limits[:LIMITS_SHOWN]
    ]
    if not lines:
        lines = [language.say(NO_LIMITS)]
    if allowance.server_pays:
        lines.append(language.say(SERVER_PAYS))
    more = language.say("`/allowance` shows everything that counts for you.")
    return [*lines, f"-# {more}"]


def _asks(language: Language, *, in_server: bool, manages: bool) -> list[str]:
    if not in_server:
        return [language.say("The bot's owner can help.")]
    lines = [
        language.say(
            "This server's managers decide who can make videos, where and how many: ask them. If a "
            "video goes wrong, its card says why and whether it was charged."
        )
    ]
    if manages:
        lines.append(
            language.say("You manage this server: `/kling-admin setup` sets it up in a minute.")
        )
    return lines


async def use(interaction: Interaction, action: Action) -> None:
    """Open the form for a video with an example in it; nothing is made before it is submitted."""
    if not await may_ask(interaction):
        return
    language = language_of(interaction)
    prompt = language.say(EXAMPLES[int(action["number"])].prompt)
    form = change_form(
        await request_of(interaction, prompt),
        language,
        offered=offered_in(interaction),
        title=NEW_TITLE,
    )
    await interaction.response.send_modal(form)


class HelpCommand(commands.Cog):
    """For everybody, wherever they are."""

    @app_commands.command(
        name="kling-help", description="How to make videos: examples, prices, and what's left."
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def kling_help(self, interaction: Interaction) -> None:
        """Answer the member in private."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        services, asker = interaction.client.services, await asking_actor(interaction)
        allowance = await services.allowance.of(asker)
        await interaction.followup.send(
            view=help_card(
                allowance,
                language_of(interaction),
                prices=services.prices,
                refusal=await services.admission.refusal(asker),
                in_server=interaction.guild_id is not None,
                manages=interaction.is_guild_integration() and interaction.permissions.manage_guild,
            ),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add((USE, use))
    await bot.add_cog(HelpCommand())
