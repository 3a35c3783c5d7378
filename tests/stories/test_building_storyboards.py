"""A storyboard is built by buttons, selects and modals, survives what happens, and buys once."""

from typing import Any

import pytest
import simcord

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.features.storyboards import DraftRefusal, DraftRows
from bot.ui.gate import DATABASE_AWAY
from bot.ui.words.declines import REASONS
from cogs.storyboard.builder import REFUSALS
from tests.stories.harness import Card, Story, pressed_at_once, private_words
from tests.stories.panel import change

Modal = simcord.InteractionResult


class Builder:
    """A builder card, and what its owner does on it."""

    def __init__(self, story: Story, opened: simcord.InteractionResult) -> None:
        self.story = story
        self.opened = opened

    @property
    def card(self) -> Card:
        return self.story.card(self.opened)

    @property
    def parts(self) -> list[dict[str, Any]]:
        assert self.opened.response is not None
        return walk(self.opened.response.components)

    def is_enabled(self, label: str) -> bool:
        return not next(p for p in self.parts if p.get("label") == label).get("disabled", False)

    async def press(self, label: str, *, by: simcord.MemberActor | None = None) -> Modal:
        """Press a button; what came of it."""
        actor = by or self.story.alice
        pressed = await actor.click(self.card.message, custom_id=self.card.custom_id(label))
        await self.story.settle()
        return pressed

    async def fill(self, opened: Modal, **values: str | list[str]) -> Modal:
        """Submit the modal that a press has opened."""
        submitted = await self.story.alice.submit_modal(opened, values)
        await self.story.settle()
        return submitted

    async def add(self, prompt: str, seconds: int) -> None:
        await self.fill(await self.press("Add shot"), text=prompt, length=[str(seconds)])

    async def overall(self, prompt: str) -> None:
        await self.fill(await self.press("Overall prompt"), text=prompt)

    async def write(self, text: str, *, label: str = "As text") -> Modal:
        return await self.fill(await self.press(label), text=text)

    def select(self, what: str) -> dict[str, Any]:
        (found,) = [p for p in self.parts if f"board-choice:{what}" in p.get("custom_id", "")]
        return found

    def offered(self, what: str) -> list[str]:
        return [option["value"] for option in self.select(what)["options"]]

    async def choose(self, what: str, value: str) -> None:
        select = self.select(what)
        await self.story.alice.select(self.card.message, [value], custom_id=select["custom_id"])
        await self.story.settle()

    @property
    def shots(self) -> list[str]:
        """The lines of its list, the pointer and the marks of bold left out."""
        lines = self.card.text.replace("*", "").split("\n")
        return [line for line in lines if line.removeprefix("▶ ")[:1].isdigit() and " s · " in line]


