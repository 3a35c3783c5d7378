"""Who pays: servers with their own RunComfy keys, given, refused, replaced and removed."""

import io
import logging
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
import simcord
from pydantic import SecretStr

from bot.domain.job import State
from bot.domain.money.keys import KeyRefusal
from bot.domain.money.ledger import Caps
from bot.domain.money.policy import DeclineReason
from bot.domain.outcomes import FailureReason
from bot.observability.logs import FLOORS, OWN_LOGGERS, configure_logging
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from bot.ui.words import cards as words
from bot.ui.words.declines import REASONS
from cogs.kling_admin.key import NOT_OFFERED, NOT_TAKEN
from tests.stories.harness import Card, Story, private_words, told_story

NOT_A_MANAGER = "You need the Manage Server permission for that."
CLUB_KEY, CHESS_KEY, NEXT_KEY = "canary-club-key-77aa", "canary-chess-key-88bb", "canary-next-99cc"
OPERATOR = "playground-key"


@dataclass
class Club:
    """A server with a manager and a member."""

    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    manager: simcord.MemberActor
    member: simcord.MemberActor


@pytest.fixture
def clubs(story: Story) -> tuple[Club, Club]:
    return _club(story, story.guild, story.channel, story.alice), _second(story)


def _club(
    story: Story,
    guild: simcord.GuildHandle,
    channel: simcord.ChannelHandle,
    member: simcord.MemberActor,
) -> Club:
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    manager = guild.add_member(story.env.create_user(f"manager of {guild.name}"), roles=[managers])
    story.server.other_keys |= {CLUB_KEY: "club", CHESS_KEY: "chess", NEXT_KEY: "next"}
    return Club(guild, channel, manager, member)


def _second(story: Story) -> Club:
    guild = story.env.create_guild("Chess Club")
    channel = guild.create_text_channel("videos")
    return _club(story, guild, channel, guild.add_member(story.env.create_user("carla")))


async def card_of(club: Club, by: simcord.MemberActor | None = None) -> simcord.InteractionResult:
    shown = await (by or club.manager).slash(club.channel, "kling-admin key")
    assert shown.ephemeral
    return shown


async def give(story: Story, club: Club, key: str, *, by: simcord.MemberActor | None = None) -> str:
    who = by or club.manager
    card = Card((await card_of(club)).response or pytest.fail("no card"))
    window = await who.click(card.message, custom_id="kling:key:give")
    assert window.modal is not None
    told = await who.submit_modal(window, {"key": key})
    await story.settle()
    return private_words(told)


async def remove(story: Story, club: Club) -> str:
    """The manager removes the key and is sure of it; what they are told then."""
    shown = await card_of(club)
    await club.manager.click(story.card(shown).message, custom_id="kling:key:remove")
    return await story.press("Yes, remove the key", shown, by=club.manager)


async def ask(story: Story, club: Club, prompt: str = "a kite") -> simcord.InteractionResult:
    asked = await club.member.slash(club.channel, "kling", prompt=prompt)
    await story.settle()
    return asked


async def until(story: Story, state: State, *, within_s: float = 300) -> None:
    end = story.clock.now().timestamp() + within_s
    while any(job.state is not state for job in await story.jobs()):
        assert story.clock.now().timestamp() < end, [job.state for job in await story.jobs()]
        await story.advance(1)


def bought_with(story: Story) -> list[str]:
    return [post.key for post in story.server.posts]


# --- giving a key ---------------------------------------------------------------------------------


async def test_a_server_without_a_key_is_told_who_pays(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    card = story.card(await card_of(clubs[0]))
    assert "This server has none" in card.text
    assert card.buttons == ["Give a key…"]


async def test_a_given_key_is_checked_for_free_and_shown_by_its_tail_alone(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    said = await give(story, club, CLUB_KEY)
    assert said == (
        "RunComfy accepted the key. It pays for this server's videos from now "
        "on. $1,000.00 is left on its account."
    )
    card = story.card(await card_of(club))
    assert f"Ends in `…77aa`, given by <@{club.manager.id}>" in card.text
    assert "It pays for every video made here." in card.text
    assert card.buttons == ["Replace it…", "Remove it"]
    assert "canary" not in card.text
    assert story.server.posts == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [("canary-unknown-key", KeyRefusal.REFUSED), ("no key at all", KeyRefusal.MALFORMED)],
)
async def test_a_key_that_is_not_taken_changes_nothing(
    story: Story, clubs: tuple[Club, Club], typed: str, why: KeyRefusal
) -> None:
    club, _ = clubs
    assert await give(story, club, typed) == NOT_TAKEN[why]
    assert "This server has none" in story.card(await card_of(club)).text
    await ask(story, club)
    assert bought_with(story) == [OPERATOR]


@pytest.fixture
async def story_without_secret(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"secret_key": None}
    ) as told:
        yield told


