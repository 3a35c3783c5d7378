"""A storyboard begins with a member's picture: shown, kept, taken away, and bought once."""

import pytest
import simcord

from bot.domain.generation.models import Option
from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.playground.runcomfy_server import Post
from bot.ui.words.declines import REASONS
from cogs.storyboard.builder import BEGINS_WITHOUT, PICTURE_GONE
from tests.stories.harness import Card, Story, Upload, as_file, private_words
from tests.stories.panel import change
from tests.stories.test_after import pressed
from tests.stories.test_building_storyboards import Builder, open_builder, ready_builder
from tests.stories.test_films import newest_card
from tests.stories.test_pictures import (
    KITE,
    SEA,
    THUMBNAIL,
    TOO_SMALL,
    forget_pictures,
    looked_at,
    private_answer,
)

PICTURED = "kling/kling-3.0/pro/image-to-video"
ITALIAN_GONE = (
    "Non ho più l'immagine di questo storyboard. Rimuovila, o allegane un'altra con "
    "`/storyboard`. Non è stato addebitato nulla."
)
ITALIAN_WITHOUT = (
    "Non ho più l'immagine di quel video, quindi questo storyboard inizia senza. Allegane "
    "un'altra con `/storyboard`."
)


async def opened_with(story: Story, image: Upload) -> simcord.InteractionResult:
    opened = await story.alice.slash(story.channel, "storyboard", image=as_file(image))
    return await looked_at(story, opened)


async def pictured(story: Story, image: Upload = KITE) -> Builder:
    """A finished storyboard with a picture."""
    builder = Builder(story, await opened_with(story, image))
    labels = ("Prompt generale", "Come testo") if story.world.locale == "it" else ()
    prompt, as_text = labels or ("Overall prompt", "As text")
    await builder.fill(await builder.press(prompt), text="a red kite over the sea")
    await builder.write("5s: the kite rises\n4s: it dives", label=as_text)
    return builder


def shown(card: Card) -> list[str]:
    """The pictures that it shows small."""
    return [part["media"]["url"] for part in card.parts if part["type"] == THUMBNAIL]


def selects(builder: Builder) -> list[str]:
    """What its selects choose."""
    ids = [part["custom_id"] for part in builder.card.parts if "options" in part]
    return [custom_id.split(":")[2] for custom_id in ids]


def bought(story: Story) -> list[Post]:
    return story.server.posts


async def test_a_storyboard_begins_with_a_picture_and_is_bought_with_it(story: Story) -> None:
    builder = await pictured(story)
    assert builder.opened.ephemeral
    (link,) = shown(builder.card)
    assert link.startswith("http")
    assert "2 shots · from a picture · Pro (1080p) · with sound · about $1.51" in builder.card.text
    assert selects(builder) == ["shot", "quality"]
    await story.world.restart_bot()
    await builder.press("Generate")

    (post,) = bought(story)
    assert post.model_id == PICTURED
    assert "aspect_ratio" not in post.input
    assert post.input["multi_prompt"] == [
        {"prompt": "the kite rises", "duration": 5},
        {"prompt": "it dives", "duration": 4},
    ]
    assert Option.START_FRAME in post.pictures
    card = newest_card(story)
    assert "2 shots · from a picture" in card.text
    assert shown(card) == [link]
    await story.until(State.DELIVERED)


async def test_a_picture_goes_into_the_storyboard_that_was_worked_on_last(story: Story) -> None:
    await ready_builder(story)
    builder = Builder(story, await opened_with(story, KITE))
    assert len(builder.shots) == 2
    (first,) = shown(builder.card)
    builder = Builder(story, await opened_with(story, SEA))
    assert [shown(builder.card)] != [[first]]
    assert len(shown(builder.card)) == 1
    assert "from a picture" in (await open_builder(story)).card.text


