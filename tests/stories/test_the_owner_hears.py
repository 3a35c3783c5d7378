"""The bot's owner hears of trouble in direct messages: once when it begins, once when it ends."""

import logging
import shutil
from collections.abc import AsyncGenerator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import simcord
from discord.types.team import Team, TeamMember

from bot.domain.generation.models import USUAL
from bot.domain.job import State
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario, unavailable
from bot.playground.videos import VideoLibrary
from bot.ui.words.library import jump_link
from cogs.kling_operator.news import SHOWN_MAX
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.operators import administrator, own
from tests.stories.test_live_prices import let_it_cost
from tests.stories.test_operators_orders import ONLY_OPERATORS, trail, user_payload

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
ACCOUNT_S = 6 * MINUTE_S
LOST = Scenario(on_submit=(Fault(Closes(), times=1),))
QUIET = "If it comes back within a day of my first message"


@pytest.fixture(params=["en-US", "it"])
def locale(request: pytest.FixtureRequest) -> str:
    """The language that the owner chose."""
    return str(request.param)


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """A bot that tells its owner."""
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"owner_messages": True}
    ) as told:
        yield told


async def speaking(story: Story, locale: str) -> simcord.MemberActor:
    """The owner, who chose a language."""
    owner = own(story)
    if locale == "it":
        await story.services.preferences.change(owner.id, {"language": "it"})
    return owner


def news(story: Story, owner: simcord.MemberActor) -> list[Card]:
    return [Card(message) for message in story.messages(owner.user.dm_channel)]


def headings(story: Story, owner: simcord.MemberActor) -> list[str]:
    return [card.heading for card in news(story, owner)]


async def chess_club(story: Story, name: str = "Chess Club") -> simcord.GuildHandle:
    """The bot is added to another server; SimCord tells of it as of one that came back."""
    guild = story.env.create_guild(name)
    await story.env.settle()
    story.world.app.bot.dispatch("guild_join", story.world.app.bot.get_guild(guild.id))
    await story.advance(2 * MINUTE_S)
    return guild


# --- money ----------------------------------------------------------------------------------------

USED_UP = {
    "en-US": "💸 Your RunComfy balance is used up",
    "it": "💸 Il tuo saldo RunComfy è finito",
}
LOW = {
    "en-US": "💸 Your RunComfy balance is running low",
    "it": "💸 Il tuo saldo RunComfy sta per finire",
}
DEAR = {
    "en-US": "📈 RunComfy charges more than I estimate",
    "it": "📈 RunComfy addebita più di quanto stimo",
}
AS_ESTIMATED = {
    "en-US": "✅ RunComfy charges what I estimate again",
    "it": "✅ RunComfy addebita di nuovo quanto stimo",
}
NEARLY_FULL = {
    "en-US": "💾 My disk is nearly full",
    "it": "💾 Il mio disco è quasi pieno",
}
ROOM = {
    "en-US": "✅ There's room on the disk again.",
    "it": "✅ Sul disco c'è di nuovo spazio.",
}
ENOUGH = {
    "en-US": "✅ There's enough on your RunComfy account again.",
    "it": "✅ Sul tuo conto RunComfy c'è di nuovo abbastanza.",
}


async def test_a_balance_that_is_used_up_is_told_when_it_begins_and_when_it_ends(
    story: Story, locale: str
) -> None:
    owner = await speaking(story, locale)
    story.server.grant_usd = Decimal("0.05")
    await story.advance(HOUR_S)
    (began,) = news(story, owner)
    assert began.heading == USED_UP[locale]
    assert ("$0.05" if locale == "en-US" else "0,05") in began.text
    story.server.grant_usd = Decimal(1000)
    await story.advance(ACCOUNT_S)
    assert headings(story, owner) == [USED_UP[locale], ENOUGH[locale]]


