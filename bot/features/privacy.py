"""The use cases around people's data: given out, and forgotten at their wish."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from bot.domain.job import Job, JobId
from bot.domain.lifecycle import Erased, PromptErased
from bot.domain.ports import Clock, StoreUnavailable
from bot.features.erasure import Eraser
from bot.features.privacy_ports import (
    LEFT_SERVER_KEPT_FOR,
    Forgotten,
    IsIn,
    Memory,
    PrivacyStore,
    by_wish,
)

logger = logging.getLogger(__name__)

_KEYS = {"interaction_token", "interaction_token_until"}


class PersonalData:
    """Fulfils `Privacy`."""

    def __init__(
        self,
        *,
        people: PrivacyStore,
        eraser: Eraser,
        memory: Memory,
        clock: Clock,
    ) -> None:
        self._people = people
        self._eraser = eraser
        self._memory = memory
        self._clock = clock

    async def export(self, user_id: int) -> bytes | None:
        """All that is kept of a person."""
        try:
            jobs, unread = await self._people.jobs_of(user_id)
            others = await self._people.rows_of(user_id)
        except StoreUnavailable:
            logger.warning("somebody's data could not be read")
            return None
        return await asyncio.to_thread(_written, user_id, self._clock.now(), jobs, unread, others)

    async def forget(self, user_id: int) -> Forgotten | None:
        """Forget all of a person that is over; what goes on is counted."""
        try:
            jobs, unread = await self._people.jobs_of(user_id)
            done = [await self._erased(job) for job in jobs]
            await self._people.forget_person(user_id)
            self._memory.forget(user_id)
        except (StoreUnavailable, OSError):
            logger.exception("somebody's data could not be erased")
            return None
        return Forgotten(
            videos=done.count(Erased),
            still_under_way=done.count(None),
            prompts_alone=done.count(PromptErased),
            unread=len(unread),
        )

    async def server_left(self, guild_id: int) -> None:
        """Its decisions wait for a while, should it have been a mistake."""
        await self._people.left(guild_id, self._clock.now())

    async def server_joined(self, guild_id: int) -> None:
        """Its decisions hold again."""
        await self._people.left(guild_id, None)

    async def servers_seen(self, is_in: IsIn) -> int:
        """Note which servers were joined or left unseen; forget those that were left for too long.

        Both only where `is_in` knows: a server is never forgotten by a process that cannot see
        whether the bot is back in it.

        Raises:
            StoreUnavailable: the database cannot be reached; the next call goes on.
        """
        limit_at = self._clock.now() - LEFT_SERVER_KEPT_FOR
        old: list[int] = []
        for guild_id, left_at in (await self._people.servers()).items():
            is_there = is_in(guild_id)
            if is_there and left_at is not None:
                await self.server_joined(guild_id)
            elif is_there is False and left_at is None:
                await self.server_left(guild_id)
            elif is_there is False and left_at is not None and left_at < limit_at:
                old.append(guild_id)
        return await self._people.forget_servers(old, limit_at) if old else 0

    async def _erased(self, job: Job) -> type[Erased | PromptErased] | None:
        how = by_wish(job)
        return type(how) if how is not None and await self._eraser.erase(job, how) else None


def _written(
    user_id: int,
    at: datetime,
    jobs: Sequence[Job],
    unread: Sequence[JobId],
    others: Mapping[str, Sequence[Mapping[str, Any]]],
) -> bytes:
    document: dict[str, Any] = {
        "exported_at": at,
        "user_id": user_id,
        "videos": [_told(job) for job in jobs],
        **others,
    }
    if unread:
        document["videos_that_cannot_be_read"] = unread
    return json.dumps(_plain(document), ensure_ascii=False, indent=2).encode()


def _told(job: Job) -> dict[str, Any]:
    """A job as its requester may read it: without the keys that only the bot may use."""
    return job.model_dump(exclude={"place": _KEYS, "version": True})


def _plain(value: object, name: str = "") -> object:
    """A value as JSON says it. Ids are texts: as numbers, many readers would round them."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return {key: _plain(inner, key) for key, inner in entries.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in cast("Sequence[object]", value)]
    if isinstance(value, datetime):
        return value.isoformat()
    is_id = name == "id" or name.endswith(("_id", "_by"))
    return str(value) if is_id and isinstance(value, int) else value