async def test_a_picture_is_taken_away_again_and_the_shape_comes_back(story: Story) -> None:
    builder = await ready_builder(story)
    await builder.choose("aspect", "9:16")
    builder = Builder(story, await opened_with(story, KITE))
    await builder.press("Remove the picture")
    assert shown(builder.card) == []
    assert "9:16 · Pro (1080p)" in builder.card.text
    assert selects(builder) == ["shot", "aspect", "quality"]
    await builder.press("Generate")

    (post,) = bought(story)
    assert post.model_id == "kling/kling-3.0/pro/text-to-video"
    assert post.input["aspect_ratio"] == "9:16"
    assert post.pictures == {}


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en-US", "299 by 400 pixels. Each side needs at least 300"),
        ("it", "299 per 400 pixel. Ogni lato deve averne almeno 300"),
    ],
)
async def test_a_picture_that_cannot_be_used_is_refused_and_changes_no_draft(
    story: Story, locale: str, says: str
) -> None:
    before = await ready_builder(story)
    story.world.locale = locale
    refused = await opened_with(story, TOO_SMALL)
    assert says in private_answer(refused)
    assert shown((await open_builder(story)).card) == []
    assert shown(before.card) == []
    assert bought(story) == []


async def test_where_pictures_are_not_allowed_it_is_said_before_one_is_read(story: Story) -> None:
    await change(story, pictures_allowed=False)
    refused = await story.alice.slash(story.channel, "storyboard", image=as_file(KITE))
    await story.settle()
    assert private_words(refused) == REASONS[DeclineReason.PICTURES_NOT_ALLOWED]
    assert shown((await open_builder(story)).card) == []


@pytest.mark.parametrize(
    ("locale", "label", "remove", "says"),
    [
        ("en-US", "Generate", "Remove the picture", PICTURE_GONE),
        ("it", "Crea", "Togli l'immagine", ITALIAN_GONE),
    ],
)
async def test_a_picture_that_is_gone_is_not_bought_without(
    story: Story, locale: str, label: str, remove: str, says: str
) -> None:
    story.world.locale = locale
    builder = await pictured(story)
    await forget_pictures(story)
    assert private_words(await builder.press(label)) == says
    assert bought(story) == []
    assert await story.jobs() == []
    # The draft is free again: without the picture, or with another, it is bought.
    await builder.press(remove)
    await builder.press(label)
    (post,) = bought(story)
    assert post.pictures == {}


async def test_change_brings_the_picture_into_the_builder(story: Story) -> None:
    await (await pictured(story)).press("Generate")
    await story.until(State.DELIVERED)
    again = Builder(story, await pressed(story, "Change…", newest_card(story)))
    assert len(shown(again.card)) == 1
    await again.choose("quality", "standard")
    await again.press("Generate")

    first, second = bought(story)
    assert first.pictures == second.pictures
    assert second.model_id == "kling/kling-3.0/standard/image-to-video"


@pytest.mark.parametrize(
    ("locale", "generate", "says"),
    [("en-US", "Generate", BEGINS_WITHOUT), ("it", "Crea", ITALIAN_WITHOUT)],
)
async def test_change_says_so_where_the_picture_is_no_longer_kept(
    story: Story, locale: str, generate: str, says: str
) -> None:
    story.world.locale = locale
    await (await pictured(story)).press(generate)
    await story.until(State.DELIVERED)
    await forget_pictures(story)
    # The card is public, in the server's language; the builder is private, in the member's.
    changing = await pressed(story, "Change…", newest_card(story))
    assert changing.followups[-1].content == says
    assert changing.followups[-1].ephemeral
    again = Builder(story, changing)
    assert shown(again.card) == []
    assert len(again.shots) == 2
    await again.press(generate)
    assert bought(story)[1].pictures == {}


async def test_again_takes_the_same_picture(story: Story) -> None:
    await (await pictured(story)).press("Generate")
    await story.until(State.DELIVERED)
    await pressed(story, "Again", newest_card(story))
    first, second = bought(story)
    assert (first.pictures, first.input["multi_prompt"]) == (
        second.pictures,
        second.input["multi_prompt"],
    )
