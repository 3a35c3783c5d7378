"""What somebody may do with a job is bound to the place where they press."""

import pytest

from bot.domain.actor import Actor
from bot.domain.job import Job
from tests.domain.samples import HERE, a_job

THERE = 5
JOB = a_job().model_copy(update={"review_channel_id": 70})
IN_DIRECT = a_job().model_copy(
    update={"server_id": None, "place": HERE.model_copy(update={"guild_id": None})}
)


def moderator(*, guild_id: int | None = None, channel_id: int | None = None) -> Actor:
    return Actor(user_id=1, guild_id=guild_id, channel_id=channel_id, manages_messages=True)


def test_a_moderator_moderates_in_their_own_server_alone() -> None:
    assert moderator(guild_id=JOB.server_id).moderates(JOB)
    assert not moderator(guild_id=THERE).moderates(JOB)
    assert not Actor(user_id=1, guild_id=JOB.server_id).moderates(JOB)


def test_nobody_moderates_a_direct_message() -> None:
    assert not moderator().moderates(IN_DIRECT)
    assert not moderator(guild_id=THERE).moderates(IN_DIRECT)


def test_a_review_is_decided_in_the_channel_of_its_question() -> None:
    assert moderator(guild_id=JOB.server_id, channel_id=70).reviews(JOB)
    assert not moderator(guild_id=JOB.server_id, channel_id=71).reviews(JOB)
    assert not moderator(guild_id=THERE, channel_id=70).reviews(JOB)
    unwritten = a_job()
    assert moderator(guild_id=unwritten.server_id, channel_id=71).reviews(unwritten)


@pytest.mark.parametrize(
    ("job", "guild_id", "channel_id", "sees"),
    [
        (JOB, JOB.server_id, 1, True),
        (JOB, THERE, HERE.channel_id, False),
        (JOB, None, HERE.channel_id, False),
        (IN_DIRECT, None, HERE.channel_id, True),
        (IN_DIRECT, None, HERE.channel_id + 1, False),
        (IN_DIRECT, THERE, HERE.channel_id, False),
    ],
)
def test_a_card_is_seen_in_its_server_or_in_its_conversation(
    job: Job, guild_id: int | None, channel_id: int, sees: bool  # noqa: FBT001 - cases
) -> None:  # fmt: skip
    by = Actor(user_id=1, guild_id=guild_id, channel_id=channel_id)
    assert by.can_see(job) is sees


def test_what_an_erased_job_leaves_is_its_askers_where_its_card_is() -> None:
    def asked(job: Job, channel_id: int, guild_id: int | None = HERE.guild_id) -> bool:
        by = Actor(user_id=1, guild_id=guild_id, channel_id=channel_id, has_asked=True)
        return by.asked_for(job)

    assert asked(JOB, HERE.channel_id)
    assert not asked(JOB, HERE.channel_id + 1)
    assert not asked(JOB, HERE.channel_id, guild_id=THERE)
    forgotten = JOB.model_copy(update={"place": HERE.model_copy(update={"channel_id": 0})})
    assert asked(forgotten, 1)
    assert not Actor(user_id=1, guild_id=HERE.guild_id, channel_id=1).asked_for(forgotten)
