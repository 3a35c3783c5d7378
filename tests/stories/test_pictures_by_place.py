"""Who may use pictures where, what moderators see of them, and what a refused one leads to."""

from typing import Any

import pytest
import simcord
from sqlalchemy import delete

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.outcomes import FailureReason
from bot.playground.runcomfy_scenario import Fault, Scenario
from bot.storage.tables.jobs import picture_uses, pictures
from bot.ui.words.declines import REASONS
from tests.pictures import a_chequer, saved
from tests.runcomfy.answers import unprocessable
from tests.stories.harness import Card, Story, as_file, private_words
from tests.stories.panel import a_manager, change
from tests.stories.pictures import made_from, posted
from tests.stories.test_after import pressed as press
from tests.stories.test_films import newest_card
from tests.stories.test_pictures import asked_with, looked_at, private_answer
from tests.stories.test_review import Reviewed, server

__all__ = ["server"]

KITE = saved(a_chequer())
GONE = "⚠️ A picture of this video can't be shown: I no longer have it."
WORDS_ALONE = {
    "en-US": (
        "This server makes videos from words only. Please try again without a "
        "picture. Nothing was charged."
    ),
    "it": (
        "Questo server crea video solo da parole. Riprova senza immagine. Non è stato "
        "addebitato nulla."
    ),
}
AGE_RESTRICTED = {
    "en-US": (
        "Pictures only work in age-restricted channels here. Try there, or without "
        "one. Nothing was charged."
    ),
    "it": (
        "Qui le immagini funzionano solo nei canali con limite d'età. Prova lì, o "
        "senza. Non è stato addebitato nulla."
    ),
}
REFUSED = {
    "en-US": "RunComfy didn't accept the picture. Nothing was charged.",
    "it": "RunComfy non ha accettato l'immagine.",
}


async def with_picture(story: Story, by: simcord.MemberActor) -> simcord.InteractionResult:
    asked = await by.slash(story.channel, "kling", prompt="it begins to fly", image=as_file(KITE))
    await story.settle()
    return await looked_at(story, asked)


@pytest.mark.parametrize("locale", ["en-US", "it"])
@pytest.mark.parametrize(
    ("decided", "told"),
    [
        ({"pictures_allowed": False}, WORDS_ALONE),
        ({"pictures_age_restricted_only": True}, AGE_RESTRICTED),
    ],
)
async def test_where_pictures_are_not_allowed_members_and_managers_are_told_so_uncharged(
    story: Story, locale: str, decided: dict[str, Any], told: dict[str, str]
) -> None:
    story.world.locale = locale
    await change(story, **decided)
    for person in (story.alice, a_manager(story)):
        assert told[locale] in private_answer(await with_picture(story, person))
    assert await story.jobs() == []
    assert story.server.posts == []
    # Words alone are as welcome as before.
    await story.kling()
    assert len(story.server.posts) == 1


async def test_where_pictures_are_not_allowed_no_form_opens_over_one(story: Story) -> None:
    message = await posted(story, KITE, text="look at my kite")
    await story.kling()
    await story.until(State.DELIVERED)
    await change(story, pictures_allowed=False)
    for pressed in (
        await made_from(story, message),
        await press(story, "Continue…", newest_card(story)),
    ):
        assert pressed.modal is None
        assert private_words(pressed) == WORDS_ALONE["en-US"]


async def test_who_is_blocked_continues_nothing(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    await change(story, blocked_user_ids=(story.alice.id,))
    pressed = await press(story, "Continue…", newest_card(story))
    assert pressed.modal is None
    assert private_words(pressed) == REASONS[DeclineReason.BLOCKED]


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-US", "Pictures are for members with one of these roles: <@&{}>."),
        ("it", "Le immagini sono per i membri con uno di questi ruoli: <@&{}>."),
    ],
)
async def test_pictures_are_for_the_chosen_roles(story: Story, locale: str, told: str) -> None:
    story.world.locale = locale
    painters = story.guild.create_role("Painters")
    pia = story.guild.add_member(story.env.create_user("pia"), roles=[painters])
    await change(story, picture_role_ids=(painters.id,))
    answer = private_answer(await with_picture(story, story.alice))
    assert told.format(painters.id) in answer
    assert story.server.posts == []
    await with_picture(story, pia)
    assert (await story.job()).requester_id == pia.id


async def test_in_direct_messages_no_servers_rule_holds(story: Story) -> None:
    await change(story, pictures_allowed=False)
    asked = await story.alice.user.slash("kling", prompt="it flies", image=as_file(KITE))
    await looked_at(story, asked)
    assert (await story.job()).request.start_frame is not None


def pictures_on(card: Card) -> list[str]:
    """The addresses of the pictures that a card shows, as Discord serves them."""
    return [item["media"]["url"] for item in card.gallery]


async def test_a_moderator_sees_the_picture_and_still_does_when_it_was_decided_after_a_restart(
    server: Reviewed,
) -> None:
    await with_picture(server.story, server.nina)
    (shown,) = pictures_on(server.question)
    assert "start_frame.jpeg" in shown
    assert server.story.server.posts == []
    await server.story.world.restart_bot()
    await server.story.settle()
    await server.press("Approve")
    assert server.question.heading.startswith("✅ Approved by")
    (shown,) = pictures_on(server.question)
    assert "start_frame.jpeg" in shown
    assert len(server.story.server.posts) == 1


async def test_a_picture_that_is_gone_is_said_to_be_missing(server: Reviewed) -> None:
    await with_picture(server.story, server.nina)
    for table in (picture_uses, pictures):
        await server.story.world.app.store.database.write(delete(table))
    await server.decline("no kites")
    assert GONE in server.question.text
    assert pictures_on(server.question) == []


async def test_a_report_shows_the_picture(server: Reviewed) -> None:
    story = server.story
    await server.decide(log_channel_id=server.log.id, role_rules={})
    await with_picture(story, story.alice)
    await story.until(State.DELIVERED)
    card = next(one for one in story.messages() if Card(one).gallery)
    window = await story.bob.context_menu(story.channel, "Report this video", card)
    await story.bob.submit_modal(window, {"reason": "not nice"})
    await story.settle()
    (report,) = [Card(message) for message in server.log.history()]
    assert report.heading == "🚩 A video was reported"
    assert "start_frame.jpeg" in pictures_on(report)[0]


@pytest.mark.parametrize("locale", ["en-US", "it"])
async def test_a_refused_picture_is_told_as_such_uncharged_and_the_operator_of_the_setting(
    story: Story, locale: str, caplog: pytest.LogCaptureFixture
) -> None:
    story.world.locale = story.world.guild_locale = locale
    how = unprocessable("start_image_url: the image could not be read")
    story.server.will(Scenario(on_submit=(Fault(how),)))
    await asked_with(story, image=KITE)
    job = await story.until(State.FAILED)
    assert job.failure is FailureReason.PICTURE_REFUSED
    assert job.cost_microusd is None
    assert any(REFUSED[locale] in Card(message).text for message in story.messages())
    assert sum("RUNCOMFY_IMAGES=link" in message for message in caplog.messages) == 1
    assert "could not be read" not in caplog.text
