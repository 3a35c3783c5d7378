"""Budgets: what is over one is refused in private, with what is left and when it renews."""

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.enums import InteractionType
from simcord.interactions import base_payload

from bot.domain.job import Job, State
from bot.domain.money.ledger import Caps
from bot.domain.servers import RoleRule
from bot.playground.runcomfy_scenario import Cost, Scenario
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from tests.stories.harness import Card, Story, private_words, told_story

Tell = Callable[..., AbstractAsyncContextManager[Story]]

ONE_A_DAY, ONE_A_MONTH = Caps(day_videos=1), Caps(month_videos=1)
A_DOLLAR_A_DAY = Caps(day_microusd=1_000_000)
NEARLY_MIDNIGHT = "Atlantic/Azores"
"""Where a story begins an hour before a day, a month and a year are over."""


@pytest.fixture
def tell(tmp_path: Path, videos: VideoLibrary) -> Tell:
    """Begin a story with settings of the operator."""

    @asynccontextmanager
    async def told(**changes: object) -> AsyncGenerator[Story]:
        async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
            yield story

    return told


async def decide(story: Story, **decided: object) -> None:
    """The server's managers decide something."""
    changed = await story.services.servers.change(story.guild.id, decided, by_user_id=1)
    assert changed is not None


def with_role(story: Story, *names: str) -> tuple[list[simcord.MemberActor], int]:
    """People with a role of their own, and its id."""
    role = story.guild.create_role("Painters")
    people = [story.guild.add_member(story.env.create_user(name), roles=[role]) for name in names]
    return people, role.id


async def kling(
    story: Story, by: simcord.MemberActor, prompt: str = "a blue kite", **options: str | float
) -> simcord.InteractionResult:
    asked = await by.slash(story.channel, "kling", prompt=prompt, **options)
    await story.settle()
    return asked


def no_card_was_shown(refused: simcord.InteractionResult) -> bool:
    """Whether the first answer was the refusal, and not a card that was taken away again."""
    return refused.response is not None and refused.response.ephemeral and not refused.followups


def books(story: Story) -> list[dict[str, Any]]:
    """The ledger, oldest entry first."""
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM ledger ORDER BY seq")]


@pytest.mark.parametrize(
    ("setting", "caps", "told"),
    [
        ("total_limit", ONE_A_DAY, "The bot's budget for today is used up. It allows 1 video."),
        (
            "server_limit",
            Caps(month_microusd=1_000_000),
            "This costs $0.84, and this server has $0.16 left this month.",
        ),
        ("user_limit", ONE_A_MONTH, "You've used this month's 1 video."),
        ("user_limit", A_DOLLAR_A_DAY, "This costs $0.84, and you have $0.16 left today."),
    ],
)
async def test_beyond_the_operators_budget_it_is_refused_before_a_card_is_shown(
    tell: Tell, setting: str, caps: Caps, told: str
) -> None:
    async with tell(**{setting: caps}) as story:
        await story.kling("long queue")
        refused = await story.kling("long queue")
        said = private_words(refused)
        assert no_card_was_shown(refused)
        assert said.startswith(told)
        assert " More <t:" in said
        assert said.endswith(":R>. Nothing was charged.")
        assert len(story.server.posts) == len(story.messages()) == len(books(story)) == 1


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        ({"server_caps": ONE_A_DAY}, "This server's budget for today is used up."),
        ({"member_caps": ONE_A_MONTH}, "You've used this month's 1 video."),
        ({"member_caps": A_DOLLAR_A_DAY}, "This costs $0.84, and you have"),
    ],
)
async def test_beyond_what_its_managers_allow_it_is_refused(
    story: Story, decided: dict[str, Any], told: str
) -> None:
    await decide(story, **decided)
    await story.kling("long queue")
    refused = await story.kling("long queue")
    assert no_card_was_shown(refused)
    assert private_words(refused).startswith(told)
    assert len(story.server.posts) == len(story.messages()) == 1


async def test_everybody_has_a_budget_of_their_own_and_the_server_one_for_all(
    story: Story,
) -> None:
    await decide(story, member_caps=ONE_A_DAY, server_caps=Caps(day_videos=2))
    await story.kling("long queue")
    await kling(story, story.bob)
    assert len(story.server.posts) == 2
    refused = await kling(story, story.moderator)
    assert private_words(refused).startswith("This server's budget for today is used up.")


async def test_a_role_has_a_limit_for_each_of_its_members_and_one_for_all_together(
    story: Story,
) -> None:
    (paula, pete), role_id = with_role(story, "paula", "pete")
    rule = RoleRule(each=Caps(day_videos=2), together=Caps(day_microusd=2_600_000))
    await decide(story, member_caps=ONE_A_DAY, role_rules={role_id: rule})
    for _ in range(2):
        await kling(story, paula)
    refused = await kling(story, paula)
    assert private_words(refused).startswith("You've used all 2 of today's videos.")
    await kling(story, pete)
    assert len(story.server.posts) == 3
    refused = await kling(story, pete)
    assert private_words(refused).startswith(
        "This costs $0.84, and one of your roles has $0.08 left today."
    )


