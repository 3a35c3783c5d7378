"""Those who run the bot, in a story."""

import discord
import simcord

from bot.domain.job import State
from bot.domain.servers import EVERYWHERE
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from tests.stories.harness import Card, Story

ACCEPTED_BUT_LOST = Scenario(on_submit=(Fault(Closes(), times=1, accepted=True),), queue_s=30)
LOST = Scenario(on_submit=(Fault(Closes(), times=1),))


def own(story: Story) -> simcord.MemberActor:
    """An administrator of the server, whose bot it is."""
    boss = administrator(story, "boss")
    story.world.belong_to(boss.user)
    return boss


def administrator(story: Story, name: str) -> simcord.MemberActor:
    """A new member who may do everything there."""
    role = story.guild.create_role(
        f"Administrators, {name}", permissions=discord.Permissions(administrator=True)
    )
    return story.guild.add_member(story.env.create_user(name), roles=[role])


async def run(
    story: Story, by: simcord.MemberActor, command: str, **options: str
) -> simcord.InteractionResult:
    """A command of the operator's, and what came of it."""
    result = await by.slash(story.channel, f"kling-operator {command}", **options)
    await story.settle()
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    assert all(answer.ephemeral for answer in answers), "all of it is private"
    return result


async def told(story: Story, by: simcord.MemberActor, command: str, **options: str) -> str:
    """The text that a command answers with."""
    return answer(await run(story, by, command, **options)).text


def answer(result: simcord.InteractionResult) -> Card:
    """The last answer, as a card."""
    answers = [one for one in (result.response, *result.followups) if one is not None]
    return Card(answers[-1])


async def trail(story: Story, guild_id: int = EVERYWHERE) -> list[tuple[str, int]]:
    """What stands in the trail, and by whom."""
    entries = await story.services.servers.audit(guild_id)
    assert entries is not None
    return [(entry.what, entry.by_user_id) for entry in entries]


async def unsure_job(
    story: Story, scenario: Scenario = ACCEPTED_BUT_LOST
) -> simcord.InteractionResult:
    """Ask for a video whose purchase breaks off."""
    story.server.will(scenario)
    asked = await story.kling()
    assert (await story.jobs())[-1].state is State.UNSURE
    return asked
