"""A video begins with a member's picture: attached, in a message, or exchanged in a form."""

from decimal import Decimal
from typing import Any

import pytest
import simcord
from sqlalchemy import delete

from bot.domain.generation.models import Option
from bot.domain.job import State
from bot.domain.outcomes import FailureReason
from bot.languages.language import load_languages
from bot.playground.runcomfy_server import Post
from bot.storage.tables.jobs import picture_uses, pictures
from cogs.kling.pictures import READING
from tests.patience import until
from tests.pictures import a_bomb, a_picture, saved
from tests.stories.harness import Card, Story
from tests.stories.pictures import made_from, posted, sent_off
from tests.stories.test_after import pressed
from tests.stories.test_films import newest_card

THUMBNAIL = 11
LOOKING = {language.say(READING) for language in map(load_languages().of, ("en", "it"))}
KITE = saved(a_picture((480, 320)))
SEA = saved(a_picture((320, 480)))
TOO_SMALL = saved(a_picture((299, 400)))


def private_answer(result: simcord.InteractionResult) -> str:
    """All that only the person who acted was told."""
    answers = [one for one in (result.response, *result.followups) if one is not None]
    return "\n".join(Card(one).text or one.content for one in answers if one.ephemeral)


async def looked_at(story: Story, result: simcord.InteractionResult) -> simcord.InteractionResult:
    """Until the bot has looked at the pictures, in a process of their own."""
    await until(lambda: private_answer(result) not in LOOKING)
    await story.settle()
    return result


async def asked_with(story: Story, **options: Any) -> simcord.InteractionResult:  # noqa: ANN401 - the command's
    return await looked_at(story, await story.kling("it begins to fly", **options))


def bought(story: Story) -> list[Post]:
    return story.server.posts


async def forget_pictures(story: Story) -> None:
    """What retention and erasure come to."""
    for table in (picture_uses, pictures):
        await story.world.app.store.database.write(delete(table))


async def test_a_picture_is_sent_with_the_request_and_shown_small(story: Story) -> None:
    await asked_with(story, image=KITE, quality="standard")

    card = newest_card(story)
    assert "Standard (720p) · 5 s · from a picture · with sound" in card.text
    assert "about $0.63" in card.text
    (thumbnail,) = [part for part in card.parts if part["type"] == THUMBNAIL]
    assert thumbnail["media"]["url"].startswith("http")
    (post,) = bought(story)
    assert post.model_id == "kling/kling-3.0/standard/image-to-video"
    assert post.input["generate_audio"] is True
    assert "aspect_ratio" not in post.input
    assert post.pictures[Option.START_FRAME].startswith(b"\xff\xd8"), "it is encoded again"
    job = await story.job()
    assert (job.model_id, job.estimate_microusd) == (post.model_id, 630_000)

    await story.until(State.DELIVERED)
    assert [part for part in newest_card(story).parts if part["type"] == THUMBNAIL] == []


async def test_a_video_can_end_on_a_picture_too(story: Story) -> None:
    await asked_with(story, image=KITE, last_image=SEA)
    assert set(bought(story)[0].pictures) == {Option.START_FRAME, Option.END_FRAME}
    assert "between two pictures" in newest_card(story).text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"image": KITE, "aspect": "1:1"}, "The shape of the video follows your picture"),
        ({"last_image": KITE}, "A last frame needs a first one"),
        (
            {"image": KITE, "last_image": SEA, "quality": "standard"},
            "Standard (720p) can't end on a picture",
        ),
        ({"image": b"a text that is called .png"}, "is not a picture I can read"),
        ({"image": TOO_SMALL}, "299 by 400 pixels. Each side needs at least 300"),
        ({"image": saved(a_picture((1000, 300)))}, "longer side may be 2.5 times the shorter"),
        ({"image": KITE[:200]}, "I can't open your picture"),
        ({"image": a_bomb(60_000, 60_000)}, "60000 by 60000 pixels. I can take 32 million"),
        ({"image": bytes(10 * 1024 * 1024 + 1)}, "too large: it may have 10 MB"),
    ],
)
async def test_what_cannot_be_used_is_said_in_private_and_costs_nothing(
    story: Story, options: dict[str, Any], says: str
) -> None:
    result = await asked_with(story, **options)

    assert says in private_answer(result)
    assert "Nothing was charged" in private_answer(result)
    assert bought(story) == []
    assert await story.jobs() == []
    assert story.messages() == []


async def test_in_italian_too(story: Story) -> None:
    story.world.locale = "it"
    result = await asked_with(story, image=TOO_SMALL)
    assert "299 per 400 pixel. Ogni lato deve averne almeno 300" in private_answer(result)


