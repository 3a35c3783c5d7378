"""A stranger, who may do everything in a server of their own, tries what they may not."""

from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands, ui

from bot.domain.generation.storyboard import Draft
from bot.domain.job import Job, State
from bot.domain.servers import RoleRule
from bot.domain.showcase import ShareRefusal
from bot.features.library.library import LibraryRefusal
from bot.features.reviews import ReviewRefusal
from bot.features.storyboards import DraftRows
from bot.playground.runcomfy_scenario import Scenario
from cogs.generations.details import REFUSALS
from cogs.moderation.review import REVIEW_REFUSALS
from cogs.showcase.share import REFUSALS as SHARE_REFUSALS
from tests.stories.harness import Story, private_words
from tests.stories.operators import administrator, own
from tests.stories.panel import change, settings_of
from tests.stories.test_styles import add_style

SECRET = "a secret kite that nobody else may read"


@dataclass
class Elsewhere:
    """A server of a stranger, with the bot in it."""

    channel: simcord.ChannelHandle
    eve: simcord.MemberActor


@pytest.fixture
async def elsewhere(story: Story) -> Elsewhere:
    own(story)
    guild = story.env.create_guild("Chess Club")
    everything = guild.create_role("All", permissions=discord.Permissions.all())
    channel = guild.create_text_channel("videos")
    eve = guild.add_member(story.env.create_user("eve"), roles=[everything])
    await story.env.settle()
    return Elsewhere(channel, eve)


# --- what is suggested while somebody types ------------------------------------------------------


def autocompleted(story: Story) -> list[tuple[str, str]]:
    """Every option of every command that suggests something."""
    return [
        (command.qualified_name, parameter.display_name)
        for command in story.world.app.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
        for parameter in command.parameters
        if parameter.autocomplete
    ]


def let_everybody_see_all(story: Story) -> None:
    """Let Discord hide no command, as servers can."""
    for command in story.env.backend.commands[None].values():
        command["default_member_permissions"] = None


async def suggested(story: Story, by: simcord.MemberActor, command: str, option: str) -> str:
    choices = await by.autocomplete(story.channel, command, option, "")
    return "\n".join(f"{choice['name']} {choice['value']}" for choice in choices)


async def test_nothing_is_suggested_to_a_stranger_that_is_somebody_elses(story: Story) -> None:
    boss = administrator(story, "boss")
    story.world.belong_to(boss.user)
    await add_style(story, boss, "hidden look", prompt="soft")
    await story.kling(SECRET)
    let_everybody_see_all(story)
    options = autocompleted(story)
    assert len(options) >= 7
    for command, option in options:
        told = await suggested(story, story.bob, command, option)
        assert "secret" not in told
        assert str(story.guild.id) not in told
        if command.startswith(("kling-admin", "kling-operator")):
            assert told == "", f"/{command} {option} told a member: {told}"
            assert await suggested(story, boss, command, option), "not even who may is told"


async def test_a_servers_administrator_is_suggested_no_other_servers(
    story: Story, elsewhere: Elsewhere
) -> None:
    let_everybody_see_all(story)
    for command in ("kling-operator block", "kling-operator unblock"):
        assert await elsewhere.eve.autocomplete(elsewhere.channel, command, "server", "") == []


# --- forged custom ids ---------------------------------------------------------------------------


@dataclass
class Kept:
    """What stands in the rows of somebody else, to be compared."""

    jobs: list[Job]
    drafts: list[Draft | None]
    posts: int
    settings: object


async def kept(story: Story, drafts: list[str]) -> Kept:
    store = DraftRows(database=story.world.app.store.database)
    return Kept(
        await story.jobs(),
        [await store.get(draft_id) for draft_id in drafts],
        len(story.server.posts),
        settings_of(story),
    )


