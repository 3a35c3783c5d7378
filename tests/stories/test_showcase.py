"""The showcase: the best videos stand in a place of their own, once, and can be taken back."""

from typing import Any

import pytest
import simcord

from bot.domain.job import State
from bot.domain.servers import ShownBy
from bot.domain.showcase import ShareRefusal
from cogs.showcase.share import REFUSALS
from tests.stories.harness import Card, Story, private_words
from tests.stories.panel import change
from tests.stories.test_after import filled_in, newest, pressed, submitted
from tests.stories.test_building_storyboards import open_builder

GO = "Go to the original"
LIKE = "Make one like this"
LINK = "https://discord.com/channels/"


class Shown:
    """A server with a showcase, and what stands in it."""

    def __init__(self, story: Story, *, forum: bool = False) -> None:
        self.story = story
        made = story.guild.create_forum_channel if forum else story.guild.create_text_channel
        self.showcase = made("showcase")
        self.log = story.guild.create_text_channel("log")
        self.carol = story.guild.add_member(story.env.create_user("carol"))
        self.dan = story.guild.add_member(story.env.create_user("dan"))

    async def decide(self, **settings: object) -> None:
        await change(self.story, **{"showcase_channel_id": self.showcase.id, **settings})

    async def a_video(self, **options: Any) -> simcord.InteractionResult:  # noqa: ANN401 - options of the command
        asked = await self.story.kling(**options)
        await self.story.advance(300)
        assert (await newest(self.story)).state is State.DELIVERED
        return asked

    async def press(
        self,
        label: str,
        card: Card,
        by: simcord.MemberActor | simcord.UserHandle | None = None,
    ) -> simcord.InteractionResult:
        """Press what begins so: the star has a number behind it."""
        (full,) = [one for one in card.buttons if one == label or one.startswith(f"{label} ")]
        return await pressed(self.story, full, card, by=by)

    async def share(
        self, asked: simcord.InteractionResult, by: simcord.MemberActor | None = None
    ) -> str:
        return private_words(await self.press("Share", self.story.card(asked), by))

    def posts(self) -> list[Card]:
        """What stands in the showcase."""
        return [Card(message) for message in self.showcase.history()]

    @property
    def post(self) -> Card:
        (only,) = self.posts()
        return only


@pytest.fixture
async def server(story: Story) -> Shown:
    shown = Shown(story)
    await shown.decide()
    return shown


# --- sharing -------------------------------------------------------------------------------------


async def test_a_finished_public_card_offers_share_and_a_star(server: Shown) -> None:
    asked = await server.a_video()
    assert server.story.card(asked).buttons[:2] == ["Share", "⭐"]


async def test_without_a_showcase_or_in_private_nothing_is_offered(server: Shown) -> None:
    private = await server.a_video(private=True)
    assert "Share" not in server.story.card(private).buttons
    await server.decide(showcase_channel_id=None)
    asked = await server.a_video()
    assert not {"Share", "⭐"} & {*server.story.card(asked).buttons}


async def test_share_shows_the_prompt_its_author_and_the_video_once(server: Shown) -> None:
    asked = await server.a_video(prompt="a red **kite** over the sea")
    card = server.story.card(asked)
    told = await server.share(asked)
    post = server.post
    assert told == (
        f"⭐ It's in the showcase now: {LINK}{server.story.guild.id}/{server.showcase.id}/"
        f"{post.message.id}"
    )
    first, second, *_ = post.text.split("\n")
    assert first == r"> a red \*\*kite\*\* over the sea"
    assert second.startswith(f"-# <@{server.story.alice.id}> · ")
    assert "5 s · 16:9" in second
    assert post.buttons == [LIKE, "⭐", "Take back", GO]
    assert post.links == [
        f"{LINK}{server.story.guild.id}/{server.story.channel.id}/{card.message.id}"
    ]
    (attachment,) = post.message.attachments
    (original,) = card.message.attachments
    assert await attachment.read() == await original.read()
    assert len(post.gallery) == 1
    again = await server.share(asked)
    assert again == told.replace("⭐ It's in the showcase now", "It's in the showcase already")
    assert len(server.posts()) == 1


