"""Showcases: which videos may be shown in one, who may put them there, and who may star them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.actor import Actor
from bot.domain.job import Job, JobId, Reach, State
from bot.domain.outcomes import MediaKind
from bot.domain.ports import LocalFile, PresentOutcome
from bot.domain.servers import ServerSettings, ShownBy

TRY_FOR: Final = timedelta(days=1)
"""How long a video is brought to a showcase while Discord does not answer."""
TELL_AGAIN_AFTER: Final = timedelta(days=1)
"""How long after one notice about a showcase its managers get no other."""


class PostState(StrEnum):
    """Where the post of a video in a showcase stands."""

    POSTING = "posting"
    """Decided, and perhaps sent: a message may be there already."""
    SHOWN = "shown"
    REFUSED = "refused"
    """Discord did not let the bot post it; it may be tried again."""
    TAKING_BACK = "taking_back"
    """Its author takes it back; the message may still be there."""
    TAKEN_BACK = "taken_back"
    """Only its author, or a moderator, may show it again."""
    REMOVING = "removing"
    REMOVED = "removed"
    """A moderator took it out: only a moderator may show it again."""


LEAVING: Final = {
    PostState.TAKING_BACK: PostState.TAKEN_BACK,
    PostState.REMOVING: PostState.REMOVED,
}
"""What follows once the message is gone."""
ENDED: Final = frozenset({PostState.REFUSED, *LEAVING.values()})
"""Nothing of it is shown."""
UNFINISHED: Final = frozenset({PostState.POSTING, *LEAVING})
"""What another process finishes, if the one that began does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowcasePost:
    """The post of one video."""

    job_id: JobId
    guild_id: int
    channel_id: int
    """The showcase: a channel, or a forum."""
    thread_id: int | None = None
    """The thread that the post is, in a forum."""
    message_id: int | None = None
    state: PostState
    version: int
    begun_at: datetime
    """When it was decided to show it."""
    touched_at: datetime


class ShareRefusal(StrEnum):
    """Why a video is not starred, shown or taken back: each has its own message."""

    UNKNOWN = "unknown"
    NO_SHOWCASE = "no_showcase"
    NO_VIDEO = "no_video"
    """It is not finished, or it is no video."""
    GONE = "gone"
    """It was deleted, or its prompt was erased."""
    PRIVATE = "private"
    ELSEWHERE = "elsewhere"
    """They act in another server, or in a direct message."""
    NOT_ALLOWED = "not_allowed"
    """Bots, blocked members, and members who have not accepted the rules yet."""
    NOT_YOURS = "not_yours"
    MODERATORS_ONLY = "moderators_only"
    STARS_ONLY = "stars_only"
    OWN_STAR = "own_star"
    """Authors give their own videos no star."""
    TAKEN_OUT = "taken_out"
    """A moderator took it out of the showcase."""
    NOT_SHOWN = "not_shown"
    NOT_NOW = "not_now"
    """Discord does not answer."""
    OUT_OF_REACH = "out_of_reach"
    """The showcase is closed to the bot: what stands there stays until that ends."""


class PostTrouble(StrEnum):
    """Why Discord, or the channel, does not let a video be shown."""

    CHANNEL_GONE = "channel_gone"
    CLOSED = "closed"
    """The bot does not get into the channel, or is no longer in the server."""
    MISSING = "missing"
    """The bot lacks permissions there."""
    TAG_NEEDED = "tag_needed"
    """The forum wants a tag on each post, and the bot may not create one."""
    AGE_RESTRICTED = "age_restricted"
    """It was made in an age-restricted channel, and the showcase is none."""
    REFUSED = "refused"
    """Discord does not say why."""
    PASSING = "passing"
    """It may work later."""


@dataclass(frozen=True, slots=True)
class NotPosted:
    """What has to change before a video can be shown there."""

    trouble: PostTrouble
    missing: tuple[str, ...] = ()
    """The permissions that the bot lacks, or the tags: permissions by Discord's names."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Discord confirmed it: the message, and in a forum its thread."""

    message_id: int
    thread_id: int | None = None


