"""`/allowance`: in private, what is left, what it costs, what is under way, what is asked first."""

from dataclasses import replace
from pathlib import Path

import pytest
import simcord
from discord import ui

from bot.domain.generation.models import qualities
from bot.domain.job import HoldReason, State
from bot.domain.line import InLine, WaitReason
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import Account, Balance, Caps, Hold, Scope
from bot.domain.money.policy import DeclineWhy, Paused, RoleNeeded
from bot.domain.money.price import Prices
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.allowance import UNDER_WAY_SHOWN, Allowance, Limit, UnderWay, tightest_first
from bot.languages.language import load_languages
from bot.playground.videos import VideoLibrary
from cogs.allowance import LIMITS_SHOWN, LIMITS_SHOWN_TO_THE_REFUSED, allowance_card, limit_line
from tests.domain.samples import LATER, a_job
from tests.stories.harness import Card, Story, told_story

LANGUAGES = load_languages()


async def allowance(story: Story, *, by: simcord.MemberActor | None = None) -> str:
    """What somebody is told, and they alone."""
    asked = await (by or story.alice).slash(story.channel, "allowance")
    await story.settle()
    return told_alone(asked)


def told_alone(asked: simcord.InteractionResult) -> str:
    (answer,) = [one for one in (asked.response, *asked.followups) if one is not None]
    assert answer.ephemeral
    return Card(answer).text


def line_of(text: str, words: str) -> str:
    return next(line for line in text.split("\n") if words in line)


async def test_where_nothing_is_limited_it_says_so_with_the_prices(story: Story) -> None:
    told = await allowance(story)
    assert told.count("Nothing limits you here.") == 2
    assert "Standard (720p): 5 s $0.42 / $0.63 · 10 s $0.84 / $1.26 · 15 s $1.26 / $1.89" in told
    assert "Pro (1080p): 5 s $0.56 / $0.84 · 10 s $1.12 / $1.68 · 15 s $1.68 / $2.52" in told
    assert "The first price is for a silent video." in told
    assert "None of your videos is under way." in told
    assert "I don't ask before I make a video." in told


async def test_every_limit_is_told_with_what_is_left_and_the_tightest_is_marked(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {
        "total_limit": Caps(month_microusd=100_000_000),
        "server_limit": Caps(day_videos=50),
        "user_limit": Caps(day_microusd=5_000_000),
    }
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        decided = {
            "server_caps": Caps(month_microusd=20_000_000, month_videos=30),
            "member_caps": Caps(day_videos=3),
        }
        await story.services.servers.change(story.guild.id, decided, by_user_id=1)
        await story.kling("long queue: a red kite")

        told = await allowance(story)

        assert "This bot: $99.16 of $100.00 left · renews <t:" in told
        assert "This server: 49 of 50 videos left · renews <t:" in told
        assert "You: $4.16 of $5.00 left · renews <t:" in told
        assert "This server: $19.16 of $20.00 left · 29 of 30 videos left · renews" in told
        tightest = line_of(told, "⬅")
        assert tightest.startswith("- You, in this server: 2 of 3 videos left · renews <t:")
        assert told.count("⬅") == 1
        assert "**Today** · 1 video so far, $0.84" in told
        assert "**This month** · 1 video so far, $0.84" in told
        # Bob has asked for nothing; what all share is less for him as well.
        bobs = await allowance(story, by=story.bob)
        assert "You: $5.00 of $5.00 left" in bobs
        assert "This server: 49 of 50 videos left" in bobs
        assert "None of your videos is under way." in bobs


async def test_my_jobs_are_listed_with_my_place_in_the_line(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"max_in_flight": 1}
    ) as story:
        await story.kling("long queue: first kite")
        await story.kling("second kite")
        await story.bob.slash(story.channel, "kling", prompt="bob's kite")
        await story.settle()
        told = await allowance(story)
        assert "first kite" in told
        assert "🕓 In the queue · Position in RunComfy's queue: 12" in told
        assert "second kite\nYou're #2 in line." in told
        assert "bob's kite" not in told
        bobs = await allowance(story, by=story.bob)
        assert "bob's kite\nYou're #1 in line." in bobs


async def test_in_direct_messages_the_operators_limits_are_told(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"user_limit": Caps(day_videos=2)}
    ) as story:
        told: simcord.InteractionResult = await story.alice.user.slash("allowance")
        await story.settle()
        assert "You: 2 of 2 videos left" in told_alone(told)


async def test_whether_i_am_asked_first_is_the_lower_of_my_sum_and_the_servers(
    story: Story,
) -> None:
    bot = story.world.app.bot
    await bot.services.preferences.change(story.alice.id, {"ask_above_microusd": 1_000_000})
    assert "I ask you first when a video costs more than $1.00." in await allowance(story)
    await bot.services.servers.change(story.guild.id, {"ask_above_microusd": 500_000}, by_user_id=1)
    assert "I ask you first when a video costs more than $0.50." in await allowance(story)
    await bot.services.preferences.change(story.alice.id, {"ask_above_microusd": 0})
    assert "I ask you before every video" in await allowance(story)


