"""What people wrote is shown as nothing but text, on every card and in every answer."""

import json
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

from bot.domain.actor import Actor
from bot.domain.generation.request import GenerationRequest, Shot
from bot.domain.generation.storyboard import Draft, Storyboard
from bot.domain.generation.styles import ServerStyle, Style, UnknownStyle
from bot.domain.job import Job, State
from bot.domain.moderation.listed_words import Match
from bot.domain.moderation.word_rules import Listing
from bot.domain.money.keys import ServerKey
from bot.domain.money.policy import Paused, WordsRefused
from bot.domain.money.price import Prices
from bot.domain.outcomes import FailureReason
from bot.domain.servers import AuditEntry, ServerSettings
from bot.features.admission import Order
from bot.features.library.library import Details, Filter, LibraryPage
from bot.features.operations import ServerLine
from bot.features.reports import Report
from bot.features.spending import NOTHING_SPENT
from bot.features.styles import StyleOutcome
from bot.features.waiting_orders import WaitingOrder
from bot.languages.language import load_languages
from bot.ui import card, moderators_card
from bot.ui.key_news import broke_news
from bot.ui.parts import whole
from bot.ui.plain_text import as_text, excerpt
from bot.ui.words.declines import decline_line
from bot.ui.words.personal import unknown_style
from cogs.generations.details import details_view, question_view
from cogs.generations.list import page_view
from cogs.kling.price_question import question
from cogs.kling_admin import audit as words_audit
from cogs.kling_admin import texts as words_admin
from cogs.kling_admin import words as words_moderation
from cogs.kling_admin.panel import Panel, There, panel
from cogs.kling_admin.styles import style_list, style_outcome
from cogs.kling_operator.overview import paused_line, server_line, server_name
from cogs.storyboard.card import builder
from tests.domain.samples import NOON, a_job, texts
from tests.meta.sources import ROOT

ENGLISH = load_languages().of("en")
LIVE = re.compile(r'(?<!\\)(?:\\\\)*([*_~|`<>\[\]@#/+]|[.:](?=[^\s…”*),:"]))')
"""A mark of markdown, a mention or an address that no backslash takes the life of."""
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
"""What Discord shows without its backslash."""
ADDRESS = re.compile(r"\w+://|\w\.\w|discord\.gg|mailto:", re.IGNORECASE)

