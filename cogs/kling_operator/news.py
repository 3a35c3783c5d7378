"""The direct messages to the bot's owner: what is wrong, what to do, and buttons that do it."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar, assert_never

import discord
from discord import ui

from bot.domain.figures import said_bytes
from bot.domain.generation.request import DURATION_DEFAULT_S
from bot.domain.owner_trouble import (
    BalanceLow,
    BalanceUsedUp,
    ChargedMore,
    DiskNearlyFull,
    JobUnsure,
    OwnerMessage,
    OwnerTrouble,
    OwnKeyRefused,
    PriceRaised,
    RunComfySilent,
    ServerJoined,
    TroublePhase,
    VideoUndelivered,
)
from bot.languages.language import Language, marked
from bot.ui.context import Interaction
from bot.ui.layout import note, row_of, view_of
from bot.ui.plain_text import as_text
from bot.ui.routes import Action, Route
from cogs.kling_operator.limit import LimitFrom, limit_button
from cogs.kling_operator.operator import answer, operator_only
from cogs.kling_operator.unsure import decision_buttons

BLOCK: Final = Route("kling:operator:block:{guild_id}", guild_id="[0-9]{1,20}")
SHOWN_MAX: Final = 6
"""As many of a kind as one message takes, with a text and three buttons each."""
_NAME_MAX_CHARS: Final = 80
_DOT: Final = " · "

T = TypeVar("T")
_Part = ui.TextDisplay[ui.LayoutView] | ui.ActionRow[ui.LayoutView]

ENDED: Final = {
    "balance_used_up": marked("✅ There's enough on your RunComfy account again."),
    "balance_low": marked("✅ There's enough on your RunComfy account again."),
    "key_refused": marked("✅ RunComfy accepts your key again."),
    "job_unsure": marked("✅ Not unsure any more: {jobs}"),
    "video_undelivered": marked("✅ No longer stuck: the video of {jobs}"),
    "charged_more": marked("✅ RunComfy charges what I estimate again: {models}"),
    "price_raised": marked("✅ The price is back to what I was made for: {models}"),
    "disk_nearly_full": marked("✅ There's room on the disk again."),
    "runcomfy_silent": marked("✅ RunComfy answers again."),
}
"""By kind; what happens once has no end."""
QUIET: Final = marked(
    "If it comes back within a day of my first message, I only write again once that day is over."
)


def owner_card(message: OwnerMessage, language: Language) -> ui.LayoutView:
    """The message to the owner."""
    troubles = [episode.trouble for episode in message.episodes]
    if message.phase is TroublePhase.ENDED:
        return note(ended_text(troubles, language))
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.orange())
    for part in _began(troubles, language):
        container.add_item(part)
    return view_of(container)


def ended_text(troubles: Sequence[OwnerTrouble], language: Language) -> str:
    """Says that it is over, and how soon it would be told again."""
    shown = [f"`{one.subject}`" for one in troubles[:SHOWN_MAX]]
    subjects = " ".join([", ".join(shown), _more(troubles, language)]).strip()
    said = language.say(ENDED[troubles[0].kind], jobs=subjects, models=subjects)
    if isinstance(troubles[0], JobUnsure | VideoUndelivered):
        return said
    return f"{said}\n-# {language.say(QUIET)}"


def _began(troubles: Sequence[OwnerTrouble], language: Language) -> list[_Part]:
    first = troubles[0]
    match first:
        case BalanceUsedUp() | BalanceLow():
            return _about_balance(first, language)
        case JobUnsure():
            return _about_unsure(_all_of(JobUnsure, troubles), language)
        case VideoUndelivered():
            return _about_undelivered(_all_of(VideoUndelivered, troubles), language)
        case ChargedMore():
            return _about_charges(_all_of(ChargedMore, troubles), language)
        case PriceRaised():
            return _about_prices(_all_of(PriceRaised, troubles), language)
        case ServerJoined():
            return _about_servers(_all_of(ServerJoined, troubles), language)
        case OwnKeyRefused():
            return _texts(
                language.say("### 🔑 RunComfy refuses your key"),
                language.say(
                    "I can't buy anything until it's accepted again. Requests wait for up to 15 "
                    "minutes, then fail without a charge. Look at the key in your RunComfy "
                    "profile, put a valid one into `RUNCOMFY_API_KEY`, and restart me."
                ),
            )
        case DiskNearlyFull(free_bytes=free_bytes):
            return _texts(
                language.say("### 💾 My disk is nearly full"),
                language.say(
                    "{free} left. Without room I can't fetch videos or write anything down. Make "
                    "room, or let me keep less: `ARCHIVE_MAX_MIB`, `RETENTION_DAYS`.",
                    free=said_bytes(free_bytes),
                ),
            )
        case RunComfySilent(since=since):
            return _texts(
                language.say("### 📡 RunComfy doesn't answer"),
                language.say(
                    "I've had no usable answer since {when}. Nothing is lost: I keep asking about "
                    "videos under way, and tell you when it's over. If it lasts, look at "
                    "RunComfy's status page, and at this machine's network.",
                    when=discord.utils.format_dt(since, "t"),
                ),
            )
        case _:
            assert_never(first)


def _about_balance(trouble: BalanceUsedUp | BalanceLow, language: Language) -> list[_Part]:
    if isinstance(trouble, BalanceLow):
        texts = (
            language.say("### 💸 Your RunComfy balance is running low"),
            language.say(
                "{left} left, and a day costs about {day}, as in the last week. Top up your "
                "account at RunComfy, or limit what I spend.",
                left=f"**{language.dollars(trouble.left_microusd)}**",
                day=f"**{language.dollars(trouble.day_microusd)}**",
            ),
        )
        return [*_texts(*texts), row_of(limit_button(language, LimitFrom.NEWS))]
    said = [language.say("### 💸 Your RunComfy balance is used up")]
    if trouble.left_microusd is not None:
        left = f"**{language.dollars(trouble.left_microusd)}**"
        said.append(language.say("{left} left: not enough for any video.", left=left))
    said.append(
        language.say(
            "Requests wait for up to 15 minutes, then fail without a charge. Top up your account "
            "at RunComfy; what still waits goes on by itself."
        )
    )
    return _texts(*said)


def _about_unsure(jobs: Sequence[JobUnsure], language: Language) -> list[_Part]:
    title = language.plural(
        "### ❔ I can't tell whether a video was bought",
        "### ❔ I can't tell whether {number} videos were bought",
        len(jobs),
    )
    why = language.say(
        "The connection broke while I sent it, so I can't know, and I never send it again by "
        "myself. Look in RunComfy's list of generations at that time, then tell me:"
    )
    parts: list[_Part] = _texts(title, why)
    for job in jobs[:SHOWN_MAX]:
        links = [] if job.card is None else [_link(job.card, language)]
        parts += [
            *_texts(_job_line(job, language)),
            row_of(*decision_buttons(job.job_id, language), *links),
        ]
    if (left := len(jobs) - SHOWN_MAX) > 0:
        more = language.plural(
            "… and {number} more: `/kling-operator unsure`",
            "… and {number} more: `/kling-operator unsure`",
            left,
        )
        parts += _texts(f"-# {more}")
    return parts


def _about_undelivered(jobs: Sequence[VideoUndelivered], language: Language) -> list[_Part]:
    title = language.plural(
        "### 📭 I can't deliver a video", "### 📭 I can't deliver {number} videos", len(jobs)
    )
    why = language.say(
        "It's paid for and ready, but Discord takes it neither in its channel nor as a direct "
        "message. I keep it, keep trying, and offer it to its requester at their next command. "
        "Make sure that I may send messages and files there."
    )
    parts: list[_Part] = _texts(title, why)
    for job in jobs[:SHOWN_MAX]:
        parts += _texts(_job_line(job, language))
        if job.card is not None:
            parts.append(row_of(_link(job.card, language)))
    if more := _more(jobs, language):
        parts += _texts(f"-# {more}")
    return parts


def _about_charges(charges: Sequence[ChargedMore], language: Language) -> list[_Part]:
    lines = [
        language.say(
            "- `{model}`: {cost} instead of {estimate} for the job `{job}`",
            model=one.model_id,
            cost=f"**{language.dollars(one.cost_microusd)}**",
            estimate=language.dollars(one.estimate_microusd),
            job=one.job_id,
        )
        for one in charges[:SHOWN_MAX]
    ]
    return _texts(
        language.say("### 📈 RunComfy charges more than I estimate"),
        "\n".join(lines),
        language.say(
            "Limits count what was charged, but let a video pass by its estimate. Look for a newer "
            "version of me, and set your limits with room."
        ),
    )


def _about_prices(prices: Sequence[PriceRaised], language: Language) -> list[_Part]:
    lines = [
        language.say(
            "- `{model}`: {seconds} s cost {silent} silent, {sound} with sound",
            model=one.model_id,
            seconds=DURATION_DEFAULT_S,
            silent=language.dollars(DURATION_DEFAULT_S * one.silent_microusd),
            sound=language.dollars(DURATION_DEFAULT_S * one.sound_microusd),
        )
        for one in prices[:SHOWN_MAX]
    ]
    return _texts(
        language.say("### 📈 RunComfy's prices are above those I was made for"),
        "\n".join(lines),
        language.say(
            "My estimates and limits already go by the higher ones. Look for a newer version of me."
        ),
    )


def _about_servers(servers: Sequence[ServerJoined], language: Language) -> list[_Part]:
    parts: list[_Part] = []
    for one in servers[:SHOWN_MAX]:
        name = as_text(one.name, _NAME_MAX_CHARS)
        said = [language.say("### 👋 I was added to {server}", server=name)]
        facts = [f"`{one.guild_id}`"]
        if one.members is not None:
            facts.append(language.plural("{number} member", "{number} members", one.members))
        facts.append(
            language.say("your key pays for its videos")
            if one.is_paid_for
            else language.say("your key doesn't pay there")
        )
        block = ui.Button[ui.LayoutView](
            style=discord.ButtonStyle.danger,
            label=language.say("Block this server"),
            custom_id=BLOCK.of(guild_id=one.guild_id),
        )
        parts += [*_texts("\n".join([*said, _DOT.join(facts)])), row_of(block)]
    if (left := len(servers) - SHOWN_MAX) > 0:
        more = language.plural(
            "… and {number} more: `/kling-operator servers`",
            "… and {number} more: `/kling-operator servers`",
            left,
        )
        parts += _texts(f"-# {more}")
    return parts


def _job_line(job: JobUnsure | VideoUndelivered, language: Language) -> str:
    said = [
        f"`{job.job_id}`",
        discord.utils.format_dt(job.at, "F"),
        language.say("{seconds} s", seconds=job.duration_s),
        language.dollars(job.price_microusd),
    ]
    if job.key_of_server is not None:
        server = job.key_of_server
        said.append(language.say("🔑 on the account of its server {server}", server=server))
    return _DOT.join(said)


def _link(address: str, language: Language) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=language.say("Go to its card"), url=address)


def _more(troubles: Sequence[OwnerTrouble], language: Language) -> str:
    left = len(troubles) - SHOWN_MAX
    return language.plural("… and {number} more", "… and {number} more", left) if left > 0 else ""


def _all_of(kind: type[T], troubles: Sequence[OwnerTrouble]) -> list[T]:
    return [one for one in troubles if isinstance(one, kind)]


def _texts(*texts: str) -> list[Any]:
    return [ui.TextDisplay[ui.LayoutView](text) for text in texts]


async def block(interaction: Interaction, action: Action) -> None:
    """Stop a server that was joined from asking for videos."""
    if not await operator_only(interaction):
        return
    guild_id = int(action["guild_id"])
    await answer(
        interaction,
        lambda operations: operations.block(guild_id, by_user_id=interaction.user.id),
        lambda language, is_new: note(
            language.say(
                marked("Blocked: no one there can make videos. `/kling-operator unblock` ends it.")
                if is_new
                else marked("It was blocked already.")
            )
        ),
    )


ROUTES: Final = ((BLOCK, block),)
