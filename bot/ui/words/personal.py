"""The words for styles, questions about the price, and expected times."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import discord

from bot.domain.forecast import Forecast
from bot.domain.generation.request import PROMPT_MAX_CHARS
from bot.domain.generation.styles import Style, UnknownStyle
from bot.domain.job import Job
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

_S_PER_MIN: Final = 60
_SECONDS_UP_TO: Final = 90
"""Up to this many seconds, spans are told in seconds; above, in minutes."""
_STEP_S: Final = 10
_NAME_SHOWN_CHARS: Final = 100

# --- styles ---------------------------------------------------------------------------------------

BUILT_IN_LABELS: Mapping[str, str] = {
    "cinematic": marked("cinematic"),
    "anime": marked("anime"),
    "documentary": marked("documentary"),
    "clay": marked("clay"),
    "watercolour": marked("watercolour"),
    "noir": marked("noir"),
}

# --- questions about the price --------------------------------------------------------------------

PRICE_QUESTION: Final = marked("This will cost about {price}. Generate?")
GENERATE_LABEL: Final = marked("Generate")
FORGET_LABEL: Final = marked("Cancel")
FORGOTTEN: Final = marked("Okay, I won't make it. Nothing was charged.")
QUESTION_OVER: Final = marked(
    "This offer has expired. Use `/kling` or `/storyboard` to start again."
)

# --- what to expect, and being told ---------------------------------------------------------------


def ask_above(language: Language, microusd: int | None) -> str:
    """Above which price a member is asked first: their own choice, or their server's."""
    if microusd is None:
        return language.say("Never")
    if microusd == 0:
        return language.say("Always")
    return language.say("When it costs more than {price}", price=language.dollars(microusd))


def style_label(language: Language, style: Style) -> str:
    """The name of a style in the reader's language: the built-in ones are translated."""
    label = BUILT_IN_LABELS.get(style.name)
    return language.say(label) if label is not None else style.name


def quoted_name(name: str) -> str:
    """A name that a person chose, as plain text."""
    return as_text(name, _NAME_SHOWN_CHARS)


def unknown_style(language: Language, unknown: UnknownStyle) -> str:
    """Says that there is no such style, and which ones the member may have meant."""
    wanted = quoted_name(unknown.wanted[:100])
    if not unknown.nearest:
        return language.say(
            "There's no style called **{wanted}**. Pick one while you type, or leave it "
            "out. Nothing was charged.",
            wanted=wanted,
        )
    return language.say(
        "There's no style called **{wanted}**. Did you mean {nearest}? Nothing was charged.",
        wanted=wanted,
        nearest=", ".join(f"**{quoted_name(label)}**" for label in unknown.nearest),
    )


def too_long_with_style(language: Language, field: str, excess: int) -> str:
    """By how much the prompt has to be shortened, so that it fits with its style."""
    limit = language.number(PROMPT_MAX_CHARS)
    if field == "prompt":
        return language.plural(
            "With this style the prompt is {number} character over the limit of {limit}. Please "
            "shorten it. Nothing was charged.",
            "With this style the prompt is {number} characters over the limit of {limit}. Please "
            "shorten it. Nothing was charged.",
            excess,
            limit=limit,
        )
    return language.plural(
        "With this style the negative prompt is {number} character over the limit of {limit}. "
        "Please shorten it. Nothing was charged.",
        "With this style the negative prompt is {number} characters over the limit of {limit}. "
        "Please shorten it. Nothing was charged.",
        excess,
        limit=limit,
    )


def style_line(language: Language, style: Style) -> str:
    """The style, as part of the settings on a card."""
    return language.say("style {name}", name=quoted_name(style_label(language, style)))


def usual_line(language: Language, forecast: Forecast) -> str:
    """How long a video usually takes: from the median to the 90th percentile."""
    if forecast.most_s <= _SECONDS_UP_TO:
        low, high = (
            max(round(forecast.median_s / _STEP_S), 1) * _STEP_S,
            max(math.ceil(forecast.most_s / _STEP_S), 1) * _STEP_S,
        )
        if low == high:
            return language.say("usually about {high} s", high=language.number(high))
        return language.say(
            "usually {low} to {high} s", low=language.number(low), high=language.number(high)
        )
    low, high = (
        max(round(forecast.median_s / _S_PER_MIN), 1),
        math.ceil(forecast.most_s / _S_PER_MIN),
    )
    if low == high:
        return language.say("usually about {high} min", high=language.number(high))
    return language.say(
        "usually {low} to {high} min", low=language.number(low), high=language.number(high)
    )


def expected_line(language: Language, job: Job, forecast: Forecast, now: datetime) -> str | None:
    """When it is expected; after that, that it may come soon, and later nothing."""
    expected_at, late_from = forecast.expected_at(job), forecast.late_from(job)
    if expected_at is None or late_from is None or now >= late_from:
        return None
    if now >= expected_at:
        return language.say("any moment now")
    when = discord.utils.format_dt(expected_at, "R")
    return language.say("expected {when}", when=when)


def forecast_line(language: Language, job: Job, forecast: Forecast, now: datetime) -> str:
    """All that is known about how long a video takes, in one line."""
    expected = expected_line(language, job, forecast, now)
    return " · ".join(filter(None, [usual_line(language, forecast), expected]))
