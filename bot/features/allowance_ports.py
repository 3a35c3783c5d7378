"""What somebody may still spend and make where they are, and what they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.domain.actor import Actor
from bot.domain.calendar import Span
from bot.domain.job import Job
from bot.domain.ledger import Balance, Hold
from bot.domain.line import InLine
from bot.domain.price import price_microusd
from bot.domain.request import DURATION_DEFAULT_S, DURATION_MIN_S
from bot.features.spending_ports import Spendings

USUAL_PRICE_MICROUSD: Final = price_microusd(DURATION_DEFAULT_S, sound=True)
"""What a video costs when nothing is chosen: limits in money and in number are compared by it."""

CHEAPEST_MICROUSD: Final = price_microusd(DURATION_MIN_S, sound=False)


@dataclass(frozen=True, slots=True)
class Limit:
    """One account that has a cap, and where it stands."""

    hold: Hold
    balance: Balance

    @property
    def left_microusd(self) -> int | None:
        """What may still be spent there; None where only videos are counted."""
        cap = self.hold.cap_microusd
        return None if cap is None else max(0, cap - self.balance.taken_microusd)

    @property
    def left_videos(self) -> int | None:
        """How many may still be made there; None where only money is counted."""
        cap = self.hold.cap_videos
        return None if cap is None else max(0, cap - self.balance.videos)

    @property
    def is_used_up(self) -> bool:
        """Whether not even the cheapest video would pass any more."""
        left_microusd = self.left_microusd
        is_too_little = left_microusd is not None and left_microusd < CHEAPEST_MICROUSD
        return is_too_little or self.left_videos == 0

    @property
    def usual_videos_left(self) -> int:
        """How many videos of the usual price would still pass."""
        by_money, by_number = self.left_microusd, self.left_videos
        counts = [] if by_money is None else [by_money // USUAL_PRICE_MICROUSD]
        return min([*counts, *([] if by_number is None else [by_number])])


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One of their jobs that is not over, and its place in our own line if it waits there."""

    job: Job
    in_line: InLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """All of it, as it stands now."""

    limits: Sequence[Limit]
    """Every limit that holds for them there, the tightest first."""
    today: Balance
    """What counts for them there today, limited or not."""
    this_month: Balance
    under_way: Sequence[UnderWay]
    """Oldest first."""
    at_once: int
    """How many of their jobs may be under way at the same time."""
    again_at: datetime | None
    """When they may ask again, if that is yet to come."""
    ask_above_microusd: int | None
    """The sum above which they are asked first, by their own choice or the server's; the lower."""
    server_pays: bool
    """Whether the server's own key pays."""

    @property
    def tightest(self) -> Limit | None:
        """The limit that ends first."""
        return self.limits[0] if self.limits else None

    def within(self, span: Span) -> Sequence[Limit]:
        """The limits of the day, or of the month."""
        return [limit for limit in self.limits if limit.hold.span is span]


def tightest_first(limits: Sequence[Limit]) -> Sequence[Limit]:
    """By how many usual videos still pass; of those alike the last to renew is the tighter one."""

    def tightness(limit: Limit) -> tuple[int, int, float]:
        left_microusd = limit.left_microusd
        money = USUAL_PRICE_MICROUSD if left_microusd is None else left_microusd
        return (limit.usual_videos_left, money, -limit.hold.renews_at.timestamp())

    return sorted(limits, key=tightness)


class Allowances(Protocol):
    """What may be asked about somebody's own limits."""

    async def of(self, asker: Actor) -> Allowance:
        """What they may still do, where they are.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What may be asked about money, for whom it is and of whom it is."""

    spendings: Spendings
    allowances: Allowances
