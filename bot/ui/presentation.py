"""Sends finished results to Discord in ever simpler forms, until something arrives."""

import hashlib
import io
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import discord
from discord import ui

from bot.domain.outcomes import Media
from bot.domain.ports import FilesWithin, LocalFile, Trouble
from bot.ui.parts import (
    ENCLOSED_NAME,
    LinkForm,
    Part,
    fits,
    halves,
    has_too_many_links,
    next_limit_bytes,
    simpler,
    with_smaller_files,
)

logger = logging.getLogger(__name__)

STUCK_AFTER: Final = timedelta(days=1)
"""How long a result may meet passing troubles before simpler messages are tried as well."""

DrawPart = Callable[[Part], ui.LayoutView]


@dataclass(frozen=True, slots=True)
class Message:
    """One part, ready to be sent; its callables build new objects for each attempt."""

    part: Part
    draw: Callable[[], ui.LayoutView]
    opened: Callable[[], list[discord.File]]
    nonce: str
    """Derived from the body: a repeat shows nothing twice, and another body is another message."""


SendMessage = Callable[[Message], Awaitable[int | Trouble]]
"""Sends one message; gives the id of the message that shows it."""


@dataclass(slots=True)
class Tried:
    """Discord's answers to the messages of one result in one place."""

    refused: dict[str, Trouble] = field(default_factory=dict[str, Trouble])
    arrived: dict[str, int] = field(default_factory=dict[str, int])
    passing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Discord confirmed it."""

    message_id: int
    """The card's id, or the first message's where there is no card."""
    files: tuple[LocalFile, ...]
    missing: tuple[Media, ...]
    """Media that could not be shown there in any form."""


class Presenting:
    """Shows one result in one place.

    A body that Discord refused is never sent there again: `tried` remembers every body as it was
    really sent. A body that is known not to fit is not even tried.
    """

    def __init__(
        self,
        *,
        draw: DrawPart,
        send: SendMessage,
        within: FilesWithin,
        limit_bytes: int,
        tried: Tried,
        now: datetime,
    ) -> None:
        self._draw = draw
        self._send = send
        self._within = within
        self._limit_bytes = limit_bytes
        self._tried = tried
        self._now = now
        # The result if nothing arrives.
        self._left = Trouble.REFUSED
        self._message_id: int | None = None
        self._files: list[LocalFile] = []
        self._missing: list[Media] = []

    async def show(self, whole: Part) -> Shown | Trouble:
        """Show the result, in simpler steps if needed; returns a trouble that no step solves."""
        pending = [whole]
        while pending:
            part, *rest = pending
            outcome = await self._sent(part)
            if isinstance(outcome, int):
                self._message_id = self._message_id or outcome
                self._files.extend(part.files)
                pending = rest
                continue
            if outcome in (None, Trouble.REFUSED, Trouble.TOO_LARGE):
                pending = await self._instead_of(part, outcome, rest)
                if part.is_card and not (pending and pending[0].is_card):
                    return self._left
            elif self._message_id is None or outcome is Trouble.PASSING:
                return outcome
            else:
                # The place closed after the first message: another place may take the rest.
                self._missing.extend(media for left in pending for media in left.media)
                pending = []
        if self._message_id is None:
            return self._left
        return Shown(self._message_id, tuple(self._files), tuple(self._missing))

    async def _instead_of(
        self, part: Part, trouble: Trouble | None, rest: Sequence[Part]
    ) -> list[Part]:
        """The parts to send next; `trouble` is None for a part that was known not to fit."""
        if trouble is Trouble.TOO_LARGE and len(part.files) == 1:
            limit_bytes = next_limit_bytes(part)
            if limit_bytes == 0:
                return [with_smaller_files(part, {}, most_bytes=0), *rest]
            smaller = {file.media.url: file for file in await self._within(limit_bytes)}
            # The limit learnt from one file holds for all that follow.
            return [
                with_smaller_files(one, smaller, most_bytes=limit_bytes) for one in (part, *rest)
            ]
        steps = halves(part) if trouble in (None, Trouble.TOO_LARGE) else ()
        steps = steps or simpler(part)
        if not steps:
            self._missing.extend(part.media)
        return [*steps, *rest]

    async def _sent(self, part: Part) -> int | Trouble | None:
        """The id of the message that shows it; None when it is known not to fit."""
        if has_too_many_links(part):
            return None
        view = self._draw(part)
        if not fits(part, text_chars=view.content_length(), limit_bytes=self._limit_bytes):
            return None
        body = _body(part, view)
        if (refused := self._tried.refused.get(body)) is not None:
            return refused
        if not part.is_card and (arrived := self._tried.arrived.get(body)) is not None:
            return arrived
        outcome = await self._send(
            Message(part, lambda: self._draw(part), lambda: opened(part), nonce=body[:25])
        )
        if isinstance(outcome, int):
            self._tried.arrived[body] = outcome
            self._tried.passing_since = None
        elif outcome in (Trouble.REFUSED, Trouble.TOO_LARGE):
            logger.warning("Discord refused a result (%s); trying a simpler one", outcome.value)
            self._tried.refused[body] = outcome
        elif outcome is Trouble.PASSING:
            self._tried.passing_since = self._tried.passing_since or self._now
            if self._now - self._tried.passing_since >= STUCK_AFTER:
                self._left = Trouble.PASSING
                return Trouble.REFUSED
        return outcome


def opened(part: Part) -> list[discord.File]:
    """Open the attachments for one upload: a file object cannot be sent twice.

    Raises:
        OSError: a file is gone from the disk.
    """
    files = [discord.File(file.path, filename=file.name) for file in part.files]
    if part.link_form is LinkForm.ENCLOSED:
        addresses = "\n".join(media.url for media in part.links)
        files.append(discord.File(io.BytesIO(addresses.encode()), filename=ENCLOSED_NAME))
    return files


def _body(part: Part, view: ui.LayoutView) -> str:
    """A digest of what is really sent."""
    attached = [(file.name, file.size_bytes) for file in part.files]
    said = [view.to_components(), attached, [media.url for media in part.links]]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
