"""Review: what chosen roles ask for waits for a moderator, and nothing is paid before."""

import discord
import pytest
import simcord

from bot.domain.job import State
from bot.domain.money.ledger import Account, Balance, Scope
from bot.domain.outcomes import FailureReason
from bot.domain.servers import RoleRule, ServerSettings
from bot.storage.ledger import SqlLedger
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Card, Story, private_words

DAY_S = 24 * 3_600


class Reviewed:
    """A server that wants a moderator's word about what new members ask for."""

    def __init__(self, story: Story) -> None:
        self.story = story
        guild = story.guild
        moderators = guild.create_role(
            "Keepers", permissions=discord.Permissions(manage_messages=True)
        )
        self.newcomers = guild.create_role("Newcomers")
        self.review = guild.create_text_channel("review")
        self.log = guild.create_text_channel("log")
        self.nina = guild.add_member(story.env.create_user("nina"), roles=[self.newcomers])
        self.maud = guild.add_member(story.env.create_user("maud"), roles=[moderators])

    async def decide(self, **settings: object) -> None:
        rules = {self.newcomers.id: RoleRule(is_reviewed=True)}
        usual = {"role_rules": rules, "review_channel_id": self.review.id}
        servers = self.story.services.servers
        changed = await servers.change(self.story.guild.id, usual | settings, by_user_id=1)
        assert isinstance(changed, ServerSettings)

    async def ask(
        self, prompt: str = "a red kite", **options: str | float | tuple[str, bytes]
    ) -> simcord.InteractionResult:
        asked = await self.nina.slash(self.story.channel, "kling", prompt=prompt, **options)
        await self.story.settle()
        return asked

    def questions(self) -> list[Card]:
        return [Card(message) for message in self.review.history()]

    @property
    def question(self) -> Card:
        (only,) = self.questions()
        return only

    async def press(
        self, label: str, by: simcord.MemberActor | None = None
    ) -> simcord.InteractionResult:
        card = self.question
        pressed = await (by or self.maud).click(card.message, custom_id=card.custom_id(label))
        await self.story.settle()
        return pressed

    async def decline(self, reason: str, by: simcord.MemberActor | None = None) -> None:
        window = await self.press("Decline", by)
        await (by or self.maud).submit_modal(window, {"reason": reason})
        await self.story.settle()

    async def held(self, day: str) -> Balance:
        """What is reserved or spent for the whole bot on a day."""
        ledger = SqlLedger(database=self.story.world.app.store.database)
        account = Account(scope=Scope.OPERATOR, owner_id=0, subject_id=0, period=day)
        return (await ledger.balances([account])).get(account, Balance())


@pytest.fixture
async def server(story: Story) -> Reviewed:
    reviewed = Reviewed(story)
    await reviewed.decide()
    return reviewed


async def test_nothing_is_sent_until_a_moderator_approves(server: Reviewed) -> None:
    asked = await server.ask("a red kite over the sea", negative_prompt="rain")
    card = server.story.card(asked)
    assert card.heading == "🛂 Waiting for a moderator"
    assert "A moderator has to approve this first." in card.text
    assert card.buttons == ["Cancel"]
    await server.story.advance(3_600)
    assert server.story.server.posts == []
    question = server.question
    assert question.heading == "🛂 A video needs your approval"
    assert "a red kite over the sea" in question.text
    assert "rain" in question.text
    assert "5 s · 16:9 · with sound" in question.text
    assert "$0.84" in question.text
    assert f"<@{server.nina.id}>" in question.text
    assert f"/{server.story.channel.id}/" in question.text
    assert question.buttons == ["Approve", "Decline"]


async def test_what_is_approved_joins_the_line_and_the_question_says_who(
    server: Reviewed,
) -> None:
    asked = await server.ask()
    await server.press("Approve")
    assert len(server.story.server.posts) == 1
    assert server.question.heading == f"✅ Approved by <@{server.maud.id}>"
    assert server.question.buttons == []
    job = await server.story.until(State.DELIVERED)
    assert job.reviewed_by == server.maud.id
    assert server.story.card(asked).is_ready
    assert server.question.heading == f"✅ Approved by <@{server.maud.id}>"


