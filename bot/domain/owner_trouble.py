"""What the bot tells its owner, and when: troubles that begin and end, and what happens once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.job import Job, JobId
from bot.domain.money.ledger import CLOCKS_DIFFER

QUIET_FOR: Final = timedelta(days=1)
"""The same trouble again within this time is not told again."""
TOGETHER_EVERY: Final = timedelta(hours=1)
"""Troubles of a kind that may come in numbers are told together, at most so often."""
CLAIMED_FOR: Final = timedelta(minutes=2)
"""How long one process has to tell; Discord knows a repeated message by its nonce for longer."""
_NONCE_CHARS: Final = 24
_GONE_AFTER: Final = timedelta(minutes=5)


class TroublePhase(StrEnum):
    """Which of its two messages."""

    BEGAN = "began"
    ENDED = "ended"


class _News(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    has_end: ClassVar[bool] = True
    """Whether its end is told too; it happens once otherwise."""
    comes_in_numbers: ClassVar[bool] = False
    """Whether there may be many at once, each by a key of its own."""
    gone_after: ClassVar[timedelta] = timedelta()
    """How long no process may have seen it before it is over, where each sees for itself alone."""

    @property
    def subject(self) -> str:
        """What tells it from others of its kind."""
        return ""


class BalanceUsedUp(_News):
    """Nothing can be bought with what is left."""

    kind: Literal["balance_used_up"] = "balance_used_up"
    left_microusd: int | None
    """None if RunComfy does not say."""


class BalanceLow(_News):
    """What is left is less than the next day is likely to cost."""

    kind: Literal["balance_low"] = "balance_low"
    left_microusd: int
    day_microusd: int


class OwnKeyRefused(_News):
    """RunComfy does not accept the operator's key."""

    kind: Literal["key_refused"] = "key_refused"


class _AboutJob(_News):
    comes_in_numbers: ClassVar[bool] = True

    job_id: JobId
    at: datetime
    """When it was sent, or rendered."""
    price_microusd: int
    duration_s: int
    card: str | None
    """The address of its card; None if only its requester sees it."""
    key_of_server: int | None = None
    """The server whose own key paid for it; None if the operator's did."""

    @property
    def subject(self) -> str:
        """The job."""
        return self.job_id


class JobUnsure(_AboutJob):
    """It is not known whether it was bought."""

    kind: Literal["job_unsure"] = "job_unsure"


class VideoUndelivered(_AboutJob):
    """Discord takes the video nowhere."""

    kind: Literal["video_undelivered"] = "video_undelivered"


class ChargedMore(_News):
    """RunComfy charged more than the estimate, by which limits let it pass, within a day."""

    comes_in_numbers: ClassVar[bool] = True

    kind: Literal["charged_more"] = "charged_more"
    model_id: str
    job_id: JobId
    """The latest such job of the model."""
    estimate_microusd: int
    cost_microusd: int

    @property
    def subject(self) -> str:
        """The model."""
        return self.model_id


class PriceRaised(_News):
    """The catalogue's price of a model is above the one that the bot was made for."""

    comes_in_numbers: ClassVar[bool] = True
    gone_after: ClassVar[timedelta] = _GONE_AFTER

    kind: Literal["price_raised"] = "price_raised"
    model_id: str
    silent_microusd: int
    """Of a second."""
    sound_microusd: int

    @property
    def subject(self) -> str:
        """The model."""
        return self.model_id


class DiskNearlyFull(_News):
    """Little room is left for videos."""

    gone_after: ClassVar[timedelta] = _GONE_AFTER

    kind: Literal["disk_nearly_full"] = "disk_nearly_full"
    free_bytes: int


class RunComfySilent(_News):
    """RunComfy has given no usable answer for a quarter of an hour."""

    gone_after: ClassVar[timedelta] = _GONE_AFTER

    kind: Literal["runcomfy_silent"] = "runcomfy_silent"
    since: datetime


class ServerJoined(_News):
    """The bot was added to a server."""

    has_end: ClassVar[bool] = False
    comes_in_numbers: ClassVar[bool] = True

    kind: Literal["server_joined"] = "server_joined"
    guild_id: int
    name: str
    members: int | None
    is_paid_for: bool
    """Whether the operator's key pays there."""

    @property
    def subject(self) -> str:
        """The server."""
        return str(self.guild_id)