async def test_a_server_can_lift_a_roles_limits(story: Story) -> None:
    (friend,), role_id = with_role(story, "frida")
    exempt = {role_id: RoleRule(is_exempt=True)}
    await decide(story, member_caps=ONE_A_DAY, role_rules=exempt, server_caps=Caps(day_videos=3))
    for _ in range(3):
        await kling(story, friend)
    assert len(story.server.posts) == 3
    # Its own limit stands for everybody.
    assert private_words(await kling(story, friend)).startswith(
        "This server's budget for today is used up."
    )


async def test_all_members_may_have_a_limit_together_and_the_exempt_use_up_nothing_of_it(
    story: Story,
) -> None:
    (friend,), role_id = with_role(story, "frida")
    await kling(story, story.bob)
    rules = {
        story.guild.id: RoleRule(together=Caps(day_videos=2)),
        role_id: RoleRule(is_exempt=True),
    }
    await decide(story, role_rules=rules)
    for _ in range(2):
        await kling(story, friend)
    await story.kling()
    refused = await kling(story, story.moderator)
    assert no_card_was_shown(refused)
    assert private_words(refused).startswith(
        "The members' budget for today is used up. It allows 2 videos."
    )
    assert len(story.server.posts) == 4
    await kling(story, friend)
    assert len(story.server.posts) == 5
    shown = await story.bob.slash(story.channel, "allowance")
    assert "- All members together: 0 of 2 videos left" in story.card(shown).text


async def test_what_an_exempt_member_makes_is_not_taken_from_their_roles_limit(
    story: Story,
) -> None:
    (pia, quinn), painters = with_role(story, "pia", "quinn")
    boss = story.guild.create_role("Boss")
    story.env.backend.add_member_role(story.guild.id, pia.id, boss.id)
    rules = {painters: RoleRule(together=ONE_A_DAY), boss.id: RoleRule(is_exempt=True)}
    await decide(story, role_rules=rules)
    await kling(story, pia)
    await kling(story, quinn)
    assert len(story.server.posts) == 2
    assert "Your role's budget" in private_words(await kling(story, quinn))


async def test_a_limit_that_is_set_at_noon_counts_the_whole_day(story: Story) -> None:
    (painter,), role_id = with_role(story, "paula")
    await kling(story, painter)
    for decided in (
        {"member_caps": ONE_A_DAY},
        {"server_caps": ONE_A_MONTH},
        {"role_rules": {role_id: RoleRule(together=ONE_A_DAY)}},
    ):
        await decide(story, **{"member_caps": Caps(), "server_caps": Caps(), **decided})
        assert "used" in private_words(await kling(story, painter))
    assert len(story.server.posts) == 1


async def test_a_day_and_a_month_renew_by_the_servers_calendar(story: Story) -> None:
    await decide(story, time_zone=NEARLY_MIDNIGHT, member_caps=ONE_A_DAY, server_caps=ONE_A_MONTH)
    await story.kling()
    assert "used" in private_words(await story.kling())
    await story.advance(60 * 60 - 60)
    assert "used" in private_words(await story.kling())
    await story.advance(60)
    await story.kling()
    assert len(story.server.posts) == 2


async def test_and_elsewhere_by_the_operators(tell: Tell) -> None:
    async with tell(user_limit=ONE_A_DAY) as story:
        await decide(story, time_zone=NEARLY_MIDNIGHT)
        await story.kling()
        await story.advance(60 * 60)
        refused = private_words(await story.kling())
        assert "used" in refused


# --- what is given back, and what is paid ---------------------------------------------------------


async def test_what_is_cancelled_may_be_asked_for_again(story: Story) -> None:
    await decide(story, member_caps=ONE_A_DAY)
    asked = await story.kling("long queue")
    assert await story.press("Cancel", asked) == "Cancelled. It costs nothing."
    await story.kling("long queue")
    assert len(story.server.posts) == 2
    assert [entry["kind"] for entry in books(story)] == ["reserved", "returned", "reserved"]


async def test_what_nobody_knows_stays_reserved_until_it_is_resolved(story: Story) -> None:
    await decide(story, member_caps=Caps(day_videos=2))
    for _ in range(2):
        await story.kling("lost")
    await story.advance(60)
    first, second = await story.jobs()
    assert {first.state, second.state} == {State.UNSURE}
    assert "used" in private_words(await story.kling())

    assert isinstance(await story.resolve(first.id, None), Job)
    await story.settle()
    await story.kling("long queue")
    assert len(story.server.posts) == 3

    found = next(iter(story.server.jobs))
    assert isinstance(await story.resolve(second.id, found), Job)
    await story.advance(60)
    kinds = [(entry["kind"], entry["why"]) for entry in books(story)]
    assert ("returned", "WrittenOff") in kinds
    assert ("settled", "RenderingSucceeded") in kinds
    assert "used" in private_words(await story.kling())


