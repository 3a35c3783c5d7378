"""Pictures that members hand over for a video: read at once, and refused in private."""

from collections.abc import Iterable, Mapping
from typing import Final

import discord

from bot.domain.denied import Denied
from bot.domain.generation.picture import Picture
from bot.languages.language import marked
from bot.ui.attachments import take_picture
from bot.ui.context import Interaction, asking_actor, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.words.declines import decline_said
from bot.ui.words.requests import bad_picture
from bot.ui.writes import once

READING: Final = marked("One moment, I'm looking at your picture…")
GONE: Final = marked(
    "I no longer have that video's picture. Please attach it again with `/kling`. Nothing "
    "was charged."
)


async def taken(
    interaction: Interaction, attachments: Mapping[str, discord.Attachment]
) -> dict[str, Picture] | None:
    """The pictures, by the fields of GenerationRequest; None after telling the member why not.

    It acknowledges first, in private: reading may take longer than Discord waits. `done_reading`
    removes that answer.

    Raises:
        discord.HTTPException: Discord did not take our acknowledgement.
        StoreUnavailable: the pictures cannot be kept now.
    """
    language, pictures = language_of(interaction), interaction.client.services.pictures
    if not await may_give_pictures(interaction):
        return None
    if not interaction.response.is_done():
        await interaction.response.send_message(view=note(language.say(READING)), ephemeral=True)
    read = dict[str, Picture]()
    for field, attachment in attachments.items():
        picture = await take_picture(pictures, attachment, user_id=interaction.user.id)
        if isinstance(picture, Denied):
            await interaction.edit_original_response(view=note(bad_picture(language, picture.why)))
            return None
        read[field] = picture
    return read


async def may_give_pictures(interaction: Interaction) -> bool:
    """Whether the member may use pictures here; one who may not is told why, before any is read."""
    admission = interaction.client.services.admission
    why = await admission.refusal_of_pictures(await asking_actor(interaction))
    if why is not None:
        await tell_privately(interaction, decline_said(interaction, why))
    return why is None


async def done_reading(interaction: Interaction) -> None:
    """Remove the private answer; the member may have dismissed it already."""
    await once(interaction.delete_original_response)


async def are_kept(
    interaction: Interaction, frames: Iterable[Picture], *, gone: str = GONE
) -> bool:
    """Whether pictures of former times are still there; the member is told if not."""
    pictures, user_id = interaction.client.services.pictures, interaction.user.id
    for picture in frames:
        if not await pictures.used_again(picture, user_id):
            await tell_privately(interaction, language_of(interaction).say(gone))
            return False
    return True