async def test_what_is_declined_costs_nothing_and_its_requester_reads_why(
    server: Reviewed,
) -> None:
    asked = await server.ask()
    await server.decline("Too **loud**\n for <@1>")
    job = await server.story.job()
    assert (job.state, job.failure) == (State.FAILED, FailureReason.REVIEW_DECLINED)
    card = server.story.card(asked)
    assert "A moderator didn't approve this: Too \\*\\*loud\\*\\* for \\<\\@1\\>" in card.text
    assert "Nothing was charged" in card.text
    assert server.question.heading == (
        rf"❌ Declined by <@{server.maud.id}>: Too \*\*loud\*\* for \<\@1\>"
    )
    assert server.story.server.posts == []


async def test_a_reason_may_be_left_out(server: Reviewed) -> None:
    asked = await server.ask()
    await server.decline("  ")
    assert "A moderator didn't approve this. Nothing was charged." in server.story.card(asked).text
    assert server.question.heading == f"❌ Declined by <@{server.maud.id}>"


async def test_the_trail_says_who_decided(server: Reviewed) -> None:
    await server.ask()
    await server.press("Approve")
    entries = await server.story.services.servers.audit(server.story.guild.id, limit=1)
    assert entries is not None
    job = await server.story.job()
    assert [(one.what, one.by_user_id, one.after) for one in entries] == [
        ("review_approved", server.maud.id, f'"{job.id}"')
    ]


async def test_of_two_moderators_one_decides_and_the_other_is_told(server: Reviewed) -> None:
    await server.ask()
    window = await server.press("Decline")
    other = server.story.moderator
    await server.press("Approve", other)
    late = await server.maud.submit_modal(window, {"reason": "too late"})
    await server.story.settle()
    assert private_words(late) == f"Someone decided before you:\n✅ Approved by <@{other.id}>"
    job = await server.story.job()
    assert job.reviewed_by == other.id
    assert len(server.story.server.posts) == 1
    assert server.question.heading == f"✅ Approved by <@{other.id}>"


@pytest.mark.parametrize("label", ["Approve", "Decline"])
async def test_only_who_may_manage_messages_there_decides(server: Reviewed, label: str) -> None:
    await server.ask()
    refused = await server.press(label, server.story.bob)
    assert private_words(refused) == (
        "You need the Manage Messages permission here to decide about videos."
    )
    assert (await server.story.job()).state is State.IN_REVIEW


async def test_without_the_database_the_moderator_is_told_so(server: Reviewed) -> None:
    await server.ask()
    await server.story.world.app.store.close()
    assert private_words(await server.press("Approve")) == DATABASE_AWAY


async def test_others_are_not_reviewed_and_without_a_channel_nobody_is(
    server: Reviewed,
) -> None:
    await server.story.kling()
    assert server.questions() == []
    await server.decide(review_channel_id=None)
    await server.ask()
    assert len(server.story.server.posts) == 2


async def test_the_requester_may_cancel_and_the_question_says_so(server: Reviewed) -> None:
    asked = await server.ask()
    told = await server.story.press("Cancel", asked, by=server.nina)
    assert told == "Cancelled. It costs nothing."
    assert (await server.story.job()).state is State.CANCELLED
    assert server.question.heading == "🚫 Cancelled before a moderator decided"
    assert server.question.buttons == []


async def test_after_a_day_without_an_answer_it_is_declined(server: Reviewed) -> None:
    asked = await server.ask()
    await server.story.leap(DAY_S + 1)
    job = await server.story.job()
    assert (job.state, job.failure) == (State.FAILED, FailureReason.REVIEW_EXPIRED)
    assert "No moderator decided within a day." in server.story.card(asked).text
    assert server.question.heading == "⌛ No moderator decided in time, so it was declined"


@pytest.mark.parametrize("end", ["declined", "cancelled", "expired"])
async def test_the_reserve_comes_back(server: Reviewed, end: str) -> None:
    asked = await server.ask()
    day = server.story.clock.now().date().isoformat()
    before = await server.held(day)
    assert (before.held_microusd, before.videos) == (840_000, 1)
    if end == "declined":
        await server.decline("no")
    elif end == "cancelled":
        await server.story.press("Cancel", asked, by=server.nina)
    else:
        await server.story.leap(DAY_S + 1)
    assert await server.held(day) == Balance()


# --- restarts ------------------------------------------------------------------------------------