async def test_what_runcomfy_says_it_cost_is_settled(story: Story) -> None:
    await story.kling(duration=10, sound=False)
    await story.until(State.DELIVERED)
    settled = books(story)[-1]
    assert (settled["kind"], settled["spent_change_microusd"]) == ("settled", 1_120_000)
    assert (settled["held_change_microusd"], settled["is_estimate"]) == (-1_120_000, 0)


async def test_where_it_says_nothing_the_estimate_is_settled_and_marked(story: Story) -> None:
    story.server.default = Scenario(cost=Cost.ABSENT)
    await story.kling()
    await story.until(State.DELIVERED)
    settled = books(story)[-1]
    assert (settled["kind"], settled["spent_change_microusd"]) == ("settled", 840_000)
    assert settled["is_estimate"] == 1


# --- before anything is reserved ------------------------------------------------------------------


async def test_nothing_is_reserved_before_the_yes_to_the_price(story: Story) -> None:
    await decide(story, ask_above_microusd=500_000)
    asked = await story.kling("long queue")
    question = story.card(asked)
    assert "This will cost about $0.84. Generate?" in question.text
    assert (books(story), story.messages(), story.server.posts) == ([], [], [])
    await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
    await story.settle()
    assert [entry["kind"] for entry in books(story)] == ["reserved"]
    assert len(story.server.posts) == 1


async def test_a_yes_that_comes_when_the_budget_is_gone_buys_nothing(story: Story) -> None:
    await decide(story, ask_above_microusd=500_000, member_caps=ONE_A_DAY)
    questions = [story.card(await story.kling("long queue")) for _ in range(2)]
    first, second = [
        await story.alice.click(question.message, custom_id=question.custom_id("Generate"))
        for question in questions
    ]
    await story.settle()
    assert "used" in private_words(second)
    assert len(story.server.posts) == len(story.messages()) == 1
    del first


async def test_whoever_loses_the_race_for_the_last_place_has_their_card_taken_away(
    story: Story,
) -> None:
    await decide(story, server_caps=ONE_A_DAY)
    # Both commands reach the bot before it has begun with either.
    alices, bobs = asked_at_once(story, story.alice, story.bob)
    await story.env.settle()
    await story.settle()
    assert len(story.server.posts) == len(story.messages()) == 1
    job = await story.job()
    loser = bobs if job.requester_id == story.alice.id else alices
    assert private_words(loser).startswith("This server's budget for today is used up.")
    assert Card(story.messages()[0]).heading == "🕓 In the queue"


async def test_the_loser_is_told_even_if_the_card_cannot_be_taken_away(story: Story) -> None:
    await decide(story, server_caps=ONE_A_DAY)
    story.env.inject_error("DELETE", "*/messages/@original", status=400, code=0)
    alices, bobs = asked_at_once(story, story.alice, story.bob)
    await story.env.settle()
    await story.settle()
    job = await story.job()
    loser = bobs if job.requester_id == story.alice.id else alices
    assert private_words(loser).startswith("This server's budget for today is used up.")


def asked_at_once(story: Story, *people: simcord.MemberActor) -> list[simcord.InteractionResult]:
    backend = story.env.backend
    results: list[simcord.InteractionResult] = []
    command = next(one for key, one in backend.commands[None].items() if key[0] == "kling")
    for person in people:
        record, payload = base_payload(
            backend,
            type=InteractionType.APPLICATION_COMMAND,
            channel_id=story.channel.id,
            guild_id=story.guild.id,
            user_id=person.id,
            data={
                "id": str(command["id"]),
                "name": "kling",
                "type": 1,
                "options": [{"name": "prompt", "type": 3, "value": "long queue"}],
            },
        )
        backend.emit("INTERACTION_CREATE", payload)
        results.append(simcord.InteractionResult(story.env, record))
    return results


async def test_who_asked_a_moment_ago_is_asked_to_wait(tell: Tell) -> None:
    async with tell(cooldown_s=5) as story:
        await story.kling("long queue")
        refused = await story.kling("long queue")
        said = private_words(refused)
        assert no_card_was_shown(refused)
        assert said.startswith("Slow down a little: you can ask again <t:")
        assert len(story.server.posts) == len(story.messages()) == 1
        await kling(story, story.bob)
        await story.advance(5)
        await story.kling("long queue")
        assert len(story.server.posts) == 3
