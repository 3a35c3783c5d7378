"""The rows of showcases: who starred what, and where each post stands."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import Job, JobId
from bot.domain.showcase import UNFINISHED, Posted, PostState, ShowcasePost
from bot.storage.database import Database
from bot.storage.tables.jobs import read_instant
from bot.storage.tables.showcase import showcase_posts, stars
from bot.storage.unreadable import reading
from bot.storage.upserts import insert_unless_there

IS_UNFINISHED = showcase_posts.c.state.in_(sorted(state.value for state in UNFINISHED))


class ShowcaseRows:
    """Every write is one transaction, and conditional on what it was decided upon.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    # --- stars --------------------------------------------------------------------------------

    async def toggle_star(self, job_id: JobId, user_id: int, at: datetime) -> bool:
        """Give a person's star, or take it back if it is there; whether it is there now."""
        theirs = (stars.c.job_id == job_id) & (stars.c.user_id == user_id)

        async def toggle(connection: AsyncConnection) -> bool:
            if (await connection.execute(delete(stars).where(theirs))).rowcount:
                return False
            # Of two presses at once the second finds the row, and changes nothing.
            given = insert_unless_there(connection.dialect.name, stars)
            await connection.execute(given.values(job_id=job_id, user_id=user_id, at=at))
            return True

        return await self._database.transact(toggle)

    async def stars_of(self, job_id: JobId) -> int:
        """How many people starred it."""
        counted = select(func.count().label("n")).where(stars.c.job_id == job_id)
        (row,) = await self._database.rows(counted)
        return int(row["n"])

    # --- posts --------------------------------------------------------------------------------

    async def post_of(self, job_id: JobId) -> ShowcasePost | None:
        """The post of a video; None if it was never to be shown."""
        found = await self._posts(showcase_posts.c.job_id == job_id)
        return found[0] if found else None

    async def unfinished(self, before: datetime) -> Sequence[ShowcasePost]:
        """Posts that no process has worked on since then, the oldest first."""
        return await self._posts(IS_UNFINISHED & (showcase_posts.c.touched_at < before))

    async def posts_by(self, author_id: int) -> Sequence[ShowcasePost]:
        """All posts of one author."""
        return await self._posts(showcase_posts.c.author_id == author_id)

    async def was_refused_since(self, guild_id: int, since: datetime) -> bool:
        """Whether Discord refused a post there since then."""
        same = showcase_posts.c.guild_id == guild_id
        refused = showcase_posts.c.state == PostState.REFUSED.value
        late = showcase_posts.c.touched_at > since
        return bool(await self._posts(same & refused & late))

    async def begin(
        self, job: Job, channel_id: int, at: datetime, *, over: Collection[PostState]
    ) -> ShowcasePost | None:
        """Decide to show a video that was never shown, or whose post is in one of these states.

        Of all that decide at once, one gets the post; the others get None.
        """
        begun = {
            "author_id": job.requester_id,
            "guild_id": job.server_id,
            "channel_id": channel_id,
            "thread_id": None,
            "message_id": None,
            "state": PostState.POSTING.value,
            "begun_at": at,
            "touched_at": at,
        }
        same = showcase_posts.c.job_id == job.id
        formerly = showcase_posts.c.state.in_(sorted(state.value for state in over))

        async def write(connection: AsyncConnection) -> bool:
            again = update(showcase_posts).where(same & formerly)
            values = begun | {"version": showcase_posts.c.version + 1}
            if (await connection.execute(again.values(values))).rowcount:
                return True
            new = insert_unless_there(connection.dialect.name, showcase_posts)
            counted = new.values(begun | {"job_id": job.id, "version": 0}).execution_options(
                # Otherwise SQLAlchemy forgets how many rows an INSERT touched.
                preserve_rowcount=True
            )
            return bool((await connection.execute(counted)).rowcount)

        return await self.post_of(job.id) if await self._database.transact(write) else None

    async def move(
        self, post: ShowcasePost, state: PostState, at: datetime, *, posted: Posted | None = None
    ) -> ShowcasePost | None:
        """Write where it stands now, unless it was written since `post` was read."""
        values: dict[str, object] = {
            "state": state.value,
            "version": post.version + 1,
            "touched_at": at,
        }
        if posted is not None:
            values |= {"message_id": posted.message_id, "thread_id": posted.thread_id}
        written = await self._database.write(
            update(showcase_posts).where(_as_read(post)).values(values)
        )
        return await self.post_of(post.job_id) if written else None

    async def forget(self, job_id: JobId) -> None:
        """Delete the post's row and all stars: nothing of the video is shown any more."""

        async def write(connection: AsyncConnection) -> None:
            for table in (showcase_posts, stars):
                await connection.execute(delete(table).where(table.c.job_id == job_id))

        await self._database.transact(write)

    async def _posts(self, where: ColumnElement[bool]) -> Sequence[ShowcasePost]:
        query = select(showcase_posts).where(where).order_by(showcase_posts.c.touched_at)
        return await self._database.readable(query, post_of)


async def give_up_in(connection: AsyncConnection, guild_ids: Collection[int]) -> None:
    """Forget what is unfinished in servers that the bot left for good: it reaches nothing there."""
    of_them = IS_UNFINISHED & showcase_posts.c.guild_id.in_(guild_ids)
    await connection.execute(delete(showcase_posts).where(of_them))


def post_of(row: RowMapping) -> ShowcasePost:
    """The post in a row.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"the showcase post of job {row['job_id']}"):
        return ShowcasePost(
            job_id=row["job_id"],
            guild_id=row["guild_id"],
            channel_id=row["channel_id"],
            thread_id=row["thread_id"],
            message_id=row["message_id"],
            state=PostState(row["state"]),
            version=row["version"],
            begun_at=read_instant(row["begun_at"]),
            touched_at=read_instant(row["touched_at"]),
        )


def _as_read(post: ShowcasePost) -> ColumnElement[bool]:
    return (
        (showcase_posts.c.job_id == post.job_id)
        & (showcase_posts.c.version == post.version)
        & (showcase_posts.c.state == post.state.value)
    )
