"""Pictures as they leave for the service, and what the operator is told when it refuses one."""

import asyncio
import logging
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.domain.generation.models import Option
from bot.domain.job import Job
from bot.domain.ports import Clock, Frames, PictureBytes

logger = logging.getLogger(__name__)

TOLD_EVERY: Final = timedelta(hours=1)
"""Members may send many pictures that the service refuses; the operator needs to read of it once.
"""
FETCHED_WITHIN: Final = timedelta(hours=1)
"""A link that ends sooner is not sent: the service may fetch it only when the job's turn comes."""


class SentPictures:
    """Makes what is sent of a job's pictures: their bytes as data URIs, or Discord's links."""

    def __init__(self, *, picture_bytes: PictureBytes, by_link: bool, clock: Clock) -> None:
        self._picture_bytes = picture_bytes
        self._by_link = by_link
        self._clock = clock
        self._told_at: datetime | None = None

    async def frames_of(self, job: Job) -> Frames | None:
        """Its pictures as they are sent, read before anything is written; None if one is gone."""
        frames = dict[Option, str | bytes]()
        for option, picture in job.request.frames.items():
            if self._by_link and picture.link is not None and self._is_alive(picture.link):
                frames[option] = picture.link
                continue
            data = await self._picture_bytes(picture.digest)
            if data is None:
                return None
            frames[option] = await asyncio.to_thread(_data_uri, picture.media_type, data)
        return frames

    def _is_alive(self, link: str) -> bool:
        """Whether the service can still fetch it: Discord's links say until when, in hex."""
        ends_at = parse_qs(urlsplit(link).query).get("ex", [""])[0]
        try:
            return int(ends_at, 16) > (self._clock.now() + FETCHED_WITHIN).timestamp()
        except ValueError:
            return True

    def refused(self, job: Job) -> None:
        """Tell the operator of the setting that may help, once an hour at most."""
        now = self._clock.now()
        if self._told_at is not None and now - self._told_at < TOLD_EVERY:
            return
        self._told_at = now
        logger.warning(
            "job %s: RunComfy didn't accept its picture, and charged nothing. If this goes on, "
            "your account may need pictures the other way: RUNCOMFY_IMAGES=%s",
            job.id,
            "inline" if self._by_link else "link",
        )


def _data_uri(media_type: str, data: bytes) -> bytes:
    return b"data:%b;base64,%b" % (media_type.encode(), b64encode(data))
