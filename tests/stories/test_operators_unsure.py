"""Unsure jobs, from the operator's side: bound, closed, or left alone."""

import asyncio
from pathlib import Path

import simcord
from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.features.unsure_jobs import ResolveRefusal
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from bot.playground.videos import VideoLibrary
from cogs.kling_operator.unsure import NOT_RESOLVED, UNSURE_SHOWN
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.operators import (
    LOST,
    answer,
    own,
    run,
    told,
    trail,
    unsure_job,
)

BOUND = "Found. I'm watching it now, and its requester gets the video."
NO_UNSURE = "No job is unsure."


async def test_an_unsure_job_that_is_there_is_bound_delivered_and_settled(
    story: Story, operator: simcord.MemberActor
) -> None:
    asked = await unsure_job(story)
    (there,) = story.server.jobs
    shown = await run(story, operator, "unsure")
    job = await story.job()
    assert f"`{job.id}`" in answer(shown).text
    assert job.request.prompt not in answer(shown).text
    said = await bind(story, operator, shown, there)
    assert said == BOUND
    assert answer(shown).text == NO_UNSURE
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert "**$0.84** · 1 video" in await told(story, operator, "overview")
    assert len(story.server.posts) == 1
    assert await trail(story, story.guild.id) == [("job_bound", operator.id)]


async def bind(
    story: Story, by: simcord.MemberActor, shown: simcord.InteractionResult, request_id: str
) -> str:
    card = answer(shown)
    window = await by.click(card.message, custom_id=card.custom_id("It is there…"))
    result = await by.submit_modal(window, {"request": request_id})
    await story.settle()
    return private_words(result)


async def pressed_on(story: Story, by: simcord.MemberActor, card: Card, label: str) -> Card:
    """Press a button of a card that is redrawn; the card as it is then."""
    pressed = Card(card.message).custom_id(label)
    await by.click(card.message, custom_id=pressed)
    await story.settle()
    return Card(card.message)


async def test_an_unsure_job_that_is_not_there_is_closed_and_its_reserve_is_free_again(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data",
        videos=videos,
        changes={"total_limit": Caps(day_videos=1)},
    ) as story:
        operator = own(story)
        asked = await unsure_job(story, LOST)
        assert "budget for today is used up" in private_words(await story.kling())
        shown = await run(story, operator, "unsure")
        card = answer(shown)
        # Buttons work after any restart.
        await story.world.restart_bot()
        await story.settle()
        question = await pressed_on(story, operator, card, "It is not there")
        assert question.heading == "Close this job, because RunComfy doesn't have it?"
        assert (await story.job()).state is State.UNSURE
        back = await pressed_on(story, operator, card, "No, go back")
        assert "It is not there" in back.buttons
        await pressed_on(story, operator, card, "It is not there")
        await story.world.restart_bot()
        await story.settle()
        custom_id = Card(card.message).custom_id("Yes, close it")
        pressed = await operator.click(card.message, custom_id=custom_id)
        await story.settle()
        assert (
            private_words(pressed)
            == "Closed. Its requester is told, and the money reserved for it is free again."
        )
        assert story.card(asked).heading == "❌ Couldn't make this video"
        assert await trail(story, story.guild.id) == [("job_written_off", operator.id)]
        await story.kling()
        assert (await story.jobs())[-1].state is not State.UNSURE
        assert len(story.server.posts) == 2


async def test_a_list_that_still_shows_a_job_that_is_bound_meanwhile_closes_nothing(
    story: Story, operator: simcord.MemberActor
) -> None:
    await unsure_job(story)
    (there,) = story.server.jobs
    older, newer = [answer(await run(story, operator, "unsure")) for _ in range(2)]
    window = await operator.click(newer.message, custom_id=newer.custom_id("It is there…"))
    await operator.submit_modal(window, {"request": there})
    await story.settle()
    pressed = await operator.click(older.message, custom_id=older.custom_id("It is not there"))
    assert private_words(pressed) == NOT_RESOLVED[ResolveRefusal.NOT_UNSURE]
    await story.until(State.DELIVERED)
    assert await trail(story, story.guild.id) == [("job_bound", operator.id)]