async def test_a_balance_below_the_next_day_is_told_with_a_button_that_limits_it(
    story: Story, locale: str
) -> None:
    owner = await speaking(story, locale)
    for _ in range(3):
        await story.kling()
    await story.advance(10 * MINUTE_S)
    assert news(story, owner) == []
    story.server.grant_usd = Decimal("5.00")  # three times $0.84 are charged, so $2.48 are left
    await story.advance(ACCOUNT_S)
    (began,) = news(story, owner)
    assert began.heading == LOW[locale]
    figures = ("$2.48", "$2.52") if locale == "en-US" else ("2,48", "2,52")
    assert all(figure in began.text for figure in figures)
    window = await owner.user.click(began.message, custom_id="kling:operator:limit:news")
    said = await owner.user.submit_modal(window, {"amount": "2", "period": ["day"]})
    await story.settle()
    assert "2" in private_words(said)
    assert await trail(story) == [("total_caps", owner.id)]
    assert headings(story, owner) == [LOW[locale]]
    # The worse trouble is told too, and the end of both is one message.
    story.server.grant_usd = Decimal("2.55")
    await story.advance(ACCOUNT_S)
    story.server.grant_usd = Decimal(1000)
    await story.advance(ACCOUNT_S)
    assert headings(story, owner) == [LOW[locale], USED_UP[locale], ENOUGH[locale]]


async def test_a_refused_key_is_told(story: Story, locale: str) -> None:
    owner = await speaking(story, locale)
    own_key, story.server.api_key = story.server.api_key, "another"
    await story.advance(ACCOUNT_S)
    (began,) = news(story, owner)
    assert "RUNCOMFY_API_KEY" in began.text
    assert (
        began.heading
        == {
            "en-US": "🔑 RunComfy refuses your key",
            "it": "🔑 RunComfy rifiuta la tua chiave",
        }[locale]
    )
    story.server.api_key = own_key
    await story.advance(ACCOUNT_S)
    ended = news(story, owner)[-1]
    assert (
        ended.heading
        == {
            "en-US": "✅ RunComfy accepts your key again.",
            "it": "✅ RunComfy accetta di nuovo la tua chiave.",
        }[locale]
    )


async def test_prices_above_those_it_was_made_for_are_told(story: Story, locale: str) -> None:
    owner = await speaking(story, locale)
    let_it_cost(story, 224_000, 336_000)
    await story.advance(HOUR_S + MINUTE_S)
    (began,) = news(story, owner)
    assert f"- `{USUAL.id}`: " in began.text
    assert ("$1.12" if locale == "en-US" else "1,12") in began.text
    let_it_cost(story, 112_000, 168_000)
    await story.advance(HOUR_S + 10 * MINUTE_S)
    assert f"`{USUAL.id}`" in news(story, owner)[-1].heading
    assert len(news(story, owner)) == 2


async def test_a_video_that_cost_more_than_was_estimated_is_told(story: Story, locale: str) -> None:
    owner = await speaking(story, locale)
    await story.kling()
    (bought,) = story.server.jobs.values()
    dear = replace(bought.input.model, sound_microusd_per_s=200_000)
    bought.input = replace(bought.input, model=dear)
    await story.until(State.DELIVERED)
    await story.advance(2 * MINUTE_S)
    (began,) = news(story, owner)
    job = await story.job()
    assert (job.estimate_microusd, job.cost_microusd) == (840_000, 1_000_000)
    assert began.heading == DEAR[locale]
    assert f"`{USUAL.id}`" in began.text
    assert f"`{job.id}`" in began.text
    figures = ("$1.00", "$0.84") if locale == "en-US" else ("1,00", "0,84")
    assert all(figure in began.text for figure in figures)
    await story.world.restart_bot()
    await story.advance(2 * MINUTE_S)
    assert len(news(story, owner)) == 1
    await story.advance(DAY_S)
    assert headings(story, owner)[1:] == [f"{AS_ESTIMATED[locale]}: `{USUAL.id}`"]


# --- jobs -----------------------------------------------------------------------------------------


async def test_an_unsure_job_comes_with_both_decisions_and_a_link_to_its_card(
    story: Story, locale: str
) -> None:
    owner = await speaking(story, locale)
    story.server.will(LOST)
    asked = await story.kling()
    await story.advance(2 * MINUTE_S)
    job = await story.job()
    (began,) = news(story, owner)
    assert (
        began.heading
        == {
            "en-US": "❔ I can't tell whether a video was bought",
            "it": "❔ Non so se un video è stato comprato",
        }[locale]
    )
    assert f"`{job.id}`" in began.text
    assert job.request.prompt not in began.text
    assert began.links == [jump_link(job)]
    # The buttons work after any restart, and what was told is not told again.
    await story.world.restart_bot()
    await story.advance(2 * MINUTE_S)
    assert len(news(story, owner)) == 1
    for step in ("not-there", "close"):
        await owner.user.click(began.message, custom_id=f"kling:unsure:{step}:{job.id}")
        await story.settle()
    await story.advance(2 * MINUTE_S)
    assert story.card(asked).heading == "❌ Couldn't make this video"
    assert f"`{job.id}`" in news(story, owner)[-1].heading
    assert len(news(story, owner)) == 2


