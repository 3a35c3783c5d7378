"""The limit of everything that the operator's key pays for, set from Discord."""

from enum import StrEnum
from typing import Any, Final

import discord
from discord import ui

from bot.domain.money.calendar import Span
from bot.domain.money.ledger import Caps
from bot.domain.money.typed_amounts import MOST_DOLLARS
from bot.languages.language import Language, marked
from bot.ui.audit_lines import dollar_limits
from bot.ui.modals import labelled, modal_of
from bot.ui.plain_text import as_text
from bot.ui.routes import Route


class LimitFrom(StrEnum):
    """What the button is on."""

    OVERVIEW = "overview"
    NEWS = "news"
    """A message to the owner, which stays as it was told."""


SET_LIMIT: Final = Route("kling:operator:limit:{at}")
LIMIT_MODAL: Final = Route("kling:operator-form:limit:{at}")
AMOUNT: Final = "amount"
PERIOD: Final = "period"
_AMOUNT_MAX_CHARS: Final = 20
_TYPED_SHOWN_CHARS: Final = 40
_PERIODS: Final = {Span.DAY: marked("A day"), Span.MONTH: marked("A month")}


def limit_button(
    language: Language, at: LimitFrom, *, is_urgent: bool = False
) -> ui.Button[ui.LayoutView]:
    """Opens the window that sets the limit."""
    style = discord.ButtonStyle.primary if is_urgent else discord.ButtonStyle.secondary
    label = language.say("Set a limit…")
    return ui.Button(style=style, label=label, custom_id=SET_LIMIT.of(at=at))


def limit_form(at: str, language: Language) -> ui.Modal:
    """Asks how much, and for which time."""
    amount = ui.TextInput[Any](
        custom_id=AMOUNT, required=False, placeholder="5", max_length=_AMOUNT_MAX_CHARS
    )
    period = ui.Select[Any](
        custom_id=PERIOD,
        options=[
            discord.SelectOption(
                label=language.say(text), value=span.value, default=span is Span.DAY
            )
            for span, text in _PERIODS.items()
        ],
    )
    none = language.say("Leave it empty for no limit.")
    parts = ((marked("Most dollars"), none, amount), (marked("In"), None, period))
    title = language.say("A limit for everything")
    return modal_of(title, LIMIT_MODAL.of(at=at), *labelled(parts, language))


def limit_said(language: Language, caps: Caps) -> str:
    """What holds from now on."""
    if not caps.is_set:
        return language.say(
            "The limit that was set here is gone. `TOTAL_LIMIT` still holds, if you've set it."
        )
    return language.say(
        "Done: together, all servers can spend {limits} with your key. If you've set "
        "`TOTAL_LIMIT` too, the stricter one holds.",
        limits=f"**{dollar_limits(language, caps)}**",
    )


def unread_said(language: Language, typed: str) -> str:
    """Asks for the amount again."""
    return language.say(
        "I can't read “{typed}” as an amount of dollars. Write it like 5 or 5.50, up to {most}. "
        "Nothing was changed.",
        typed=as_text(typed, _TYPED_SHOWN_CHARS),
        most=language.dollars(MOST_DOLLARS * 1_000_000),
    )
