"""A bot's life up to a moment at which it has jobs in every state, and is killed.

It is lived by the real bot, so that the database it leaves is what that version really writes.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from bot.domain.job import Job, State
from bot.domain.ports import Added
from bot.playground.runcomfy_scenario import Ending, Fault, Hangs, Scenario, api_error, unavailable
from bot.storage import open_store
from tests.live import objects
from tests.live.bot_process import Town
from tests.updating.dumps import job_rows, states

LIVES: Final[Mapping[State, Scenario]] = {
    State.DELIVERED: Scenario(queue_s=0, rendering_s=0),
    State.FAILED: Scenario(queue_s=0, rendering_s=0, ending=Ending.FAILS),
    State.CANCELLED: Scenario(queue_s=0, ending=Ending.CANCELLED_THERE),
    State.UNSURE: Scenario(on_submit=(Fault(unavailable(502), accepted=True),)),
    State.QUEUED: Scenario(queue_s=3_600),
    State.RENDERING: Scenario(queue_s=0, rendering_s=3_600),
    State.RENDERED: Scenario(queue_s=0, rendering_s=0, on_file=(Fault(Hangs()),)),
    State.SUBMITTING: Scenario(on_submit=(Fault(Hangs()),)),
    # The last, for it keeps all that would come after it from being sent.
    State.WAITING: Scenario(on_submit=(Fault(api_error(400002, status=402)),)),
}
"""What the service does so that a job comes to stand there."""

FIRST_STATES: Final = [state for state in State if state is not State.ASKED]
"""The states that the first release knew."""


def prompt_of(state: State) -> str:
    """What was asked for, so that it says by itself where it stood."""
    return f"{state.value} kite"


async def live(town: Town, database_url: str) -> None:
    """Come to a job in each state, and kill the bot once all are there."""
    bot = await town.joined(DATABASE_URL=database_url)
    for asker, (state, scenario) in enumerate(LIVES.items()):
        posts = len(town.runcomfy.posts)
        town.runcomfy.will(scenario)
        await _ask(town, prompt_of(state), asker=asker)
        await bot.until(partial(_has_come, town, database_url, state=state, posts=posts + 1))
    await bot.kill()
    await _add_one_in_review(database_url)
    assert states(database_url) == {prompt_of(state): state.value for state in FIRST_STATES}


def _has_come(town: Town, database_url: str, *, state: State, posts: int) -> bool:
    bought = len(town.runcomfy.posts) == posts
    return bought and states(database_url).get(prompt_of(state)) == state.value


async def _add_one_in_review(database_url: str) -> None:
    """As if a server's moderators had been asked about it: how they answer is another story."""
    first = min(job_rows(database_url), key=lambda row: row["created_at"])
    async with open_store(database_url) as store:
        job = await store.get(first["id"])
        assert job is not None
        reviewed = Job(
            id="0123456789abcdef",
            interaction_id=job.interaction_id + 1,
            requester_id=job.requester_id + 1_000,
            request=job.request.model_copy(update={"prompt": prompt_of(State.IN_REVIEW)}),
            private=False,
            server_id=job.server_id,
            place=job.place.model_copy(update={"message_id": job.place.message_id + 1}),
            estimate_microusd=job.estimate_microusd,
            created_at=job.created_at,
            state=State.IN_REVIEW,
            state_since=job.created_at,
            review_channel_id=job.place.channel_id,
            review_message_id=job.place.message_id + 2,
        )
        assert isinstance(await store.add(reviewed), Added)


async def _ask(town: Town, prompt: str, *, asker: int) -> None:
    """Everybody asks for one video only, so that no person's limit is met."""
    registered = [command for some in town.discord.commands.values() for command in some]
    command = next(command for command in registered if command["name"] == "kling")
    interaction = objects.command_interaction(command, {"prompt": prompt, "duration": 3})
    person: objects.Json = {**objects.ALICE, "id": str(int(objects.ALICE_ID) + 1_000 + asker)}
    interaction["member"] = {**interaction["member"], "user": person}
    town.discord.interactions[interaction["token"]] = interaction
    await town.discord.gateway.dispatch("INTERACTION_CREATE", interaction)