async def test_many_unsure_jobs_are_one_message_and_more_within_the_hour_wait_for_the_next(
    story: Story,
) -> None:
    owner = own(story)
    story.server.default = Scenario(on_submit=(Fault(Closes()),))
    for _ in range(SHOWN_MAX + 2):
        await story.kling()
    await story.advance(2 * MINUTE_S)
    (began,) = news(story, owner)
    assert began.heading == "❔ I can't tell whether 8 videos were bought"
    assert began.buttons.count("It is there…") == SHOWN_MAX
    assert "… and 2 more: `/kling-operator unsure`" in began.text
    await story.kling()
    await story.advance(30 * MINUTE_S)
    assert len(news(story, owner)) == 1
    await story.advance(35 * MINUTE_S)
    assert headings(story, owner)[1:] == ["❔ I can't tell whether a video was bought"]


async def test_a_video_that_discord_takes_nowhere_is_told(story: Story, locale: str) -> None:
    owner = await speaking(story, locale)
    for channel_id in (story.channel.id, story.alice.user.dm_channel.id):
        messages = f"/channels/{channel_id}/messages*"
        story.env.inject_error("*", messages, status=403, code=50013, times=None)
    await story.kling()
    await story.advance(30 * MINUTE_S)
    assert (await story.job()).state is State.RENDERED
    (began,) = news(story, owner)
    assert (
        began.heading
        == {
            "en-US": "📭 I can't deliver a video",
            "it": "📭 Non riesco a consegnare un video",
        }[locale]
    )
    assert began.links == [jump_link(await story.job())]


# --- the world around -----------------------------------------------------------------------------


async def test_runcomfy_silent_for_a_quarter_of_an_hour_is_told(story: Story, locale: str) -> None:
    owner = await speaking(story, locale)
    story.server.default = Scenario(queue_s=HOUR_S)
    await story.kling()
    story.server.front_door = unavailable()
    await story.advance(12 * MINUTE_S)
    assert news(story, owner) == []
    await story.advance(10 * MINUTE_S)
    (began,) = news(story, owner)
    assert (
        began.heading
        == {
            "en-US": "📡 RunComfy doesn't answer",
            "it": "📡 RunComfy non risponde",
        }[locale]
    )
    story.server.front_door = None
    await story.advance(15 * MINUTE_S)
    assert (
        news(story, owner)[-1].heading
        == {
            "en-US": "✅ RunComfy answers again.",
            "it": "✅ RunComfy risponde di nuovo.",
        }[locale]
    )


