"""Pictures that members hand over for a video: read at once, and refused in private."""

from collections.abc import Mapping
from typing import Final

import discord

from bot.domain.denied import Denied
from bot.domain.picture import (
    ATTACHMENT_MAX_BYTES,
    PIXELS_MAX,
    RATIO_MAX,
    SIDE_MIN_PX,
    Picture,
    PictureFault,
    PictureRefusal,
)
from bot.domain.request import GenerationRequest
from bot.languages.language import Language, marked
from bot.ui.attachments import take_picture
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.writes import once

READING: Final = marked("One moment, I'm looking at your picture…")
GONE: Final = marked(
    "The picture of that video is no longer kept. Please attach it again with `/kling`. Nothing "
    "was charged."
)
SHAPE_FOLLOWS: Final = marked(
    "The shape of the video follows your picture, so leave `aspect` out. Nothing was charged."
)
_MIB: Final = 1024 * 1024
_MILLION: Final = 1_000_000
REFUSALS: Final[Mapping[PictureFault, str]] = {
    PictureFault.TOO_LARGE: marked(
        "Your picture is too large: it may have {most_mib} MB. Save it smaller and try again. "
        "Nothing was charged."
    ),
    PictureFault.NOT_FETCHED: marked(
        "Discord did not give me your picture. Please try again. Nothing was charged."
    ),
    PictureFault.NOT_A_PICTURE: marked(
        "That file is not a picture I can read. Please attach a PNG, JPEG, WEBP, BMP, GIF or HEIC. "
        "Nothing was charged."
    ),
    PictureFault.UNREADABLE: marked(
        "I can't open your picture: it seems to be damaged. Save it again and try once more. "
        "Nothing was charged."
    ),
    PictureFault.TOO_SMALL: marked(
        "Your picture has {width} by {height} pixels. Each side needs at least {least}. Nothing "
        "was charged."
    ),
    PictureFault.TOO_NARROW: marked(
        "Your picture has {width} by {height} pixels. The longer side may be {ratio} times the "
        "shorter one; crop it and try again. Nothing was charged."
    ),
    PictureFault.TOO_MANY_PIXELS: marked(
        "Your picture has {width} by {height} pixels. I can take {most_mp} million; save it "
        "smaller and try again. Nothing was charged."
    ),
    PictureFault.TOOK_TOO_LONG: marked(
        "It took me too long to open your picture. Save it smaller, as a JPEG, and try again. "
        "Nothing was charged."
    ),
}


def refusal_line(language: Language, refusal: PictureRefusal) -> str:
    """What to change about a picture."""
    return language.say(
        REFUSALS[refusal.fault],
        most_mib=ATTACHMENT_MAX_BYTES // _MIB,
        width=refusal.width_px or 0,
        height=refusal.height_px or 0,
        least=SIDE_MIN_PX,
        ratio=language.number(RATIO_MAX),
        most_mp=PIXELS_MAX // _MILLION,
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
    if not interaction.response.is_done():
        await interaction.response.send_message(view=note(language.say(READING)), ephemeral=True)
    read = dict[str, Picture]()
    for field, attachment in attachments.items():
        picture = await take_picture(pictures, attachment, user_id=interaction.user.id)
        if isinstance(picture, Denied):
            await interaction.edit_original_response(view=note(refusal_line(language, picture.why)))
            return None
        read[field] = picture
    return read


async def done_reading(interaction: Interaction) -> None:
    """Remove the private answer; the member may have dismissed it already."""
    await once(interaction.delete_original_response)


async def are_kept(interaction: Interaction, request: GenerationRequest) -> bool:
    """Whether the pictures of an earlier request are still there; the member is told if not."""
    pictures, user_id = interaction.client.services.pictures, interaction.user.id
    for picture in request.frames.values():
        if not await pictures.used_again(picture, user_id):
            await tell_privately(interaction, language_of(interaction).say(GONE))
            return False
    return True