async def test_without_a_secret_to_encrypt_with_servers_are_told_so(
    story_without_secret: Story,
) -> None:
    story = story_without_secret
    club = _club(story, story.guild, story.channel, story.alice)
    card = story.card(await card_of(club))
    assert NOT_OFFERED in card.text
    assert card.buttons == []


async def test_members_strangers_and_pressers_of_old_cards_are_refused(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    # A server may show commands to others than we declared.
    commands = await story.world.app.bot.tree.fetch_commands()
    (admin,) = (command for command in commands if command.name == "kling-admin")
    club.guild.set_command_permissions(admin, {club.guild.default_role: True})
    refused = await club.member.slash(club.channel, "kling-admin key")
    assert private_words(refused) == NOT_A_MANAGER
    await give(story, club, CLUB_KEY)
    card, question = story.card(await card_of(club)), story.card(await card_of(club))
    await club.manager.click(question.message, custom_id="kling:key:remove")
    # A card that its reader keeps open outlives their role.
    await _lose_role(story, club)
    of_card, of_question = ("give", "remove"), ("remove-now", "keep")
    presses = [(card, one) for one in of_card] + [(question, one) for one in of_question]
    for on, custom_id in presses:
        pressed = await club.manager.click(on.message, custom_id=f"kling:key:{custom_id}")
        assert private_words(pressed) == NOT_A_MANAGER
    assert await story.services.server_keys.of_server(club.guild.id) is not None


async def test_a_window_that_outlives_the_role_gives_no_key(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    card = Card((await card_of(club)).response or pytest.fail("no card"))
    window = await club.manager.click(card.message, custom_id="kling:key:give")
    await _lose_role(story, club)
    told = await club.manager.submit_modal(window, {"key": CLUB_KEY})
    assert private_words(told) == NOT_A_MANAGER
    assert await story.services.server_keys.of_server(club.guild.id) is None


async def _lose_role(story: Story, club: Club) -> None:
    role = club.guild.roles["Managers"]
    story.env.backend.remove_member_role(club.guild.id, club.manager.id, role.id)
    await story.settle()


# --- paying -----------------------------------------------------------------------------------


async def test_two_servers_pay_each_with_its_own_key_and_others_with_the_operators(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    kites, chess = clubs
    await give(story, kites, CLUB_KEY)
    await give(story, chess, CHESS_KEY)
    await ask(story, kites)
    await ask(story, chess)
    await story.alice.user.slash("kling", prompt="a kite at home")
    await story.settle()
    assert bought_with(story) == [CLUB_KEY, CHESS_KEY, OPERATOR]
    await until(story, State.DELIVERED)
    for post in story.server.posts:
        job = story.server.jobs[post.request_id or ""]
        assert set(job.asked_with) == {post.key}
    spent = story.server.grant_usd - story.server.balance_of("club")
    assert spent == story.server.grant_usd - story.server.balance_of("chess") > 0


async def test_the_operators_caps_do_not_count_what_a_server_pays(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    caps = Caps(day_videos=1)
    changes = {"total_limit": caps, "server_limit": caps, "user_limit": caps}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        club = _club(story, story.guild, story.channel, story.alice)
        await give(story, club, CLUB_KEY)
        for _ in range(3):
            await ask(story, club)
        assert bought_with(story) == [CLUB_KEY] * 3
        await remove(story, club)
        await ask(story, club)
        refused = await ask(story, club)
        assert "budget for today is used up" in private_words(refused)
        assert bought_with(story) == [CLUB_KEY] * 3 + [OPERATOR]


async def test_a_restarted_bot_goes_on_with_the_same_keys(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    await give(story, club, CLUB_KEY)
    story.server.default = Scenario(queue_s=30)
    await ask(story, club)
    await story.world.restart_bot()
    await story.settle()
    await until(story, State.DELIVERED)
    (job,) = story.server.jobs.values()
    assert set(job.asked_with) == {CLUB_KEY}


# --- replacing and removing -------------------------------------------------------------------


async def test_jobs_under_way_are_watched_and_cancelled_with_the_key_that_bought_them(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    story.server.default = Scenario(queue_s=60)
    await give(story, club, CLUB_KEY)
    first = await ask(story, club)
    await ask(story, club)
    await give(story, club, NEXT_KEY)
    assert await story.press("Cancel", first, by=club.member) == words.CANCELLED
    removed = await remove(story, club)
    assert "with the key that bought them" in removed
    await story.advance(120)
    assert {job.state for job in await story.jobs()} == {State.CANCELLED, State.DELIVERED}
    for job in story.server.jobs.values():
        assert set(job.asked_with) == {CLUB_KEY}
    assert secrets_kept(story) == []


async def test_the_secret_is_kept_only_as_long_as_a_job_needs_it(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    await give(story, club, CLUB_KEY)
    story.server.will(Scenario(on_submit=(Fault(Closes(), times=1, accepted=True),)))
    await ask(story, club)
    assert (await story.job()).state is State.UNSURE
    await remove(story, club)
    assert len(secrets_kept(story)) == 1
    await story.resolve((await story.job()).id, None)
    await story.settle()
    assert secrets_kept(story) == []


async def test_what_waits_in_our_line_is_bought_with_the_key_that_replaced_its_own(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"max_in_flight": 1}
    ) as story:
        club = _club(story, story.guild, story.channel, story.alice)
        await give(story, club, CLUB_KEY)
        await ask(story, club, "the first")
        await ask(story, club, "the second")
        await give(story, club, NEXT_KEY)
        await until(story, State.DELIVERED)
        assert bought_with(story) == [CLUB_KEY, NEXT_KEY]


async def test_what_waits_when_the_key_is_removed_fails_uncharged_and_says_so(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"max_in_flight": 1}
    ) as story:
        club = _club(story, story.guild, story.channel, story.alice)
        await give(story, club, CLUB_KEY)
        await ask(story, club, "the first")
        second = await ask(story, club, "the second")
        await remove(story, club)
        await story.advance(60)
        assert words.FAILURES[FailureReason.KEY_REMOVED] in story.card(second).text
        assert bought_with(story) == [CLUB_KEY]


# --- a key that turns invalid -------------------------------------------------------------------


async def test_a_refused_key_pauses_its_server_alone_and_its_managers_are_told_once(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    kites, chess = clubs
    await give(story, kites, CLUB_KEY)
    await give(story, chess, CHESS_KEY)
    del story.server.other_keys[CLUB_KEY]
    asked = await ask(story, kites)
    assert words.SERVER_KEY_FAILURES[FailureReason.KEY_REFUSED] in story.card(asked).text
    assert "Nothing was charged" in story.card(asked).text
    for _ in range(2):
        refused = await ask(story, kites)
        assert private_words(refused) == REASONS[DeclineReason.KEY_BROKEN]
    (news,) = story.messages(kites.manager.user.dm_channel)
    assert "no longer accepts the key of **Kite Club** that ends in `…77aa`" in news.content
    assert await story.services.servers.audit(chess.guild.id) is not None
    assert bought_with(story) == [CLUB_KEY]
    await ask(story, chess)
    await story.bob.user.slash("kling", prompt="a kite at home")
    await story.settle()
    assert bought_with(story)[1:] == [CHESS_KEY, OPERATOR]
    card = story.card(await card_of(kites))
    assert "RunComfy stopped accepting it" in card.text


async def test_all_that_waits_with_a_refused_key_fails_uncharged(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, changes={"max_in_flight": 1}
    ) as story:
        club = _club(story, story.guild, story.channel, story.alice)
        await story.bob.slash(story.channel, "kling", prompt="slow, and the operator's")
        await story.settle()
        await give(story, club, CLUB_KEY)
        waiting = [await ask(story, club, f"kite {number}") for number in range(3)]
        del story.server.other_keys[CLUB_KEY]
        await story.advance(120)
        for asked in waiting:
            text = story.card(asked).text
            assert words.SERVER_KEY_FAILURES[FailureReason.KEY_REFUSED] in text
        # One found it out; the others were not even tried.
        assert bought_with(story) == [OPERATOR, CLUB_KEY]


async def test_the_managers_are_told_in_their_log_channel_if_they_chose_one(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    log = club.guild.create_text_channel("log")
    changes = {"log_channel_id": log.id}
    await story.services.servers.change(club.guild.id, changes, by_user_id=club.manager.id)
    await give(story, club, CLUB_KEY)
    del story.server.other_keys[CLUB_KEY]
    await ask(story, club)
    assert "no longer accepts the key" in story.messages(log)[-1].content
    assert story.messages(club.manager.user.dm_channel) == []


async def test_a_new_key_ends_the_pause_at_once(story: Story, clubs: tuple[Club, Club]) -> None:
    club, _ = clubs
    await give(story, club, CLUB_KEY)
    del story.server.other_keys[CLUB_KEY]
    await ask(story, club)
    await give(story, club, NEXT_KEY)
    await ask(story, club)
    assert bought_with(story) == [CLUB_KEY, NEXT_KEY]
    await story.advance(60)
    assert {job.state for job in await story.jobs()} == {State.FAILED, State.DELIVERED}


async def test_a_key_that_is_revoked_while_a_job_renders_pauses_and_loses_nothing(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    story.server.default = Scenario(queue_s=5, rendering_s=60)
    await give(story, club, CLUB_KEY)
    asked = await ask(story, club)
    await story.advance(10)
    account = story.server.other_keys.pop(CLUB_KEY)
    await story.advance(30)
    assert private_words(await ask(story, club)) == REASONS[DeclineReason.KEY_BROKEN]
    assert (await story.job()).state is State.RENDERING
    # The same account's new key finds what the old one bought.
    story.server.other_keys[NEXT_KEY] = account
    await give(story, club, NEXT_KEY)
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1


async def test_an_empty_account_is_the_servers_own_trouble(
    story: Story, clubs: tuple[Club, Club]
) -> None:
    club, _ = clubs
    story.server.grant_usd = story.server.grant_usd * 0
    await give(story, club, CLUB_KEY)
    asked = await ask(story, club)
    await story.advance(20 * 60)
    assert words.SERVER_KEY_FAILURES[FailureReason.NO_BALANCE] in story.card(asked).text
    present = await story.services.server_keys.of_server(club.guild.id)
    assert present is not None
    assert present.broken_at is None


# --- nobody ever sees it again ------------------------------------------------------------------


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    touched = [logging.getLogger(name) for name in ("", *OWN_LOGGERS, *FLOORS)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in touched]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.mark.usefixtures("logging_as_it_was")
async def test_the_key_is_in_no_log_no_row_no_file_no_message(
    story: Story, clubs: tuple[Club, Club], caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    configure_logging(level="DEBUG", secrets=(), stream=written)
    club, _ = clubs
    with caplog.at_level(logging.DEBUG):
        await give(story, club, CLUB_KEY)
        await ask(story, club)
        await until(story, State.DELIVERED)
        await give(story, club, NEXT_KEY)
        del story.server.other_keys[NEXT_KEY]
        await ask(story, club)
    told = caplog.text
    logging.getLogger("bot.anywhere").error("what if somebody logs %s", CLUB_KEY)
    assert "what if somebody logs [redacted]" in written.getvalue()
    messages = [*story.messages(), *story.messages(club.manager.user.dm_channel)]
    seen = "\n".join(
        [
            told,
            written.getvalue(),
            *(Card(message).text + message.content for message in messages),
            repr(await story.services.server_keys.of_server(club.guild.id)),
            repr(SecretStr(CLUB_KEY)),
        ]
    )
    for file in (story.world.settings.data_dir).rglob("*"):
        if file.is_file():
            seen += file.read_bytes().decode(errors="replace")
    for canary in (CLUB_KEY, NEXT_KEY):
        assert canary not in seen


def secrets_kept(story: Story) -> list[str]:
    """The secrets in the database, read beside the store."""
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        rows = database.execute("SELECT token FROM server_keys WHERE token IS NOT NULL").fetchall()
    return [token for (token,) in rows]
