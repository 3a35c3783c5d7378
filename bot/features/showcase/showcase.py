"""The showcase: members star videos, and the best are shown once in a place of their own.

The rows say what is to be shown. The process that wrote a row carries it out at once; what a crash
or a silence of Discord leaves unfinished, any process finishes within minutes.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId
from bot.domain.ports import Clock, JobStore, LocalFile, NotPresented, Trouble
from bot.domain.servers import SettingsLookup
from bot.domain.showcase import (
    LEAVING,
    TELL_AGAIN_AFTER,
    TRY_FOR,
    NotPosted,
    Posted,
    PostState,
    PostTrouble,
    ShareRefusal,
    ShowcasePost,
    ShowcaseRoom,
    goes_by_itself,
    objection_to_sharing,
    objection_to_showing,
    objection_to_star,
)
from bot.features.showcase.showcase_rows import ShowcaseRows

logger = logging.getLogger(__name__)

LEFT_ALONE_FOR: Final = timedelta(minutes=2)
"""How long a post is left to the process that works on it: longer than Discord takes."""
REFUSED_FOR: Final = timedelta(hours=1)
"""How long after a refusal stars do not try again."""
_BY_AUTHOR: Final = frozenset({PostState.REFUSED, PostState.TAKEN_BACK})
_BY_MODERATOR: Final = _BY_AUTHOR | {PostState.REMOVED}

Showable = Callable[[Job, int], AbstractAsyncContextManager[LocalFile | None]]
"""The video as a file of at most so many bytes; None if it cannot be had, or is too large."""


@dataclass(frozen=True, slots=True)
class InShowcase:
    """It is in the showcase."""

    post: ShowcasePost
    before: bool = False
    """Whether it was there already."""
    from_hidden: bool = False
    """Whether some who see it there may not see the channel where it was made."""


@dataclass(frozen=True, slots=True)
class Coming:
    """It will be there as soon as Discord answers, or another press is bringing it."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class Starred:
    """The star is given, or taken back; the post if this star brought the video there."""

    is_given: bool
    brought: ShowcasePost | None = None


@dataclass(frozen=True, slots=True)
class NotShown:
    """The channel does not take it: what a manager has to change."""

    channel_id: int
    why: NotPosted


ShareAnswer = InShowcase | Coming | NotShown | Denied[ShareRefusal]


