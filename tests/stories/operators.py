"""Those who run the bot, in a story."""

import discord
import simcord

from tests.stories.harness import Story


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
