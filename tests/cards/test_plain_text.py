"""What people wrote is shown as nothing but text, on every card and in every answer."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import card, listing, moderators_card, words_moderation
from bot.cards.builder import builder
from bot.cards.language import load_languages
from bot.cards.plain_text import as_text, excerpt
from bot.cards.price_question import question
from bot.cards.style_forms import style_list
from bot.cards.words_declines import decline_line
from bot.cards.words_personal import style_outcome, unknown_style
from bot.generation.answers import Asker, Paused, Wish, WordsRefused
from bot.generation.job import Job, State
from bot.generation.library import Details, Page, Shelf
from bot.generation.moderation import Match
from bot.generation.outcomes import FailureReason
from bot.generation.preferences import PendingWish
from bot.generation.reports import Report
from bot.generation.request import GenerationRequest, Shot
from bot.generation.storyboard import Draft, Storyboard
from bot.generation.styles import ServerStyle, Style, StyleOutcome, UnknownStyle
from bot.generation.word_rules import Listing
from tests.generation.samples import NOON, a_job, texts

ENGLISH = load_languages().of("en")
LIVE = re.compile(r"(?<!\\)(?:\\\\)*([*_~|`<\[])")
"""A character of markdown or of a mention that no backslash takes the life of."""

FRAGMENTS = st.sampled_from(
    [
        "<@1>", "<@&1>", "<#1>", "@everyone", "<t:1:R>", "</kling:1>", "<:kite:1>", "**", "__",
        "~~", "||", "`", "```", "# ", "-# ", "> ", ">>> ", "- ", "* ", "+ ", "1. ", "12) ",
        "[a](https://evil.example)", "](", "\\", "\\\\", "\n", "\r\n", "\u2028", "\t", "\u202e",
        "\u2066", "\u200b", "\u200f", "\u2800", "\u3164", "\ufeff", "\x00", "\x1b[31m", "{", "{0}",
        "{reason}", "%s",
    ]
)  # fmt: skip
HOSTILE = st.lists(FRAGMENTS | texts(max_size=6), min_size=1, max_size=8).map("".join)
HIDDEN = {"Cc", "Cf", "Co", "Cs"}
KEPT = {"\u200d", "\ufe0f"}


def hidden_in(text: str) -> list[str]:
    return [
        char
        for char in text
        if unicodedata.category(char) in HIDDEN and char not in KEPT and char != "\n"
    ]


@given(HOSTILE, st.integers(1, 80))
def test_it_is_one_paragraph_without_life(written: str, shown_chars: int) -> None:
    shown = as_text(written, shown_chars)
    assert "\n" not in shown
    assert not LIVE.search(shown)
    assert not hidden_in(shown)
    assert not re.match(r"(?:#{1,3} |-# |> |>>> |[-*+] |\d{1,2}[.)] )", shown)


@given(HOSTILE, st.integers(1, 80))
def test_an_excerpt_has_no_more_characters_than_wanted_and_hides_none(
    written: str, shown_chars: int
) -> None:
    shown = excerpt(written, shown_chars)
    assert len(shown) <= shown_chars
    assert not hidden_in(shown)
    assert not re.search(r"[\r\n\t\u2028]", shown)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("[a](https://evil.example)", r"\[a](https://evil.example)"),
        (r"\*not bold*", r"\\\*not bold\*"),
        ("- a list", r"\- a list"),
        ("+ a list", r"\+ a list"),
        ("1. a list", r"1\. a list"),
        ("10) a list", r"10\) a list"),
        ("> a quote", r"\> a quote"),
        ("-# small", r"\-# small"),
        ("a - b # c > d 1. e", "a - b # c > d 1. e"),
        ("z" + "\u0301" * 30, "z" + "\u0301" * 4),
        ("ni\u00f1o, cafe\u0301", "ni\u00f1o, cafe\u0301"),
    ],
)
def test_what_begins_something_begins_nothing(typed: str, read: str) -> None:
    assert as_text(typed, 100) == read


# --- every card and every answer -----------------------------------------------------------------

Draw = Callable[[str], ui.LayoutView | str]


def asking(text: str) -> GenerationRequest:
    prompt = text[:200].strip() or "-"
    shots = tuple(Shot(prompt=prompt, duration_s=3) for _ in range(2))
    return GenerationRequest(
        prompt=prompt,
        negative_prompt=prompt,
        shots=shots,
        duration_s=6,
        style=Style(name=prompt[:32].strip() or "-", prompt="soft") if is_name(prompt) else None,
    )


def is_name(text: str) -> bool:
    try:
        Style(name=text[:32], prompt="soft")
    except ValueError:
        return False
    return True


def job_of(text: str, state: State = State.DELIVERED, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"request": asking(text), **changes})


def declined(text: str) -> Job:
    return job_of(
        text,
        State.FAILED,
        failure=FailureReason.REVIEW_DECLINED,
        reviewed_by=8,
        declined_because=text,
    )


def wish_of(text: str) -> Wish:
    return Wish(
        job_id="0a", interaction_id=1, asker=Asker(user_id=7), request=asking(text), private=False,
        locale="en", asked_at=NOON,
    )  # fmt: skip


def pending(text: str) -> PendingWish:
    return PendingWish(
        interaction_id=1, requester_id=7, request=asking(text), private=False, asked_at=NOON
    )


def board(text: str) -> Draft:
    request = asking(text)
    made = Storyboard(prompt=request.prompt, shots=request.shots, selected=0)
    return Draft(id="1a", owner_id=7, board=made, touched_at=NOON)


def page(text: str) -> Page:
    return Page(jobs=[job_of(text), declined(text)], newer=None, older=None)


def report(text: str) -> Report:
    return Report(job=job_of(text), by_user_id=9, because=text, at=NOON)


def own_styles(text: str) -> list[ServerStyle]:
    name = text[:32] if is_name(text) else "-"
    return [ServerStyle(style=Style(name=name, prompt=text[:90].strip() or "-"), version=1)]


DRAWN: dict[str, Draw] = {
    "opening": lambda text: card.opening(replace(wish_of(text), is_reviewed=True), ENGLISH),
    "progress": lambda text: card.progress(job_of(text, State.QUEUED), ENGLISH, NOON),
    "declined": lambda text: card.progress(declined(text), ENGLISH, NOON),
    "result": lambda text: card.result(job_of(text), ENGLISH, ()),
    "kept": lambda text: card.kept([job_of(text)], ENGLISH),
    "price question": lambda text: question(pending(text), 1, ENGLISH),
    "builder": lambda text: builder(board(text), ENGLISH),
    "list": lambda text: listing.page_view(page(text), ENGLISH, owner_id=7, shelf=Shelf.ALL),
    "details": lambda text: listing.details_view(
        Details(job_of(text), []), ENGLISH, with_buttons=True
    ),
    "delete question": lambda text: listing.question_view(job_of(text), ENGLISH),
    "review": lambda text: moderators_card.to_be_reviewed(job_of(text, State.IN_REVIEW), ENGLISH),
    "reviewed": lambda text: moderators_card.reviewed(declined(text), ENGLISH),
    "report": lambda text: moderators_card.reported(report(text), ENGLISH),
    "pause": lambda text: decline_line(ENGLISH, Paused(text, everywhere=False)),
    "refused words": lambda text: decline_line(ENGLISH, WordsRefused((text, text))),
    "style": lambda text: style_outcome(ENGLISH, StyleOutcome.SAVED, text),
    "unknown style": lambda text: unknown_style(ENGLISH, UnknownStyle(text, (text,))),
    "style list": lambda text: style_list(ENGLISH, own_styles(text)),
    "listed words": lambda text: words_moderation.entries_line([text, text]) or "",
    "words not taken": lambda text: "\n".join(
        words_moderation.untaken_lines(ENGLISH, Listing((), (text,), (text,), 1))
    ),
    "words found": lambda text: words_moderation.match_lines(ENGLISH, [Match(text, text)]),
}


def texts_of(drawn: ui.LayoutView | str) -> Iterator[str]:
    if isinstance(drawn, str):
        yield drawn
        return
    for item in drawn.walk_children():
        if isinstance(item, ui.TextDisplay):
            yield item.content


@pytest.mark.parametrize("kind", DRAWN)
@settings(max_examples=60)
@given(written=HOSTILE)
def test_no_card_and_no_answer_lets_what_people_wrote_come_alive(kind: str, written: str) -> None:
    draw = DRAWN[kind]
    has_words = bool(excerpt(written, 90)) and is_name(written) == is_name("harmless")
    ours = "\n".join(texts_of(draw("harmless" if has_words else "\u200b")))
    drawn = "\n".join(texts_of(draw(written)))
    if has_words:
        assert len(LIVE.findall(drawn)) <= len(LIVE.findall(ours)), drawn
    assert drawn.count("\n") <= ours.count("\n"), drawn
    assert not hidden_in(drawn)


def test_the_alt_text_of_a_video_hides_nothing() -> None:
    view = card.result(job_of("a \u202ekite\u200b"), ENGLISH, ())
    assert isinstance(view, discord.ui.LayoutView)