async def test_again_takes_the_same_picture_until_it_is_no_longer_kept(story: Story) -> None:
    await asked_with(story, image=KITE)
    await story.until(State.DELIVERED)
    card = newest_card(story)
    await pressed(story, "Again", card)
    first, second = bought(story)
    assert first.pictures == second.pictures

    await forget_pictures(story)
    said = await pressed(story, "Again", card)
    assert "I no longer have that video's picture" in private_answer(said)
    assert len(bought(story)) == 2


async def test_a_picture_that_is_gone_before_it_is_sent_costs_nothing(story: Story) -> None:
    story.server.grant_usd = Decimal(0)
    await asked_with(story, image=KITE)
    await story.until(State.WAITING)
    await forget_pictures(story)
    story.server.grant_usd = Decimal(1000)

    job = await story.until(State.FAILED)
    assert job.failure is FailureReason.PICTURE_GONE
    assert "so I never sent it" in newest_card(story).text
    assert [post.request_id for post in bought(story)] == [None] * len(bought(story))


# --- a picture in a message ---------------------------------------------------------------------


async def test_a_picture_in_a_message_becomes_a_video_in_two_clicks(story: Story) -> None:
    message = await posted(story, KITE, text="look at my kite")
    window = await made_from(story, message)
    result = await looked_at(story, await sent_off(story, window))

    (post,) = bought(story)
    assert post.model_id == "kling/kling-3.0/pro/image-to-video"
    assert post.input["prompt"] == "look at my kite"
    assert Option.START_FRAME in post.pictures
    assert private_answer(result) == ""


async def test_a_message_without_words_asks_for_them(story: Story) -> None:
    window = await made_from(story, await posted(story, KITE))
    await looked_at(story, await sent_off(story, window, changes={"prompt": "it flies away"}))
    assert bought(story)[0].input["prompt"] == "it flies away"


async def test_of_several_pictures_one_is_chosen(story: Story) -> None:
    message = await posted(story, KITE, SEA, text="two pictures")
    shown = await made_from(story, message)
    assert "Which picture should the video begin with?" in private_answer(shown)
    assert shown.response is not None
    (select,) = [part for part in Card(shown.response).parts if "options" in part]
    assert [option["label"] for option in select["options"]] == [
        "1. picture-0.png",
        "2. picture-1.png",
    ]
    window = await story.alice.select(shown.response, ["1"], custom_id=select["custom_id"])
    await looked_at(story, await sent_off(story, window))

    (post,) = bought(story)
    assert post.input["prompt"] == "two pictures"
    job = await story.job()
    assert job.request.start_frame is not None
    assert (job.request.start_frame.width_px, job.request.start_frame.height_px) == (320, 480)


async def test_of_several_pictures_none_is_chosen_after_a_restart_too(story: Story) -> None:
    shown = await made_from(story, await posted(story, KITE, SEA, text="two pictures"))
    question = story.card(shown)
    assert question.buttons == ["None of them"]
    await story.world.restart_bot()
    await pressed(story, "None of them", question)
    assert story.card(shown).text == "All right, nothing was changed."
    assert (bought(story), await story.jobs()) == ([], [])


async def test_a_message_with_a_picture_that_cannot_be_used_says_so(story: Story) -> None:
    window = await made_from(story, await posted(story, TOO_SMALL, text="a kite"))
    await until(lambda: "299 by 400" in private_answer(window))
    result = await sent_off(story, window)
    assert "I don't have that picture any more" in private_answer(result)
    assert bought(story) == []


# --- another picture in the form ----------------------------------------------------------------


async def test_change_begins_with_the_same_picture_or_with_another(story: Story) -> None:
    await asked_with(story, image=KITE)
    await story.until(State.DELIVERED)
    card = newest_card(story)
    await sent_off(story, await pressed(story, "Change…", card), changes={"prompt": "it lands"})
    window = await pressed(story, "Change…", card)
    await looked_at(story, await sent_off(story, window, picture=SEA))

    first, same, other = (post.pictures[Option.START_FRAME] for post in bought(story))
    assert first == same != other
    assert [post.input["prompt"] for post in bought(story)] == [
        "it begins to fly",
        "it lands",
        "it begins to fly",
    ]


async def test_a_form_chooses_the_quality(story: Story) -> None:
    await story.kling("a kite")
    await story.until(State.DELIVERED)
    window = await pressed(story, "Change…", newest_card(story))
    await sent_off(story, window, changes={"picture": ["9:16 silent standard"]})

    assert bought(story)[1].model_id == "kling/kling-3.0/standard/text-to-video"
    assert bought(story)[1].input["aspect_ratio"] == "9:16"
