"""`/kling-me`: what people choose for themselves, and being asked before something is dear."""

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord

from bot.domain.generation.request import Aspect
from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.preferences import Notify, Preferences
from bot.features.preferences import People
from bot.features.waiting_orders import WaitingOrder, WaitingOrders
from bot.playground.runcomfy_scenario import Scenario
from bot.ui.gate import DATABASE_AWAY
from bot.ui.words import personal as words_personal
from bot.ui.words.declines import REASONS
from tests.stories.harness import Card, Story, press_begun, pressed_at_once, private_words

SELECT = 3


async def settings(story: Story) -> simcord.InteractionResult:
    shown = await story.alice.slash(story.channel, "kling-me settings")
    assert shown.ephemeral
    return shown


async def choose(
    story: Story, shown: simcord.InteractionResult, setting: str, value: str
) -> simcord.InteractionResult:
    assert shown.response is not None
    chosen = await story.alice.select(shown.response, [value], custom_id=f"kling:me:{setting}")
    await story.settle()
    return chosen


async def chosen(story: Story, setting: str, value: str) -> None:
    await choose(story, await settings(story), setting, value)


def known(story: Story) -> Preferences:
    return story.services.preferences.known(story.alice.id)


def selects(shown: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    assert shown.response is not None
    rows = shown.response.components[0]["components"]
    found = [part for row in rows for part in row.get("components", [])]
    return {part["custom_id"]: part for part in found if part["type"] == SELECT}


def now_chosen(shown: simcord.InteractionResult, setting: str) -> list[str]:
    options = selects(shown)[f"kling:me:{setting}"]["options"]
    return [option["label"] for option in options if option.get("default")]


# --- the card -------------------------------------------------------------------------------------


async def test_the_card_says_what_counts_before_anything_was_chosen(story: Story) -> None:
    shown = await settings(story)
    assert now_chosen(shown, "notify") == ["As the server does it, usually a mention"]
    assert now_chosen(shown, "language") == ["Same as my Discord"]
    assert now_chosen(shown, "aspect") == ["The usual: 16:9 (landscape)"]
    assert now_chosen(shown, "duration_s") == ["The usual: 5 s"]
    assert now_chosen(shown, "sound") == ["The usual: with sound"]
    assert now_chosen(shown, "ask_above_microusd") == ["Never"]


@pytest.mark.parametrize("locale", ["en-US", "it"])
async def test_the_card_is_within_discords_limits(story: Story, locale: str) -> None:
    story.world.locale = locale
    shown = await settings(story)
    assert shown.response is not None
    parts = [shown.response.components[0]]
    for part in parts:
        parts.extend(part.get("components", []))
    assert len(parts) <= 40
    assert len(story.card(shown).text) <= 4_000
    for select in selects(shown).values():
        assert len(select["options"]) <= 25
        assert all(len(option["label"]) <= 100 for option in select["options"])
        values = [option["value"] for option in select["options"]]
        assert len(set(values)) == len(values)


async def test_a_choice_is_kept_shown_and_outlives_a_restart(story: Story) -> None:
    shown = await settings(story)
    for setting, value, label in (
        ("notify", "direct", "Send me a direct message"),
        ("aspect", "9:16", "9:16 (portrait)"),
        ("duration_s", "7", "7 s"),
        ("sound", "False", "silent"),
        ("ask_above_microusd", "1000000", "When it costs more than $1.00"),
    ):
        await choose(story, shown, setting, value)
        assert now_chosen(shown, setting) == [label]
    expected = Preferences(
        notify=Notify.DIRECT,
        aspect=Aspect.PORTRAIT,
        duration_s=7,
        sound=False,
        ask_above_microusd=1_000_000,
    )
    assert known(story) == expected
    await story.world.restart_bot()
    assert known(story) == expected
    await choose(story, shown, "aspect", "-")
    assert known(story) == expected.model_copy(update={"aspect": None})
    assert now_chosen(shown, "aspect") == ["The usual: 16:9 (landscape)"]


async def test_without_the_database_a_choice_is_said_not_to_be_kept(story: Story) -> None:
    shown = await settings(story)
    await story.world.app.store.close()
    told = await choose(story, shown, "duration_s", "7")
    assert private_words(told) == DATABASE_AWAY
    assert known(story) == Preferences()


# --- defaults and language ------------------------------------------------------------------------


async def test_defaults_that_were_erased_decide_about_no_price(story: Story) -> None:
    shown = await settings(story)
    await choose(story, shown, "duration_s", "15")
    assert await story.services.privacy.forget(story.alice.id)
    assert known(story) == Preferences()
    await story.kling()
    assert (await story.job()).request.duration_s == 5


async def test_defaults_that_another_process_changed_hold_for_the_next_video(story: Story) -> None:
    elsewhere = People(database=story.world.app.store.database)
    await elsewhere.change(story.alice.id, {"duration_s": 3})
    await story.kling()
    assert (await story.job()).request.duration_s == 3


async def test_own_defaults_stand_in_for_what_is_left_out_and_for_nothing_else(
    story: Story,
) -> None:
    shown = await settings(story)
    for setting, value in (("aspect", "1:1"), ("duration_s", "7"), ("sound", "False")):
        await choose(story, shown, setting, value)
    await story.kling()
    await story.kling(duration=9, sound=True)
    await story.bob.slash(story.channel, "kling", prompt="a blue kite")
    await story.settle()
    asked = [
        (post.input["duration"], post.input["aspect_ratio"], post.input["sound"])
        for post in story.server.posts
    ]
    assert asked == [(7, "1:1", False), (9, "1:1", True), (5, "16:9", True)]


async def test_the_chosen_language_wins_in_private_and_the_servers_on_public_cards(
    story: Story,
) -> None:
    story.server.will(Scenario(queue_s=300))
    shown = await settings(story)
    await choose(story, shown, "language", "it")
    assert now_chosen(shown, "language") == ["Italiano"]
    assert "Your own settings" not in story.card(shown).text
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In the queue"
    assert await story.press("Cancel", asked) == "Annullato. Non costa nulla."
    private = await story.kling(private=True)
    assert story.card(private).heading == "🕓 In coda"
    await choose(story, shown, "language", "-")
    assert "Your own settings" in story.card(shown).text


# --- being told -----------------------------------------------------------------------------------


async def test_a_mention_is_what_everybody_begins_with(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    assert (
        story.messages()[-1].content
        == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"
    )


async def test_who_wants_a_direct_message_gets_one_with_a_link_to_the_card(story: Story) -> None:
    await chosen(story, "notify", "direct")
    await story.kling()
    job = await story.until(State.DELIVERED)
    (card,) = story.messages()
    (told,) = story.alice.user.dm_channel.history()
    assert told.content == (
        f"Your video is ready: https://discord.com/channels/{story.guild.id}/"
        f"{story.channel.id}/{card.id}\n> a red kite over the sea"
    )
    assert job.place.message_id == card.id


@pytest.mark.parametrize(("status", "code"), [(403, 50007), (400, 50035)])
async def test_who_takes_no_direct_messages_is_mentioned_after_all(
    story: Story, status: int, code: int
) -> None:
    await chosen(story, "notify", "direct")
    story.env.inject_error("POST", "/users/@me/channels", status=status, code=code)
    await story.kling()
    await story.until(State.DELIVERED)
    assert (
        story.messages()[-1].content
        == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"
    )


async def test_who_wants_no_notification_gets_none(story: Story) -> None:
    await chosen(story, "notify", "none")
    asked = await story.kling()
    await story.until(State.DELIVERED)
    assert len(story.messages()) == 1
    assert story.card(asked).is_ready


async def test_a_private_video_is_told_where_it_is_whatever_was_chosen(story: Story) -> None:
    await chosen(story, "notify", "none")
    asked = await story.kling(private=True)
    await story.until(State.DELIVERED)
    (told,) = asked.followups
    assert told.content == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"


async def test_the_choice_is_read_when_it_is_told_and_not_at_every_poll(story: Story) -> None:
    await story.kling()
    await chosen(story, "notify", "none")
    await story.until(State.DELIVERED)
    assert len(story.messages()) == 1


# --- being asked first ----------------------------------------------------------------------------


async def asked_first(story: Story, **options: str | bool) -> simcord.InteractionResult:
    await chosen(story, "ask_above_microusd", "1000000")
    asked = await story.alice.slash(
        story.channel, "kling", prompt="a red kite over the sea", duration=15, **options
    )
    await story.settle()
    assert asked.ephemeral
    return asked


def question(asked: simcord.InteractionResult) -> Card:
    messages = [asked.response, *asked.followups]
    return next(Card(message) for message in reversed(messages) if message is not None)


async def answer(story: Story, label: str, asked: simcord.InteractionResult) -> Any:  # noqa: ANN401 - SimCord's result
    card = question(asked)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id(label))
    await story.settle()
    return pressed


async def test_what_is_dearer_is_asked_about_before_anything_is_posted_or_bought(
    story: Story,
) -> None:
    asked = await asked_first(story)
    card = question(asked)
    assert card.heading == "This will cost about $2.52. Generate?"
    assert "> a red kite over the sea" in card.text
    assert card.buttons == ["Generate", "Cancel"]
    assert story.messages() == []
    assert await story.jobs() == []
    assert story.server.posts == []


async def test_what_is_not_dearer_is_not_asked_about(story: Story) -> None:
    await chosen(story, "ask_above_microusd", "1000000")
    asked = await story.kling(duration=5)
    assert story.card(asked).heading == "🕓 In the queue"


async def test_always_means_every_video(story: Story) -> None:
    await chosen(story, "ask_above_microusd", "0")
    asked = await story.kling(duration=3, sound=False)
    assert question(asked).heading == "This will cost about $0.34. Generate?"


async def test_a_yes_brings_the_public_card_and_one_purchase(story: Story) -> None:
    asked = await asked_first(story, style="cinematic")
    await answer(story, "Generate", asked)
    (card,) = story.messages()
    assert "> a red kite over the sea" in Card(card).text
    assert len(story.server.posts) == 1
    await story.until(State.DELIVERED)
    delivered, ping = story.messages()
    assert Card(delivered).is_ready
    assert ping.content == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"


async def test_a_private_wish_stays_private(story: Story) -> None:
    asked = await asked_first(story, private=True)
    pressed = await answer(story, "Generate", asked)
    assert story.messages() == []
    assert (await story.job()).private
    await story.until(State.DELIVERED)
    assert any(Card(told).is_ready for told in pressed.followups)


async def test_a_yes_after_a_restart_counts_as_well(story: Story) -> None:
    asked = await asked_first(story)
    await story.world.restart_bot()
    await answer(story, "Generate", asked)
    assert len(story.messages()) == 1
    assert len(story.server.posts) == 1


async def test_a_second_press_on_a_question_that_stayed_buys_nothing_more(story: Story) -> None:
    asked = await asked_first(story)
    story.env.inject_error("DELETE", "/webhooks/*/*/messages/@original", status=404, code=10008)
    await answer(story, "Generate", asked)
    again = await answer(story, "Generate", asked)
    assert private_words(again) == words_personal.QUESTION_OVER
    assert len(await story.jobs()) == 1
    assert len(story.messages()) == 1
    assert len(story.server.posts) == 1


async def test_a_press_whose_event_comes_twice_buys_once(story: Story) -> None:
    asked = await asked_first(story)
    await answer(story, "Generate", asked)
    events = [
        payload
        for kind, name, payload in story.env.backend.transcript
        if kind == "GATEWAY" and name == "INTERACTION_CREATE"
    ]
    story.env.backend.emit("INTERACTION_CREATE", events[-1])
    await story.env.settle()
    await story.settle()
    assert len(await story.jobs()) == 1
    assert len(story.messages()) == 1
    assert len(story.server.posts) == 1


class AtTheSameMoment(WaitingOrders):
    """Two answers both find the question open; the second goes on once the first has taken it."""

    def __init__(self, story: Story) -> None:
        super().__init__(database=story.world.app.store.database, clock=story.clock)
        self._both_read, self._one_took = asyncio.Event(), asyncio.Event()
        self.reads = 0

    async def find(self, interaction_id: int, by_user_id: int) -> WaitingOrder | None:
        found = await super().find(interaction_id, by_user_id)
        self.reads += 1
        if self.reads == 1:
            await self._both_read.wait()
        else:
            self._both_read.set()
            await self._one_took.wait()
        return found

    async def take(self, order: WaitingOrder) -> bool:
        took = await super().take(order)
        self._one_took.set()
        return took


@pytest.mark.parametrize("first", ["Generate", "Cancel"])
async def test_of_a_yes_and_a_no_at_the_same_moment_one_counts_and_the_other_is_told(
    story: Story, first: str
) -> None:
    asked = await asked_first(story)
    card = question(asked)
    orders = AtTheSameMoment(story)
    bot = story.world.app.bot
    bot.services = replace(bot.services, waiting_orders=orders)
    second = "Cancel" if first == "Generate" else "Generate"
    press_begun(story, card, first)
    await story.wait_for(lambda: orders.reads == 1)
    (late,) = await pressed_at_once(story, [(card, second)])
    assert private_words(late) == words_personal.QUESTION_OVER
    is_bought = first == "Generate"
    assert len(story.server.posts) == len(await story.jobs()) == len(story.messages()) == is_bought
    if not is_bought:
        assert question(asked).text == words_personal.FORGOTTEN


async def test_a_no_buys_nothing_and_cannot_be_turned_into_a_yes(story: Story) -> None:
    asked = await asked_first(story)
    pressed_yes = question(asked).custom_id("Generate")
    await answer(story, "Cancel", asked)
    assert question(asked).text == words_personal.FORGOTTEN
    asked_id = int(pressed_yes.split(":")[-1])
    assert await story.services.waiting_orders.find(asked_id, story.alice.id) is None
    assert story.server.posts == []
    assert story.messages() == []


async def test_a_question_is_over_after_a_quarter_of_an_hour(story: Story) -> None:
    asked = await asked_first(story)
    await story.advance(15 * 60)
    told = await answer(story, "Generate", asked)
    assert private_words(told) == words_personal.QUESTION_OVER
    assert await story.jobs() == []


async def test_a_channel_that_was_closed_meanwhile_keeps_the_question(story: Story) -> None:
    asked = await asked_first(story)
    bot, denied = story.guild.me, discord.PermissionOverwrite(attach_files=False)
    assert bot is not None
    narrow = story.guild.create_text_channel("narrow", overwrites={bot: denied})
    channels = story.env.backend.channels
    channels[story.channel.id].overwrites.extend(channels[narrow.id].overwrites)
    told = await answer(story, "Generate", asked)
    assert "Attach Files" in private_words(told)
    assert await story.jobs() == []
    assert question(asked).buttons == ["Generate", "Cancel"]


async def test_a_restarting_bot_keeps_the_question(story: Story) -> None:
    asked = await asked_first(story)
    story.services.admission.close()
    told = await answer(story, "Generate", asked)
    assert private_words(told) == REASONS[DeclineReason.RESTARTING]
    await story.world.restart_bot()
    await answer(story, "Generate", asked)
    assert len(story.server.posts) == 1


async def test_without_the_database_nothing_is_bought_by_an_answer(story: Story) -> None:
    asked = await asked_first(story)
    await story.world.app.store.close()
    told = await answer(story, "Generate", asked)
    assert private_words(told) == DATABASE_AWAY
    assert story.messages() == []
    assert story.server.posts == []


async def test_without_the_database_there_is_no_question(story: Story) -> None:
    await chosen(story, "ask_above_microusd", "1000000")
    await story.world.app.store.close()
    asked = await story.kling(duration=15)
    assert private_words(asked) == REASONS[DeclineReason.STORE_DOWN]
    assert story.messages() == []
    assert story.server.posts == []


async def test_again_on_a_dear_video_asks_whoever_pressed(story: Story) -> None:
    asked = await story.kling(duration=15)
    await story.advance(600)
    await chosen(story, "ask_above_microusd", "1000000")
    card = story.card(asked)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Again"))
    await story.settle()
    assert question(pressed).heading == "This will cost about $2.52. Generate?"
    assert len(story.server.posts) == 1
