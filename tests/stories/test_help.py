"""`/kling-help`: how it works, prompts to begin with, prices and what is left; and its pointer."""

from pathlib import Path

import simcord

from bot.domain.generation.models import qualities
from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.domain.money.policy import DeclineReason
from bot.languages.language import load_languages
from bot.playground.videos import VideoLibrary
from bot.ui.words import library as words_library
from bot.ui.words.declines import REASONS
from cogs.kling_help import EXAMPLES
from tests.patience import until
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.panel import a_manager, change
from tests.stories.test_after import filled_in, submitted
from tests.stories.test_allowance import told_alone

POINTER = "-# New here? `/kling-help`"


async def helped(story: Story, by: simcord.MemberActor | None = None) -> simcord.InteractionResult:
    asked = await (by or story.alice).slash(story.channel, "kling-help")
    await story.settle()
    return asked


def card_of(asked: simcord.InteractionResult) -> Card:
    (answer,) = [one for one in (asked.response, *asked.followups) if one is not None]
    assert answer.ephemeral
    return Card(answer)


async def used(
    story: Story, asked: simcord.InteractionResult, nth: int, by: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    pressed = await (by or story.alice).click(
        card_of(asked).message, custom_id=f"kling:help:use:{nth}"
    )
    await story.settle()
    return pressed


async def test_a_member_reads_in_private_how_it_works_with_prices_and_what_is_left(
    story: Story,
) -> None:
    told = told_alone(await helped(story))
    assert "1. Type `/kling` and say what the video shows." in told
    assert all(example.prompt in told and example.why in told for example in EXAMPLES)
    assert len(EXAMPLES) == 4
    assert "**Prices here**\n- Standard (720p): 5 s $0.42 / $0.63" in told
    assert "Nothing limits you here." in told
    assert "This server's managers decide who can make videos" in told


async def test_what_is_left_today_and_the_qualities_of_this_server_are_told(story: Story) -> None:
    await change(story, member_caps=Caps(day_videos=3), qualities=("standard",))
    await story.kling("long queue: a kite")
    told = told_alone(await helped(story))
    assert "You, in this server: 2 of 3 videos left · renews <t:" in told
    assert qualities()["pro"] not in told


async def test_who_may_not_ask_here_reads_why(story: Story) -> None:
    await change(story, paused_because="tea time")
    told = told_alone(await helped(story))
    assert "⛔ Videos are paused in this server: tea time" in told
    assert "**Prices here**" in told


async def test_an_example_opens_the_form_filled_in_and_makes_a_video(story: Story) -> None:
    asked = await helped(story)
    await story.world.restart_bot()
    window = await used(story, asked, 2)
    assert window.modal is not None
    assert window.modal["title"] == "Make a video"
    assert filled_in(window)[words_library.PROMPT_LABEL] == EXAMPLES[2].prompt
    assert await story.jobs() == [], "opening the form bought something"
    await submitted(story, window, {words_library.DURATION_LABEL: "7"})
    job = await story.until(State.DELIVERED)
    assert (job.request.prompt, job.request.duration_s) == (EXAMPLES[2].prompt, 7)
    assert job.requester_id == story.alice.id


async def test_the_form_begins_with_ones_own_defaults(story: Story) -> None:
    await story.services.preferences.change(story.alice.id, {"aspect": "9:16", "duration_s": 12})
    window = await used(story, await helped(story), 0)
    await submitted(story, window, {})
    job = await story.job()
    assert (job.request.aspect, job.request.duration_s) == ("9:16", 12)


async def test_who_may_not_ask_gets_no_form(story: Story) -> None:
    asked = await helped(story)
    await change(story, blocked_user_ids=(story.alice.id,))
    pressed = await used(story, asked, 1)
    assert pressed.modal is None
    assert private_words(pressed) == REASONS[DeclineReason.BLOCKED]


async def test_in_direct_messages_the_operator_is_who_to_ask(story: Story) -> None:
    asked = await story.alice.user.slash("kling-help")
    await story.settle()
    told = told_alone(asked)
    assert "The bot's owner can help." in told
    assert "managers" not in told


async def test_an_italian_reads_it_in_italian_and_gets_an_italian_prompt(story: Story) -> None:
    story.world.locale = "it"
    await story.services.servers.change(
        story.guild.id, {"member_caps": Caps(day_videos=3)}, by_user_id=1
    )
    asked = await helped(story, by=a_manager(story))
    told = told_alone(asked)
    assert "1. Scrivi `/kling` e racconta che cosa mostra il video." in told
    italian = load_languages().of("it")
    assert all(italian.say(example.prompt) in told for example in EXAMPLES)
    window = await used(story, await helped(story), 0)
    written = filled_in(window)[italian.say(words_library.PROMPT_LABEL)]
    assert written == italian.say(EXAMPLES[0].prompt)


# --- the first card -------------------------------------------------------------------------------


async def test_a_persons_first_card_points_to_the_help_and_no_later_one_does(story: Story) -> None:
    first = await story.kling("long queue: a kite")
    assert POINTER in story.card(first).text
    await story.advance(1)
    second = await story.kling("a second kite")
    await story.advance(240)
    assert POINTER not in story.card(second).text
    bobs = await story.bob.slash(story.channel, "kling", prompt="bob's kite")
    await story.advance(240)
    assert POINTER in story.card(bobs).text, "Bob had no card before"


async def test_the_pointer_stays_on_that_card_to_its_end_and_over_a_restart(story: Story) -> None:
    first = await story.kling("long queue: a kite")
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    card = story.card(first)
    assert card.text.splitlines()[-1].startswith(POINTER)
    assert card.text.count(POINTER) == 1


async def test_it_does_so_over_postgresql_as_well(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, database_url=postgres_url
    ) as story:
        first = await story.kling("long queue: a kite")
        await until(lambda: POINTER in story.card(first).text)
        await story.advance(1)
        second = await story.kling("long queue: another kite")
        await until(lambda: "In the queue" in story.card(second).text)
        assert POINTER not in story.card(second).text
