"""Writes to the showcases of servers: posts, stars, and what managers have to know."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.domain.generation.models import qualities
from bot.domain.job import Job, Place, Reach
from bot.domain.ports import Clock, LocalFile, NotPresented, Presented, PresentOutcome, Trouble
from bot.domain.servers import SettingsLookup
from bot.domain.showcase import NotPosted, Posted, PostTrouble, ShowcasePost
from bot.languages.language import Language, Languages, marked
from bot.ui.buttons import star_label
from bot.ui.context import is_age_restricted
from bot.ui.plain_text import excerpt
from bot.ui.showcase_card import not_posted_line, post_view, recounted, shows
from bot.ui.surfaces import NOBODY, ChannelSurface
from bot.ui.writes import attempt, once

Room = discord.TextChannel | discord.ForumChannel
TITLE_MAX_CHARS: Final = 100
TAGS_MAX: Final = 20
"""Discord's limit on the tags of a forum."""
UNKNOWN_CHANNEL: Final = 10003
"""Discord's code for a channel that was deleted."""
_BEFORE: Final = timedelta(minutes=5)
"""How much earlier than decided a message may seem to be sent: clocks differ a little."""
_AMONG: Final = 200
"""How many messages since then are searched for one that was never confirmed."""


def lacking(room: Room) -> tuple[str, ...]:
    """The permissions that the bot needs there and lacks: texts by Discord's names."""
    granted = room.permissions_for(room.guild.me)
    needed = {
        marked("View Channel"): granted.view_channel,
        marked("Send Messages"): granted.send_messages,
        marked("Attach Files"): granted.attach_files,
        marked("Read Message History"): granted.read_message_history,
    }
    return tuple(name for name, is_granted in needed.items() if not is_granted)


