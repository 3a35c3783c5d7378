"""`/kling-operator audit`: all that operators decided, wherever and about whatever."""

import simcord

from bot.domain.job import State
from bot.domain.servers import AT_THE_SHELL
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from tests.stories.harness import Story
from tests.stories.panel import change


async def told(story: Story, by: simcord.MemberActor, command: str, **options: str) -> str:
    result = await by.slash(story.channel, f"kling-operator {command}", **options)
    await story.settle()
    return story.card(result).text


async def test_it_shows_pauses_blocks_and_resolved_jobs_with_their_servers(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert await told(story, operator, "audit") == "No operator has decided anything yet."
    story.server.will(Scenario(on_submit=(Fault(Closes(), times=1),)))
    await story.kling()
    job = await story.until(State.UNSURE)
    await change(story, spoiler=True)
    unsure, servers = story.services.unsure_jobs, story.services.servers
    await unsure.write_off(job.id, by_user_id=operator.id)
    await servers.note(story.guild.id, "job_bound", by_user_id=AT_THE_SHELL, after='"job-2"')
    await told(story, operator, "block", server="12345")
    await told(story, operator, "pause", reason="counting")
    title, *lines = (await told(story, operator, "audit")).split("\n")
    assert title == "### Who changed what, newest first"
    here = f"Kite Club `{story.guild.id}`"
    assert [line.split(" · ", 1)[1] for line in lines] == [
        f"<@{operator.id}> · paused: counting",
        f"<@{operator.id}> · Blocked by the operator: No → Yes · a server that I am not in `12345`",
        f"the operator, at the shell · found the request of the unsure job job-2 · {here}",
        f"<@{operator.id}> · closed the unsure job {job.id} · {here}",
    ]