def walk(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in parts:
        found += [part, *walk(part.get("components") or [])]
    return found


async def open_builder(story: Story) -> Builder:
    opened = await story.alice.slash(story.channel, "storyboard")
    await story.settle()
    assert opened.ephemeral
    return Builder(story, opened)


async def ready_builder(story: Story) -> Builder:
    builder = await open_builder(story)
    await builder.overall("a red kite over the sea")
    await builder.write("5s: the kite rises\n4s: it dives")
    return builder


def prefilled(modal: Modal, custom_id: str = "text") -> str:
    assert modal.modal is not None
    controls = [label["component"] for label in modal.modal["components"]]
    return next(c.get("value") or "" for c in controls if c["custom_id"] == custom_id)


def bought(story: Story) -> list[dict[str, Any]]:
    return [dict(post.input) for post in story.server.posts]


async def test_three_shots_by_buttons_and_modals_become_a_video(story: Story) -> None:
    builder = await open_builder(story)
    assert not builder.is_enabled("Generate")
    await builder.overall("a red kite over the sea")
    await builder.add("the kite rises", 5)
    assert not builder.is_enabled("Generate")
    await builder.add("it dives", 4)
    await builder.add("it lands on the sand", 3)
    await builder.choose("aspect", "9:16")
    assert builder.shots == [
        "1 · 5 s · the kite rises",
        "2 · 4 s · it dives",
        "▶ 3 · 3 s · it lands on the sand",
    ]
    assert "12 of at most 15 s" in builder.card.text
    assert "about $2.02" in builder.card.text
    answer = await builder.press("Generate")
    assert not answer.ephemeral
    assert bought(story) == [
        {
            "prompt": "a red kite over the sea",
            "duration": 12,
            "aspect_ratio": "9:16",
            "cfg_scale": 0.5,
            "sound": True,
            "multi_prompt": [
                {"prompt": "the kite rises", "duration": 5},
                {"prompt": "it dives", "duration": 4},
                {"prompt": "it lands on the sand", "duration": 3},
            ],
            "shot_type": "customize",
        }
    ]
    gone = REFUSALS[DraftRefusal.GONE]
    assert private_words(await builder.press("Discard")) == gone
    await story.until(State.DELIVERED)
    card = story.card(answer)
    assert card.is_ready
    assert "12 s · 3 shots · 9:16 · with sound" in card.text


async def test_shots_are_edited_moved_and_removed(story: Story) -> None:
    builder = await open_builder(story)
    await builder.write("5s: one\n4s: two\n3s: three")
    assert builder.shots[0] == "▶ 1 · 5 s · one"
    assert not builder.is_enabled("Move up")
    await builder.press("Move down")
    assert builder.shots == ["1 · 4 s · two", "▶ 2 · 5 s · one", "3 · 3 s · three"]
    await builder.choose("shot", "2")
    assert not builder.is_enabled("Move down")
    await builder.press("Move up")
    assert builder.shots == ["1 · 4 s · two", "▶ 2 · 3 s · three", "3 · 5 s · one"]
    modal = await builder.press("Edit")
    assert prefilled(modal) == "three"
    await builder.fill(modal, text="the third\nof them", length=["6"])
    assert builder.shots[1] == "▶ 2 · 6 s · the third of them"
    await builder.press("Remove")
    assert builder.shots == ["1 · 4 s · two", "▶ 2 · 5 s · one"]
    await builder.press("Remove")
    await builder.press("Remove")
    assert "No shots yet. Add them one by one, or all at once as text." in builder.card.text
    assert not builder.is_enabled("Remove")


async def test_a_text_with_mistakes_is_kept_until_it_is_corrected(story: Story) -> None:
    builder = await ready_builder(story)
    wrong = "5s: the kite rises\n\nit dives\n20s: it lands"
    await builder.write(wrong)
    assert (
        "Line 3: begin with its length and a colon, as in `5s: the kite rises`.\nLine 4: a shot "
        "lasts 3 to 15 s."
    ) in builder.card.text
    assert builder.shots == ["▶ 1 · 5 s · the kite rises", "2 · 4 s · it dives"]
    await story.world.restart_bot()
    modal = await builder.press("Correct the text")
    assert prefilled(modal) == wrong
    await builder.fill(modal, text="5s: the kite rises\n\n3s: it dives\n4s: it lands")
    assert "Line" not in builder.card.text
    assert len(builder.shots) == 3
    assert prefilled(await builder.press("As text")) == (
        "5s: the kite rises\n3s: it dives\n4s: it lands"
    )


async def test_what_is_too_long_or_too_much_is_said_and_cannot_be_generated(story: Story) -> None:
    builder = await ready_builder(story)
    assert builder.is_enabled("Generate")
    await builder.add("and on it flies", 9)
    assert "18 of at most 15 s" in builder.card.text
    assert "shorten it by 3 s" in builder.card.text
    assert not builder.is_enabled("Generate")
    await builder.add("on", 3)
    await builder.add("and on", 3)
    assert not builder.is_enabled("Add shot")


async def test_a_shot_of_nothing_but_space_is_refused_in_private(story: Story) -> None:
    builder = await open_builder(story)
    refused = await builder.fill(await builder.press("Add shot"), text="  \n ", length=["5"])
    assert private_words(refused) == "Please say what happens in the shot. Nothing was changed."
    assert builder.shots == []


async def test_sound_and_who_sees_it_are_switched(story: Story) -> None:
    builder = await ready_builder(story)
    await builder.press("Sound: on")
    assert "silent" in builder.card.text
    assert "about $1.01" in builder.card.text
    await builder.press("Seen by: everyone")
    answer = await builder.press("Generate")
    assert answer.ephemeral
    assert story.messages() == []
    (sent,) = bought(story)
    assert sent["sound"] is False
    await story.until(State.DELIVERED)
    assert story.card(answer).is_ready


async def test_a_restart_in_the_middle_loses_nothing_not_even_an_open_modal(story: Story) -> None:
    builder = await ready_builder(story)
    modal = await builder.press("Add shot")
    await story.world.restart_bot()
    await builder.fill(modal, text="it lands", length=["3"])
    assert len(builder.shots) == 3
    await builder.press("Move up")
    assert builder.shots[1] == "▶ 2 · 3 s · it lands"
    await builder.press("Generate")
    assert [part["prompt"] for part in bought(story)[0]["multi_prompt"]] == [
        "the kite rises",
        "it lands",
        "it dives",
    ]


async def test_the_command_brings_back_what_was_worked_on_last(story: Story) -> None:
    await ready_builder(story)
    again = await open_builder(story)
    assert len(again.shots) == 2
    await again.press("Discard")
    assert again.card.heading == "Discard this storyboard with its 2 shots?"
    await again.press("Keep it")
    assert len(again.shots) == 2
    await again.press("Discard")
    await story.world.restart_bot()
    await story.settle()
    await again.press("Yes, discard it")
    assert again.card.text == "Discarded. `/storyboard` starts a new one."
    assert (await open_builder(story)).shots == []


async def test_a_draft_that_nobody_touches_expires_after_a_day(story: Story) -> None:
    builder = await ready_builder(story)
    await story.leap(23 * 3_600)
    await builder.press("Sound: on")
    await story.leap(23 * 3_600)
    assert len((await open_builder(story)).shots) == 2
    await story.advance(3_700)
    gone = REFUSALS[DraftRefusal.GONE]
    assert private_words(await builder.press("Generate")) == gone
    assert (await open_builder(story)).shots == []
    assert story.server.posts == []


async def test_a_stranger_changes_and_buys_nothing(story: Story) -> None:
    builder = await ready_builder(story)
    for label in ("Generate", "Discard", "Remove", "Edit", "As text"):
        pressed = await stranger_presses(story, builder, label)
        assert private_words(pressed) == REFUSALS[DraftRefusal.NOT_YOURS]
    assert len((await open_builder(story)).shots) == 2
    assert story.server.posts == []


async def stranger_presses(story: Story, builder: Builder, label: str) -> Modal:
    """Bob makes a press that Discord's own clients would not let him make, on a card of his own."""
    own = await story.bob.slash(story.channel, "storyboard")
    await story.settle()
    assert own.response is not None
    stored = story.env.backend.get_message(story.channel.id, own.response.id)
    (part,) = [p for p in walk(stored.components) if p.get("label") == label]
    part.update(custom_id=builder.card.custom_id(label), disabled=False)
    pressed = await story.bob.click(own.response, custom_id=part["custom_id"])
    await story.settle()
    return pressed


async def test_two_presses_of_generate_at_once_buy_once(story: Story) -> None:
    builder = await ready_builder(story)
    first, second = await pressed_at_once(story, [(builder.card, "Generate")] * 2)
    assert len(story.server.posts) == 1
    assert len(await story.jobs()) == 1
    (refused,) = [result for result in (first, second) if result.ephemeral]
    assert private_words(refused) in {
        REFUSALS[DraftRefusal.BEING_SENT],
        REFUSALS[DraftRefusal.GONE],
    }


async def test_a_refused_question_gives_the_draft_back(story: Story) -> None:
    builder = await ready_builder(story)
    story.services.admission.close()
    refused = await builder.press("Generate")
    assert private_words(refused) == REASONS[DeclineReason.RESTARTING]
    assert len(builder.shots) == 2
    await story.world.restart_bot()
    await builder.press("Generate")
    assert len(story.server.posts) == 1


async def test_an_answer_that_discord_does_not_take_gives_the_draft_back(story: Story) -> None:
    builder = await ready_builder(story)
    story.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await builder.press("Generate")
    assert story.server.posts == []
    await builder.press("Generate")
    assert len(story.server.posts) == 1


async def test_a_crash_while_it_is_sent_gives_the_draft_back_after_a_while(story: Story) -> None:
    builder = await ready_builder(story)
    drafts = DraftRows(database=story.world.app.store.database)
    draft = await drafts.newest_of(story.alice.id)
    assert draft is not None
    await drafts.take(draft, 42, story.clock.now())
    being_sent = REFUSALS[DraftRefusal.BEING_SENT]
    assert private_words(await builder.press("Generate")) == being_sent
    assert private_words(await builder.press("Discard")) == being_sent
    await story.advance(120)
    await builder.press("Generate")
    assert len(story.server.posts) == 1


async def test_without_the_database_every_press_is_answered(story: Story) -> None:
    builder = await ready_builder(story)
    await story.world.app.store.close()
    story.expected_errors = 1
    down = DATABASE_AWAY
    for label in ("Generate", "Discard", "Remove", "Add shot"):
        assert private_words(await builder.press(label)) == down
    opened = await story.alice.slash(story.channel, "storyboard")
    assert private_words(opened) == down
    assert story.server.posts == []


@pytest.mark.parametrize("label", ["Remove", "Move down"])
async def test_a_press_on_an_older_picture_of_the_shots_does_nothing(
    story: Story, label: str
) -> None:
    old = await ready_builder(story)
    before = old.card
    again = await open_builder(story)
    await again.press("Remove")
    await again.press("Remove")
    pressed = await story.alice.click(before.message, custom_id=before.custom_id(label))
    assert private_words(pressed) == REFUSALS[DraftRefusal.NOT_POSSIBLE]


async def test_a_finished_storyboard_is_changed_in_a_builder_of_its_own(story: Story) -> None:
    builder = await ready_builder(story)
    answer = await builder.press("Generate")
    await story.until(State.DELIVERED)
    card = story.card(answer)
    changing = await story.alice.click(card.message, custom_id=card.custom_id("Change…"))
    await story.settle()
    again = Builder(story, changing)
    assert changing.ephemeral
    assert again.shots == ["▶ 1 · 5 s · the kite rises", "2 · 4 s · it dives"]
    await again.fill(await again.press("Edit"), text="the kite sleeps", length=["3"])
    await again.press("Generate")
    first, second = bought(story)
    assert first["prompt"] == second["prompt"]
    assert second["duration"] == 7
    assert [part["prompt"] for part in second["multi_prompt"]] == ["the kite sleeps", "it dives"]


async def test_who_is_blocked_meanwhile_gets_no_builder_for_a_finished_storyboard(
    story: Story,
) -> None:
    answer = await (await ready_builder(story)).press("Generate")
    await story.until(State.DELIVERED)
    await change(story, blocked_user_ids=(story.alice.id,))
    card = story.card(answer)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Change…"))
    await story.settle()
    assert private_words(pressed) == REASONS[DeclineReason.BLOCKED]


async def test_the_same_storyboard_can_be_had_again(story: Story) -> None:
    answer = await (await ready_builder(story)).press("Generate")
    await story.until(State.DELIVERED)
    card = story.card(answer)
    await story.alice.click(card.message, custom_id=card.custom_id("Again"))
    await story.settle()
    first, second = bought(story)
    assert first == second


async def asked_about_the_price(story: Story) -> tuple[Builder, Card]:
    await story.services.preferences.change(story.alice.id, {"ask_above_microusd": 0})
    builder = await ready_builder(story)
    asked = await builder.press("Generate")
    (question,) = [message for message in (asked.response, *asked.followups) if message is not None]
    assert story.server.posts == []
    return builder, Card(question)


async def test_a_yes_to_the_price_ends_the_draft(story: Story) -> None:
    builder, question = await asked_about_the_price(story)
    await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
    await story.settle()
    assert len(story.server.posts) == 1
    gone = REFUSALS[DraftRefusal.GONE]
    assert private_words(await builder.press("Generate")) == gone
    assert (await open_builder(story)).shots == []


async def test_two_questions_about_one_storyboard_buy_once_whichever_is_answered(
    story: Story,
) -> None:
    builder, first = await asked_about_the_price(story)
    again = await builder.press("Generate")
    (answer,) = [one for one in (again.response, *again.followups) if one is not None]
    second = Card(answer)
    for question in (second, first):
        await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
        await story.settle()
        assert len(story.server.posts) == 1
    assert len(await story.jobs()) == 1


async def test_a_yes_at_the_same_moment_to_both_questions_buys_once(story: Story) -> None:
    builder, first = await asked_about_the_price(story)
    again = await builder.press("Generate")
    (answer,) = [one for one in (again.response, *again.followups) if one is not None]
    await pressed_at_once(story, [(first, "Generate"), (Card(answer), "Generate")])
    assert len(story.server.posts) == 1


async def test_who_no_longer_wants_to_be_asked_does_not_buy_it_twice_either(story: Story) -> None:
    builder, question = await asked_about_the_price(story)
    await story.services.preferences.change(story.alice.id, {"ask_above_microusd": None})
    await builder.press("Generate")
    assert len(story.server.posts) == 1
    await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
    await story.settle()
    assert len(story.server.posts) == 1
    # The card that the second yes put up is taken away again.
    assert len(story.messages()) == 1


async def test_an_edited_storyboard_is_not_bought_as_it_was_before(story: Story) -> None:
    builder, question = await asked_about_the_price(story)
    await builder.press("Remove")
    told = await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
    await story.settle()
    assert private_words(told).startswith("This offer has expired")
    assert story.server.posts == []


async def test_a_no_to_the_price_leaves_the_draft(story: Story) -> None:
    builder, question = await asked_about_the_price(story)
    await story.alice.click(question.message, custom_id=question.custom_id("Cancel"))
    await story.settle()
    await builder.press("Remove")
    assert builder.shots == ["▶ 1 · 4 s · it dives"]
    assert story.server.posts == []


async def test_a_new_storyboard_begins_with_what_its_owner_usually_takes(story: Story) -> None:
    usual = {"aspect": "1:1", "sound": False}
    await story.services.preferences.change(story.alice.id, usual)
    builder = await open_builder(story)
    assert "1:1 · Pro (1080p) · silent" in builder.card.text