class DiscordShowcase:
    """Fulfils `ShowcaseRoom`."""

    def __init__(
        self,
        *,
        client: discord.Client,
        servers: SettingsLookup,
        languages: Languages,
        clock: Clock,
    ) -> None:
        self._client = client
        self._servers = servers
        self._languages = languages
        self._clock = clock
        # The tags of a forum are written as a whole: of two at once one would be lost.
        self._tagging = asyncio.Lock()

    async def show(
        self, job: Job, post: ShowcasePost, file: LocalFile | None, *, stars: int
    ) -> Posted | NotPosted:
        """Post it, without the file if Discord does not take that."""
        room = await self._room(post.channel_id)
        if isinstance(room, NotPosted):
            return room
        if missing := lacking(room):
            return NotPosted(PostTrouble.MISSING, missing)
        if not room.is_nsfw() and is_age_restricted(await self._channel(job.place.channel_id)):
            return NotPosted(PostTrouble.AGE_RESTRICTED)
        tags = await self._tags(room, job) if isinstance(room, discord.ForumChannel) else []
        if isinstance(room, discord.ForumChannel) and room.flags.require_tag and not tags:
            return NotPosted(PostTrouble.TAG_NEEDED, wanted_tags(job))
        sent = await self._sent(room, tags, job, post, file, stars)
        if tags and sent is Trouble.REFUSED:
            # Of two processes that create tags at once, the second one's replace the first one's.
            fresh = await self._found(room.id)
            now = await self._tags(fresh, job) if isinstance(fresh, discord.ForumChannel) else tags
            if now != tags:
                tags = now
                sent = await self._sent(room, tags, job, post, file, stars)
        if file is not None and sent in (Trouble.TOO_LARGE, Trouble.REFUSED):
            sent = await self._sent(room, tags, job, post, None, stars)
        match sent:
            case Posted():
                return sent
            case Trouble.PASSING:
                return NotPosted(PostTrouble.PASSING)
            case _:
                return NotPosted(PostTrouble.REFUSED)

    async def is_open(self, job: Job, channel_id: int) -> bool:
        """Go by the permissions of roles, and by those of members alone."""
        room = await self._room(channel_id)
        if isinstance(room, NotPosted):
            # Nothing is shown there, and its managers are told why.
            return room.trouble is not PostTrouble.PASSING
        source = await self._channel(job.place.channel_id)
        if isinstance(source, discord.Thread):
            source = None if source.is_private() else source.parent
        if not isinstance(source, discord.abc.GuildChannel):
            return False
        return _is_seen_by_all_of(room, source)

    async def find(self, post: ShowcasePost) -> Posted | NotPosted | None:
        """Look through what the bot has posted there since it was decided."""
        room = await self._room(post.channel_id)
        if isinstance(room, NotPosted):
            return None if room.trouble is PostTrouble.CHANNEL_GONE else room
        since = post.begun_at - _BEFORE
        if isinstance(room, discord.ForumChannel):
            found = await attempt(lambda: self._in_forum(room, post, since), clock=self._clock)
        else:
            found = await attempt(lambda: self._in_channel(room, post, since), clock=self._clock)
        if isinstance(found, Trouble):
            is_passing = found is Trouble.PASSING
            return NotPosted(PostTrouble.PASSING if is_passing else PostTrouble.CLOSED)
        return found

    async def take_down(self, post: ShowcasePost) -> PresentOutcome:
        """Delete the thread of a forum's post where the bot may, else its message alone."""
        if post.message_id is None:
            return Presented()
        room = await self._room(post.channel_id)
        if isinstance(room, NotPosted) and room.trouble is not PostTrouble.CHANNEL_GONE:
            is_passing = room.trouble is PostTrouble.PASSING
            return NotPresented(Trouble.PASSING if is_passing else Trouble.PLACE_CLOSED)
        if isinstance(room, NotPosted):
            return Presented()  # all its messages went with it
        if (thread_id := post.thread_id) is not None:
            thread = self._client.get_partial_messageable(thread_id, guild_id=post.guild_id)
            ended = await attempt(
                lambda: self._client.http.delete_channel(thread.id), clock=self._clock
            )
            if not isinstance(ended, Trouble):
                return Presented()
            if ended is Trouble.PASSING:
                return NotPresented(ended)
        surface = ChannelSurface(client=self._client, place=_place_of(post))
        trouble = await attempt(surface.delete, clock=self._clock)
        if trouble is None or trouble is Trouble.CARD_GONE:
            return Presented()
        if trouble is Trouble.PLACE_CLOSED and await self._found(thread_id or room.id) is None:
            return Presented()  # a moderator deleted the thread, or the channel meanwhile
        return NotPresented(trouble)

    async def count(self, job: Job, post: ShowcasePost | None, *, stars: int) -> None:
        """Redraw the number on the job's card and on its post."""
        await self._recount(job, job.place, self._languages.of(job.locale), stars)
        if post is not None and post.message_id is not None:
            await self._recount(job, _place_of(post), self._language_of(post), stars)

    async def tell_managers(self, post: ShowcasePost, why: NotPosted) -> None:
        """Write one message to the log channel."""
        server = await self._servers.current(post.guild_id)
        if server.log_channel_id is None:
            return
        language = self._language_of(post)
        text = not_posted_line(language, post.channel_id, why)
        place = _place_in(post, server.log_channel_id, 0)
        surface = ChannelSurface(client=self._client, place=place)
        await attempt(
            lambda: surface.tell(f"⭐ {text}", nonce=f"note{post.job_id}"), clock=self._clock
        )

    # --- posting ------------------------------------------------------------------------------

    async def _room(self, channel_id: int) -> Room | NotPosted:
        found = await self._channel(channel_id)
        match found:
            case discord.TextChannel() | discord.ForumChannel():
                # Discord tells the bot of channels that it may not see, too.
                may_see = found.permissions_for(found.guild.me).view_channel
                return found if may_see else NotPosted(PostTrouble.MISSING, lacking(found))
            case Trouble.PASSING:
                return NotPosted(PostTrouble.PASSING)
            case Trouble():
                return NotPosted(PostTrouble.CLOSED)
            case _:
                return NotPosted(PostTrouble.CHANNEL_GONE)

    async def _channel(self, channel_id: int) -> object | Trouble | None:
        """The channel as the bot knows it; if it does not, as Discord has it now."""
        return self._client.get_channel(channel_id) or await self._found(channel_id)

    async def _found(self, channel_id: int) -> object | Trouble | None:
        """The channel as Discord has it now; None if it was deleted."""

        async def fetch() -> object | None:
            try:
                return await self._client.fetch_channel(channel_id)
            except discord.NotFound as error:
                if error.code != UNKNOWN_CHANNEL:
                    raise
                return None

        return await attempt(fetch, clock=self._clock)

    async def _sent(
        self,
        room: Room,
        tags: list[discord.ForumTag],
        job: Job,
        post: ShowcasePost,
        file: LocalFile | None,
        stars: int,
    ) -> Posted | Trouble:
        language = self._language_of(post)
        name = None if file is None else file.name

        def opened() -> list[discord.File]:
            return [] if file is None else [discord.File(file.path, filename=file.name)]

        if isinstance(room, discord.ForumChannel):
            # Discord takes no nonce here: it is sent once, and looked for if that is unclear.
            made = await once(
                lambda: room.create_thread(
                    name=excerpt(job.request.prompt, TITLE_MAX_CHARS),
                    view=post_view(job, language, file_name=name, stars=stars),
                    files=opened(),
                    applied_tags=tags,
                    allowed_mentions=NOBODY,
                )
            )
            if isinstance(made, Trouble):
                return made
            return Posted(made.message.id, thread_id=made.thread.id)
        surface = ChannelSurface(client=self._client, place=_place_in(post, room.id, 0))
        sent = await attempt(
            lambda: surface.send(
                post_view(job, language, file_name=name, stars=stars),
                opened,
                nonce=_nonce(post, with_file=file is not None),
            ),
            clock=self._clock,
        )
        return sent if isinstance(sent, Trouble) else Posted(sent.id)

    async def _tags(self, forum: discord.ForumChannel, job: Job) -> list[discord.ForumTag]:
        """The tags for its quality and shape; what is missing is created where the bot may."""
        granted, wanted = forum.permissions_for(forum.guild.me), wanted_tags(job)
        there = _by_name(forum.available_tags)
        if granted.manage_channels and any(name.casefold() not in there for name in wanted):
            async with self._tagging:
                made = await once(lambda: self._created(forum, wanted))
            there = there if isinstance(made, Trouble) else _by_name(made)
        tags = [there[name.casefold()] for name in wanted if name.casefold() in there]
        return [tag for tag in tags if granted.manage_threads or not tag.moderated]

    async def _created(
        self, forum: discord.ForumChannel, wanted: Sequence[str]
    ) -> Sequence[discord.ForumTag]:
        """All tags of the forum, with the wanted ones."""
        # What the bot remembers may be older than the tags that it, or a manager, just created.
        fresh = await self._client.fetch_channel(forum.id)
        assert isinstance(fresh, discord.ForumChannel)  # noqa: S101 - it stays one
        before = fresh.available_tags
        there = _by_name(before)
        new = [discord.ForumTag(name=name) for name in wanted if name.casefold() not in there]
        new = new[: TAGS_MAX - len(before)]
        if not new:
            return before
        return (await fresh.edit(available_tags=[*before, *new])).available_tags

    # --- finding ------------------------------------------------------------------------------

    async def _in_channel(
        self, channel: discord.TextChannel, post: ShowcasePost, since: datetime
    ) -> Posted | None:
        async for message in channel.history(after=since, limit=_AMONG):
            if self._is_its(message, post):
                return Posted(message.id)
        return None

    async def _in_forum(
        self, forum: discord.ForumChannel, post: ShowcasePost, since: datetime
    ) -> Posted | None:
        async for thread in _threads_since(forum, since):
            if self._client.user is None or thread.owner_id != self._client.user.id:
                continue
            async for message in thread.history(limit=1, oldest_first=True):
                if self._is_its(message, post):
                    return Posted(message.id, thread_id=thread.id)
        return None

    def _is_its(self, message: discord.Message, post: ShowcasePost) -> bool:
        own = self._client.user
        return own is not None and message.author.id == own.id and shows(message, post.job_id)

    # --- stars --------------------------------------------------------------------------------

    async def _recount(self, job: Job, place: Place, language: Language, stars: int) -> None:
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        message = await attempt(lambda: channel.fetch_message(place.message_id), clock=self._clock)
        if isinstance(message, Trouble):
            return
        label = star_label(language, stars)
        surface = ChannelSurface(client=self._client, place=place)

        async def write() -> None:
            # A view can be sent only once.
            view = recounted(message, job.id, label)
            if view is not None:
                await surface.edit(view, None)

        await attempt(write, clock=self._clock)

    def _language_of(self, post: ShowcasePost) -> Language:
        """The server's language: everybody there reads it."""
        guild = self._client.get_guild(post.guild_id)
        return self._languages.of(None if guild is None else guild.preferred_locale)