class ShowcaseRoom(Protocol):
    """Where a server's best videos are shown.

    `bot.ui.showcase_room.DiscordShowcase`; the tests of the feature use `NotingShowcase`.
    """

    async def show(
        self, job: Job, post: ShowcasePost, file: LocalFile | None, *, stars: int
    ) -> Posted | NotPosted:
        """Post it; repeats within minutes show it once. Without a file it links to its card."""
        ...

    async def is_open(self, job: Job, channel_id: int) -> bool:
        """Whether all who see that showcase may see the channel of the video, too.

        False where the bot cannot tell.
        """
        ...

    async def find(self, post: ShowcasePost) -> Posted | NotPosted | None:
        """The message of a post whose sending was never confirmed; None if it is not there.

        NotPosted if Discord does not tell now, or the channel is closed to the bot.
        """
        ...

    async def take_down(self, post: ShowcasePost) -> PresentOutcome:
        """Delete the message, and in a forum the thread; what is gone already counts as deleted.

        Of a channel that is closed to the bot the outcome is PLACE_CLOSED: the message may stand.
        """
        ...

    async def count(self, job: Job, post: ShowcasePost | None, *, stars: int) -> None:
        """Show the number of stars on the job's card and on its post, as far as they are there."""
        ...

    async def tell_managers(self, post: ShowcasePost, why: NotPosted) -> None:
        """Tell the server's log channel, if it has one, why stars could not bring a video there."""
        ...


def objection_to_showing(job: Job) -> ShareRefusal | None:
    """Why this video is shown nowhere, by its own state; None if it may be."""
    if job.deleted or job.erased:
        return ShareRefusal.GONE
    if job.private or job.place.ephemeral:
        return ShareRefusal.PRIVATE
    is_video = any(one.kind is MediaKind.VIDEO for one in job.media)
    if job.state is not State.DELIVERED or not is_video:
        return ShareRefusal.NO_VIDEO
    # A card that had to move to direct messages was seen by its requester alone.
    is_public = job.place.reach is Reach.BOT and job.place.guild_id == job.server_id
    return None if is_public and job.server_id is not None else ShareRefusal.PRIVATE


def _objection_to_actor(actor: Actor, job: Job, server: ServerSettings) -> ShareRefusal | None:
    if not actor.is_in_server_of(job) or actor.by_user_install:
        return ShareRefusal.ELSEWHERE
    if actor.is_bot or actor.is_pending or actor.user_id in server.blocked_user_ids:
        return ShareRefusal.NOT_ALLOWED
    return objection_to_showing(job)


def objection_to_star(actor: Actor, job: Job, server: ServerSettings) -> ShareRefusal | None:
    """Why they may not star it; None if they may."""
    if (against := _objection_to_actor(actor, job, server)) is not None:
        return against
    return ShareRefusal.OWN_STAR if actor.user_id == job.requester_id else None


def objection_to_sharing(actor: Actor, job: Job, server: ServerSettings) -> ShareRefusal | None:
    """Why they may not put it into the server's showcase; None if they may."""
    if (against := _objection_to_actor(actor, job, server)) is not None:
        return against
    if server.showcase_channel_id is None:
        return ShareRefusal.NO_SHOWCASE
    match server.showcase_by:
        case ShownBy.STARS:
            return ShareRefusal.STARS_ONLY
        case ShownBy.MODERATORS:
            return None if actor.moderates(job) else ShareRefusal.MODERATORS_ONLY
        case ShownBy.AUTHORS:
            may = actor.user_id == job.requester_id or actor.moderates(job)
            return None if may else ShareRefusal.NOT_YOURS


def goes_by_itself(stars: int, server: ServerSettings) -> bool:
    """Whether so many stars bring a video into the showcase."""
    needed = server.showcase_stars
    return server.showcase_channel_id is not None and needed is not None and stars >= needed
