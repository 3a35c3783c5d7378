"""The builder shows a draft truthfully, within Discord's limits, in every state."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from discord import ui

from bot.domain.generation.models import PRO, qualities
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import (
    PROMPT_MAX_CHARS,
    SHOT_PROMPT_MAX_CHARS,
    SHOTS_MAX,
    Aspect,
    Shot,
)
from bot.domain.generation.storyboard import Draft, Storyboard, retold
from bot.domain.money.price import Prices
from bot.languages.language import Language, load_languages
from cogs.storyboard import modals as builder_forms
from cogs.storyboard.card import builder
from tests.domain.samples import NOON

LANGUAGES = load_languages()
ENGLISH = LANGUAGES.of("en")
TEXT, BUTTON, SELECT, THUMBNAIL = 10, 2, 3, 11
KITE = Picture(
    digest="0f" * 32,
    media_type="image/png",
    width_px=480,
    height_px=320,
    link="https://cdn.discordapp.com/ephemeral-attachments/1/2/kite.png",
)

in_every_language = pytest.mark.parametrize("code", LANGUAGES.codes)
with_every_number_of_shots = pytest.mark.parametrize("shots", range(SHOTS_MAX + 1))


def parts(payload: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in payload:
        yield part
        yield from parts(part.get("components", []))
        yield from parts([part["accessory"]] if "accessory" in part else [])


def drawn(
    draft: Draft, language: Language = ENGLISH, *, offered: Sequence[str] = tuple(qualities())
) -> list[dict[str, Any]]:
    return list(parts(builder(draft, language, Prices(), offered=offered).to_components()))


def text_of(draft: Draft, language: Language = ENGLISH) -> str:
    return "\n".join(part["content"] for part in drawn(draft, language) if part["type"] == TEXT)


def a_draft(board: Storyboard) -> Draft:
    return Draft(id="0a1b2c", owner_id=77, board=board, touched_at=NOON)


def the_longest(shots: int) -> Storyboard:
    """As long as it may be, of characters that are all escaped."""
    worst = Shot(prompt="*" * SHOT_PROMPT_MAX_CHARS, duration_s=15)
    board = Storyboard(
        prompt="*" * PROMPT_MAX_CHARS,
        shots=(worst,) * shots,
        selected=shots - 1 if shots else None,
        private=True,
    )
    return retold(board, "\n".join(f"99s: {number}" for number in range(200)))


@in_every_language
@with_every_number_of_shots
def test_the_card_keeps_to_discords_limits(code: str, shots: int) -> None:
    language = LANGUAGES.of(code)
    longest = the_longest(shots)
    pictured = longest.model_copy(update={"start_frame": KITE})
    for board in (Storyboard(shots=longest.shots), longest, pictured):
        found = drawn(a_draft(board), language)
        assert len(found) <= 40
        assert sum(len(part["content"]) for part in found if part["type"] == TEXT) <= 4_000
        assert all(1 <= len(part["label"]) <= 80 for part in found if part["type"] == BUTTON)
        assert all(len(part["custom_id"]) <= 100 for part in found if "custom_id" in part)
        ids = [part["custom_id"] for part in found if "custom_id" in part]
        assert len(ids) == len(set(ids))
        for select in (part for part in found if part["type"] == SELECT):
            assert len(select.get("placeholder") or "") <= 150
            assert 1 <= len(select["options"]) <= 25
            assert all(1 <= len(option["label"]) <= 100 for option in select["options"])
            assert sum(bool(option.get("default")) for option in select["options"]) <= 1


@in_every_language
@with_every_number_of_shots
def test_the_modals_keep_to_discords_limits(code: str, shots: int) -> None:
    language, draft = LANGUAGES.of(code), a_draft(the_longest(shots))
    without_text = a_draft(draft.board.model_copy(update={"unread_text": None}))
    modals = [builder_forms.add_form(draft, language), builder_forms.prompt_form(draft, language)]
    modals += [builder_forms.edit_form(draft, index, language) for index in range(shots)]
    modals += [builder_forms.text_form(each, language) for each in (draft, without_text)]
    for modal in modals:
        keeps_to_the_limits(modal)


def keeps_to_the_limits(modal: ui.Modal) -> None:
    payload = modal.to_dict()
    assert 1 <= len(payload["title"]) <= 45
    assert len(payload["custom_id"]) <= 100
    assert 1 <= len(payload["components"]) <= 5
    for label in payload["components"]:
        assert 1 <= len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        control = label["component"]
        assert len(control.get("options", [])) <= 25
        assert len(control.get("value") or "") <= control.get("max_length", 0)
        assert control.get("max_length", 1) <= 4_000


@with_every_number_of_shots
def test_generate_is_enabled_exactly_when_it_can_be_generated(shots: int) -> None:
    some = tuple(Shot(prompt=f"shot {number}", duration_s=3) for number in range(shots))
    for prompt in ("", "kite"):
        board = Storyboard(prompt=prompt, shots=some, selected=0 if some else None)
        (generate,) = [p for p in drawn(a_draft(board)) if p.get("label") == "Generate"]
        is_enabled = not generate.get("disabled", False)
        assert is_enabled == (bool(prompt) and shots >= 2)
        assert ("Still to do" in text_of(a_draft(board))) == bool(board.wants)


def test_what_people_type_is_shown_as_text_and_nothing_else() -> None:
    shot = Shot(prompt="**<@1>** `x` \u202eevil", duration_s=3)
    said = text_of(a_draft(Storyboard(prompt="# <@&2>", shots=(shot,), selected=0)))
    assert r"\<\@1\>" in said
    assert "<@" not in said
    assert "\u202e" not in said
    assert "\n# " not in said


def test_the_chosen_aspect_and_shot_are_chosen_in_their_selects() -> None:
    some = tuple(Shot(prompt=f"shot {number}", duration_s=3) for number in (1, 2))
    board = Storyboard(shots=some, selected=1, aspect=Aspect.SQUARE)
    selects = [part for part in drawn(a_draft(board)) if part["type"] == SELECT]
    chosen = [o["label"] for s in selects for o in s["options"] if o.get("default")]
    assert chosen == ["2 · 3 s · shot 2", "1:1 (square)", "Pro (1080p)"]


@pytest.mark.parametrize("link", [KITE.link, None])
def test_with_a_picture_the_shape_is_no_question(link: str | None) -> None:
    picture = KITE.model_copy(update={"link": link})
    pictured = a_draft(Storyboard(start_frame=picture, spoiler=True))
    shown = [(p["media"]["url"], p["spoiler"]) for p in drawn(pictured) if p["type"] == THUMBNAIL]
    assert shown == ([(link, True)] if link else [])
    assert "from a picture · Pro (1080p)" in text_of(pictured)
    labels = {part.get("label") for part in drawn(pictured)}
    assert "Remove the picture" in labels
    selects = [part["custom_id"] for part in drawn(pictured) if part["type"] == SELECT]
    assert selects == ["kling:board-choice:quality:0a1b2c"]


def test_each_quality_says_what_this_storyboard_costs_in_it() -> None:
    some = tuple(Shot(prompt=f"shot {number}", duration_s=5) for number in (1, 2))
    *_, quality = (p for p in drawn(a_draft(Storyboard(shots=some))) if p["type"] == SELECT)
    assert {one["label"]: one["description"] for one in quality["options"]} == {
        "Standard (720p)": "about $1.26",
        "Pro (1080p)": "about $1.68",
        "4K": "about $4.20",
    }
    *_, quality = (p for p in drawn(a_draft(Storyboard())) if p["type"] == SELECT)
    assert not any("description" in one for one in quality["options"])


def test_a_quality_is_asked_about_where_there_is_a_choice() -> None:
    def selects(*offered: str) -> list[dict[str, Any]]:
        board = drawn(a_draft(Storyboard(quality=PRO)), offered=offered)
        return [part for part in board if part["type"] == SELECT]

    assert len(selects(PRO)) == 1
    # The only one that is offered is another: it can be chosen, and is not chosen by itself.
    _, quality = selects("standard")
    assert [bool(one.get("default")) for one in quality["options"]] == [False]


def test_every_mistake_is_said_since_the_sixth_shot_is_the_last_of_them() -> None:
    said = text_of(a_draft(the_longest(1)))
    assert said.count("\nLine ") == SHOTS_MAX + 1
    assert "more line" not in said


def test_the_draft_says_when_it_is_thrown_away() -> None:
    tomorrow = int(NOON.timestamp()) + 86_400
    assert f"<t:{tomorrow}:R>" in text_of(a_draft(Storyboard()))