FORGED = [
    "kling:cancel:{job}",
    "kling:bring:{job}",
    "kling:again:{job}",
    "kling:change:{job}",
    "kling:details:{job}",
    "kling:resend:{job}",
    "kling:delete:{job}",
    "kling:deletenow:{job}",
    "kling:page:{alice}:all:older:1:{job}",
    "kling:review:approve:{job}",
    "kling:review:decline:{job}",
    "kling:review:read:{job}",
    "kling:unsure:there:{job}",
    "kling:unsure:not-there:{job}",
    "kling:unsure:close:{job}",
    "kling:unsure:list",
    "kling:keep",
    "kling:operator:look",
    "kling:operator:limit:overview",
    "kling:operator:limit:news",
    "kling:operator:block:7",
    "kling:generate:{asked}",
    "kling:forget:{asked}",
    "kling:board:generate:{draft}",
    "kling:board:discard:{draft}",
    "kling:board:discard-now:{draft}",
    "kling:board:keep:{draft}",
    "kling:board:text:{draft}",
    "kling:board:sound:{draft}",
    "kling:board:up:{draft}",
    "kling:forget-me:{alice}",
    "kling:key:give",
    "kling:key:remove",
    "kling:key:remove-now",
    "kling:key:keep",
    "kling:admin:drop::{role}",
    "kling:admin:page:who:0",
    "kling:admin:caps:each:{role}",
    "kling:admin:zone::0",
    "kling:admin:tidy:allowed_role_ids:0",
    "kling:continue:{job}",
    "kling:join:{job}",
    "kling:help:use:0",
    "kling:setup:begin",
    "kling:setup:show:who",
    "kling:setup:save:much:0",
    "kling:setup:key",
    "kling:share:{job}",
    "kling:star:{job}",
    "kling:like:{job}",
    "kling:take-back:{job}",
]
"""The custom_ids that a stranger would forge."""
OF_THE_PLACE = (
    "kling:board-choice:",
    "kling:admin:choose:",
    "kling:setup:pick:",
    "kling:admin:limits:",
    "kling:admin:review:",
    "kling:admin:channels:",
    "kling:admin:roles:",
    "kling:me:",
    "kling:picture-choice:",
)
"""Selects: those of the panel and of a person's own settings name nothing of anybody else; a
board's and that of several pictures ask for their owner by the same call as the buttons do."""
MODALS = (
    "kling:change-form:",
    "kling:continue-form:",
    "kling:like-form:",
    "kling:picture-form:",
    "kling:board-form:",
    "kling:decline:",
    "kling:report:",
    "kling:bind:",
    "kling:operator-form:",
    "kling:admin-form:",
    "kling:key-form",
    "kling:setup-form:",
    "kling:style-form:",
    "kling:words-form:",
)
"""They are opened by the buttons above; what they take is asked for again."""


async def forged(story: Story, elsewhere: Elsewhere, custom_id: str) -> simcord.InteractionResult:
    """Press a button in the stranger's own server that names what is somebody else's."""
    channel = story.world.app.bot.get_channel(elsewhere.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="x", custom_id=custom_id)))
    message = await channel.send(view=view)
    view.stop()
    pressed = await elsewhere.eve.click(message, custom_id=custom_id)
    await story.settle()
    return pressed


def shown_to_eve(pressed: simcord.InteractionResult) -> str:
    answers = [one for one in (pressed.response, *pressed.followups) if one is not None]
    files = [file.filename for one in answers for file in one.attachments]
    return f"{[(one.content, one.components) for one in answers]} {files} {pressed.modal}"


async def a_draft(story: Story) -> str:
    shown = await story.alice.slash(story.channel, "storyboard")
    custom_id = story.card(shown).custom_id("Discard")
    return custom_id.rpartition(":")[2]


async def jobs_in_every_state(story: Story) -> list[Job]:
    """Alice's: delivered, in the queue, unsure, and one that waits for a moderator."""
    await story.kling(SECRET)
    await story.until(State.DELIVERED)
    story.server.default = Scenario(queue_s=3_600)
    await story.kling(SECRET)
    await story.kling(f"lost {SECRET}")
    review = story.guild.create_text_channel("review")
    rules = {story.guild.id: RoleRule(is_reviewed=True)}
    await change(story, review_channel_id=review.id, role_rules=rules)
    await story.kling(SECRET)
    return await story.jobs()


