"""Reports: anybody may tell the moderators about a video, privately, once, and not in a flood."""

import discord
import pytest
import simcord

from bot.domain.job import State
from bot.domain.servers import ServerSettings
from bot.features.reports import ReportRefusal
from bot.ui.gate import DATABASE_AWAY
from cogs.moderation.report import REPORT_REFUSALS
from tests.stories.harness import Card, Story, private_words

REPORTED = "Thank you. The moderators of this server have your report."
REPORT = "Report this video"


class Reporting:
    """A server with a video of Alice's, and a channel where moderators read reports."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.log = story.guild.create_text_channel("log")

    async def decide(self, **settings: object) -> None:
        servers = self.story.services.servers
        changed = await servers.change(self.story.guild.id, settings, by_user_id=1)
        assert isinstance(changed, ServerSettings)

    async def a_video(self, prompt: str = "a red kite") -> simcord.InteractionResult:
        asked = await self.story.kling(prompt)
        await self.story.advance(600)
        return asked

    async def chosen(
        self, asked: simcord.InteractionResult, by: simcord.MemberActor | None = None
    ) -> simcord.InteractionResult:
        message = self.story.card(asked).message
        member = by or self.story.bob
        return await member.context_menu(self.story.channel, REPORT, message)

    async def report(
        self,
        asked: simcord.InteractionResult,
        reason: str = "",
        by: simcord.MemberActor | None = None,
    ) -> str:
        window = await self.chosen(asked, by)
        told = await (by or self.story.bob).submit_modal(window, {"reason": reason})
        await self.story.settle()
        return private_words(told)

    def reports(self) -> list[Card]:
        return [Card(message) for message in self.log.history()]


@pytest.fixture
async def server(story: Story) -> Reporting:
    reporting = Reporting(story)
    await reporting.decide(log_channel_id=reporting.log.id)
    return reporting


async def test_a_report_tells_the_moderators_all_and_thanks_in_private(
    server: Reporting,
) -> None:
    asked = await server.a_video("a red **kite**")
    before = len(server.story.messages())
    assert await server.report(asked, "not *nice*, <@1>") == REPORTED
    (report,) = server.reports()
    job = await server.story.job()
    assert report.heading == "🚩 A video was reported"
    assert rf"Reported by <@{server.story.bob.id}>: not \*nice\*, \<\@1\>" in report.text
    assert r"> a red \*\*kite\*\*" in report.text
    assert f"<@{server.story.alice.id}>" in report.text
    assert f"/{job.place.channel_id}/{job.place.message_id})" in report.text
    assert report.buttons == ["Details", "Delete"]
    assert len(server.story.messages()) == before


async def test_a_reason_is_not_asked_of_anybody(server: Reporting) -> None:
    asked = await server.a_video()
    await server.report(asked)
    (report,) = server.reports()
    assert f"Reported by <@{server.story.bob.id}>\n" in report.text


async def test_each_person_reports_a_video_once(server: Reporting) -> None:
    asked = await server.a_video()
    await server.report(asked)
    await server.story.advance(3_600)
    again = await server.chosen(asked)
    assert private_words(again) == REPORT_REFUSALS[ReportRefusal.ALREADY]
    await server.report(asked, by=server.story.moderator)
    assert len(server.reports()) == 2


async def test_a_second_window_reports_nothing_twice(server: Reporting) -> None:
    asked = await server.a_video()
    one, other = await server.chosen(asked), await server.chosen(asked)
    for window in (one, other):
        told = await server.story.bob.submit_modal(window, {"reason": ""})
        await server.story.settle()
    assert private_words(told) == REPORT_REFUSALS[ReportRefusal.ALREADY]
    assert len(server.reports()) == 1


async def test_nobody_reports_in_a_flood(server: Reporting) -> None:
    first, second = await server.a_video("one"), await server.a_video("two")
    await server.report(first)
    told = await server.chosen(second)
    assert private_words(told) == REPORT_REFUSALS[ReportRefusal.TOO_SOON]
    await server.story.advance(61)
    assert await server.report(second) == REPORTED


async def test_without_a_channel_the_reporter_hears_whom_to_tell(server: Reporting) -> None:
    await server.decide(log_channel_id=None)
    told = await server.chosen(await server.a_video())
    assert private_words(told) == REPORT_REFUSALS[ReportRefusal.NO_LOG_CHANNEL]


async def test_a_closed_channel_is_admitted_and_the_report_may_be_repeated(
    server: Reporting,
) -> None:
    asked = await server.a_video()
    path = f"/channels/{server.log.id}/messages"
    server.story.env.inject_error("POST", path, status=403, code=50013)
    assert await server.report(asked) == REPORT_REFUSALS[ReportRefusal.CLOSED]
    assert await server.report(asked) == REPORTED


async def test_what_is_no_video_of_the_bots_cannot_be_reported(server: Reporting) -> None:
    asked = await server.a_video()
    chatter = await server.story.bob.send(server.story.channel, "a red kite")
    (ping,) = [message for message in server.story.messages() if "is ready" in message.content]
    for message in (chatter, ping):
        told = await server.story.bob.context_menu(server.story.channel, REPORT, message)
        assert private_words(told) == REPORT_REFUSALS[ReportRefusal.NOT_MINE]
    assert server.story.card(asked).heading


async def test_a_card_that_still_waits_can_be_reported_too(server: Reporting) -> None:
    asked = await server.story.kling("something nasty")
    assert (await server.story.job()).state is not State.DELIVERED
    assert await server.report(asked) == REPORTED


async def test_moderators_delete_from_the_report(server: Reporting) -> None:
    asked = await server.a_video()
    await server.report(asked)
    (report,) = server.reports()
    by_stranger = await server.story.bob.click(report.message, custom_id=report.custom_id("Delete"))
    assert "or a moderator" in private_words(by_stranger)
    question = await server.story.moderator.click(
        report.message, custom_id=report.custom_id("Delete")
    )
    card = server.story.card(question)
    await server.story.moderator.click(card.message, custom_id=card.custom_id("Yes, delete it"))
    await server.story.settle()
    assert asked.response is None
    assert (await server.story.job()).deleted


async def test_who_erases_themselves_leaves_no_video_that_cannot_be_reported(
    server: Reporting,
) -> None:
    asked = await server.a_video("something nasty")
    assert await server.story.services.privacy.forget(server.story.alice.id)
    assert await server.report(asked) == REPORTED
    (report,) = server.reports()
    job = await server.story.job()
    assert "Its prompt was erased here; its message may still show it." in report.text
    assert "nasty" not in report.text
    assert "<@0>" not in report.text
    assert f"/{job.place.channel_id}/{job.place.message_id})" in report.text


async def test_moderators_delete_from_the_report_of_what_was_erased(server: Reporting) -> None:
    asked = await server.a_video("something nasty")
    assert await server.story.services.privacy.forget(server.story.alice.id)
    await server.report(asked)
    (report,) = server.reports()
    moderator = server.story.moderator
    question = await moderator.click(report.message, custom_id=report.custom_id("Delete"))
    card = server.story.card(question)
    await moderator.click(card.message, custom_id=card.custom_id("Yes, delete it"))
    await server.story.settle()
    assert asked.response is None


async def test_who_is_blocked_or_yet_to_accept_the_rules_reports_nothing(
    server: Reporting,
) -> None:
    asked = await server.a_video()
    await server.decide(blocked_user_ids=(server.story.bob.id,))
    told = await server.chosen(asked)
    assert private_words(told) == REPORT_REFUSALS[ReportRefusal.NOT_ALLOWED]


async def test_reports_work_after_a_restart_and_the_first_is_not_forgotten(
    server: Reporting,
) -> None:
    asked = await server.a_video()
    await server.report(asked)
    await server.story.world.restart_bot()
    await server.story.settle()
    told = await server.chosen(asked)
    assert private_words(told) == REPORT_REFUSALS[ReportRefusal.ALREADY]


async def test_a_window_that_was_open_during_a_restart_is_taken(server: Reporting) -> None:
    window = await server.chosen(await server.a_video())
    await server.story.world.restart_bot()
    await server.story.settle()
    told = await server.story.bob.submit_modal(window, {"reason": "nasty"})
    await server.story.settle()
    assert private_words(told) == REPORTED
    assert "nasty" in server.reports()[0].text


async def test_without_the_database_a_report_is_not_lost_in_silence(server: Reporting) -> None:
    server.story.expected_errors = 1
    asked = await server.a_video()
    await server.story.world.app.store.close()
    told = await server.chosen(asked)
    assert private_words(told) == DATABASE_AWAY


async def test_the_application_keeps_to_five_entries_in_a_messages_menu(story: Story) -> None:
    tree = story.world.app.bot.tree
    menus = tree.get_commands(type=discord.AppCommandType.message)
    assert sorted(menu.name for menu in menus) == ["Make a Kling video", REPORT]
    assert len(menus) <= 5
