"""Every card in every state and language, as its readers see it.

What is drawn is compared with `snapshots/<language>/<card>.txt`. After a wanted change, write them
anew with `REWRITE_SNAPSHOTS=1`, and read the difference.
"""

import gc
import os
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from bot.languages.language import Language
from cogs.kling.message_menu import WHICH
from tests.catalogues import said_by_the_code
from tests.ui.gallery import CARDS, FORMS, LANGUAGES

SNAPSHOTS: Final = Path(__file__).parent / "snapshots"
REWRITES: Final = bool(os.environ.get("REWRITE_SNAPSHOTS"))

MOST_COMPONENTS: Final = 40
MOST_CHARACTERS: Final = 4_000
LONGEST_LABEL: Final = 80
LONGEST_CUSTOM_ID: Final = 100
LONGEST_DESCRIPTION: Final = 1_024
LONGEST_PLACEHOLDER: Final = 150
MOST_OPTIONS: Final = 25
LONGEST_OPTION: Final = 100
MOST_INPUTS: Final = 5
LONGEST_TITLE: Final = 45
SECONDARY: Final = 2
A_NO: Final = (
    "kling:keep",
    "kling:forget:",
    "kling:unsure:list",
    "kling:board:keep:",
    "kling:key:keep",
)
"""The custom_ids of the answers that change nothing."""
CONTAINER, TEXT, BUTTON, SELECT, INPUT, GALLERY, LABEL = 17, 10, 2, 3, 4, 12, 18
THUMBNAIL, SEPARATOR = 11, 14
ROLES, CHANNELS = 6, 8

in_every_language = pytest.mark.parametrize("code", LANGUAGES.codes)


def payload_of(name: str, language: Language) -> list[dict[str, Any]]:
    """What is sent to Discord."""
    if name in CARDS:
        return CARDS[name](language).to_components()
    return list(FORMS[name](language).to_dict()["components"])