class Showcase:
    """What members, moderators and time do with the showcases of servers.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(
        self,
        *,
        rows: ShowcaseRows,
        jobs: JobStore,
        servers: SettingsLookup,
        room: ShowcaseRoom,
        showable: Showable,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._jobs = jobs
        self._servers = servers
        self._room = room
        self._showable = showable
        self._clock = clock
        self._turns = WeakValueDictionary[JobId, asyncio.Lock]()
        """One lock for each video whose stars are being drawn now."""
        self._to_be_counted = set[JobId]()

    # --- what people do -----------------------------------------------------------------------

    async def star(self, job_id: JobId, by: Actor) -> Starred | Denied[ShareRefusal]:
        """Give or take back a person's star; enough of them bring the video to the showcase."""
        job = await self._jobs.get(job_id)
        if job is None:
            return Denied(ShareRefusal.UNKNOWN)
        server = await self._servers.current(job.server_id)
        if (against := objection_to_star(by, job, server)) is not None:
            return Denied(against)
        is_given = await self._rows.toggle_star(job_id, by.user_id, self._clock.now())
        stars, post = await self._rows.stars_of(job_id), await self._rows.post_of(job_id)
        brought = None
        channel_id = server.showcase_channel_id
        if is_given and channel_id and goes_by_itself(stars, server) and self._may_try(post):
            brought = await self._bring_by_stars(job, channel_id)
        await self._recount(job)
        return Starred(is_given, brought)

    async def share(self, job_id: JobId, by: Actor) -> ShareAnswer:
        """Put a video into its server's showcase, once."""
        job = await self._jobs.get(job_id)
        if job is None:
            return Denied(ShareRefusal.UNKNOWN)
        server = await self._servers.current(job.server_id)
        channel_id = server.showcase_channel_id
        if (against := objection_to_sharing(by, job, server)) is not None:
            return Denied(against)
        assert channel_id is not None  # noqa: S101 - an objection otherwise
        over = _BY_MODERATOR if by.moderates(job) else _BY_AUTHOR
        post = await self._rows.begin(job, channel_id, self._clock.now(), over=over)
        if post is not None:
            brought = await self._brought(job, post)
            if isinstance(brought, InShowcase) and not await self._room.is_open(job, channel_id):
                return replace(brought, from_hidden=True)
            return brought
        there = await self._rows.post_of(job_id)
        if there is None or there.state is PostState.POSTING:
            return Coming(channel_id)
        if there.state is PostState.SHOWN:
            return InShowcase(there, before=True)
        taken_out = there.state in (PostState.REMOVING, PostState.REMOVED)
        return Denied(ShareRefusal.TAKEN_OUT if taken_out else ShareRefusal.NOT_NOW)

    async def take_back(self, job_id: JobId, by: Actor) -> ShowcasePost | Denied[ShareRefusal]:
        """Take a video out of the showcase, for its author or a moderator."""
        job, post = await self._jobs.get(job_id), await self._rows.post_of(job_id)
        if job is None:
            return Denied(ShareRefusal.UNKNOWN)
        is_author = by.user_id == job.requester_id
        if not is_author and not by.moderates(job):
            return Denied(ShareRefusal.NOT_YOURS)
        if post is None or post.state not in (PostState.SHOWN, *LEAVING):
            return Denied(ShareRefusal.NOT_SHOWN)
        leaving = PostState.TAKING_BACK if is_author else PostState.REMOVING
        if post.state is PostState.SHOWN:
            post = await self._rows.move(post, leaving, self._clock.now())
        trouble = Trouble.PASSING if post is None else await self._taken_down(post)
        if post is None or trouble is not None:
            is_closed = trouble is Trouble.PLACE_CLOSED
            return Denied(ShareRefusal.OUT_OF_REACH if is_closed else ShareRefusal.NOT_NOW)
        return post

    async def standing(self, job: Job, by: Actor) -> PostState | None:
        """What they may do with it: SHOWN to take it back, REFUSED to share it; None is nothing."""
        post = await self._rows.post_of(job.id)
        if post is not None and post.state is PostState.SHOWN:
            may_end = by.user_id == job.requester_id or by.moderates(job)
            return PostState.SHOWN if may_end else None
        server = await self._servers.current(job.server_id)
        if objection_to_sharing(by, job, server) is not None:
            return None
        over = _BY_MODERATOR if by.moderates(job) else _BY_AUTHOR
        return PostState.REFUSED if post is None or post.state in over else None

    async def is_post(self, job_id: JobId, message_id: int) -> bool:
        """Whether this message is the video's post in a showcase."""
        post = await self._rows.post_of(job_id)
        return post is not None and post.message_id == message_id

    # --- what takes videos away ---------------------------------------------------------------

    async def withdraw(self, job_id: JobId) -> Trouble | None:
        """Take a deleted video out of the showcase, for good.

        A trouble says that it may still stand there: the repair goes on with it.
        """
        post = await self._rows.post_of(job_id)
        leaving = None if post is None else await self._leave(post)
        trouble = None if leaving is None else await self._taken_down(leaving)
        if trouble is None:
            await self._rows.forget(job_id)
        return trouble

    async def forget_author(self, user_id: int) -> None:
        """Take everything of a person's out; what Discord does not delete now, goes later."""
        for post in await self._rows.posts_by(user_id):
            if await self.withdraw(post.job_id) is not None:
                logger.warning("job %s: couldn't delete its showcase post yet", post.job_id)

    # --- what is left unfinished --------------------------------------------------------------

    async def mend(self) -> None:
        """Finish what a crash or a silence of Discord left unfinished, in any process."""
        for left in await self._rows.unfinished(self._clock.now() - LEFT_ALONE_FOR):
            # Of several processes, the one that writes the row works on it.
            post = await self._rows.move(left, left.state, self._clock.now())
            if post is None:
                continue
            if post.state in LEAVING:
                await self._taken_down(post)
                continue
            job = await self._jobs.get(post.job_id)
            if job is None or objection_to_showing(job) is not None:
                await self.withdraw(post.job_id)
            else:
                await self._bring_again(job, post)
                await self._recount(job)

    async def _bring_again(self, job: Job, post: ShowcasePost) -> None:
        match await self._room.find(post):
            case Posted() as found:
                await self._record(job, post, found)
            case NotPosted():
                pass  # whether it is there is not known yet
            case None:
                await self._brought(job, post)

    # --- carrying it out ----------------------------------------------------------------------

    def _may_try(self, post: ShowcasePost | None) -> bool:
        if post is None:
            return True
        rested = self._clock.now() - post.touched_at >= REFUSED_FOR
        return post.state is PostState.REFUSED and rested

    async def _bring_by_stars(self, job: Job, channel_id: int) -> ShowcasePost | None:
        # What only some members see is shown to others by its author or a moderator alone.
        if not await self._room.is_open(job, channel_id):
            return None
        now = self._clock.now()
        was_told = await self._rows.was_refused_since(job.server_id or 0, now - TELL_AGAIN_AFTER)
        post = await self._rows.begin(job, channel_id, now, over={PostState.REFUSED})
        if post is None:
            return None
        brought = await self._brought(job, post)
        if (
            isinstance(brought, NotShown)
            and not was_told
            and brought.why.trouble is not PostTrouble.AGE_RESTRICTED
        ):
            await self._room.tell_managers(post, brought.why)
        return brought.post if isinstance(brought, InShowcase) else None

    async def _brought(self, job: Job, post: ShowcasePost) -> InShowcase | Coming | NotShown:
        """Post it, and write that down once Discord confirmed it."""
        stars = await self._rows.stars_of(job.id)
        async with self._showable(job, job.place.upload_limit_bytes) as file:
            outcome = await self._room.show(job, post, file, stars=stars)
        if isinstance(outcome, Posted):
            return await self._record(job, post, outcome)
        logger.warning("job %s: couldn't show it in a showcase (%s)", job.id, outcome.trouble.value)
        now = self._clock.now()
        if outcome.trouble is PostTrouble.PASSING and now - post.begun_at < TRY_FOR:
            return Coming(post.channel_id)
        await self._rows.move(post, PostState.REFUSED, now)
        return NotShown(post.channel_id, outcome)

    async def _record(self, job: Job, post: ShowcasePost, posted: Posted) -> InShowcase | Coming:
        now: ShowcasePost | None = post
        while now is not None and now.state is PostState.POSTING:
            shown = await self._rows.move(now, PostState.SHOWN, self._clock.now(), posted=posted)
            if shown is not None:
                return InShowcase(shown)
            now = await self._rows.post_of(job.id)
        # It was taken away, or shown by another process, while Discord was asked.
        if now is None or now.message_id != posted.message_id:
            await self._room.take_down(_at(post, posted))
        return Coming(post.channel_id)

    async def _leave(self, post: ShowcasePost) -> ShowcasePost | None:
        """Begin to take it away, whatever it was about to become; None if it is gone already."""
        now: ShowcasePost | None = post
        while now is not None and now.state in (PostState.POSTING, PostState.SHOWN):
            moved = await self._rows.move(now, PostState.TAKING_BACK, self._clock.now())
            if moved is not None:
                return moved
            now = await self._rows.post_of(post.job_id)
        return now if now is not None and now.state in LEAVING else None

    async def _taken_down(self, post: ShowcasePost) -> Trouble | None:
        """Delete its message, and write that down; why it may still stand there, otherwise."""
        there = post
        if post.message_id is None:
            found = await self._room.find(post)
            if isinstance(found, NotPosted):
                is_passing = found.trouble is PostTrouble.PASSING
                return Trouble.PASSING if is_passing else Trouble.PLACE_CLOSED
            there = post if found is None else _at(post, found)
        outcome = await self._room.take_down(there)
        if isinstance(outcome, NotPresented):
            return outcome.trouble
        await self._rows.move(post, LEAVING[post.state], self._clock.now())
        return None

    async def _recount(self, job: Job) -> None:
        """Show the number of stars; of many presses at once, only the last one draws it."""
        if job.id in self._to_be_counted:
            return
        self._to_be_counted.add(job.id)
        async with self._turns.setdefault(job.id, asyncio.Lock()):
            # From here on a press may have come after the number was read.
            self._to_be_counted.discard(job.id)
            stars, post = await self._rows.stars_of(job.id), await self._rows.post_of(job.id)
            is_shown = post is not None and post.state is PostState.SHOWN
            await self._room.count(job, post if is_shown else None, stars=stars)


def _at(post: ShowcasePost, posted: Posted) -> ShowcasePost:
    return replace(post, thread_id=posted.thread_id, message_id=posted.message_id)
