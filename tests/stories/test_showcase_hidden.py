"""What only some members see: no stars show it to others, and people know if they do."""

from collections.abc import Mapping

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.stories.harness import Story, private_words
from tests.stories.test_showcase import Shown

NOT_EVERYONE = "Not everyone there can see the channel where it was made. *Take back* undoes this."
VIEW = discord.Permissions(view_channel=True).value

Target = simcord.RoleHandle | simcord.MemberActor | int


@pytest.fixture
async def server(story: Story) -> Shown:
    shown = Shown(story)
    await shown.decide(showcase_stars=1)
    return shown


async def decide_who_sees(
    server: Shown, channel: simcord.ChannelHandle, seeing: Mapping[Target, bool]
) -> None:
    """Write who may see a channel; the bot itself always may."""
    backend = server.story.env.backend
    for target, may_see in {backend.bot_user.id: True, **seeing}.items():
        target_id = target if isinstance(target, int) else target.id
        is_role = isinstance(target, simcord.RoleHandle) or target_id == server.story.guild.id
        backend.set_overwrite(
            channel.id,
            Overwrite(
                target_id=target_id,
                type=OverwriteType.ROLE if is_role else OverwriteType.MEMBER,
                allow=VIEW if may_see else 0,
                deny=0 if may_see else VIEW,
            ),
        )
    await server.story.settle()


async def test_stars_bring_nothing_from_a_channel_that_not_everyone_sees(server: Shown) -> None:
    story = server.story
    testers = story.guild.create_role("Testers")
    asked = await server.a_video()
    await decide_who_sees(
        server,
        story.channel,
        {story.guild.id: False, testers: True, story.alice: True, story.bob: True},
    )
    await server.press("⭐", story.card(asked), story.bob)
    assert story.card(asked).buttons[1] == "⭐ 1"
    assert server.posts() == []
    await decide_who_sees(server, story.channel, {story.guild.id: True})
    await server.press("⭐", story.card(asked), server.carol)
    assert len(server.posts()) == 1


async def test_its_author_shows_it_and_is_told_that_not_everyone_saw_it(server: Shown) -> None:
    story = server.story
    asked = await server.a_video()
    open_to_all = await server.share(asked)
    assert NOT_EVERYONE not in open_to_all
    await server.press("Take back", server.post)
    await decide_who_sees(server, story.channel, {story.guild.id: False, story.alice: True})
    told = await server.share(asked)
    assert told.endswith(f"\n{NOT_EVERYONE}")
    assert len(server.posts()) == 1
    again = private_words(await server.press("Take back", server.post))
    assert again.startswith("It's out of the showcase.")


async def test_stars_bring_it_where_only_those_are_who_see_both(server: Shown) -> None:
    story = server.story
    testers = story.guild.create_role("Testers")
    asked = await server.a_video()
    hidden: dict[Target, bool] = {story.guild.id: False, testers: True}
    await decide_who_sees(server, story.channel, {**hidden, story.alice: True, story.bob: True})
    await decide_who_sees(server, server.showcase, hidden)
    await server.press("⭐", story.card(asked), story.bob)
    assert len(server.posts()) == 1


async def test_a_member_who_is_let_into_the_showcase_alone_keeps_stars_out(server: Shown) -> None:
    story = server.story
    testers = story.guild.create_role("Testers")
    asked = await server.a_video()
    hidden: dict[Target, bool] = {story.guild.id: False, testers: True}
    await decide_who_sees(server, story.channel, {**hidden, story.alice: True, story.bob: True})
    await decide_who_sees(server, server.showcase, {**hidden, server.dan: True})
    await server.press("⭐", story.card(asked), story.bob)
    assert server.posts() == []
