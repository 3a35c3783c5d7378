"""How the people of a story hand pictures over: with a command, in a message, in a window."""

from collections.abc import Mapping
from typing import Any

import discord
import simcord

from tests.stories.harness import MAKE_MENU, Story, Upload, as_file

_FILE_UPLOAD = 19
_FILE_NAME = "picture-{}.png"


async def posted(
    story: Story, *pictures: Upload, text: str = "", by: simcord.MemberActor | None = None
) -> discord.Message:
    """A message with these attachments, Bob's if nobody else writes it."""
    files = [as_file(picture, _FILE_NAME.format(place)) for place, picture in enumerate(pictures)]
    return await (by or story.bob).send(story.channel, text, attachments=files)


async def made_from(
    story: Story, message: discord.Message, by: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    """What the message's menu "Make a Kling video" shows; a forwarded message does as well."""
    result = await (by or story.alice).context_menu(story.channel, MAKE_MENU, message)
    await story.settle()
    return result


async def sent_off(
    story: Story,
    window: simcord.InteractionResult,
    *,
    changes: Mapping[str, Any] | None = None,
    picture: Upload | None = None,
    by: simcord.MemberActor | None = None,
) -> simcord.InteractionResult:
    """Send a window off as it stands, but for `changes` by custom_id, and with a picture.

    The picture goes into the window's only file field.
    """
    values = {**standing_in(window), **(changes or {})}
    if picture is not None:
        values[file_field(window)["custom_id"]] = as_file(picture)
    result = await (by or story.alice).submit_modal(window, values)
    await story.settle()
    return result


def file_field(window: simcord.InteractionResult) -> dict[str, Any]:
    """The window's only field for files."""
    (field,) = (part for part in _fields(window) if part["type"] == _FILE_UPLOAD)
    return field


def standing_in(window: simcord.InteractionResult) -> dict[str, Any]:
    """What stands in the window's fields already, by custom_id."""
    values = dict[str, Any]()
    for field in _fields(window):
        if "options" in field:
            values[field["custom_id"]] = [
                option["value"] for option in field["options"] if option.get("default")
            ]
        elif field.get("value") is not None:
            values[field["custom_id"]] = field["value"]
    return values


def _fields(window: simcord.InteractionResult) -> list[dict[str, Any]]:
    assert window.modal is not None, f"no window: {window}"
    return [part["component"] for part in window.modal["components"] if "component" in part]