async def test_after_asking_it_says_when_i_may_ask_again(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"cooldown_s": 60}
    ) as story:
        await story.kling()
        assert "You can make the next one <t:" in await allowance(story)
        await story.advance(61)
        assert "You can make the next one" not in await allowance(story)


async def test_who_may_not_ask_here_is_told_why_and_not_that_nothing_limits_them(
    story: Story,
) -> None:
    servers = story.services.servers
    await servers.change(story.guild.id, {"paused_because": "tea *time*"}, by_user_id=1)
    told = await allowance(story)
    assert "⛔ Videos are paused in this server: tea \\*time\\*" in told
    assert "Nothing limits you here." not in told
    assert "Pro (1080p): 5 s $0.56 / $0.84" in told

    decided = {"paused_because": None, "blocked_user_ids": (story.alice.id,)}
    await servers.change(story.guild.id, decided, by_user_id=1)
    assert "⛔ You can't make videos in this server." in await allowance(story)
    assert "Nothing limits you here." in await allowance(story, by=story.bob)


def a_limit(cap_microusd: int | None, cap_videos: int | None, *, role_id: int = 10**18) -> Limit:
    account = Account(Scope.ROLE, 1, role_id, "2031-05-04")
    return limited(Hold(account, Span.DAY, cap_microusd, cap_videos, LATER), Balance())


def limited(hold: Hold, balance: Balance) -> Limit:
    prices = Prices()
    return Limit(hold, balance, prices.usual_microusd, prices.cheapest_microusd())


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("number", [1, LIMITS_SHOWN, 60])
@pytest.mark.parametrize(
    ("refusal", "shown"),
    [
        (None, LIMITS_SHOWN),
        (Paused("*" * REASON_MAX_CHARS, everywhere=False), LIMITS_SHOWN_TO_THE_REFUSED),
        (RoleNeeded(tuple(range(10**18, 10**18 + 25))), LIMITS_SHOWN_TO_THE_REFUSED),
    ],
)
def test_however_much_there_is_to_tell_it_keeps_to_discords_limits(
    number: int, code: str, refusal: DeclineWhy | None, shown: int
) -> None:
    many = [a_limit(10**12 + n, 10**6 + n, role_id=10**18 + n) for n in range(number)]
    job = a_job(state=State.WAITING, prompt="`*_" * 800)
    held = job.model_copy(update={"held_because": HoldReason.NO_BALANCE, "key_id": 9})
    told = Allowance(
        limits=tightest_first(many),
        today=Balance(10**12, 10**12, 10**6),
        this_month=Balance(10**12, 10**12, 10**6),
        under_way=[
            UnderWay(held, None),
            *[UnderWay(job, InLine(10**6, WaitReason.SERVER))] * (UNDER_WAY_SHOWN - 1),
        ],
        at_once=100,
        again_at=LATER,
        ask_above_microusd=10**12,
        offered=tuple(qualities()),
        server_pays=True,
    )
    view = allowance_card(told, LANGUAGES.of(code), refusal=refusal, prices=Prices())
    texts = [part.content for part in view.walk_children() if isinstance(part, ui.TextDisplay)]
    assert sum(map(len, texts)) <= 4_000
    lines = [
        line for line in "\n".join(texts).split("\n") if line.startswith("- ") and "<@&" in line
    ]
    assert len(lines) == min(len(many), shown)
    assert told.tightest == many[0]


@pytest.mark.parametrize(
    ("balance", "left", "videos", "usual"),
    [
        (Balance(), 2_000_000, 5, 2),
        (Balance(500_000, 1_000_000, 1), 500_000, 4, 0),
        (Balance(0, 0, 4), 2_000_000, 1, 1),
        (Balance(0, 3_000_000, 9), 0, 0, 0),
    ],
)
def test_what_is_left_is_never_below_nothing(
    balance: Balance, left: int, videos: int, usual: int
) -> None:
    account = Account(Scope.MEMBER, 1, 2, "2031-05-04")
    limit = limited(Hold(account, Span.DAY, 2_000_000, 5, LATER), balance)
    assert (limit.left_microusd, limit.left_videos, limit.usual_videos_left) == (
        *(left, videos),
        usual,
    )


@pytest.mark.parametrize(
    ("balance", "is_used_up"),
    [
        (Balance(), False),
        (Balance(spent_microusd=2_000_000 - 252_000), False),
        # Not even three silent seconds.
        (Balance(spent_microusd=2_000_000 - 251_999), True),
        (Balance(videos=4), False),
        (Balance(videos=5), True),
    ],
)
def test_a_limit_that_has_ended_is_not_said_to_end_first(
    balance: Balance,
    is_used_up: bool,  # noqa: FBT001 - a column of the table
) -> None:
    limit = replace(a_limit(2_000_000, 5, role_id=1), balance=balance)
    said = limit_line(LANGUAGES.of("en"), limit, is_tightest=True)
    assert ("⬅ used up" in said) is is_used_up
    assert ("⬅ lowest" in said) is not is_used_up