async def test_a_restart_asks_nobody_twice_and_the_buttons_go_on_working(
    server: Reviewed,
) -> None:
    await server.ask()
    await server.story.world.restart_bot()
    await server.story.settle()
    await server.story.advance(3_600)
    assert len(server.questions()) == 1
    await server.press("Approve")
    assert len(server.story.server.posts) == 1
    assert server.question.heading == f"✅ Approved by <@{server.maud.id}>"


async def test_a_window_that_was_open_during_a_restart_is_taken(server: Reviewed) -> None:
    asked = await server.ask()
    window = await server.press("Decline")
    await server.story.world.restart_bot()
    await server.story.settle()
    await server.maud.submit_modal(window, {"reason": "too loud"})
    await server.story.settle()
    assert "didn't approve this: too loud" in server.story.card(asked).text


async def test_whoever_asks_again_after_a_crash_carries_the_same_nonce(
    server: Reviewed,
) -> None:
    path = f"/channels/{server.review.id}/messages"
    server.story.env.inject_error("POST", path, status=503, times=3)
    await server.ask()
    await server.story.advance(10)
    await server.story.world.restart_bot()
    await server.story.settle()
    await server.story.advance(40)
    job = await server.story.job()
    sent = [
        entry.json
        for entry in server.story.env.http_requests
        if entry.method == "POST" and entry.path.endswith(path)
    ]
    assert len(sent) == 4
    assert {body["nonce"] for body in sent if isinstance(body, dict)} == {f"ask{job.id}"}
    assert len(server.questions()) == 1


# --- a channel that is closed --------------------------------------------------------------------


async def test_a_closed_channel_declines_uncharged_and_both_are_told(
    server: Reviewed,
) -> None:
    await server.decide(log_channel_id=server.log.id)
    path = f"/channels/{server.review.id}/messages"
    server.story.env.inject_error("POST", path, status=403, code=50001)
    asked = await server.ask()
    job = await server.story.job()
    assert (job.state, job.failure) == (State.FAILED, FailureReason.REVIEW_IMPOSSIBLE)
    assert "I can't post in their channel. Nothing was charged." in server.story.card(asked).text
    (warning,) = server.log.history()
    text = Card(warning).text
    assert f"<@{server.nina.id}>" in text
    assert f"<#{server.review.id}>" in text
    assert "nothing was charged" in text
    assert server.story.server.posts == []


async def test_a_channel_that_is_away_for_a_moment_is_tried_again(server: Reviewed) -> None:
    path = f"/channels/{server.review.id}/messages"
    server.story.env.inject_error("POST", path, status=503, times=3)
    await server.ask()
    await server.story.advance(10)
    assert server.questions() == []
    assert (await server.story.job()).state is State.IN_REVIEW
    await server.story.advance(40)
    assert server.question.buttons == ["Approve", "Decline"]


async def test_a_channel_that_is_not_chosen_any_more_lets_nothing_through(
    server: Reviewed,
) -> None:
    path = f"/channels/{server.review.id}/messages"
    server.story.env.inject_error("POST", path, status=503, times=3)
    await server.ask()
    await server.story.advance(10)
    await server.decide(review_channel_id=None, log_channel_id=server.log.id)
    await server.story.advance(40)
    job = await server.story.job()
    assert (job.state, job.failure) == (State.FAILED, FailureReason.REVIEW_IMPOSSIBLE)
    (warning,) = server.log.history()
    assert "which is not chosen any more" in Card(warning).text
    assert server.story.server.posts == []


# --- reading it all ------------------------------------------------------------------------------


async def test_a_long_prompt_can_be_read_to_its_last_word(server: Reviewed) -> None:
    await server.ask("very " * 400 + "LASTWORD")
    assert "LASTWORD" not in server.question.text
    assert server.question.buttons == ["Approve", "Decline", "Read it all"]
    read = await server.press("Read it all")
    assert read.response is not None
    assert read.response.ephemeral
    (file,) = read.response.attachments
    assert file.size > 2_000
    by_stranger = await server.press("Read it all", server.story.bob)
    assert private_words(by_stranger).startswith("You need the Manage Messages permission")


async def test_a_private_wish_that_is_declined_is_told_directly(server: Reviewed) -> None:
    await server.ask(private=True)
    assert "private" in server.question.text
    await server.story.advance(3_600)
    await server.decline("no")
    told = [Card(message) for message in server.nina.user.dm_channel.history()]
    assert any("didn't approve this: no" in card.text for card in told)
