"""`/allowance`: what a member may still make, what it costs, and where their videos stand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.generation.models import model_of, qualities
from bot.domain.job import State
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import Balance, Scope
from bot.domain.money.policy import DeclineWhy
from bot.domain.money.price import Prices
from bot.features.allowance import Allowance, Limit, UnderWay
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, asking_actor, language_of
from bot.ui.layout import view_of
from bot.ui.words import cards as words
from bot.ui.words.declines import MICROUSD_PER_CENT, decline_line, in_line_line
from bot.ui.words.ends import hold_line

PRICED_LENGTHS_S: Final = (5, 10, 15)

TITLE: Final = marked("### What you have left")
NOTE: Final = marked("Only you see this.")
SPANS: Mapping[Span, str] = {
    Span.DAY: marked("**Today**"),
    Span.MONTH: marked("**This month**"),
}
PRICES_TITLE: Final = marked("**Prices**")
UNDER_WAY_TITLE: Final = marked("**Under way**")
ASKED_TITLE: Final = marked("**Before it is made**")
NO_LIMITS: Final = marked("Nothing limits you here.")
NOTHING_UNDER_WAY: Final = marked("None of your videos is under way.")
SERVER_PAYS: Final = marked("This server pays with its own RunComfy key.")
TIGHTEST: Final = marked("⬅ lowest")
USED_UP: Final = marked("⬅ used up")
CHEAPER_SILENT: Final = marked("The first price is for a silent video.")
NEVER_ASKED: Final = marked(
    "I don't ask before I make a video. Change that in `/kling-me settings`."
)
ALWAYS_ASKED: Final = marked("I ask you before every video.")

_WHOSE: Mapping[Scope, str] = {
    Scope.OPERATOR: marked("This bot"),
    Scope.OPERATOR_SERVER: marked("This server"),
    Scope.OPERATOR_USER: marked("You"),
    Scope.SERVER: marked("This server"),
    Scope.EVERYBODY: marked("All members together"),
    Scope.MEMBER: marked("You, in this server"),
}


def counted_line(language: Language, balance: Balance) -> str:
    """What counts towards their limits so far."""
    amount = language.dollars(balance.taken_microusd)
    return language.plural(
        "{number} video so far, {amount}", "{number} videos so far, {amount}", balance.videos,
        amount=amount,
    )  # fmt: skip


def limit_line(language: Language, limit: Limit, *, is_tightest: bool) -> str:
    """Whose limit it is, what is left of it, and when it renews."""
    account = limit.hold.account
    if account.scope is Scope.ROLE:
        whose = language.say("All of <@&{role_id}> together", role_id=account.subject_id)
    else:
        whose = language.say(_WHOSE[account.scope])
    parts: list[str] = []
    if limit.hold.cap_microusd is not None and limit.left_microusd is not None:
        left = limit.left_microusd // MICROUSD_PER_CENT * MICROUSD_PER_CENT
        parts.append(
            language.say(
                "{left} of {cap} left",
                left=language.dollars(left),
                cap=language.dollars(limit.hold.cap_microusd),
            )
        )
    if limit.hold.cap_videos is not None and limit.left_videos is not None:
        parts.append(
            language.plural(
                "{left} of {number} video left",
                "{left} of {number} videos left",
                limit.hold.cap_videos,
                left=language.number(limit.left_videos),
            )
        )
    renews = discord.utils.format_dt(limit.hold.renews_at, "R")
    parts.append(language.say("renews {when}", when=renews))
    if limit.is_used_up:
        parts.append(language.say(USED_UP))
    elif is_tightest:
        parts.append(language.say(TIGHTEST))
    return f"- {whose}: {' · '.join(parts)}"


def more_line(language: Language, number: int) -> list[str]:
    """Says how many limits were left out."""
    if number <= 0:
        return []
    more = language.plural(
        "and {number} more that leaves more", "and {number} more that leave more", number
    )
    return [f"-# {more}"]


def price_lines(language: Language, prices: Prices, offered: Collection[str]) -> list[str]:
    """What usual lengths cost in each quality that a member may choose, silent and with sound."""
    lines: list[str] = []
    for quality, label in qualities().items():
        model = model_of(quality, starts_from_picture=False)
        if quality not in offered or model is None:
            continue
        by_length: list[str] = []
        for seconds in PRICED_LENGTHS_S:
            silent, sound = (
                language.dollars(prices.price_microusd(model, seconds, sound=with_sound))
                for with_sound in (False, True)
            )
            price = sound if silent == sound else f"{silent} / {sound}"
            by_length.append(f"{language.say('{seconds} s', seconds=seconds)} {price}")
        lines.append(f"- {label}: {' · '.join(by_length)}")
    return [*lines, f"-# {language.say(CHEAPER_SILENT)}"]


def asked_line(language: Language, allowance: Allowance) -> str:
    """Whether the bot asks them before it buys anything."""
    above = allowance.ask_above_microusd
    if above is None:
        return language.say(NEVER_ASKED)
    if above == 0:
        return language.say(ALWAYS_ASKED)
    return language.say(
        "I ask you first when a video costs more than {amount}.", amount=language.dollars(above)
    )


def at_once_line(language: Language, allowance: Allowance) -> str:
    """How many jobs run at once; further ones wait, they are not refused."""
    return language.plural(
        "{number} video of yours is made at a time; more wait in line.",
        "Up to {number} videos of yours are made at a time; more wait in line.",
        allowance.at_once,
    )


def again_line(language: Language, allowance: Allowance) -> list[str]:
    """When they may ask again, if they may not now."""
    if allowance.again_at is None:
        return []
    when = discord.utils.format_dt(allowance.again_at, "R")
    return [language.say("You can make the next one {when}.", when=when)]


LIMITS_SHOWN = 9
LIMITS_SHOWN_TO_THE_REFUSED = 4
"""Fewer, since the reason for the refusal takes room as well, and matters more."""
PROMPT_SHOWN_CHARS = 40


def allowance_card(
    allowance: Allowance,
    language: Language,
    *,
    refusal: DeclineWhy | None,
    prices: Prices,
) -> ui.LayoutView:
    """Why they may not ask here, if so; what is left, what it costs, and what is under way."""
    container = ui.Container[ui.LayoutView]()
    paid_by = [language.say(SERVER_PAYS)] if allowance.server_pays else []
    note = " ".join([language.say(NOTE), *paid_by])
    sections = [
        [language.say(TITLE), f"-# {note}", *_refused_lines(refusal, language)],
        _span_lines(allowance, Span.DAY, language, is_refused=refusal is not None),
        _span_lines(allowance, Span.MONTH, language, is_refused=refusal is not None),
        [language.say(PRICES_TITLE), *price_lines(language, prices, allowance.offered)],
        [
            language.say(UNDER_WAY_TITLE),
            *_under_way_lines(allowance.under_way, language),
            f"-# {at_once_line(language, allowance)}",
        ],
        [
            language.say(ASKED_TITLE),
            asked_line(language, allowance),
            *again_line(language, allowance),
        ],
    ]
    for lines in sections:
        container.add_item(ui.TextDisplay("\n".join(lines)))
    return view_of(container)


def _refused_lines(refusal: DeclineWhy | None, language: Language) -> list[str]:
    return [] if refusal is None else [f"⛔ {decline_line(language, refusal)}"]


def _span_lines(
    allowance: Allowance, span: Span, language: Language, *, is_refused: bool
) -> list[str]:
    counted = allowance.today if span is Span.DAY else allowance.this_month
    lines = [f"{language.say(SPANS[span])} · {counted_line(language, counted)}"]
    most = LIMITS_SHOWN_TO_THE_REFUSED if is_refused else LIMITS_SHOWN
    shown = [one for one in allowance.limits[:most] if one.hold.span is span]
    lines += [
        limit_line(language, limit, is_tightest=limit is allowance.tightest) for limit in shown
    ]
    if not allowance.within(span) and not is_refused:
        lines.append(language.say(NO_LIMITS))
    return lines + more_line(language, len(allowance.within(span)) - len(shown))


def _under_way_lines(under_way: Sequence[UnderWay], language: Language) -> list[str]:
    lines: list[str] = []
    for one in under_way:
        stands = words.heading(language, one.job)
        if one.in_line is not None:
            stands = in_line_line(language, one.in_line)
        elif one.job.state is State.WAITING and one.job.held_because is not None:
            # All of it would be too long here: the job's card says until when.
            own_key = one.job.key_id is not None
            stands = hold_line(language, one.job.held_because, own_key=own_key)
        elif one.job.state is State.QUEUED and one.job.queue_position is not None:
            stands = f"{stands} · {words.position_line(language, one.job.queue_position)}"
        quoted = words.quoted_prompt(one.job.request.prompt, shown_chars=PROMPT_SHOWN_CHARS)
        lines.append(f"{quoted}\n{stands}")
    return lines or [language.say(NOTHING_UNDER_WAY)]


class AllowanceCommand(commands.Cog):
    """Everybody may ask about themselves, wherever they are."""

    @app_commands.command(
        name="allowance", description="What you have left, prices, and your place in line."
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def allowance(self, interaction: Interaction) -> None:
        """Answer the member in private."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = language_of(interaction)
        asker = await asking_actor(interaction)
        allowance = await interaction.client.services.allowance.of(asker)
        refusal = await interaction.client.services.admission.refusal(asker)
        await interaction.followup.send(
            view=allowance_card(
                allowance,
                language,
                refusal=refusal,
                prices=interaction.client.services.prices,
            ),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(AllowanceCommand())
