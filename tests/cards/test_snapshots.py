"""Every card in every state and language, as its readers see it.

What is drawn is compared with `snapshots/<language>/<card>.txt`. After a wanted change, write them
anew with `REWRITE_SNAPSHOTS=1`, and read the difference.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from discord import ui

from bot.cards import card
from bot.cards.language import Language, load_languages
from bot.generation.answers import Wish
from bot.generation.job import Job, State
from bot.generation.outcomes import FailureReason, Media, MediaKind
from bot.generation.ports import LocalFile
from bot.generation.request import Aspect, GenerationRequest
from tests.generation.samples import A_VIDEO, AN_IMAGE, LATER, a_job

SNAPSHOTS: Final = Path(__file__).parent / "snapshots"
REWRITES: Final = bool(os.environ.get("REWRITE_SNAPSHOTS"))
LANGUAGES: Final = load_languages()

MOST_COMPONENTS: Final = 40
MOST_CHARACTERS: Final = 4_000
LONGEST_LABEL: Final = 80
LONGEST_CUSTOM_ID: Final = 100
LONGEST_DESCRIPTION: Final = 1_024
CONTAINER, TEXT, BUTTON, GALLERY = 17, 10, 2, 12

Draw = Callable[[Language], ui.LayoutView]


def shown(state: State, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"id": "0a1b2c", **changes})


def progress(job: Job, *, service_silent: bool = False) -> Draw:
    return lambda language: card.progress(job, language, LATER, service_silent=service_silent)


def result(job: Job, *files: LocalFile) -> Draw:
    return lambda language: card.result(job, language, files)


def a_file(media: Media, *, is_copy: bool = False) -> LocalFile:
    path = Path("unread")
    return LocalFile(path=path, name="kling.mp4", size_bytes=1, media=media, is_copy=is_copy)


CHOSEN = GenerationRequest(
    prompt="Ein *roter* Drachen <@1>\nüber dem Meer",
    negative_prompt="rain",
    duration_s=15,
    aspect=Aspect.PORTRAIT,
    sound=False,
    guidance=0.75,
)
WISH = Wish(
    job_id="0a1b2c", interaction_id=1, requester_id=77, request=CHOSEN, private=True,
    locale="en", asked_at=LATER,
)  # fmt: skip
ANOTHER = Media(kind=MediaKind.VIDEO, url="https://files.example/other.mp4")
DONE = shown(State.DELIVERED, media=(A_VIDEO, ANOTHER, AN_IMAGE), cost_microusd=843_000)
LONG_AGO = LATER - timedelta(hours=1)

CARDS: Final[Mapping[str, Draw]] = {
    "opening": lambda language: card.opening(WISH, language),
    **{state.value: progress(shown(state)) for state in State},
    **{
        f"failed_{reason.value}": progress(shown(State.FAILED, failure=reason))
        for reason in FailureReason
    },
    "queued_with_position": progress(shown(State.QUEUED, queue_position=1_234)),
    "queued_service_silent": progress(shown(State.QUEUED), service_silent=True),
    "rendering_takes_long": progress(shown(State.RENDERING, sent_at=LONG_AGO)),
    "failed_and_charged": progress(shown(State.FAILED, cost_microusd=420_000)),
    "unsure_unseen": progress(shown(State.UNSURE, request_id="r")),
    "result": result(DONE, a_file(A_VIDEO)),
    "result_as_a_copy": result(DONE, a_file(A_VIDEO, is_copy=True)),
    "result_as_links": result(DONE),
    "kept": lambda language: card.kept([DONE, shown(State.RENDERED, id="3d4e5f")], language),
}


def parts(payload: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in payload:
        yield part
        yield from parts(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


def lines(payload: list[dict[str, Any]]) -> Iterator[str]:
    """The card in words, line by line."""
    for part in parts(payload):
        if part["type"] == CONTAINER:
            yield f"colour {part.get('accent_color') or 0:06x}"
        elif part["type"] == TEXT:
            yield part["content"]
        elif part["type"] == BUTTON:
            yield f"[ {part['label']} ] {part.get('url') or part['custom_id']}"
        elif part["type"] == GALLERY:
            yield from (f"{item['media']['url']}: {item['description']}" for item in part["items"])


def test_there_is_a_snapshot_of_every_card_and_of_nothing_else() -> None:
    wanted = {f"{code}/{name}.txt" for code in LANGUAGES.codes for name in CARDS}
    kept = {str(path.relative_to(SNAPSHOTS)) for path in SNAPSHOTS.rglob("*.txt")}
    assert kept == wanted


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_reads_as_it_did(name: str, code: str) -> None:
    drawn = "\n".join(lines(CARDS[name](LANGUAGES.of(code)).to_components())) + "\n"
    snapshot = SNAPSHOTS / code / f"{name}.txt"
    if REWRITES:
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        snapshot.write_text(drawn, encoding="utf-8")
    assert drawn == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_to_the_limits_of_discord(name: str, code: str) -> None:
    seen = list(parts(CARDS[name](LANGUAGES.of(code)).to_components()))
    assert 0 < len(seen) <= MOST_COMPONENTS
    assert sum(len(part["content"]) for part in seen if part["type"] == TEXT) <= MOST_CHARACTERS
    custom_ids = [part["custom_id"] for part in seen if "custom_id" in part]
    assert len(set(custom_ids)) == len(custom_ids)
    for part in seen:
        assert len(part.get("label", "")) <= LONGEST_LABEL
        assert len(part.get("custom_id", "")) <= LONGEST_CUSTOM_ID
        for item in part.get("items", []):
            assert len(item["description"]) <= LONGEST_DESCRIPTION


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_the_same_in_every_language_with_the_same_buttons(name: str) -> None:
    def bones(language: Language) -> list[tuple[int, str | None]]:
        payload = CARDS[name](language).to_components()
        return [(part["type"], part.get("custom_id") or part.get("url")) for part in parts(payload)]

    drawn = {code: bones(LANGUAGES.of(code)) for code in LANGUAGES.codes}
    assert all(bones == drawn["en"] for bones in drawn.values())
    words = {code: list(lines(CARDS[name](LANGUAGES.of(code)).to_components())) for code in drawn}
    assert words["it"] != words["en"]
