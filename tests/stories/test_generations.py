"""`/generations`, suggestions while typing, and the menu entry on messages."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, State
from bot.domain.outcomes import Media, MediaKind
from bot.domain.ports import Added
from bot.features.library.library import Filter, LibraryPage, LibraryRefusal, prompt_token
from bot.features.library.library_rows import Cursor
from bot.playground.runcomfy_scenario import Scenario
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from bot.ui.gate import DATABASE_AWAY
from bot.ui.words import cards as card_words
from bot.ui.words import library as words
from cogs.generations.details import REFUSALS, not_found
from cogs.generations.list import page_view
from tests.domain.samples import a_job
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.test_after import filled_in, newest, pressed, response, submitted

LONG = "a very long walk through the night, " * 60


async def remembered(
    story: Story,
    count: int,
    *,
    states: Sequence[State] = (State.DELIVERED,),
    prompt: str = "a kite",
    media: tuple[Media, ...] = (),
) -> list[Job]:
    """Former jobs of Alice, a minute apart, the newest last: as rows of other days."""
    jobs: list[Job] = []
    began = story.clock.now() - timedelta(days=1)
    for number in range(count):
        job = a_job(number, state=states[number % len(states)], told=True).model_copy(
            update={
                "id": f"{number:016x}",
                "requester_id": story.alice.id,
                "media": media,
                "request": GenerationRequest(prompt=f"{prompt} no. {number}"),
                "created_at": began + timedelta(minutes=number),
                "state_since": began + timedelta(minutes=number),
            }
        )
        assert await story.world.app.store.add(job) == Added()
        jobs.append(job)
    return jobs


async def listed(
    story: Story, by: simcord.MemberActor | None = None, **options: str
) -> simcord.InteractionResult:
    result = await (by or story.alice).slash(story.channel, "generations list", **options)
    await story.settle()
    assert result.ephemeral
    return result


async def shown(
    story: Story, job_id: str, by: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    result = await (by or story.alice).slash(story.channel, "generations show", id=job_id)
    await story.settle()
    assert result.ephemeral
    return result


async def choices(story: Story, command: str, option: str, typed: str) -> list[dict[str, Any]]:
    return await story.alice.autocomplete(story.channel, command, option, typed)


async def last_answer(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    return result.followups[-1] if result.followups else await response(result)


def prompts_on(card: Card) -> list[str]:
    return [line.removeprefix("> ") for line in card.text.splitlines() if line.startswith("> ")]


# --- the list -----------------------------------------------------------------------------------


async def test_somebody_without_videos_is_told_how_to_begin(story: Story) -> None:
    card = Card(await response(await listed(story)))
    assert "You have no videos yet. Try `/kling`." in card.text
    assert card.buttons == []


async def test_one_video_is_listed_with_all_that_matters(story: Story) -> None:
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    card = Card(await response(await listed(story)))
    assert "✅ Your video is ready" in card.text
    assert prompts_on(card) == ["a red kite over the sea"]
    assert f"<t:{int(job.created_at.timestamp())}:R>" in card.text
    assert "$0." in card.text
    address = f"{story.guild.id}/{story.channel.id}/{(await response(asked)).id}"
    assert f"(https://discord.com/channels/{address})" in card.text
    assert card.buttons == ["Send it to me", "Again · $0.84", "Details"]


async def test_sixty_videos_are_turned_page_by_page_and_back_over_a_restart(story: Story) -> None:
    jobs = await remembered(story, 60)
    newest_first = [job.request.prompt for job in reversed(jobs)]
    page = await listed(story)
    seen: list[list[str]] = []
    while True:
        card = Card(await response(page))
        seen.append(prompts_on(card))
        if "Older" not in card.buttons:
            break
        await pressed(story, "Older", card)
        if len(seen) == 6:
            await story.world.restart_bot()
            await story.settle()
    assert [prompt for prompts in seen for prompt in prompts] == newest_first
    assert len(seen) == 12
    for expected in reversed(seen[:-1]):
        await pressed(story, "Newer", Card(await response(page)))
        card = Card(await response(page))
        assert prompts_on(card) == expected
    assert "Newer" not in card.buttons


async def test_a_page_shows_what_came_meanwhile_when_turned_back(story: Story) -> None:
    await remembered(story, 7)
    page = await listed(story)
    await pressed(story, "Older", Card(await response(page)))
    await story.kling("the newest of all")
    await pressed(story, "Newer", Card(await response(page)))
    card = Card(await response(page))
    if "Newer" in card.buttons:
        await pressed(story, "Newer", card)
        card = Card(await response(page))
    assert prompts_on(card)[0] == "the newest of all"
    assert "Newer" not in card.buttons


@pytest.mark.parametrize(
    ("which", "states"),
    [
        ("ready", {State.DELIVERED}),
        ("failed", {State.FAILED}),
        ("cancelled", {State.CANCELLED}),
        ("unsure", {State.UNSURE}),
    ],
)
async def test_a_list_can_be_narrowed_and_stays_so_when_turned(
    story: Story, which: str, states: set[State]
) -> None:
    ends = (State.DELIVERED, State.FAILED, State.CANCELLED, State.UNSURE)
    jobs = await remembered(story, 32, states=ends)
    page = await listed(story, state=which)
    seen = prompts_on(Card(await response(page)))
    await pressed(story, "Older", Card(await response(page)))
    seen += prompts_on(Card(await response(page)))
    wanted = [job.request.prompt for job in reversed(jobs) if job.state in states]
    assert seen == wanted


async def test_nothing_in_that_state_is_said(story: Story) -> None:
    await remembered(story, 1)
    assert (
        "None of your videos is in that state."
        in Card(await response(await listed(story, state="failed"))).text
    )


async def test_without_the_database_the_list_says_so(story: Story) -> None:
    story.expected_errors = 1
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        database.execute("ALTER TABLE jobs RENAME TO jobs_away")
        told = private_words(await listed(story))
        database.execute("ALTER TABLE jobs_away RENAME TO jobs")
    assert told == DATABASE_AWAY


async def test_a_list_shows_its_owners_videos_alone(story: Story) -> None:
    await remembered(story, 3)
    assert prompts_on(Card(await response(await listed(story, by=story.bob)))) == []


async def test_nobody_turns_the_pages_of_somebody_elses_list(story: Story) -> None:
    (job,) = await remembered(story, 1)
    mark = Cursor.at(job)
    page = LibraryPage(jobs=[job], newer=mark, older=mark)
    bot = story.world.app.bot
    english = bot.languages.of("en")
    view = page_view(page, english, owner_id=story.alice.id, which=Filter.ALL)
    # As it would be if Discord ever showed a private list to others.
    message = await bot.get_partial_messageable(story.channel.id).send(view=view)
    told = await pressed(story, "Older", Card(message), by=story.bob)
    assert private_words(told) == "This is another person's list. Yours is `/generations list`."
    assert prompts_on(Card(message)) == ["a kite no. 0"]


async def test_in_a_direct_message_everything_is_there_as_well(story: Story) -> None:
    user = story.alice.user
    asked = await user.slash("kling", prompt="a kite at home")
    await story.until(State.DELIVERED)
    page = await user.slash("generations list")
    await story.settle()
    assert "https://discord.com/channels/@me/" in Card(await response(page)).text
    question = await pressed(story, "Delete", story.card(asked), by=user)
    await pressed(story, "Yes, delete it", Card(await response(question)), by=user)
    assert asked.response is None


async def test_what_is_under_way_can_be_cancelled_from_the_list(story: Story) -> None:
    story.server.will(Scenario(queue_s=300))
    asked = await story.kling()
    card = Card(await response(await listed(story, state="running")))
    assert card.buttons == ["Cancel", "Again · $0.84", "Details"]
    assert private_words(await pressed(story, "Cancel", card)) == card_words.CANCELLED
    assert story.card(asked).heading == "🚫 Cancelled"


async def test_again_from_the_list_is_a_public_card_of_its_own(story: Story) -> None:
    await remembered(story, 1)
    again = await pressed(story, "Again", Card(await response(await listed(story))))
    assert not again.ephemeral
    assert (await newest(story)).request.prompt == "a kite no. 0"


async def test_a_deleted_video_is_listed_as_deleted_without_a_link(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    question = await pressed(story, "Delete", story.card(asked))
    await pressed(story, "Yes, delete it", Card(await response(question)))
    card = Card(await response(await listed(story)))
    assert "🗑️ Deleted" in card.text
    assert "https://" not in card.text
    assert card.buttons == ["Again · $0.84", "Details"]


# --- sending again ------------------------------------------------------------------------------


@pytest.mark.parametrize("is_archived", [True, False])
async def test_a_video_is_sent_again_in_private_from_the_archive_or_the_service(
    tmp_path: Path,
    videos: VideoLibrary,
    is_archived: bool,  # noqa: FBT001 - a column of the table
) -> None:
    changes = {"archive_dir": tmp_path / "archive" if is_archived else None}
    data_dir = tmp_path / "d"
    async with told_story(data_dir=data_dir, videos=videos, changes=changes) as story:
        await story.kling()
        await story.until(State.DELIVERED)
        sent = await pressed(story, "Send it to me", Card(await response(await listed(story))))
        answer = await last_answer(sent)
        assert answer.ephemeral
        (attachment,) = answer.attachments
        assert attachment.size > 1_000
        assert attachment.filename.endswith(".mp4")
        assert Card(answer).gallery[0]["description"] == "Video: a red kite over the sea"
        assert list((data_dir / "spool").iterdir()) == []


async def test_a_video_too_large_for_the_place_is_sent_as_a_link(story: Story) -> None:
    await story.kling()
    job = await story.until(State.DELIVERED)
    story.world.upload_limit_bytes = 1_000
    sent = await pressed(story, "Send it to me", Card(await response(await listed(story))))
    answer = Card(await last_answer(sent))
    assert answer.links == [job.media[0].url]
    assert "Discord doesn't take the file here. This is its address at RunComfy." in answer.text


async def test_a_video_that_the_service_forgot_is_said_to_be_gone(story: Story) -> None:
    forgotten = Media(kind=MediaKind.VIDEO, url=f"{story.server.url}/files/nowhere.mp4")
    await remembered(story, 1, media=(forgotten,))
    sent = await pressed(story, "Send it to me", Card(await response(await listed(story))))
    assert private_words(sent) == REFUSALS[LibraryRefusal.GONE]


# --- one of them --------------------------------------------------------------------------------


async def test_showing_one_tells_all_and_offers_everything(story: Story) -> None:
    await story.kling(LONG[:2_400], negative_prompt="_" * 2_400)
    job = await story.until(State.DELIVERED)
    card = Card(await response(await shown(story, job.id)))
    assert card.buttons == ["Send it to me", "Again · $0.84", "Change…", "Delete"]
    assert len(card.text) <= 4_000
    assert "Change… shows all of it." in card.text
    window = await pressed(story, "Change…", card)
    assert filled_in(window)[words.PROMPT_LABEL] == job.request.prompt


async def test_nobody_is_shown_somebody_elses(story: Story) -> None:
    (job,) = await remembered(story, 1)
    for nosy in (story.bob, story.moderator):
        told = private_words(await shown(story, job.id, by=nosy))
        assert told == not_found(story.world.app.bot.languages.of("en"), job.id)


async def test_nonsense_is_answered_with_how_to_find_a_video(story: Story) -> None:
    told = private_words(await shown(story, "  *nonsense* <@1>  "))
    assert "You have no video called “\\*nonsense\\* \\<\\@1\\>”." in told
    assert "`/generations list`" in told


async def test_videos_are_suggested_by_the_words_of_their_prompts(story: Story) -> None:
    await remembered(story, 40, prompt="x" * 200 + " sea")
    offered = await choices(story, "generations show", "id", "SEA NO. 3")
    assert [choice["value"] for choice in offered] == [
        f"{number:016x}" for number in (39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 3)
    ]
    everything = await choices(story, "generations show", "id", "")
    assert len(everything) == 25
    assert all(len(choice["name"]) <= 100 for choice in everything)
    assert everything[0]["name"].endswith("ago")
    assert await story.bob.autocomplete(story.channel, "generations show", "id", "") == []


# --- prompts ------------------------------------------------------------------------------------


async def test_former_prompts_are_suggested_once_each_and_newest_first(story: Story) -> None:
    for prompt in ("a fox", "a kite", "a fox"):
        await story.kling(prompt)
    offered = await choices(story, "kling", "prompt", "")
    assert [choice["value"] for choice in offered] == ["a fox", "a kite"]
    assert [c["value"] for c in await choices(story, "kling", "prompt", "KI")] == ["a kite"]


async def test_a_long_prompt_is_offered_as_a_token_and_bought_in_full(story: Story) -> None:
    await story.kling(LONG)
    (offered,) = await choices(story, "kling", "prompt", "walk")
    assert len(offered["name"]) <= 100
    assert len(offered["value"]) <= 100
    await story.kling(offered["value"])
    first, second = await story.jobs()
    assert second.request.prompt == first.request.prompt == LONG.strip()


async def test_what_is_typed_is_taken_as_it_is(story: Story) -> None:
    await story.kling("↺ back to the sea")
    assert (await newest(story)).request.prompt == "↺ back to the sea"


async def test_a_token_of_somebody_elses_video_or_of_none_buys_nothing(story: Story) -> None:
    await story.kling(LONG)
    job = await newest(story)
    told = await story.bob.slash(story.channel, "kling", prompt=prompt_token(job.id))
    assert private_words(told) == REFUSALS[LibraryRefusal.UNKNOWN_PROMPT]
    told = await story.alice.slash(story.channel, "kling", prompt=prompt_token("0" * 16))
    assert private_words(told) == REFUSALS[LibraryRefusal.UNKNOWN_PROMPT]
    assert len(story.server.posts) == 1


# --- from a message -----------------------------------------------------------------------------


async def from_message(story: Story, message: Any) -> simcord.InteractionResult:  # noqa: ANN401 - two kinds
    return await story.alice.context_menu(story.channel, "Make a Kling video", message)


async def test_a_messages_text_becomes_a_video_once_it_was_looked_at(story: Story) -> None:
    message = await story.bob.send(story.channel, "  a fox in the snow\n")
    window = await from_message(story, message)
    assert list(filled_in(window).values()) == ["a fox in the snow", "5", "16:9 sound pro", "0.5"]
    assert await story.jobs() == []
    await submitted(story, window, {words.DURATION_LABEL: "3"})
    job = await newest(story)
    assert (job.request.prompt, job.request.duration_s) == ("a fox in the snow", 3)
    assert (job.requester_id, job.private) == (story.alice.id, False)


async def test_the_window_begins_with_what_somebody_chose_for_themselves(story: Story) -> None:
    chosen = {"duration_s": 11, "aspect": "1:1", "sound": False}
    await story.services.preferences.change(story.alice.id, chosen)
    message = await story.bob.send(story.channel, "a fox in the snow")
    window = await from_message(story, message)
    assert list(filled_in(window).values()) == ["a fox in the snow", "11", "1:1 silent pro", "0.5"]


async def test_a_message_longer_than_a_prompt_is_cut(story: Story) -> None:
    message = await story.bob.send(story.channel, "w" * 2_000)
    assert len(filled_in(await from_message(story, message))[words.PROMPT_LABEL]) == 2_000


async def test_a_message_without_words_and_pictures_is_answered_kindly(story: Story) -> None:
    message = await story.bob.send(story.channel, attachments=[("kite.txt", b"a kite")])
    assert private_words(await from_message(story, message)) == words.NO_TEXT


async def test_a_forwarded_message_counts_by_its_own_text(story: Story) -> None:
    message = await story.bob.send(story.channel, "a fox in the snow")
    forwarded = await story.bob.forward(message, story.channel)
    window = await from_message(story, forwarded)
    assert filled_in(window)[words.PROMPT_LABEL] == "a fox in the snow"
