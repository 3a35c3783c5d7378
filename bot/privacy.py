"""The use cases around people's data: given out, forgotten at their wish, forgotten with age."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.generation.job import Job, State
from bot.generation.library import KeptFiles
from bot.generation.lifecycle import Erased
from bot.generation.ports import Clock, JobStore, StoreUnavailable
from bot.generation.privacy import (
    COUNTS_KEPT_FOR,
    LEFT_SERVER_KEPT_FOR,
    Forgotten,
    IsIn,
    PrivacyStore,
    by_age,
    by_wish,
)

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Jobs that are read together when the old ones are forgotten."""
_EVERY = timedelta(days=1)
_AGAIN_AFTER = timedelta(hours=1)
"""When a disk did not let something go."""
_KEYS = {"interaction_token", "interaction_token_until"}


class PersonalData:
    """Fulfils `Privacy`, and forgets with age once a day."""

    def __init__(
        self,
        *,
        store: JobStore,
        people: PrivacyStore,
        files: KeptFiles,
        clock: Clock,
        prompts_kept_for: timedelta,
    ) -> None:
        self._store = store
        self._people = people
        self._files = files
        self._clock = clock
        self._prompts_kept_for = prompts_kept_for
        self._tidy_at: datetime | None = None

    async def export(self, user_id: int) -> bytes | None:
        """All that is kept of a person."""
        try:
            jobs = await self._people.jobs_of(user_id)
            others = await self._people.rows_of(user_id)
        except StoreUnavailable:
            logger.warning("somebody's data could not be read")
            return None
        document: dict[str, Any] = {
            "exported_at": self._clock.now().isoformat(),
            "user_id": str(user_id),
            "videos": [_told(job) for job in jobs],
            **{name: [dict(row) for row in rows] for name, rows in others.items()},
        }
        text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
        return text.encode()

    async def forget(self, user_id: int) -> Forgotten | None:
        """Forget all of a person that is over; what goes on is counted."""
        try:
            jobs = await self._people.jobs_of(user_id)
            over = [job for job in jobs if _is_over(job)]
            videos = sum([await self._erase(job, by_wish) for job in over])
            await self._people.forget_person(user_id)
        except (StoreUnavailable, OSError):
            logger.exception("somebody's data could not be erased")
            return None
        return Forgotten(videos=videos, still_under_way=len(jobs) - videos)

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

    async def tidy(self, is_in: IsIn) -> None:
        """Forget what has had its time, if that was not done for a day; what a disk keeps stays.

        Raises:
            StoreUnavailable: the database cannot be reached; the next call tries again.
        """
        now = self._clock.now()
        if self._tidy_at is not None and now < self._tidy_at:
            return
        prompts = 0
        next_at = now + _EVERY
        try:
            prompts = await self.forget_old_prompts()
        except OSError as error:
            # Prompts stay readable for longer than was promised: the operator's news, and repeated.
            logger.error("old prompts stay: their files cannot be deleted (%s)", error.strerror)  # noqa: TRY400 - the traceback would say no more
            next_at = now + _AGAIN_AFTER
        servers = await self.servers_seen(is_in)
        await self._people.forget_old_counts(f"{now - COUNTS_KEPT_FOR:%Y-%m}")
        self._tidy_at = next_at
        if prompts or servers:
            logger.info("forgot %d old prompts and %d servers that were left", prompts, servers)

    async def forget_old_prompts(self) -> int:
        """Erase prompts and links of jobs that are over and old; how many.

        Raises:
            StoreUnavailable: the database cannot be reached; what is erased stays erased.
            OSError: the files of some could not be deleted; the others are erased.
        """
        limit_at = self._clock.now() - self._prompts_kept_for
        erased = 0
        failure: OSError | None = None
        while old := await self._people.older_than(limit_at, limit=AT_ONCE):
            done = 0
            for job in old:
                try:
                    done += await self._erase(job, by_age)
                except OSError as error:
                    failure = error
            erased += done
            if not done:
                break
        if failure is not None:
            raise failure
        return erased

    async def _erase(self, job: Job, how: Callable[[Job], Erased]) -> bool:
        """The copy first, then the row: a crash in between leaves something to do again."""
        await self._files.forget(job.id)
        return await self._store.move(job, how(job), self._clock.now()) is not None


def _is_over(job: Job) -> bool:
    return not job.needs_work and job.state is not State.UNSURE


def _told(job: Job) -> dict[str, Any]:
    """A job as its requester may read it: without the keys that only the bot may use."""
    told = job.model_dump(mode="json", exclude={"place": _KEYS, "version": True})
    return {name: str(value) if name.endswith("_id") else value for name, value in told.items()}
