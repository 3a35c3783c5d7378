"""What somebody may have of their data, and what is forgotten: at their wish, and with age."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.domain.erasure import ERASED_PROMPT
from bot.domain.job import State
from bot.domain.servers import EVERYWHERE, ServerSettings
from bot.features.library.library import LibraryRefusal
from bot.features.ordering import KEPT_AFTER
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from cogs.generations.details import REFUSALS
from cogs.kling_me import privacy as words_privacy
from cogs.kling_me.privacy import forget_question
from tests.stories.harness import Card, Story, private_words, told_story

DAY_S = 24 * 60 * 60
ERASED_ONE = "Done: what I kept of 1 video is erased, and so are your drafts and settings."
SECRET = "grandmother and her red kite over Lerici"


def all_that_is_written(story: Story) -> str:
    """Every value of every row, as it lies in the file."""
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = [database.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]  # noqa: S608 - names of our own tables
    return repr(rows)


def books(story: Story) -> list[tuple[str, int | None]]:
    """Every entry of the ledger with whose it is, oldest first."""
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        return database.execute("SELECT kind, user_id FROM ledger ORDER BY seq").fetchall()


async def a_delivered_video(story: Story, prompt: str = SECRET) -> simcord.InteractionResult:
    shown = await story.kling(prompt)
    while not all(job.state is State.DELIVERED for job in await story.jobs()):
        await story.advance(5)
    return shown


async def erase(story: Story) -> str:
    asked = await story.alice.slash(story.channel, "kling-me erase")
    assert asked.ephemeral
    card = story.card(asked)
    pressed = await story.alice.click(card.message, custom_id=card.custom_id("Erase everything"))
    await story.settle()
    assert pressed.response is not None
    return story.card(pressed).text


async def export(story: Story, by: simcord.MemberActor) -> dict[str, Any]:
    answered = await by.slash(story.channel, "kling-me export")
    message = answered.followups[-1] if answered.followups else answered.response
    assert message is not None
    assert message.ephemeral
    (attachment,) = message.attachments
    told: dict[str, Any] = json.loads(await attachment.read())
    return told


async def test_the_export_has_all_that_is_known_and_no_key(story: Story) -> None:
    await a_delivered_video(story)
    told = await export(story, story.alice)
    (video,) = told["videos"]
    assert video["request"]["prompt"] == SECRET
    assert video["state"] == "delivered"
    assert video["model_id"] == "kling/kling-3.0/pro/text-to-video"
    assert video["media"]
    assert [entry["kind"] for entry in told["ledger"]] == ["reserved", "settled"]
    assert told["user_id"] == str(story.alice.id)
    assert "interaction_token" not in json.dumps(told)


async def test_the_export_names_all_rows_that_name_somebody_with_ids_that_no_reader_rounds(
    story: Story,
) -> None:
    alice = story.alice.id
    bot = story.world.app.bot
    await bot.services.servers.change(story.guild.id, {"words": ("kite",)}, by_user_id=alice)
    await bot.services.servers.change(story.guild.id, {"words": ()}, by_user_id=alice)
    await a_delivered_video(story)
    await bot.services.spending.start_afresh(story.guild.id, alice, by_user_id=alice)
    told = await export(story, story.alice)
    full = {name for name, rows in told.items() if isinstance(rows, list) and rows}
    assert full >= {"videos", "ledger", "balances", "counted_videos", "adjustments"}
    assert full >= {"adjustments_made", "decisions"}
    video = told["videos"][0]
    assert (video["key_id"], video["review_message_id"]) == (None, None)
    assert video["place"]["guild_id"] == str(story.guild.id)
    assert told["ledger"][0]["user_id"] == str(alice)
    assert re.search(r"[:\[,] \d{16,}", json.dumps(told)) is None


async def test_the_export_holds_nothing_of_others(story: Story) -> None:
    await a_delivered_video(story)
    assert (await export(story, story.bob))["videos"] == []


async def test_erasing_leaves_the_books_and_nothing_else(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    archive_dir = tmp_path / "archive"
    changes = {"archive_dir": archive_dir}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await a_delivered_video(story)
        before = await story.job()
        assert list((archive_dir / before.id).iterdir())
        said = await erase(story)
        assert said == ERASED_ONE
        job = await story.job()
        assert (job.request.prompt, job.media, job.requester_id) == (ERASED_PROMPT, (), 0)
        assert not (archive_dir / job.id).exists()
        written = all_that_is_written(story)
        assert SECRET not in written
        assert before.media[0].url not in written
        assert job.cost_microusd == before.cost_microusd
        assert books(story) == [("reserved", None), ("settled", None)]


async def test_what_is_under_way_stays_until_it_is_over(story: Story) -> None:
    await story.kling(SECRET)
    said = await erase(story)
    under_way = "1 is still under way: ask again when it is over."
    assert said == f"Done: your drafts and settings are erased. {under_way}"
    await story.until(State.DELIVERED)
    assert (await story.job()).request.prompt == SECRET
    assert await erase(story) == ERASED_ONE
    assert SECRET not in all_that_is_written(story)


async def test_the_books_of_a_video_have_one_name_throughout_or_none(story: Story) -> None:
    await a_delivered_video(story)
    await story.kling("a paper boat")
    await erase(story)
    gone, kept = ("reserved", None), ("reserved", story.alice.id)
    assert books(story) == [gone, ("settled", None), kept]
    while not all(job.state is State.DELIVERED for job in await story.jobs()):
        await story.advance(5)
    assert books(story) == [gone, ("settled", None), kept, ("settled", story.alice.id)]
    spent = (await story.services.spending.month_of(story.guild.id)).by_user
    assert {user_id: one.videos for user_id, one in spent.items()} == {None: 1, story.alice.id: 1}
    await erase(story)
    assert {user_id for _, user_id in books(story)} == {None}


async def test_who_erased_themselves_can_still_delete_what_everybody_sees(story: Story) -> None:
    shown = await a_delivered_video(story)
    await erase(story)
    assert await story.press("Delete", shown, by=story.bob) == refusal(LibraryRefusal.NOBODYS)
    assert shown.response is not None
    await delete_for_good(story, shown, by=story.alice)
    assert shown.response is None
    assert (await story.job()).deleted


async def test_moderators_delete_what_somebody_left_behind_who_erased_themselves(
    story: Story,
) -> None:
    shown = await a_delivered_video(story)
    await erase(story)
    await delete_for_good(story, shown, by=story.moderator)
    assert shown.response is None
    assert (await story.job()).deleted


async def test_a_private_message_is_not_said_to_be_gone_when_nobody_knows_where_it_is(
    story: Story,
) -> None:
    shown = await story.kling(SECRET, private=True)
    await story.until(State.DELIVERED)
    await erase(story)
    assert (await story.job()).place.message_id == 0
    question = await story.alice.click(
        story.card(shown).message, custom_id=story.card(shown).custom_id("Delete")
    )
    card = story.card(question)
    told = await story.alice.click(card.message, custom_id=card.custom_id("Yes, delete it"))
    await story.settle()
    assert told.response is not None
    assert story.card(told).text == (
        "My copy is gone, but I can't reach the message with the video. Please delete or "
        "dismiss it yourself."
    )


def refusal(why: LibraryRefusal) -> str:
    return REFUSALS[why]


async def delete_for_good(
    story: Story, shown: simcord.InteractionResult, *, by: simcord.MemberActor
) -> None:
    card = story.card(shown)
    question = story.card(await by.click(card.message, custom_id=card.custom_id("Delete")))
    await by.click(question.message, custom_id=question.custom_id("Yes, delete it"))
    await story.settle()


async def test_nobody_else_can_answer_the_question(story: Story) -> None:
    await a_delivered_video(story)
    question = forget_question(story.alice.id, story.world.app.bot.languages.of("en"))
    channel = story.world.app.bot.get_channel(story.channel.id)
    assert isinstance(channel, discord.TextChannel)
    shown = await channel.send(view=question)
    pressed = await story.bob.click(shown, custom_id=f"kling:forget-me:{story.alice.id}")
    assert private_words(pressed) == words_privacy.NOT_YOURS
    assert (await story.job()).request.prompt == SECRET


async def test_an_erased_video_cannot_be_asked_for_again_from_its_card(story: Story) -> None:
    shown = await a_delivered_video(story)
    await erase(story)
    told = await story.press("Again", shown)
    assert told == REFUSALS[LibraryRefusal.ERASED]
    assert len(await story.jobs()) == 1


async def test_prompts_are_forgotten_after_ninety_days_and_those_of_yesterday_are_not(
    story: Story,
) -> None:
    await a_delivered_video(story)
    story.clock.move_to(story.clock.now() + timedelta(days=89))
    await story.settle()
    await a_delivered_video(story, "a paper boat")
    assert SECRET in all_that_is_written(story)
    story.clock.move_to(story.clock.now() + timedelta(days=2))
    await story.advance(120)
    written = all_that_is_written(story)
    assert SECRET not in written
    assert "a paper boat" in written
    old = min(await story.jobs(), key=lambda job: job.created_at)
    assert (old.erased, old.requester_id) == (True, story.alice.id)


async def test_a_file_that_cannot_be_deleted_keeps_its_own_prompt_alone_and_is_tried_again(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    archive_dir = tmp_path / "archive"
    changes = {"archive_dir": archive_dir}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await a_delivered_video(story)
        kept = await story.job()
        await a_delivered_video(story, "a paper boat")
        folder = archive_dir / kept.id
        folder.rename(tmp_path / "elsewhere")
        folder.write_text("no folder: deleting it fails as on a disk that only reads")
        story.clock.move_to(story.clock.now() + timedelta(days=91))
        await story.advance(120)
        written = all_that_is_written(story)
        assert SECRET in written
        assert "a paper boat" not in written
        folder.unlink()
        await story.advance(2 * 60 * 60)
        assert SECRET not in all_that_is_written(story)


async def test_what_a_persons_limits_counted_is_forgotten_after_the_next_month(
    story: Story,
) -> None:
    await a_delivered_video(story)
    assert "operator_user" in all_that_is_written(story)
    story.clock.move_to(story.clock.now() + timedelta(days=100))
    await story.advance(120)
    written = all_that_is_written(story)
    assert "operator_user" not in written
    assert "'operator', 0" in written


async def a_video_that_cannot_be_brought(story: Story) -> None:
    story.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013, times=None)
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await story.kling(SECRET)
    await story.until(State.RENDERED)
    await story.leap(KEPT_AFTER.total_seconds())


async def brought_at_last(story: Story) -> None:
    """Alice asks anew and takes the offer to have the former one sent."""
    asked = await story.kling("another")
    offer = Card(asked.followups[-1])
    await story.alice.click(offer.message, custom_id=offer.custom_id("Send it here"))
    await story.advance(60)


async def test_the_prompt_of_a_video_that_cannot_be_brought_goes_with_age_and_it_can_be_had(
    story: Story,
) -> None:
    await a_video_that_cannot_be_brought(story)
    await story.leap(91 * DAY_S)
    await story.advance(120)
    assert SECRET not in all_that_is_written(story)
    kept = await story.job()
    assert (kept.state, kept.erased, len(kept.media)) == (State.RENDERED, True, 1)
    assert kept.request_id is not None
    await brought_at_last(story)
    former = min(await story.jobs(), key=lambda job: job.created_at)
    assert former.state is State.DELIVERED
    assert len(story.server.posts) == 2


async def test_the_links_of_a_video_that_came_late_go_the_day_after(story: Story) -> None:
    await a_video_that_cannot_be_brought(story)
    await story.leap(91 * DAY_S)
    await story.advance(120)
    url = (await story.job()).media[0].url
    await brought_at_last(story)
    await story.leap(DAY_S)
    await story.advance(120)
    former = min(await story.jobs(), key=lambda job: job.created_at)
    assert (former.media, former.request_id) == ((), None)
    assert url not in all_that_is_written(story)


async def test_who_erases_themselves_can_still_be_brought_what_they_paid_for(story: Story) -> None:
    await a_video_that_cannot_be_brought(story)
    said = await erase(story)
    assert "has not reached you yet" in said
    assert SECRET not in all_that_is_written(story)
    kept = await story.job()
    assert (kept.state, kept.requester_id) == (State.RENDERED, story.alice.id)
    await brought_at_last(story)
    assert (await erase(story)).startswith(ERASED_ONE)


async def test_a_job_that_is_unsure_loses_its_prompt_with_age_and_nothing_else(
    story: Story,
) -> None:
    story.server.will(Scenario(on_submit=(Fault(Closes(), accepted=True),)))
    await story.kling(SECRET)
    assert (await story.job()).state is State.UNSURE
    await story.leap(89 * DAY_S)
    await story.advance(120)
    assert SECRET in all_that_is_written(story)
    await story.leap(2 * DAY_S)
    await story.advance(120)
    assert SECRET not in all_that_is_written(story)
    unsure = await story.job()
    assert (unsure.state, unsure.requester_id) == (State.UNSURE, story.alice.id)
    assert unsure.sent_at is not None


async def test_drafts_and_questions_go_with_the_daily_run_though_nobody_opens_another(
    story: Story,
) -> None:
    await story.alice.slash(story.channel, "storyboard")
    servers = story.services.servers
    await servers.change(story.guild.id, {"ask_above_microusd": 0}, by_user_id=1)
    await story.kling(SECRET)
    assert SECRET in all_that_is_written(story)
    await story.leap(2 * DAY_S)
    await story.advance(120)
    written = all_that_is_written(story)
    assert SECRET not in written
    assert str(story.alice.id) not in written


def decided(story: Story) -> int:
    """How many servers the database knows decisions of."""
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        return database.execute("SELECT count(*) FROM server_settings").fetchone()[0]


async def days(story: Story, number: int) -> None:
    """Let days pass, of which the last is long enough for what is done once a day."""
    story.clock.move_to(story.clock.now() + timedelta(days=number))
    await story.advance(120)


async def list_words(story: Story) -> None:
    servers = story.services.servers
    changes = {"words": ("kite",)}
    await servers.change(story.guild.id, changes, by_user_id=story.moderator.id)


async def test_a_server_that_was_left_is_forgotten_after_a_month(story: Story) -> None:
    await list_words(story)
    story.env.backend.remove_guild(story.guild.id)
    await story.env.settle()
    await days(story, 29)
    assert decided(story) == 1
    await days(story, 2)
    assert decided(story) == 0
    assert "kite" not in all_that_is_written(story)


async def test_a_server_that_is_back_within_a_month_keeps_all_that_it_decided(story: Story) -> None:
    await list_words(story)
    bot = story.world.app.bot
    guild = bot.get_guild(story.guild.id)
    assert guild is not None
    await bot.on_guild_remove(guild)
    await bot.on_guild_join(guild)
    await days(story, 31)
    assert (await bot.services.servers.current(story.guild.id)).words == ("kite",)


async def test_who_invited_the_bot_back_while_it_was_stopped_keeps_all_as_well(
    story: Story,
) -> None:
    await list_words(story)
    bot = story.world.app.bot
    guild = bot.get_guild(story.guild.id)
    assert guild is not None
    await bot.on_guild_remove(guild)
    story.clock.move_to(story.clock.now() + timedelta(days=31))
    await story.world.restart_bot()
    # Removed anew and unseen: a month begins that has nothing to do with the first removal.
    del story.env.backend.guilds[story.guild.id]
    await story.world.restart_bot()
    await days(story, 29)
    assert (await story.services.servers.current(story.guild.id)).words == ("kite",)


async def test_a_server_that_was_left_while_the_bot_was_stopped_is_forgotten_as_well(
    story: Story,
) -> None:
    await list_words(story)
    del story.env.backend.guilds[story.guild.id]
    await story.world.restart_bot()
    await days(story, 29)
    assert decided(story) == 1
    await days(story, 2)
    assert decided(story) == 0


async def test_a_server_that_is_unavailable_for_long_is_not_taken_for_left(story: Story) -> None:
    await list_words(story)
    outage = {"id": str(story.guild.id), "unavailable": True}
    story.env.backend.emit("GUILD_DELETE", outage)
    await days(story, 2)
    await days(story, 31)
    assert (await story.services.servers.current(story.guild.id)).words == ("kite",)


async def test_a_block_by_the_operator_outlives_the_server_that_kicked_the_bot(
    story: Story,
) -> None:
    await list_words(story)
    bot = story.world.app.bot
    await bot.services.operations.block(story.guild.id, by_user_id=story.moderator.id)
    del story.env.backend.guilds[story.guild.id]
    await story.world.restart_bot()
    await days(story, 31)
    await days(story, 31)
    written = all_that_is_written(story)
    assert "kite" not in written
    assert str(story.moderator.id) not in written
    settings = await story.services.servers.current(story.guild.id)
    assert settings == ServerSettings(blocked_by_operator=True)
    await story.services.operations.unblock(story.guild.id, by_user_id=story.alice.id)
    await days(story, 2)
    assert decided(story) == 0


async def test_decisions_about_the_whole_bot_belong_to_no_server_and_stay(story: Story) -> None:
    servers = story.services.servers
    await servers.change(EVERYWHERE, {"paused_because": "a holiday"}, by_user_id=1)
    await days(story, 2)
    await days(story, 31)
    assert (await servers.current(EVERYWHERE)).paused_because == "a holiday"