async def test_a_covered_video_stays_covered(server: Shown) -> None:
    asked = await server.a_video(spoiler=True)
    await server.share(asked)
    (item,) = server.post.gallery
    (attachment,) = server.post.message.attachments
    assert item["spoiler"] is True
    assert attachment.filename.startswith("SPOILER_")


@pytest.mark.parametrize(
    ("by", "shown_by", "refusal"),
    [
        ("alice", ShownBy.AUTHORS, None),
        ("moderator", ShownBy.AUTHORS, None),
        ("bob", ShownBy.AUTHORS, ShareRefusal.NOT_YOURS),
        ("alice", ShownBy.MODERATORS, ShareRefusal.MODERATORS_ONLY),
        ("moderator", ShownBy.MODERATORS, None),
        ("alice", ShownBy.STARS, ShareRefusal.STARS_ONLY),
        ("moderator", ShownBy.STARS, ShareRefusal.STARS_ONLY),
    ],
)
async def test_managers_decide_who_shares(
    server: Shown, by: str, shown_by: ShownBy, refusal: ShareRefusal | None
) -> None:
    await server.decide(showcase_by=shown_by)
    told = await server.share(await server.a_video(), getattr(server.story, by))
    if refusal is None:
        assert told.startswith("⭐ It's in the showcase now: ")
    else:
        assert told == REFUSALS[refusal].format(stars=3)
    assert len(server.posts()) == int(refusal is None)


async def test_blocked_members_share_and_star_nothing(server: Shown) -> None:
    asked = await server.a_video()
    await server.decide(blocked_user_ids=(server.story.alice.id, server.story.bob.id))
    assert await server.share(asked) == REFUSALS[ShareRefusal.NOT_ALLOWED]
    starred = await server.press("⭐", server.story.card(asked), server.story.bob)
    assert private_words(starred) == REFUSALS[ShareRefusal.NOT_ALLOWED]


# --- stars ---------------------------------------------------------------------------------------


async def test_a_star_counts_once_per_person_and_a_second_press_takes_it_back(
    server: Shown,
) -> None:
    asked = await server.a_video()
    before = server.story.card(asked)
    await server.press("⭐", before, server.story.bob)
    assert server.story.card(asked).buttons[1] == "⭐ 1"
    await server.press("⭐", server.story.card(asked), server.carol)
    assert server.story.card(asked).buttons[1] == "⭐ 2"
    await server.press("⭐", server.story.card(asked), server.story.bob)
    after = server.story.card(asked)
    assert after.buttons[1] == "⭐ 1"
    assert after.text == before.text
    assert [one["media"]["url"] for one in after.gallery] == [
        one["media"]["url"] for one in before.gallery
    ]
    assert [one.id for one in after.message.attachments] == [
        one.id for one in before.message.attachments
    ]
    assert server.posts() == []


async def test_nobody_stars_their_own_video(server: Shown) -> None:
    asked = await server.a_video()
    told = await server.press("⭐", server.story.card(asked))
    assert private_words(told) == REFUSALS[ShareRefusal.OWN_STAR]
    assert server.story.card(asked).buttons[1] == "⭐"


async def test_enough_stars_bring_it_there_once(server: Shown) -> None:
    await server.decide(showcase_stars=2, showcase_by=ShownBy.STARS)
    asked = await server.a_video()
    await server.press("⭐", server.story.card(asked), server.story.bob)
    assert server.posts() == []
    told = await server.press("⭐", server.story.card(asked), server.carol)
    assert private_words(told).startswith("⭐ Your star brought this video into the showcase: ")
    assert server.post.buttons == [LIKE, "⭐ 2", "Take back", GO]
    await server.press("⭐", server.story.card(asked), server.dan)
    assert server.post.buttons[1] == "⭐ 3"
    assert server.story.card(asked).buttons[1] == "⭐ 3"


