"""Reads the pictures that members attach, and attaches them for moderators to see."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import discord

from bot.domain.generation.models import Option
from bot.domain.job import Job
from bot.features.pictures import Fetch, Pictures, Taken
from bot.ui.writes import EXPECTED


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a job, to be attached."""

    option: Option
    media_type: str
    data: bytes | None = field(repr=False)
    """None: it is not kept any more."""

    @property
    def file_name(self) -> str:
        """Its name as an attachment."""
        return f"{self.option.value}.{self.media_type.removeprefix('image/')}"


async def pictures_of(job: Job, pictures: Pictures) -> Sequence[ShownPicture]:
    """What the job's video begins or ends with.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """
    return [
        ShownPicture(option, picture.media_type, await pictures.bytes_of(picture.digest))
        for option, picture in job.request.frames.items()
    ]


def files_of(pictures: Sequence[ShownPicture]) -> list[discord.File]:
    """New files for one upload."""
    return [
        discord.File(BytesIO(one.data), filename=one.file_name)
        for one in pictures
        if one.data is not None
    ]


async def take_picture(
    pictures: Pictures, attachment: discord.Attachment, *, user_id: int
) -> Taken:
    """Read a member's attachment when its turn comes, and keep it as their picture.

    It may take a minute while many wait: acknowledge first.

    Raises:
        StoreUnavailable: the picture cannot be kept now.
    """
    return await pictures.fetch(
        _fetch(attachment.read),
        declared_bytes=attachment.size,
        user_id=user_id,
        link=attachment.url,
    )


async def take_linked(
    pictures: Pictures, client: discord.Client, link: str, *, user_id: int
) -> Taken:
    """The same for a link of Discord's own, from a message of ours that shows the picture.

    Such a message shows only files that are small enough.

    Raises:
        StoreUnavailable: the picture cannot be kept now.
    """
    fetch = _fetch(lambda: client.http.get_from_cdn(link))
    return await pictures.fetch(fetch, declared_bytes=0, user_id=user_id, link=link)


def _fetch(read: Callable[[], Awaitable[bytes]]) -> Fetch:
    async def fetch() -> bytes | None:
        try:
            return await read()
        except (discord.HTTPException, *EXPECTED):
            return None

    return fetch
