"""What SimCord's page lacks and the playground adds: places, languages, menus, the guide's list."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.languages.language import load_languages
from bot.playground.runcomfy_scripts import WORDS
from cogs.kling.message_menu import MENU_NAME
from tests.playground.scene import Scene, opened_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with opened_scene(tmp_path) as opened:
        await opened.stage.say_hello()
        await opened.preview.refresh()
        await opened.browser.read()
        yield opened


async def look(scene: Scene, name: str) -> dict[str, Any]:
    """Choose in *Viewing as*, and read what is there."""
    viewers: dict[str, str] = {each["name"]: each["id"] for each in scene.browser.state["viewers"]}
    receipt = await scene.browser.act("viewer", viewer_id=viewers[name])
    assert receipt["settlement"] == "settled"
    await scene.browser.read()
    return scene.browser.state["channel"]


async def ask(scene: Scene, line: str) -> str:
    """Send a command, and read the newest message."""
    assert (await scene.browser.say(line))["settlement"] == "settled"
    await scene.browser.read()
    return scene.browser.newest


@pytest.mark.parametrize(
    ("way", "channel"),
    [
        ("→ #showcase", "showcase"),
        ("→ forum: kites at night", "kites at night"),
        ("→ direct message", None),
    ],
)
async def test_a_video_is_asked_for_in_another_place(
    scene: Scene, way: str, channel: str | None
) -> None:
    assert (await look(scene, way))["name"] == channel
    assert way not in [each["name"] for each in scene.browser.state["viewers"]]
    card = await ask(scene, "/kling a long queue")
    assert "> a long queue" in card

    assert (await look(scene, "→ #videos"))["name"] == "videos"
    assert "> a long queue" not in scene.browser.all_messages
    assert "> a slow one" in await ask(scene, "/kling a slow one")


async def test_each_person_has_direct_messages_of_their_own(scene: Scene) -> None:
    await look(scene, "→ direct message")
    await ask(scene, "/kling a long queue")
    await scene.browser.say("hello")

    await look(scene, "stranger")
    assert scene.browser.state["channel"]["recipient"]["name"] == "Kling"
    assert scene.browser.state["messages"] == {}

    await look(scene, "you")
    assert "> a long queue" in scene.browser.all_messages
    assert "hello" in scene.browser.all_messages


@pytest.mark.parametrize("way", ["→ #videos", "→ #nowhere"])
async def test_a_way_that_is_none_leads_nowhere(scene: Scene, way: str) -> None:
    receipt = await scene.browser.act("viewer", viewer_id=way)
    await scene.browser.read()

    assert receipt["rejected"]
    assert scene.browser.state["channel"]["name"] == "videos"


async def test_a_person_reads_the_bot_and_the_times_in_their_own_language(scene: Scene) -> None:
    italian = load_languages().of("it")
    await look(scene, "italiano")
    assert scene.browser.state["profile"]["locale"] == "it"
    helped = await ask(scene, "/kling-help")
    assert italian.say("Use this") in helped

    await look(scene, "you")
    assert scene.browser.state["profile"]["locale"] == "en-US"


async def test_a_reply_that_names_the_menus_entry_chooses_it_on_that_message(
    scene: Scene,
) -> None:
    message = await scene.stage.stranger.send(scene.stage.channel, "a fox in the snow")
    await scene.preview.refresh()
    await scene.browser.read()

    entry = MENU_NAME.lower()
    receipt = await scene.browser.act("send_message", content=entry, reply_to_id=str(message.id))
    await scene.browser.read()

    assert receipt["settlement"] == "settled"
    assert "a fox in the snow" in json.dumps(scene.browser.state["modal"])
    assert entry not in scene.browser.all_messages


async def test_any_other_reply_is_a_message_and_so_is_the_entry_alone(scene: Scene) -> None:
    target = scene.browser.state["timeline"][0]
    await scene.browser.act("send_message", content="what a kite", reply_to_id=target)
    await scene.browser.read()
    assert "what a kite" in scene.browser.newest

    assert (await scene.browser.say(MENU_NAME))["settlement"] == "settled"
    await scene.browser.read()
    assert MENU_NAME in scene.browser.newest
    assert scene.browser.state["modal"] is None


async def test_a_reply_to_a_message_that_is_gone_is_refused(scene: Scene) -> None:
    message = await scene.stage.stranger.send(scene.stage.channel, "a fox in the snow")
    await scene.preview.refresh()
    await scene.browser.read()
    await scene.stage.stranger.delete(message)

    receipt = await scene.browser.act(
        "send_message", content=MENU_NAME, reply_to_id=str(message.id)
    )

    assert receipt["rejected"]


async def test_the_guides_list_unfolds_and_folds(scene: Scene) -> None:
    meaning, _ = WORDS["stubborn"]
    seen = [meaning in scene.browser.newest]
    for _ in range(2):
        assert (await scene.browser.press())["settlement"] == "settled"
        await scene.browser.read()
        seen.append(meaning in scene.browser.newest)

    assert seen == [False, True, False]
