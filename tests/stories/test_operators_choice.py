"""`/kling-operator block`: which server is meant, by its id or by its name."""

import simcord

from tests.stories.harness import Story


async def block(story: Story, by: simcord.MemberActor, server: str) -> str:
    result = await by.slash(story.channel, "kling-operator block", server=server)
    await story.settle()
    return story.card(result).text


def is_blocked(story: Story, guild_id: int) -> bool:
    return story.services.servers.known(guild_id).blocked_by_operator


async def test_a_name_that_is_typed_and_not_chosen_means_its_server(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert "**Kite Club** can't make any more" in await block(story, operator, " kite CLUB ")
    assert is_blocked(story, story.guild.id)


async def test_a_name_that_two_servers_have_means_neither(
    story: Story, operator: simcord.MemberActor
) -> None:
    other = story.env.create_guild("Kite club")
    await story.settle()
    assert await block(story, operator, "Kite Club") == (
        "I know no server by that name, or more than one. Pick one from the list, or paste its id."
    )
    assert not is_blocked(story, story.guild.id)
    assert not is_blocked(story, other.id)
    await block(story, operator, str(other.id))
    assert is_blocked(story, other.id)


async def test_an_id_means_a_server_that_the_bot_is_not_in(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert "`54321` can't make any more" in await block(story, operator, "54321")
    assert is_blocked(story, 54321)
