"""Managers in a story: their panel as they see it, and what they choose and type on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bot.domain.servers import AuditEntry, ServerSettings
from tests.stories.harness import Story

BUTTON, STRING_SELECT, ROLE_SELECT, CHANNEL_SELECT, TEXT = 2, 3, 6, 8, 10
SELECTS = (STRING_SELECT, ROLE_SELECT, CHANNEL_SELECT)


def a_manager(story: Story, name: str = "mona") -> simcord.MemberActor:
    """Somebody who may manage the server."""
    managers = story.guild.create_role(
        f"Managers of {name}", permissions=discord.Permissions(manage_guild=True)
    )
    return story.guild.add_member(story.env.create_user(name), roles=[managers])


def parts_of(raw: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Every component of a message."""
    for part in raw:
        yield part
        yield from parts_of(part.get("components") or [])


@dataclass
class OpenPanel:
    """One manager's panel, as it is at each moment."""

    story: Story
    shown: simcord.InteractionResult
    by: simcord.MemberActor

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What it is made of."""
        assert self.shown.response is not None
        return list(parts_of(self.shown.response.components))

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return "\n".join(part["content"] for part in self.parts if part["type"] == TEXT)

    def select(self, custom_id: str) -> dict[str, Any]:
        """One select."""
        return next(part for part in self.parts if part.get("custom_id") == custom_id)

    def chosen(self, setting: str) -> str:
        """The label of what a select of fixed options shows as chosen."""
        options = self.select(f"kling:admin:choose:{setting}:0")["options"]
        (label,) = [option["label"] for option in options if option.get("default")]
        return label

    def picked(self, custom_id: str) -> list[int]:
        """The ids that a select of roles or channels shows as chosen."""
        return [int(one["id"]) for one in self.select(custom_id).get("default_values", [])]

    async def turn_to(self, page: str) -> None:
        """Press the button of a page."""
        await self.press(f"kling:admin:page:{page}:0")

    async def press(self, custom_id: str) -> simcord.InteractionResult:
        """Press a button."""
        assert self.shown.response is not None
        pressed = await self.by.click(self.shown.response, custom_id=custom_id)
        await self.story.settle()
        return pressed

    async def choose(self, custom_id: str, *values: Any) -> simcord.InteractionResult:  # noqa: ANN401 - handles of any kind
        """Choose in a select."""
        assert self.shown.response is not None
        chosen = await self.by.select(self.shown.response, values, custom_id=custom_id)
        await self.story.settle()
        return chosen

    async def set(self, setting: str, value: str) -> simcord.InteractionResult:
        """Choose an option of a setting."""
        return await self.choose(f"kling:admin:choose:{setting}:0", value)

    async def fill(self, button: str, **texts: str) -> simcord.InteractionResult:
        """Open a window by its button, type into it, and submit it."""
        return await self.submit(await self.press(button), **texts)

    async def submit(self, window: simcord.InteractionResult, **texts: str) -> Any:  # noqa: ANN401 - SimCord's result
        """Type into an open window and submit it."""
        assert window.modal is not None, "no window was shown"
        submitted = await self.by.submit_modal(window, texts)
        await self.story.settle()
        return submitted


async def opened(story: Story, by: simcord.MemberActor, page: str = "who") -> OpenPanel:
    """Open the panel, and turn to a page."""
    shown = await by.slash(story.channel, "kling-admin settings")
    await story.settle()
    assert shown.ephemeral, f"no panel: {shown}"
    panel = OpenPanel(story, shown, by)
    if page != "who":
        await panel.turn_to(page)
    return panel


def settings_of(story: Story) -> ServerSettings:
    """What holds in the story's server."""
    return story.services.servers.known(story.guild.id)


async def change(story: Story, **changes: Any) -> None:  # noqa: ANN401 - any setting
    """Decide something without the panel."""
    await story.services.servers.change(story.guild.id, changes, by_user_id=1)


async def trail(story: Story) -> list[AuditEntry]:
    """What stands in the audit trail, newest first."""
    entries = await story.services.servers.audit(story.guild.id)
    assert entries is not None
    return list(entries)


def say_anybody_may_see(story: Story) -> None:
    """Let Discord show `/kling-admin` to everybody, as a server can."""
    story.env.backend.commands[None]["kling-admin", 1]["default_member_permissions"] = None
