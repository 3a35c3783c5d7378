"""The words around styles and forecasts are true to their figures, in every language."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import Forecast
from bot.domain.generation.styles import BUILT_IN, Style, UnknownStyle
from bot.domain.job import State
from bot.features.privacy import Forgotten
from bot.features.styles import StyleOutcome
from bot.languages.language import load_languages
from bot.ui.words import personal as words_personal
from cogs.kling_admin.styles import STYLE_OUTCOMES, style_outcome
from cogs.kling_me.privacy import forgotten_line
from tests.domain.samples import NOON, a_job

LANGUAGES = load_languages()
ENGLISH = LANGUAGES.of("en")
SENT = a_job(state=State.RENDERING).model_copy(update={"sent_at": NOON})


def a_usual(median_s: float, most_s: float) -> str:
    return words_personal.usual_line(ENGLISH, Forecast(median_s=median_s, most_s=most_s))


@pytest.mark.parametrize(
    ("median_s", "most_s", "said"),
    [
        (120, 240, "usually 2 to 4 min"),
        (100, 121, "usually 2 to 3 min"),
        (115, 120, "usually about 2 min"),
        (10, 600, "usually 1 to 10 min"),
        (31, 58, "usually 30 to 60 s"),
        (2, 3, "usually about 10 s"),
        (80, 90, "usually 80 to 90 s"),
    ],
)
def test_the_usual_time_is_said_in_round_figures(median_s: float, most_s: float, said: str) -> None:
    assert a_usual(median_s, most_s) == said


@given(st.floats(0, 86_400), st.floats(0, 86_400))
def test_the_upper_figure_never_promises_too_much(one: float, other: float) -> None:
    median_s, most_s = sorted((one, other))
    said = a_usual(median_s, most_s).replace(",", "")
    figures = [int(figure) for figure in re.findall(r"\d+", said)]
    assert figures == sorted(figures)
    assert figures[-1] * (60 if said.endswith("min") else 1) >= most_s


def test_the_moment_is_a_timestamp_then_any_moment_then_nothing() -> None:
    usually = Forecast(median_s=120, most_s=240)

    def line(after_s: float) -> str:
        now = NOON + timedelta(seconds=after_s)
        return words_personal.forecast_line(ENGLISH, SENT, usually, now)

    at = int((NOON + timedelta(seconds=120)).timestamp())
    assert line(0) == f"usually 2 to 4 min · expected <t:{at}:R>"
    assert line(120) == "usually 2 to 4 min · any moment now"
    assert line(240) == "usually 2 to 4 min"
    unsent = SENT.model_copy(update={"sent_at": None})
    assert words_personal.expected_line(ENGLISH, unsent, usually, NOON) is None


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_every_style_and_outcome_has_words(code: str) -> None:
    language = LANGUAGES.of(code)
    assert {style.name for style in BUILT_IN} == set(words_personal.BUILT_IN_LABELS)
    assert set(STYLE_OUTCOMES) == set(StyleOutcome)
    for outcome in StyleOutcome:
        assert "{" not in style_outcome(language, outcome, "city")


def test_a_name_that_somebody_chose_is_nothing_but_text() -> None:
    wild = Style(name="**<@1>** _x_", prompt="x")
    line = words_personal.style_line(ENGLISH, wild)
    assert line == r"style \*\*\<\@1\>\*\* \_x\_"
    told = words_personal.unknown_style(ENGLISH, UnknownStyle("<@1>" + "x" * 200, ()))
    assert r"\<\@1\>" in told
    assert len(told) < 300


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_too_long_is_said_with_the_number_in_its_form(field: str) -> None:
    one = words_personal.too_long_with_style(ENGLISH, field, 1)
    many = words_personal.too_long_with_style(ENGLISH, field, 1_200)
    assert "1 character over the limit of 2,500" in one
    assert "1,200 characters over the limit of 2,500" in many
    assert ("negative" in one) is (field == "negative_prompt")


def test_an_erasure_names_the_videos_that_this_version_cannot_read() -> None:
    said = forgotten_line(ENGLISH, Forgotten(videos=0, still_under_way=0, unread=2))
    assert "2 can't be read" in said
    without = forgotten_line(ENGLISH, Forgotten(videos=0, still_under_way=0))
    assert "2 can't be read" not in without