OwnerTrouble = Annotated[
    BalanceUsedUp
    | BalanceLow
    | OwnKeyRefused
    | JobUnsure
    | VideoUndelivered
    | ChargedMore
    | PriceRaised
    | DiskNearlyFull
    | RunComfySilent
    | ServerJoined,
    Field(discriminator="kind"),
]
"""All that the owner is told of."""


def key_of(trouble: OwnerTrouble) -> str:
    """The same for the same trouble, however often it comes back."""
    return f"{trouble.kind}:{trouble.subject}"


def about(job: Job, card: str | None, at: datetime) -> dict[str, object]:
    """What a message about a job says of it; without its prompt, which is not the owner's."""
    return {
        "job_id": job.id,
        "at": at,
        "price_microusd": job.estimate_microusd,
        "duration_s": job.request.duration_s,
        "card": card,
        "key_of_server": None if job.key_id is None else job.server_id,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A trouble as the rows know it: since when, and what was told of it."""

    trouble: OwnerTrouble
    began_at: datetime
    seen_at: datetime
    """When a process last saw it."""
    ended_at: datetime | None = None
    told_at: datetime | None = None
    """When its beginning was last told, of this or of a former time."""
    end_told_at: datetime | None = None
    message: str | None = None
    """The message that a process began to send about it, and that may have arrived."""
    claimed_until: datetime | None = None
    """Until when that process has the word."""
    version: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether it ended, where no process sees it now."""
        return not timedelta() <= now - self.seen_at < self.trouble.gone_after

    def due(self, now: datetime) -> TroublePhase | None:
        """Which of its messages is to be told now."""
        if self._is_told:
            has_ended = self.ended_at is not None and self.trouble.has_end
            return TroublePhase.ENDED if has_ended and self.end_told_at is None else None
        # One that ended while it was being told was told: then its end is told too.
        if self.ended_at is not None and self.trouble.has_end and self.message is None:
            return None
        is_again_too_soon = self.told_at is not None and now - self.told_at < QUIET_FOR
        return None if is_again_too_soon else TroublePhase.BEGAN

    def is_free(self, now: datetime) -> bool:
        """Whether no other process is telling it; a time too far away is a clock's that jumped."""
        until = self.claimed_until
        return until is None or not now < until <= now + CLOCKS_DIFFER + CLAIMED_FOR

    @property
    def _is_told(self) -> bool:
        return self.told_at is not None and self.told_at >= self.began_at


@dataclass(frozen=True, slots=True)
class OwnerMessage:
    """One message to the owner."""

    phase: TroublePhase
    episodes: Sequence[Episode]
    """Of one kind, oldest first; for the end of both troubles with the balance, of both."""

    @property
    def name(self) -> str:
        """Tells a repeated message from a new one, in every process."""
        parts = [f"{key_of(one.trouble)} {one.began_at.isoformat()}" for one in self.episodes]
        digest = sha256("\n".join([self.phase, *parts]).encode()).hexdigest()
        return digest[:_NONCE_CHARS]


def messages_due(episodes: Sequence[Episode], now: datetime) -> Sequence[OwnerMessage]:
    """What is to be told now, given all that is known; nothing that another process is telling.

    One that a crash interrupted is told once more as it was, so that Discord knows it again.
    """
    groups: dict[tuple[TroublePhase, str], list[Episode]] = {}
    for episode in sorted(episodes, key=lambda one: (one.began_at, key_of(one.trouble))):
        phase = episode.due(now)
        if phase is not None and episode.is_free(now):
            groups.setdefault((phase, episode.message or _group(episode, phase)), []).append(
                episode
            )
    return [
        OwnerMessage(phase, group)
        for (phase, _), group in groups.items()
        if group[0].message is not None or not _was_told_lately(episodes, group[0], phase, now)
    ]


def _group(episode: Episode, phase: TroublePhase) -> str:
    trouble = episode.trouble
    if phase is TroublePhase.ENDED and isinstance(trouble, BalanceUsedUp | BalanceLow):
        return "balance"
    return trouble.kind if trouble.comes_in_numbers else key_of(trouble)


def _was_told_lately(
    episodes: Sequence[Episode], one: Episode, phase: TroublePhase, now: datetime
) -> bool:
    if not one.trouble.comes_in_numbers:
        return False
    alike = [other for other in episodes if other.trouble.kind == one.trouble.kind]
    told = [other.told_at if phase is TroublePhase.BEGAN else other.end_told_at for other in alike]
    is_lately = any(at is not None and timedelta() <= now - at < TOGETHER_EVERY for at in told)
    return is_lately or any(other.message is not None for other in alike)
