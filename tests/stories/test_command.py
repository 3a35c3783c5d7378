"""What `/kling` declares, refuses, and answers when something is wrong."""

import logging
import re
from typing import Any

import discord
import pytest

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.playground.runcomfy_scenario import Scenario
from bot.ui.words import cards as words
from bot.ui.words.declines import REASONS
from tests.stories.harness import Story, private_words


def declared(story: Story) -> dict[str, Any]:
    commands = story.env.backend.commands[None].values()
    return next(dict(command) for command in commands if command["name"] == "kling")


async def test_the_command_declares_its_options_with_the_limits_of_the_model(story: Story) -> None:
    command = declared(story)
    assert command["name"] == "kling"
    options: list[dict[str, Any]] = command["options"]
    by_name = {option["name"]: option for option in options}
    assert list(by_name) == [
        "prompt",
        "duration",
        "aspect",
        "quality",
        "image",
        "last_image",
        "sound",
        "style",
        "negative_prompt",
        "guidance",
        "cuts",
        "private",
        "spoiler",
    ]
    assert [option["name"] for option in options if option.get("required")] == ["prompt"]
    assert (by_name["prompt"]["min_length"], by_name["prompt"]["max_length"]) == (1, 2500)
    assert by_name["negative_prompt"]["max_length"] == 2500
    assert (by_name["duration"]["min_value"], by_name["duration"]["max_value"]) == (3, 15)
    assert (by_name["guidance"]["min_value"], by_name["guidance"]["max_value"]) == (0, 1)
    assert [choice["value"] for choice in by_name["aspect"]["choices"]] == ["16:9", "9:16", "1:1"]


async def test_the_command_works_in_servers_directly_and_for_users_who_installed_it(
    story: Story,
) -> None:
    command = declared(story)
    assert command["contexts"] == [0, 1, 2]
    assert command["integration_types"] == [0, 1]


async def test_no_privileged_intent_is_asked_for(story: Story) -> None:
    intents = story.world.app.bot.intents
    assert not any((intents.members, intents.presences, intents.message_content))
    assert intents.guilds


async def test_a_blank_prompt_is_refused_in_private_and_costs_nothing(story: Story) -> None:
    asked = await story.kling("   ")
    assert private_words(asked) == (
        "Please write a prompt of 1 to 2,500 characters. Nothing was charged."
    )
    assert story.server.posts == []
    assert await story.jobs() == []


async def test_a_restarting_bot_says_so(story: Story) -> None:
    story.services.admission.close()
    asked = await story.kling()
    assert private_words(asked) == REASONS[DeclineReason.RESTARTING]
    assert story.messages() == []
    assert story.server.posts == []


async def test_without_the_database_nothing_is_bought_and_no_card_is_shown(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await story.world.app.store.close()
    asked = await story.kling()
    assert private_words(asked) == REASONS[DeclineReason.STORE_DOWN]
    assert story.messages() == []
    assert story.server.posts == []
    assert "couldn't check an order" in caplog.text
    assert "a red kite" not in caplog.text


async def test_an_event_that_comes_twice_buys_once(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(Scenario(queue_s=60))
    asked = await story.kling()
    (event,) = [
        payload
        for kind, name, payload in story.env.backend.transcript
        if kind == "GATEWAY" and name == "INTERACTION_CREATE"
    ]
    story.env.backend.emit("INTERACTION_CREATE", event)
    await story.env.settle()
    await story.settle()
    assert len(await story.jobs()) == 1
    assert len(story.server.posts) == 1
    assert story.card(asked).heading == "🕓 In the queue"
    assert "unexpected error" not in caplog.text
    # The library reports the second acknowledgement's refusal; the person sees nothing of it.
    story.expected_errors = 1


async def test_nothing_is_bought_unless_our_answer_was_taken(story: Story) -> None:
    story.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await story.kling()
    assert await story.jobs() == []
    assert story.server.posts == []
    story.expected_errors = 1


async def test_whatever_nobody_foresaw_is_answered_with_a_reference_that_the_log_has(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.env.inject_error("POST", "/interactions/*/callback", status=500)
    asked = await story.kling()
    told = private_words(asked)
    found = re.search(r"Reference: (\w+)", told)
    assert found is not None
    assert found[1] in caplog.text
    assert "Traceback" not in told
    assert story.server.posts == []
    story.expected_errors = 1


async def test_the_log_says_who_the_bot_is_and_its_invitation_asks_for_little(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="bot"):
        await story.world.restart_bot()
        await story.settle()
    assert re.search(r"online as TestBot \(\d+\), in 1 server$", caplog.text, re.MULTILINE)
    invitation = story.world.app.bot.invitation_url
    asked = discord.Permissions(int(re.findall(r"permissions=(\d+)", invitation)[0]))
    assert asked == discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        attach_files=True,
        read_message_history=True,
    )
    assert "applications.commands" in invitation


async def test_commands_are_registered_only_when_they_changed(story: Story) -> None:
    def registrations() -> int:
        return sum(
            entry.method == "PUT" and entry.path.endswith("/commands")
            for entry in story.env.http_requests
        )

    assert registrations() == 1
    await story.world.restart_bot()
    assert registrations() == 1
    former = {"name": "kling", "type": 1, "description": "What an older version registered."}
    story.env.backend.register_commands(None, [former])
    await story.world.restart_bot()
    assert registrations() == 2


async def test_a_press_on_an_unknown_card_is_answered(story: Story) -> None:
    story.server.will(Scenario(queue_s=60))
    asked = await story.kling()
    job = await story.job()
    assert job.state is State.QUEUED
    pressed = await story.press("Cancel", asked)
    assert pressed == words.CANCELLED
