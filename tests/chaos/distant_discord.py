"""Discord, as far away as it is: it has what reached it, even when the sender died at once."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Literal

from bot.domain.job import LIVE_STATES, Job, State
from bot.domain.line import InLine
from bot.domain.ports import (
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from tests.chaos.records import LETTERS, Letter, Orders, append, now

Say = Callable[[str], None]


class DistantDiscord:
    """The Announcer port; a write is on its way for a moment, and so is the answer to it."""

    def __init__(self, *, orders: Orders, random: Random, say: Say) -> None:
        self._letters = orders.folder / LETTERS
        self._life = orders.life
        self._delay_s = orders.discord_delay_s
        self._faults = orders.discord_faults
        self._random = random
        self._say = say

    async def open(self, job: Job) -> None:
        """The card as the answer to the command."""
        await self._arrive(self._letter("open", job))

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        del service_silent, in_line
        return await self._try(self._letter("show", job))

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        del within
        contents = [await asyncio.to_thread(file.path.read_bytes) for file in files]
        digests = tuple(hashlib.sha256(content).hexdigest() for content in contents)
        return await self._try(self._letter("deliver", job).model_copy(update={"digests": digests}))

    async def ping(self, job: Job) -> PresentOutcome:
        letter = self._letter("ping", job).model_copy(update={"nonce": f"done{job.id}"})
        await self._arrive(letter)
        return Presented()

    async def _try(self, letter: Letter) -> PresentOutcome:
        luck = self._random.random()
        if luck < self._faults:
            return NotPresented(Trouble.PASSING)
        confirmed = luck >= 2 * self._faults
        await self._arrive(letter.model_copy(update={"confirmed": confirmed}))
        return Presented() if confirmed else NotPresented(Trouble.PASSING)

    async def _arrive(self, letter: Letter) -> None:
        self._say(_moment(letter))
        await asyncio.sleep(self._random.uniform(0, self._delay_s))
        arrived = letter.model_copy(update={"at": now()})
        await asyncio.to_thread(append, self._letters, arrived)
        await asyncio.sleep(self._random.uniform(0, self._delay_s))

    def _letter(self, what: Literal["open", "show", "deliver", "ping"], job: Job) -> Letter:
        return Letter(
            life=self._life,
            what=what,
            job=job.id,
            card=job.place.message_id,
            state=job.state,
            at=now(),
        )


def _moment(letter: Letter) -> str:
    """What its sender is about to do; before the files are fetched, the card says "rendered"."""
    if letter.what != "show":
        return letter.what
    if letter.state is State.RENDERED:
        return "fetch"
    return "show" if letter.state in LIVE_STATES else "end"