def parts(payload: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in payload:
        yield part
        yield from parts(part.get("components", []))
        yield from parts([part[inner] for inner in ("accessory", "component") if inner in part])


def drawn(name: str, language: Language) -> str:
    """The card in words, line by line."""
    lines = [line for part in parts(payload_of(name, language)) for line in lines_of(part)]
    if name in FORMS:
        lines.insert(0, f"window {FORMS[name](language).title}")
    return "\n".join(lines) + "\n"


def lines_of(part: dict[str, Any]) -> list[str]:
    said: dict[int, list[str]] = {
        CONTAINER: [f"colour {part.get('accent_color') or 0:06x}"],
        TEXT: [part.get("content", "")],
        BUTTON: [f"{pressed(part)} {part.get('url') or part.get('custom_id')}"],
        SELECT: [f"choose {part.get('placeholder') or ''}".rstrip(), *map(option, options(part))],
        ROLES: [f"choose roles{picked(part)}"],
        CHANNELS: [f"choose channels{picked(part)}"],
        INPUT: [f"write {part.get('value') or ''}".rstrip()],
        SEPARATOR: ["————"],
        GALLERY: [f"{one['media']['url']}: {one['description']}" for one in part.get("items", [])],
        THUMBNAIL: [f"{part.get('media', {}).get('url')}: {part.get('description')} (small)"],
        LABEL: [f"{part.get('label')}: {part.get('description') or ''}".rstrip()],
    }
    return said.get(part["type"], [])


def picked(part: dict[str, Any]) -> str:
    return "".join(f" {one['id']}" for one in part.get("default_values", []))


def pressed(button: dict[str, Any]) -> str:
    return f"( {button['label']} )" if button.get("disabled") else f"[ {button.get('label')} ]"


def options(part: dict[str, Any]) -> list[dict[str, Any]]:
    return list(part.get("options", []))


def option(one: dict[str, Any]) -> str:
    return f"  {'*' if one.get('default') else '-'} {one['label']}"


def test_there_is_a_snapshot_of_every_card_and_of_nothing_else() -> None:
    wanted = {f"{code}/{name}.txt" for code in LANGUAGES.codes for name in [*CARDS, *FORMS]}
    kept = {str(path.relative_to(SNAPSHOTS)) for path in SNAPSHOTS.rglob("*.txt")}
    assert REWRITES or kept == wanted


@in_every_language
@pytest.mark.parametrize("name", [*CARDS, *FORMS])
def test_a_card_reads_as_it_did(name: str, code: str) -> None:
    snapshot = SNAPSHOTS / code / f"{name}.txt"
    now = drawn(name, LANGUAGES.of(code))
    if REWRITES:
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        snapshot.write_text(now, encoding="utf-8")
    assert now == snapshot.read_text(encoding="utf-8")


@in_every_language
@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_to_the_limits_of_discord(name: str, code: str) -> None:
    seen = list(parts(payload_of(name, LANGUAGES.of(code))))
    assert 0 < len(seen) <= MOST_COMPONENTS
    assert sum(len(part["content"]) for part in seen if part["type"] == TEXT) <= MOST_CHARACTERS
    custom_ids = [part["custom_id"] for part in seen if "custom_id" in part]
    assert len(set(custom_ids)) == len(custom_ids)
    for part in seen:
        controls_keep_to_the_limits(part)
        assert part["type"] != BUTTON or 1 <= len(part["label"]) <= LONGEST_LABEL
        for item in part.get("items", []):
            assert len(item["description"]) <= LONGEST_DESCRIPTION


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_gone_when_it_is_sent_and_waits_for_no_collector(name: str) -> None:
    gc.disable()
    try:
        sent = CARDS[name](LANGUAGES.of("en"))
        gone = weakref.ref(sent)
        del sent
        assert gone() is None
    finally:
        gc.enable()


@in_every_language
@pytest.mark.parametrize("name", FORMS)
def test_a_window_keeps_to_the_limits_of_discord(name: str, code: str) -> None:
    form = FORMS[name](LANGUAGES.of(code))
    assert 1 <= len(form.title) <= LONGEST_TITLE
    labels = payload_of(name, LANGUAGES.of(code))
    assert 1 <= len(labels) <= MOST_INPUTS
    for label in labels:
        assert 1 <= len(label["label"]) <= LONGEST_TITLE
        assert len(label.get("description") or "") <= LONGEST_OPTION
        controls_keep_to_the_limits(label["component"])


def controls_keep_to_the_limits(part: dict[str, Any]) -> None:
    assert len(part.get("custom_id", "")) <= LONGEST_CUSTOM_ID
    if part["type"] == SELECT:
        assert len(part.get("placeholder") or "") <= LONGEST_PLACEHOLDER
        assert 1 <= len(options(part)) <= MOST_OPTIONS
        assert all(1 <= len(one["label"]) <= LONGEST_OPTION for one in options(part))


@pytest.mark.parametrize("name", [*CARDS, *FORMS])
def test_it_is_the_same_card_in_every_language_and_says_it_otherwise(name: str) -> None:
    def bones(language: Language) -> list[tuple[int, str | None]]:
        payload = parts(payload_of(name, language))
        named = name in CARDS  # a window's inputs may be named by chance
        return [
            (part["type"], (part.get("custom_id") or part.get("url")) if named else None)
            for part in payload
        ]

    drawings = {code: bones(LANGUAGES.of(code)) for code in LANGUAGES.codes}
    assert all(drawing == drawings["en"] for drawing in drawings.values())
    texts = [drawn(name, LANGUAGES.of(code)) for code in LANGUAGES.codes]
    assert len(set(texts)) == len(texts)


def is_question(line: str) -> bool:
    return line.endswith("?") and not line.startswith("> ")


@pytest.mark.parametrize("name", CARDS)
def test_every_question_can_be_answered_with_a_no(name: str) -> None:
    seen = list(parts(payload_of(name, LANGUAGES.of("en"))))
    said = "\n".join(part["content"] for part in seen if part["type"] == TEXT)
    if any(is_question(line) for line in said.splitlines()):
        noes = [part for part in seen if part.get("custom_id", "").startswith(A_NO)]
        assert [part["style"] for part in noes] == [SECONDARY]


def test_every_question_that_the_code_asks_is_on_one_of_these_cards() -> None:
    said = "\n".join(drawn(name, LANGUAGES.of("en")) for name in CARDS)
    ids = [message.id for message in said_by_the_code()]
    asked = {one if isinstance(one, str) else one[-1] for one in ids if one} - {WHICH}
    patterns = [
        re.sub(r"\\{\w+\\}", ".*", re.escape(one)) for one in sorted(asked) if one.endswith("?")
    ]
    assert len(patterns) >= 6
    assert [one for one in patterns if re.search(one, said) is None] == []