async def test_a_disk_that_is_nearly_full_is_told_until_there_is_room(
    story: Story, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await speaking(story, locale)
    await story.advance(2 * MINUTE_S)
    assert news(story, owner) == []
    usage = shutil.disk_usage(story.world.settings.data_dir)._replace(free=500 * 2**20)

    def nearly_full(_: Path) -> object:
        return usage

    with monkeypatch.context() as machine:
        machine.setattr(shutil, "disk_usage", nearly_full)
        await story.advance(2 * MINUTE_S)
    (began,) = news(story, owner)
    assert began.heading == NEARLY_FULL[locale]
    assert "500" in began.text
    assert "`ARCHIVE_MAX_MIB`" in began.text
    await story.advance(10 * MINUTE_S)
    assert headings(story, owner) == [NEARLY_FULL[locale], ROOM[locale]]


async def test_a_server_that_joined_is_told_and_blocked_by_its_button(
    story: Story, locale: str
) -> None:
    owner = await speaking(story, locale)
    chess = await chess_club(story, "Chess *Club*")
    (began,) = news(story, owner)
    assert r"Chess \*Club\*" in began.heading
    await story.world.restart_bot()
    await owner.user.click(began.message, custom_id=f"kling:operator:block:{chess.id}")
    await story.settle()
    assert story.services.servers.known(chess.id).blocked_by_operator
    await story.advance(HOUR_S)
    assert len(news(story, owner)) == 1


# --- who, and how often ---------------------------------------------------------------------------


async def test_the_same_again_within_a_day_is_one_message(story: Story) -> None:
    owner = own(story)
    own_key = story.server.api_key
    for _ in range(5):
        story.server.api_key = "another"
        await story.advance(HOUR_S)
        story.server.api_key = own_key
        await story.advance(HOUR_S)
    began, ended = news(story, owner)
    assert began.heading == "🔑 RunComfy refuses your key"
    assert QUIET in ended.text
    story.server.api_key = "another"
    await story.advance(DAY_S - 10 * HOUR_S + 10 * MINUTE_S)
    assert headings(story, owner)[2:] == ["🔑 RunComfy refuses your key"]


async def test_of_a_team_each_who_may_is_told_and_no_stranger(story: Story) -> None:
    people = {name: administrator(story, f"team {name}") for name in ("admin", "reader", "owner")}
    story.world.team = Team(  # pyright: ignore[reportCallIssue] - Discord says owner_user_id
        id=1,
        name="The kites",
        owner_user_id=str(people["owner"].id),
        icon=None,
        members=[
            TeamMember(
                user=user_payload(people[name].user),
                membership_state=2,
                permissions=["*"],
                team_id=1,
                role="admin" if name == "admin" else "read_only",
            )
            for name in ("admin", "reader")
        ],
    )
    story.server.api_key = "another"
    await story.advance(ACCOUNT_S)
    told = {name: len(news(story, person)) for name, person in people.items()}
    assert told == {"admin": 1, "reader": 0, "owner": 1}
    assert news(story, story.alice) == []


async def test_a_stranger_who_presses_an_owners_button_is_refused(story: Story) -> None:
    owner = own(story)
    chess = await chess_club(story)
    (began,) = news(story, owner)
    # Theirs no longer: the application was handed over.
    story.world.belong_to(story.bob.user)
    await story.advance(6 * MINUTE_S)
    pressed = await owner.user.click(began.message, custom_id=f"kling:operator:block:{chess.id}")
    assert private_words(pressed) == ONLY_OPERATORS
    assert not story.services.servers.known(chess.id).blocked_by_operator


async def test_an_owner_who_takes_no_direct_messages_is_in_the_log_once(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    owner = own(story)
    dms = f"/channels/{owner.user.dm_channel.id}/messages"
    story.env.inject_error("POST", dms, status=403, code=50007, times=None)
    story.server.api_key = "another"
    await chess_club(story)
    await story.advance(2 * HOUR_S)
    assert news(story, owner) == []
    refused = [one for one in caplog.records if "a direct message" in one.message]
    assert [one.levelno for one in refused] == [logging.WARNING]


async def test_what_discord_did_not_take_at_first_is_told_later_and_once(story: Story) -> None:
    owner = own(story)
    dms = f"/channels/{owner.user.dm_channel.id}/messages"
    story.env.inject_error("POST", dms, status=503, code=0, times=30)
    story.server.api_key = "another"
    await story.advance(ACCOUNT_S)
    assert news(story, owner) == []
    await story.advance(HOUR_S)
    assert headings(story, owner) == ["🔑 RunComfy refuses your key"]


async def test_switched_off_nothing_is_told(tmp_path: Path, videos: VideoLibrary) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"owner_messages": False}
    ) as story:
        owner = own(story)
        story.server.api_key = "another"
        await chess_club(story)
        await story.advance(HOUR_S)
        assert news(story, owner) == []


async def test_on_postgresql_it_is_the_same(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    async with told_story(
        data_dir=tmp_path / "data",
        videos=videos,
        database_url=postgres_url,
        changes={"owner_messages": True},
    ) as story:
        owner = own(story)
        own_key, story.server.api_key = story.server.api_key, "another"
        await story.kling()
        await story.advance(ACCOUNT_S)
        await story.world.restart_bot()
        await story.advance(ACCOUNT_S)
        story.server.api_key = own_key
        await story.advance(ACCOUNT_S)
        assert headings(story, owner) == [
            "🔑 RunComfy refuses your key",
            "✅ RunComfy accepts your key again.",
        ]
