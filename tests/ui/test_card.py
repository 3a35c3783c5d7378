"""Cards say what the row says, within Discord's limits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import CANCELLABLE_STATES, Job, State
from bot.domain.outcomes import FailureReason, Media, MediaKind
from bot.domain.ports import LocalFile
from bot.features.admission import Order
from bot.languages.language import load_languages
from bot.ui import card
from bot.ui.parts import whole
from bot.ui.words import cards as words
from tests.domain.samples import A_VIDEO, AN_IMAGE, LATER, a_job, requests

ENGLISH = load_languages().of("en")
ROW, BUTTON, TEXT, SEPARATOR = 1, 2, 10, 14
GREY = 2


def a_shown_job(state: State, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"id": "0a1b2c", **changes})


def parts(payload: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in payload:
        yield part
        yield from parts(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


def all_parts(view: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - views are generic
    return list(parts(view.to_components()))


def text_of(view: Any) -> str:  # noqa: ANN401 - views are generic
    return "\n".join(part["content"] for part in all_parts(view) if part["type"] == TEXT)


def a_file(media: Media, name: str = "kling.mp4") -> LocalFile:
    return LocalFile(path=Path("unread"), name=name, size_bytes=1, media=media)


@pytest.mark.parametrize("state", State)
def test_the_heading_names_the_state_in_words(state: State) -> None:
    view = card.progress(a_shown_job(state), ENGLISH, LATER)
    assert text_of(view).startswith(f"### {words.HEADINGS[state]}\n")


@pytest.mark.parametrize("state", State)
def test_cancel_is_there_exactly_while_it_saves_the_money(state: State) -> None:
    buttons = [
        part
        for part in all_parts(card.progress(a_shown_job(state), ENGLISH, LATER))
        if part["type"] == BUTTON and part["custom_id"].startswith("kling:cancel")
    ]
    if state in CANCELLABLE_STATES:
        (cancel,) = buttons
        assert cancel["label"] == "Cancel"
        assert cancel["custom_id"] == "kling:cancel:0a1b2c"
    else:
        assert buttons == []


@pytest.mark.parametrize("reason", FailureReason)
def test_every_failure_is_told_in_words_with_what_to_do(reason: FailureReason) -> None:
    text = text_of(card.progress(a_shown_job(State.FAILED, failure=reason), ENGLISH, LATER))
    assert words.FAILURES[reason] in text
    assert "try again" in text.lower() or "please" in text.lower()
    assert reason.value not in text


def test_a_job_that_is_unsure_is_not_said_to_have_failed() -> None:
    unsent = text_of(card.progress(a_shown_job(State.UNSURE, sent_at=LATER), ENGLISH, LATER))
    assert "It may have been charged" in unsent
    assert "**not** send it again" in unsent
    unseen = text_of(card.progress(a_shown_job(State.UNSURE, request_id="r"), ENGLISH, LATER))
    assert "whole day" in unseen
    restored = text_of(card.progress(a_shown_job(State.UNSURE), ENGLISH, LATER))
    assert "restored from a backup" in restored
    assert "**not** send it again" in restored


def test_a_silent_service_and_a_long_wait_are_admitted() -> None:
    job = a_shown_job(State.RENDERING, sent_at=LATER - timedelta(minutes=8))
    assert words.TAKES_LONG in text_of(card.progress(job, ENGLISH, LATER))
    assert words.SERVICE_SILENT in text_of(card.progress(job, ENGLISH, LATER, service_silent=True))
    young = a_shown_job(State.RENDERING, sent_at=LATER - timedelta(minutes=7))
    assert words.TAKES_LONG not in text_of(card.progress(young, ENGLISH, LATER))


def test_the_price_stands_where_it_can_be_saved_is_in_doubt_or_came_otherwise() -> None:
    for state in (*CANCELLABLE_STATES, State.UNSURE):
        assert "about $0.84" in text_of(card.progress(a_shown_job(state), ENGLISH, LATER))
    for state in (State.RENDERING, State.RENDERED):
        assert "$" not in text_of(card.progress(a_shown_job(state), ENGLISH, LATER))
    as_said = a_shown_job(State.DELIVERED, cost_microusd=843_000)
    assert "$" not in text_of(card.result(as_said, ENGLISH, whole(as_said, [])))
    dearer = a_shown_job(State.DELIVERED, cost_microusd=900_000)
    assert "cost $0.90" in text_of(card.result(dearer, ENGLISH, whole(dearer, [])))


@pytest.mark.parametrize("state", State)
def test_a_server_that_hides_prices_shows_none_on_any_card(state: State) -> None:
    job = a_shown_job(
        state, cost_microusd=900_000, request_id="r", counted_microusd=900_000, media=(A_VIDEO,)
    )
    order = Order(
        job_id="0a1b2c", interaction_id=1, asker=Actor(user_id=2), request=job.request,
        private=False, estimate_microusd=840_000, locale="en", asked_at=LATER, prices_hidden=True,
    )  # fmt: skip
    for one in (job, job.model_copy(update={"cost_microusd": None})):
        views = [
            card.opening(order, ENGLISH),
            card.progress(one, ENGLISH, LATER, prices_hidden=True),
            card.result(one, ENGLISH, whole(one, []), prices_hidden=True),
            card.sent_directly(one, ENGLISH, prices_hidden=True),
        ]
        for view in views:
            assert "$" not in str(view.to_components())


@pytest.mark.parametrize("files", [(), (A_VIDEO,)])
def test_a_card_with_its_video_leads_with_the_prompt_and_the_author(files: list[Media]) -> None:
    job = a_shown_job(State.RENDERED, media=(A_VIDEO,))
    view = card.result(job, ENGLISH, whole(job, [a_file(one) for one in files]))
    first, second, *_ = text_of(view).splitlines()
    assert first == "> a red kite"
    assert second.startswith("-# <@77> · ")
    assert words.HEADINGS[State.DELIVERED] not in text_of(view)


def test_on_a_card_with_its_video_saving_comes_first_and_again_is_grey_with_its_price() -> None:
    job = a_shown_job(State.DELIVERED, media=(A_VIDEO,), continues="0f")
    shown = all_parts(card.result(job, ENGLISH, whole(job, [a_file(A_VIDEO)])))
    labels = [part["label"] for part in shown if part["type"] == BUTTON]
    assert labels == [
        *("Send it to me", "Again · $0.84", "Change…", "Continue…"),
        *("Join", "Details", "Delete"),
    ]
    (again,) = [part for part in shown if part.get("label", "").startswith("Again")]
    assert again["style"] == GREY


@pytest.mark.parametrize("state", State)
def test_one_line_is_between_what_is_read_and_the_buttons(state: State) -> None:
    job = a_shown_job(state, media=(A_VIDEO,))
    views = [card.progress(job, ENGLISH, LATER), card.result(job, ENGLISH, whole(job, []))]
    for view in views:
        kinds = [part["type"] for part in view.to_components()[0]["components"]]
        assert kinds.count(SEPARATOR) == (1 if ROW in kinds else 0)
        if ROW in kinds:
            assert set(kinds[kinds.index(SEPARATOR) + 1 :]) == {ROW}


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED])
def test_what_was_not_charged_shows_no_price(state: State) -> None:
    assert "$" not in text_of(card.progress(a_shown_job(state), ENGLISH, LATER))
    billed = a_shown_job(state, cost_microusd=420_000)
    assert "cost $0.42" in text_of(card.progress(billed, ENGLISH, LATER))


def test_files_play_inline_and_the_rest_are_links() -> None:
    other = Media(kind=MediaKind.VIDEO, url="https://files.example/other.mp4")
    job = a_shown_job(State.RENDERED, media=(A_VIDEO, other, AN_IMAGE))
    view = card.result(job, ENGLISH, whole(job, [a_file(A_VIDEO)]))
    (gallery,) = [part for part in all_parts(view) if part["type"] == 12]
    (shown,) = gallery["items"]
    assert shown["media"]["url"] == "attachment://kling.mp4"
    assert shown["description"] == "Video: a red kite"
    links = {part["url"]: part["label"] for part in all_parts(view) if "url" in part}
    assert links == {other.url: "Open video", AN_IMAGE.url: "Open image"}


@given(requests(), st.sampled_from(State), st.sampled_from(FailureReason), st.booleans())
def test_no_card_ever_breaks_a_limit_of_discord(
    request: GenerationRequest,
    state: State,
    failure: FailureReason,
    private: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    media = tuple(Media(kind=MediaKind.VIDEO, url=f"https://files.example/{n}") for n in range(20))
    job = a_shown_job(
        state, request=request, failure=failure, private=private, media=media,
        queue_position=10**6, sent_at=LATER - timedelta(days=1),
    )  # fmt: skip
    order = Order(
        job_id="0a1b2c", interaction_id=1, asker=Actor(user_id=2), request=request, private=private,
        estimate_microusd=10**9, locale="en", asked_at=LATER,
    )  # fmt: skip
    files = [a_file(item, f"{n}.mp4") for n, item in enumerate(media[:10])]
    views = [
        card.opening(order, ENGLISH),
        card.progress(job, ENGLISH, LATER, service_silent=True),
        card.result(job, ENGLISH, whole(job, files)),
        card.result(job, ENGLISH, whole(job, [])),
    ]
    for view in views:
        seen = all_parts(view)
        assert 3 < len(seen) <= 40
        assert len(text_of(view)) <= 4_000
        for part in seen:
            assert len(part.get("label", "")) <= 80
            assert len(part.get("custom_id", "")) <= 100
            for item in part.get("items", []):
                assert len(item["description"]) <= 1_024