async def _threads_since(
    forum: discord.ForumChannel, since: datetime
) -> AsyncGenerator[discord.Thread]:
    """The posts of a forum that were made since then, also those that time has archived."""
    for thread in forum.threads:
        if thread.created_at is None or thread.created_at >= since:
            yield thread
    # The last archived come first.
    async for thread in forum.archived_threads(limit=_AMONG):
        if thread.archive_timestamp < since:
            return
        if thread.created_at is None or thread.created_at >= since:
            yield thread


def wanted_tags(job: Job) -> tuple[str, ...]:
    """What a forum's tags say of a video: its quality, and its shape unless a picture gave it."""
    quality = qualities().get(job.request.quality, job.request.quality)
    if job.request.start_frame is not None:
        return (quality,)
    return (quality, job.request.aspect.value)


def _is_seen_by_all_of(room: Room, source: discord.abc.GuildChannel) -> bool:
    """Whether all who see the room see the source."""
    if source.permissions_for(room.guild.default_role).view_channel:
        return True
    let_in_alone = {
        target.id
        for target, permissions in room.overwrites.items()
        if permissions.view_channel and not isinstance(target, discord.Role)
    }
    seeing = (role for role in room.guild.roles if room.permissions_for(role).view_channel)
    return let_in_alone <= {room.guild.me.id} and all(
        source.permissions_for(role).view_channel for role in seeing
    )


def _by_name(tags: Sequence[discord.ForumTag]) -> dict[str, discord.ForumTag]:
    return {tag.name.casefold(): tag for tag in tags}


def _nonce(post: ShowcasePost, *, with_file: bool) -> str:
    """The same for each try of one decision; another decision, or another body, is another."""
    turn = int(post.begun_at.timestamp()) % 10_000
    return f"{'show' if with_file else 'link'}{post.job_id}{turn:04}"


def _place_of(post: ShowcasePost) -> Place:
    return _place_in(post, post.thread_id or post.channel_id, post.message_id or 0)


def _place_in(post: ShowcasePost, channel_id: int, message_id: int) -> Place:
    return Place(
        channel_id=channel_id,
        message_id=message_id,
        guild_id=post.guild_id,
        reach=Reach.BOT,
        upload_limit_bytes=0,
    )