FRAGMENTS = st.sampled_from(
    [
        "<@1>", "<@&1>", "<#1>", "@everyone", "<t:1:R>", "</kling:1>", "<:kite:1>", "**", "__",
        "~~", "||", "`", "```", "# ", "-# ", "> ", ">>> ", "- ", "* ", "+ ", "1. ", "12) ",
        "[a](https://evil.example)", "](", "\\", "\\\\", "\n", "\r\n", "\u2028", "\t", "\u202e",
        "\u2066", "\u200b", "\u200f", "\u2800", "\u3164", "\ufeff", "\x00", "\x1b[31m", "{", "{0}",
        "{reason}", "%s", "https://evil.example", "http://x", "discord.gg/abc", "www.evil.example",
        "steam://run", "mailto:a@b.example", "@here", "100. ", "1000) ", "[l](https://e.example)",
        "://", ".", ":", "/", "-", "\U000e0041", "\u00ad",
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
    assert not re.match(r"(?:#{1,3} |-# |> |>>> |[-*+] |\d+[.)] )", shown)
    assert not ADDRESS.search(shown)


@given(HOSTILE, st.integers(1, 80))
def test_its_reader_sees_every_character_that_was_written(written: str, shown_chars: int) -> None:
    assert ESCAPED.sub(r"\1", as_text(written, shown_chars)) == excerpt(written, shown_chars)


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
        ("[a](https://evil.example)", r"\[a\](https\:\/\/evil\.example)"),
        ("join discord.gg/abc now.", r"join discord\.gg\/abc now."),
        ("write to a@b.example: please", r"write to a\@b\.example: please"),
        ("it is 3.5 m high (nearly), isn't it?", r"it is 3\.5 m high (nearly), isn't it?"),
        ("half \ud83d", "half"),
        ("100. a list", r"100\. a list"),
        ("1000) a list", r"1000\) a list"),
        (r"\*not bold*", r"\\\*not bold\*"),
        ("- a list", r"\- a list"),
        ("+ a list", r"\+ a list"),
        ("1. a list", r"1\. a list"),
        ("10) a list", r"10\) a list"),
        ("> a quote", r"\> a quote"),
        ("-# small", r"\-\# small"),
        ("a - b # c > d 1. e", r"a - b \# c \> d 1. e"),
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


def wish_of(text: str) -> Order:
    return Order(
        job_id="0a", interaction_id=1, asker=Actor(user_id=7), request=asking(text), private=False,
        estimate_microusd=1, locale="en", asked_at=NOON,
    )  # fmt: skip


def pending(text: str) -> WaitingOrder:
    return WaitingOrder(
        interaction_id=1, requester_id=7, request=asking(text), private=False, asked_at=NOON
    )


def board(text: str) -> Draft:
    request = asking(text)
    made = Storyboard(prompt=request.prompt, shots=request.shots, selected=0)
    return Draft(id="1a", owner_id=7, board=made, touched_at=NOON)


def page(text: str) -> LibraryPage:
    return LibraryPage(jobs=[job_of(text), declined(text)], newer=None, older=None)


def report(text: str) -> Report:
    return Report(job=job_of(text), by_user_id=9, because=text, at=NOON)


def own_styles(text: str) -> list[ServerStyle]:
    name = text[:32] if is_name(text) else "-"
    return [ServerStyle(style=Style(name=name, prompt=text[:90].strip() or "-"), version=1)]


DRAWN: dict[str, Draw] = {
    "opening": lambda text: card.opening(replace(wish_of(text), is_reviewed=True), ENGLISH),
    "progress": lambda text: card.progress(job_of(text, State.QUEUED), ENGLISH, NOON),
    "declined": lambda text: card.progress(declined(text), ENGLISH, NOON),
    "result": lambda text: card.result(job_of(text), ENGLISH, whole(job_of(text), ())),
    "kept": lambda text: card.kept([job_of(text)], ENGLISH),
    "price question": lambda text: question(pending(text), 1, ENGLISH),
    "builder": lambda text: builder(board(text), ENGLISH, Prices(), offered=()),
    "list": lambda text: page_view(page(text), ENGLISH, owner_id=7, which=Filter.ALL),
    "details": lambda text: details_view(Details(job_of(text), []), ENGLISH, with_buttons=True),
    "delete question": lambda text: question_view(job_of(text), ENGLISH),
    "review": lambda text: moderators_card.to_be_reviewed(
        job_of(text, State.IN_REVIEW), ENGLISH, ()
    ),
    "reviewed": lambda text: moderators_card.reviewed(declined(text), ENGLISH, ()),
    "report": lambda text: moderators_card.reported(report(text), ENGLISH, ()),
    "pause": lambda text: decline_line(ENGLISH, Paused(text, everywhere=False)),
    "refused words": lambda text: decline_line(ENGLISH, WordsRefused((text, text))),
    "style": lambda text: style_outcome(ENGLISH, StyleOutcome.SAVED, text),
    "unknown style": lambda text: unknown_style(ENGLISH, UnknownStyle(text, (text,))),
    "style list": lambda text: style_list(ENGLISH, own_styles(text)),
    "listed words": lambda text: words_moderation.entries_line([text, text]) or "",
    "words not taken": lambda text: "\n".join(
        words_moderation.untaken_lines(ENGLISH, Listing((), (text,), (text,), 1))
    ),
    "key news": lambda text: broke_news(ENGLISH, A_KEY, text),
    "server line": lambda text: server_line(ENGLISH, A_LINE, text),
    "server name": lambda text: server_name(ENGLISH, 5, text),
    "operator's pause": lambda text: paused_line(ENGLISH, text),
    "typed amount": words_admin.quoted,
    "panel": lambda text: panel(
        Panel(settings=ServerSettings(paused_because=text[:200]), there=There(guild_id=5)), ENGLISH
    ),
    "trail of a pause": lambda text: trail_of("paused_because", text),
    "trail of words": lambda text: trail_of("words", [text]),
    "trail of a style": lambda text: trail_of("style_added", text),
    "trail of something newer": lambda text: trail_of(text, text),
    "words found": lambda text: words_moderation.match_lines(ENGLISH, [Match(text, text)]),
}


A_KEY = ServerKey(id=1, guild_id=5, tail="77aa", set_by=7, set_at=NOON)
A_LINE = ServerLine(
    guild_id=5, under_way=0, waiting=0, by_operator=NOTHING_SPENT, by_itself=NOTHING_SPENT,
    has_key=False, is_blocked=False, is_paused=False,
)  # fmt: skip


def trail_of(what: str, value: object) -> str:
    entry = AuditEntry(
        guild_id=5, at=NOON, by_user_id=7, what=what, before="", after=json.dumps(value)
    )
    return words_audit.trail(ENGLISH, [entry], guild_id=5)


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
    job = job_of("a \u202ekite\u200b")
    view = card.result(job, ENGLISH, whole(job, ()))
    assert isinstance(view, discord.ui.LayoutView)


def test_there_is_no_other_way_to_show_what_people_wrote() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "escape_markdown" not in source, path
        assert "escape_mentions" not in source, path
