"""Lists, details and windows keep to Discord's limits, whatever people have typed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.generation.request import PROMPT_MAX_CHARS, Aspect, GenerationRequest
from bot.domain.job import Job, State
from bot.domain.outcomes import Media, MediaKind
from bot.features.library.library import Details, Filter, LibraryPage, TimeIn
from bot.features.library.library_rows import Cursor, Way
from bot.languages.language import load_languages
from bot.ui.parts import whole
from bot.ui.routes import Action
from bot.ui.words import cards as words
from bot.ui.words import library as words_library
from cogs.generations.command import choice_label
from cogs.generations.details import (
    clock_time,
    cost_lines,
    details_view,
    question_view,
    resent_view,
)
from cogs.generations.list import PAGE, PAGE_JOBS, listed_line, page_id, page_of, page_view
from tests.domain.samples import LATER, NOON, a_job, texts
from tests.ui.test_card import a_file, all_parts, text_of

LANGUAGES = load_languages()
ENGLISH = LANGUAGES.of("en")
SNOWFLAKE = 2**63 - 1
"""The longest id that Discord may ever give."""

prompts = texts(min_size=1, max_size=PROMPT_MAX_CHARS).filter(lambda text: text.strip() != "")
worst = st.sampled_from(["*" * PROMPT_MAX_CHARS, "<_" * (PROMPT_MAX_CHARS // 2), "@" * 2_500])
codes = st.sampled_from(LANGUAGES.codes)


def a_listed_job(state: State = State.DELIVERED, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"id": "0123456789abcdef", **changes})


def within_limits(view: Any) -> None:  # noqa: ANN401 - views are generic
    parts = all_parts(view)
    assert 1 < len(parts) <= 40
    assert 0 < len(text_of(view)) <= 4_000
    for part in parts:
        assert len(part.get("label", "")) <= 80
        assert len(part.get("custom_id", "")) <= 100
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))


@given(code=codes, prompt=prompts | worst, state=st.sampled_from(State), deleted=st.booleans())
def test_a_full_page_keeps_to_the_limits(
    code: str,
    prompt: str,
    state: State,
    deleted: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    jobs = [
        a_listed_job(
            state,
            id=f"{number:016x}",
            request=GenerationRequest(prompt=prompt),
            deleted=deleted,
            cost_microusd=10**9,
        )
        for number in range(PAGE_JOBS)
    ]
    mark = Cursor(NOON + timedelta(days=365 * 60), "f" * 16)
    page = LibraryPage(jobs=jobs, newer=mark, older=mark)
    language = LANGUAGES.of(code)
    within_limits(page_view(page, language, owner_id=SNOWFLAKE, which=Filter.CANCELLED))


@given(code=codes, prompt=prompts | worst, unwanted=prompts | worst, state=st.sampled_from(State))
def test_details_keep_to_the_limits(code: str, prompt: str, unwanted: str, state: State) -> None:
    job = a_listed_job(
        state,
        request=GenerationRequest(
            prompt=prompt,
            negative_prompt=unwanted,
            duration_s=15,
            aspect=Aspect.PORTRAIT,
            guidance=0.123456789,
        ),
        request_id="`" * 3_000,
        cost_microusd=10**9,
        requester_id=SNOWFLAKE,
    )
    spent = [TimeIn(state, timedelta(days=3, seconds=1)) for state in State]
    language = LANGUAGES.of(code)
    within_limits(details_view(Details(job, spent), language, with_buttons=True))
    within_limits(question_view(job, language))


@given(
    owner_id=st.integers(0, SNOWFLAKE),
    which=st.sampled_from(Filter),
    way=st.sampled_from(Way),
    at=st.datetimes(timezones=st.just(NOON.tzinfo)).filter(lambda at: at.year > 1970),
)
def test_a_page_finds_itself_again_in_its_custom_id(
    owner_id: int,
    which: Filter,
    way: Way,
    at: Any,  # noqa: ANN401 - a datetime
) -> None:
    mark = Cursor(at, "0123456789abcdef")
    custom_id = page_id(owner_id, which, way, mark)
    assert len(custom_id) <= 100
    arguments = PAGE.match(custom_id)
    assert arguments is not None
    assert page_of(Action(arguments=arguments)) == (owner_id, which, way, mark)


@given(prompt=prompts | worst, code=codes, age=st.timedeltas(timedelta(), timedelta(days=4_000)))
def test_a_suggestion_fits_its_choice(prompt: str, code: str, age: timedelta) -> None:
    job = a_listed_job(request=GenerationRequest(prompt=prompt), created_at=LATER - age)
    label = choice_label(LANGUAGES.of(code), job, LATER)
    assert 3 < len(label) <= words_library.CHOICE_MAX_CHARS
    assert "\n" not in label


@pytest.mark.parametrize(
    ("place", "link"),
    [
        ({}, "1100000000000000003/1100000000000000001/1100000000000000002"),
        ({"guild_id": None}, "@me/1100000000000000001/1100000000000000002"),
        ({"ephemeral": True}, None),
        ({"message_id": 0}, None),
    ],
)
def test_a_link_leads_to_the_card_wherever_it_is(place: dict[str, Any], link: str | None) -> None:
    job = a_listed_job()
    job = job.model_copy(update={"place": job.place.model_copy(update=place)})
    found = words_library.jump_link(job)
    assert found == (None if link is None else f"https://discord.com/channels/{link}")
    assert words_library.jump_link(job.model_copy(update={"deleted": True})) is None


def test_a_private_video_is_listed_as_private_instead_of_by_a_link() -> None:
    job = a_listed_job(private=True)
    hidden = job.model_copy(update={"place": job.place.model_copy(update={"ephemeral": True})})
    line = listed_line(ENGLISH, hidden)
    assert line.endswith(" · private")
    assert "https://" not in line


@pytest.mark.parametrize("state", State)
def test_a_list_offers_what_can_be_done_in_that_state(state: State) -> None:
    page = LibraryPage(jobs=[a_listed_job(state)], newer=None, older=None)
    view = page_view(page, ENGLISH, owner_id=77, which=Filter.ALL)
    labels = [part["label"] for part in all_parts(view) if "label" in part]
    first = {
        State.ASKED: ["Cancel"],
        State.IN_REVIEW: ["Cancel"],
        State.WAITING: ["Cancel"],
        State.QUEUED: ["Cancel"],
        State.DELIVERED: ["Send it to me"],
    }
    assert labels == [*first.get(state, []), "Again · $0.84", "Details"]


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(milliseconds=400), "0 s"),
        (timedelta(seconds=59.4), "59 s"),
        (timedelta(minutes=2, seconds=3), "2 min 3 s"),
        (timedelta(hours=26, minutes=5), "26 h 5 min"),
    ],
)
def test_a_span_is_read_like_a_stop_watch(time: timedelta, said: str) -> None:
    assert clock_time(ENGLISH, time) == said


def test_a_price_is_said_where_it_says_something() -> None:
    billed = a_listed_job(State.FAILED, cost_microusd=420_000)
    assert cost_lines(ENGLISH, billed) == ["Estimated: $0.84", "Cost: $0.42"]
    unbilled = a_listed_job(State.CANCELLED)
    assert "nothing" in cost_lines(ENGLISH, unbilled)[1]
    assert "$" not in listed_line(ENGLISH, unbilled)
    assert "about $0.84" in listed_line(ENGLISH, a_listed_job(State.QUEUED))


def test_a_page_shows_where_each_job_stands_and_what_was_deleted() -> None:
    jobs = [a_listed_job(), a_listed_job(id="f" * 16, deleted=True)]
    page = LibraryPage(jobs=jobs, newer=None, older=None)
    text = text_of(page_view(page, ENGLISH, owner_id=1, which=Filter.READY))
    assert text.startswith("### Your videos: ready\n")
    assert words.HEADINGS[State.DELIVERED] in text
    assert "🗑️ Deleted" in text
    assert text.count("go to it") == 1


def test_what_is_sent_again_is_a_card_within_the_limits() -> None:
    media = tuple(Media(kind=MediaKind.VIDEO, url=f"https://files.example/{n}") for n in range(20))
    job = a_listed_job(media=media)
    files = [a_file(item, f"kling-{number}.mp4") for number, item in enumerate(media[:10])]
    for attached in (files, files[:1], ()):
        within_limits(resent_view(job, ENGLISH, whole(job, attached)))