async def test_no_route_serves_a_stranger_from_another_server(
    story: Story, elsewhere: Elsewhere
) -> None:
    jobs = await jobs_in_every_state(story)
    assert {State.DELIVERED, State.QUEUED, State.IN_REVIEW} <= {job.state for job in jobs}
    draft = await a_draft(story)
    before = await kept(story, [draft])
    forgeable = [
        route
        for route in story.world.app.bot.routes
        if not route.template.startswith((*OF_THE_PLACE, *MODALS))
    ]
    for template in FORGED:
        for job in jobs if "{job}" in template else jobs[:1]:
            custom_id = template.format(
                job=job.id, alice=story.alice.id, draft=draft, asked=7, role=story.guild.id
            )
            forgeable = [route for route in forgeable if route.match(custom_id) is None]
            shown = shown_to_eve(await forged(story, elsewhere, custom_id))
            assert "secret" not in shown, f"{custom_id} showed {shown}"
            assert ".txt" not in shown, f"{custom_id} showed {shown}"
    assert [route.template for route in forgeable] == []
    assert await kept(story, [draft]) == before


@pytest.mark.parametrize(
    ("route", "refusal"),
    [
        ("again", REFUSALS[LibraryRefusal.NOT_YOURS]),
        ("change", REFUSALS[LibraryRefusal.NOT_YOURS]),
        ("details", REFUSALS[LibraryRefusal.NOT_YOURS]),
        ("delete", REFUSALS[LibraryRefusal.NOT_YOURS]),
        ("like", REFUSALS[LibraryRefusal.NOT_YOURS]),
        ("star", SHARE_REFUSALS[ShareRefusal.ELSEWHERE]),
        ("share", SHARE_REFUSALS[ShareRefusal.ELSEWHERE]),
        ("take-back", SHARE_REFUSALS[ShareRefusal.NOT_YOURS]),
        ("review:approve", REVIEW_REFUSALS[ReviewRefusal.NOT_A_MODERATOR]),
        ("review:read", REVIEW_REFUSALS[ReviewRefusal.NOT_A_MODERATOR]),
        ("unsure:not-there", "Only the bot's owner can do that."),
    ],
)
async def test_a_stranger_is_told_why_in_private(
    story: Story, elsewhere: Elsewhere, route: str, refusal: str
) -> None:
    await story.kling(SECRET)
    job = await story.job()
    pressed = await forged(story, elsewhere, f"kling:{route}:{job.id}")
    assert private_words(pressed) == refusal


async def test_a_forged_window_declines_nothing_in_another_server(
    story: Story, elsewhere: Elsewhere
) -> None:
    *_, waiting = await jobs_in_every_state(story)
    window = await elsewhere.eve.slash(elsewhere.channel, "kling-admin words add")
    forge(window, f"kling:decline:{waiting.id}", "reason")
    told = await elsewhere.eve.submit_modal(window, {"reason": "because"})
    await story.settle()
    refusal = REVIEW_REFUSALS[ReviewRefusal.NOT_A_MODERATOR]
    assert private_words(told) == refusal
    assert (await story.jobs())[-1].state is State.IN_REVIEW


async def test_who_moderates_another_channel_of_the_server_approves_nothing(story: Story) -> None:
    await jobs_in_every_state(story)
    *_, waiting = await story.jobs()
    here = Elsewhere(story.channel, story.moderator)
    told = private_words(await forged(story, here, f"kling:review:approve:{waiting.id}"))
    assert told == REVIEW_REFUSALS[ReviewRefusal.NOT_A_MODERATOR]
    assert (await story.jobs())[-1] == waiting


def forge(window: simcord.InteractionResult, custom_id: str, text_id: str) -> None:
    """Turn an open window into one of ours that was never opened for them."""
    modal: Any = window._interaction.modal  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - forged
    modal["custom_id"] = custom_id
    modal["components"][0]["component"]["custom_id"] = text_id