async def test_stars_on_the_post_count_with_those_on_the_card(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    await server.press("⭐", server.post, server.story.bob)
    await server.press("⭐", server.post, server.carol)
    assert server.post.buttons[1] == "⭐ 2"
    assert server.story.card(asked).buttons[1] == "⭐ 2"
    await server.press("⭐", server.story.card(asked), server.story.bob)
    assert server.post.buttons[1] == "⭐ 1"
    assert len(server.post.gallery) == 1


async def test_no_number_of_stars_brings_it_where_managers_want_none(server: Shown) -> None:
    await server.decide(showcase_stars=None)
    asked = await server.a_video()
    for member in (server.story.bob, server.carol, server.dan, server.story.moderator):
        await server.press("⭐", server.story.card(asked), member)
    assert server.story.card(asked).buttons[1] == "⭐ 4"
    assert server.posts() == []


# --- one like this -------------------------------------------------------------------------------


async def test_make_one_like_this_remembers_which_video_inspired_it(server: Shown) -> None:
    story = server.story
    asked = await server.a_video(prompt="a red kite over the sea", duration=7)
    await server.share(asked)
    window = await server.press(LIKE, server.post, story.bob)
    assert filled_in(window)["What the video shows"] == "a red kite over the sea"
    changes = {"What the video shows": "a blue kite over the hills"}
    made = await submitted(story, window, changes, by=story.bob)
    line = f"💡 inspired by <@{story.alice.id}>'s “a red kite over the sea” · [go to it]({LINK}"
    assert line in story.card(made).text
    first, second = await story.jobs()
    assert (second.inspired_by, second.continues) == (first.id, None)
    assert (second.requester_id, second.request.duration_s) == (story.bob.id, 7)
    await story.advance(300)
    assert line in story.card(made).text
    details = await pressed(story, "Details", story.card(made), by=story.bob)
    assert details.response is not None
    assert line in Card(details.response).text


async def test_again_and_change_keep_what_inspired_it(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    await server.share(asked)
    window = await server.press(LIKE, server.post, story.bob)
    made = await submitted(story, window, {}, by=story.bob)
    await story.advance(300)
    await server.press("Again", story.card(made), story.bob)
    window = await pressed(story, "Change…", story.card(made), by=story.bob)
    await submitted(story, window, {}, by=story.bob)
    first, *others = await story.jobs()
    assert [one.inspired_by for one in others] == [first.id] * 3


async def test_a_question_about_the_price_remembers_it(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    await server.share(asked)
    await change(story, ask_above_microusd=0)
    window = await server.press(LIKE, server.post, story.bob)
    question = await submitted(story, window, {}, by=story.bob)
    answers = [one for one in (question.response, *question.followups) if one is not None]
    await server.press("Generate", Card(answers[-1]), story.bob)
    first, second = await story.jobs()
    assert second.inspired_by == first.id


async def test_a_storyboard_like_another_remembers_it(server: Shown) -> None:
    story = server.story
    builder = await open_builder(story)
    await builder.overall("a red kite")
    await builder.write("5s: rises\n4s: dives")
    await builder.press("Generate")
    await story.advance(300)
    (first,) = await story.jobs()
    assert first.state is State.DELIVERED
    (asked,) = [Card(one) for one in story.messages() if one.attachments]
    await server.press("Share", asked)
    opened = await server.press(LIKE, server.post, story.bob)
    assert opened.response is not None
    await server.press("Generate", Card(opened.response), story.bob)
    _, second = await story.jobs()
    assert (second.inspired_by, len(second.request.shots)) == (first.id, 2)


async def test_what_was_deleted_is_not_quoted(server: Shown) -> None:
    story = server.story
    asked = await server.a_video(prompt="a secret kite")
    await server.share(asked)
    window = await server.press(LIKE, server.post, story.bob)
    made = await submitted(story, window, {"What the video shows": "a blue kite"}, by=story.bob)
    await deleted(story, asked)
    await story.advance(300)
    assert "💡 inspired by another video" in story.card(made).text
    assert "secret" not in story.card(made).text


# --- taking it back ------------------------------------------------------------------------------


async def deleted(story: Story, asked: simcord.InteractionResult) -> None:
    question = await pressed(story, "Delete", story.card(asked))
    assert question.response is not None
    await pressed(story, "Yes, delete it", Card(question.response))


async def test_the_author_takes_it_back_and_may_show_it_again(server: Shown) -> None:
    await server.decide(showcase_stars=1)
    asked = await server.a_video()
    await server.share(asked)
    told = await server.press("Take back", server.post)
    assert private_words(told) == "It's out of the showcase. The original message stays."
    assert server.posts() == []
    assert len(server.story.card(asked).gallery) == 1
    await server.press("⭐", server.story.card(asked), server.story.bob)
    assert server.posts() == [], "a star brought back what its author had taken back"
    assert (await server.share(asked)).startswith("⭐ It's in the showcase now: ")
    assert server.post.buttons[1] == "⭐ 1"


async def test_others_do_not_take_it_back(server: Shown) -> None:
    await server.share(await server.a_video())
    told = await server.press("Take back", server.post, server.story.bob)
    assert private_words(told) == REFUSALS[ShareRefusal.NOT_YOURS]
    assert len(server.posts()) == 1


async def test_what_a_moderator_took_out_is_not_brought_back_by_its_author(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    await server.press("Take back", server.post, server.story.moderator)
    assert server.posts() == []
    assert await server.share(asked) == REFUSALS[ShareRefusal.TAKEN_OUT]
    told = await server.share(asked, server.story.moderator)
    assert told.startswith("⭐ It's in the showcase now: ")


async def test_details_offer_to_share_and_to_take_back(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    details = await pressed(story, "Details", story.card(asked))
    assert details.response is not None
    await server.press("Share", Card(details.response))
    assert len(server.posts()) == 1
    details = await pressed(story, "Details", story.card(asked))
    assert details.response is not None
    card = Card(details.response)
    assert "Share" not in card.buttons
    await server.press("Take back", card)
    assert server.posts() == []


async def test_a_deleted_video_goes_from_the_showcase_as_well(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    there = server.post
    await server.press("⭐", there, server.story.bob)
    await deleted(server.story, asked)
    assert server.posts() == []
    job = await server.story.job()
    assert job.deleted
    assert await server.story.services.showcase.is_post(job.id, there.message.id) is False


async def test_a_video_that_discord_does_not_take_out_now_is_not_deleted_yet(
    server: Shown,
) -> None:
    asked = await server.a_video()
    await server.share(asked)
    path = f"/channels/{server.showcase.id}/messages/{server.post.message.id}"
    server.story.env.inject_error("DELETE", path, status=400, code=0)
    await deleted(server.story, asked)
    assert not (await server.story.job()).deleted
    assert len(server.posts()) == 1
    await deleted(server.story, asked)
    assert (await server.story.job()).deleted
    assert server.posts() == []


async def test_an_erased_person_leaves_the_showcase(server: Shown) -> None:
    asked = await server.a_video()
    await server.share(asked)
    assert await server.story.services.privacy.forget(server.story.alice.id)
    assert server.posts() == []
    assert server.story.card(asked).gallery


async def test_what_discord_does_not_delete_at_an_erasure_goes_later(server: Shown) -> None:
    await server.share(await server.a_video())
    path = f"/channels/{server.showcase.id}/messages/{server.post.message.id}"
    server.story.env.inject_error("DELETE", path, status=400, code=0)
    assert await server.story.services.privacy.forget(server.story.alice.id)
    assert len(server.posts()) == 1
    await server.story.advance(200)
    assert server.posts() == []