async def test_an_italian_operator_is_asked_before_a_job_is_closed(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.world.locale = "it"
    await unsure_job(story, LOST)
    card = answer(await run(story, operator, "unsure"))
    question = await pressed_on(story, operator, card, "Non c'è")
    assert question.heading == "Chiudere questo lavoro, perché RunComfy non ce l'ha?"
    assert question.buttons == ["Sì, chiudilo", "No, torna indietro"]
    back = await pressed_on(story, operator, card, "No, torna indietro")
    assert "Non c'è" in back.buttons
    assert (await story.job()).state is State.UNSURE
    await pressed_on(story, operator, card, "Non c'è")
    closes = Card(card.message).custom_id("Sì, chiudilo")
    pressed = await operator.click(card.message, custom_id=closes)
    await story.settle()
    assert private_words(pressed).startswith("Chiuso. Chi l'ha richiesto viene avvisato")


async def test_an_id_that_is_wrong_binds_nothing_and_says_why(
    story: Story, operator: simcord.MemberActor
) -> None:
    await story.kling()
    (taken,) = story.server.jobs
    await story.until(State.DELIVERED)
    await unsure_job(story, LOST)
    shown = await run(story, operator, "unsure")
    for typed, why in (
        ("not an id", ResolveRefusal.MALFORMED),
        ("11111111-2222-3333-4444-555555555555", ResolveRefusal.NOT_THERE),
        (taken, ResolveRefusal.TAKEN),
    ):
        assert await bind(story, operator, shown, typed) == NOT_RESOLVED[why]
    story.server.api_key = "another"
    silent = await bind(story, operator, shown, "66666666-2222-3333-4444-555555555555")
    assert silent == NOT_RESOLVED[ResolveRefusal.SILENT]
    assert State.UNSURE in {job.state for job in await story.jobs()}


async def test_a_job_that_was_resolved_already_is_left_alone(
    story: Story, operator: simcord.MemberActor
) -> None:
    await unsure_job(story, LOST)
    first, second = [answer(await run(story, operator, "unsure")) for _ in range(2)]
    await pressed_on(story, operator, second, "It is not there")
    await pressed_on(story, operator, first, "It is not there")
    await pressed_on(story, operator, first, "Yes, close it")
    yes = Card(second.message).custom_id("Yes, close it")
    again = await operator.click(second.message, custom_id=yes)
    assert private_words(again) == NOT_RESOLVED[ResolveRefusal.NOT_UNSURE]


async def test_many_unsure_jobs_fit_one_message(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.default = Scenario(on_submit=(Fault(Closes()),))
    for _ in range(UNSURE_SHOWN + 2):
        await story.kling()
    card = answer(await run(story, operator, "unsure"))
    assert card.buttons.count("It is there…") == UNSURE_SHOWN
    assert "… and 2 more" in card.text


async def test_a_job_on_a_servers_own_account_is_marked_so(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.other_keys["canary-club-key"] = "club"
    await story.services.server_keys.give(
        story.guild.id, SecretStr("canary-club-key"), by_user_id=1
    )
    await unsure_job(story)
    (there,) = story.server.jobs
    shown = await run(story, operator, "unsure")
    assert f"🔑 on the account of its server {story.guild.id}" in answer(shown).text
    assert await bind(story, operator, shown, there) == BOUND
    assert set(story.server.jobs[there].asked_with) == {"canary-club-key"}


async def test_of_two_jobs_that_are_bound_to_one_request_at_once_one_is(story: Story) -> None:
    await unsure_job(story)
    await unsure_job(story)
    (there, _) = story.server.jobs
    jobs, unsure = await story.jobs(), story.services.unsure_jobs
    answers = await asyncio.gather(*(unsure.bind(job.id, there, by_user_id=1) for job in jobs))
    assert sorted(isinstance(one, Denied) for one in answers) == [False, True]
    (refused,) = [one for one in answers if isinstance(one, Denied)]
    assert refused.why is ResolveRefusal.TAKEN
    assert [job.request_id for job in await story.jobs()].count(there) == 1
