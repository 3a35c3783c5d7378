"""What an operator sees, for the snapshots."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from discord import ui

from bot.domain.generation.models import USUAL
from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.domain.owner_trouble import (
    BalanceLow,
    BalanceUsedUp,
    ChargedMore,
    DiskNearlyFull,
    Episode,
    JobUnsure,
    OwnerMessage,
    OwnerTrouble,
    OwnKeyRefused,
    PriceRaised,
    RunComfySilent,
    ServerJoined,
    TroublePhase,
    VideoUndelivered,
)
from bot.features.operations import Overview, Unlimited
from bot.features.spending import NOTHING_SPENT, Spend
from bot.languages.language import Language
from cogs.kling_operator.limit import LimitFrom, limit_form
from cogs.kling_operator.news import owner_card
from cogs.kling_operator.overview import overview_card
from tests.domain.samples import NOON


def overview(**changes: object) -> Callable[[Language], ui.LayoutView]:
    shown = {
        "by_state": {State.QUEUED: 1, State.DELIVERED: 7},
        "by_operator": Spend(held_microusd=840_000, spent_microusd=5_880_000, videos=8),
        "by_servers": NOTHING_SPENT,
        "balance_microusd": 41_500_000,
        "paused_because": None,
        "drain": None,
        **changes,
    }
    return lambda language: overview_card(language, Overview(**shown))  # pyright: ignore[reportArgumentType] - its own fields


def news(phase: TroublePhase, *troubles: OwnerTrouble) -> Callable[[Language], ui.LayoutView]:
    episodes = [Episode(trouble=one, began_at=NOON, seen_at=NOON) for one in troubles]
    return lambda language: owner_card(OwnerMessage(phase, episodes), language)


def unsure(number: int, card: str | None = "https://discord.com/channels/1/2/3") -> JobUnsure:
    return JobUnsure(
        job_id=f"0a1b2c{number:x}", at=NOON, price_microusd=840_000, duration_s=5, card=card
    )


def stuck(card: str | None) -> VideoUndelivered:
    return VideoUndelivered(
        job_id="0a1b2c", at=NOON, price_microusd=840_000, duration_s=5, card=card
    )


def joined(number: int, **changes: Any) -> ServerJoined:  # noqa: ANN401 - any field
    server = ServerJoined(guild_id=10**18 + number, name="*Kites*", members=3, is_paid_for=True)
    return server.model_copy(update=changes)


DEAR: Final = PriceRaised(model_id=USUAL.id, silent_microusd=224_000, sound_microusd=336_000)
CHARGED: Final = ChargedMore(
    model_id=USUAL.id, job_id="0a1b2c", estimate_microusd=840_000, cost_microusd=1_680_000
)
NEWS: Final[Mapping[str, tuple[OwnerTrouble, ...]]] = {
    "balance_used_up": (BalanceUsedUp(left_microusd=50_000),),
    "balance_used_up_unread": (BalanceUsedUp(left_microusd=None),),
    "balance_low": (BalanceLow(left_microusd=2_480_000, day_microusd=2_520_000),),
    "key_refused": (OwnKeyRefused(),),
    "job_unsure": (unsure(0),),
    "jobs_unsure_private": (unsure(0, None), unsure(1).model_copy(update={"key_of_server": 7})),
    "jobs_unsure_many": tuple(unsure(number) for number in range(30)),
    "video_undelivered": (stuck("https://discord.com/channels/1/2/3"),),
    "videos_undelivered_many": tuple(stuck("https://discord.com/channels/1/2/3") for _ in range(9)),
    "charged_more": (CHARGED,),
    "price_raised": (DEAR,),
    "disk_nearly_full": (DiskNearlyFull(free_bytes=400_000_000),),
    "runcomfy_silent": (RunComfySilent(since=NOON),),
    "server_joined": (joined(1),),
    "servers_joined_many": (
        joined(99, is_paid_for=False, members=None),
        *(joined(number, name="*" * 100) for number in range(30)),
    ),
}
OPERATOR_CARDS: Final[Mapping[str, Callable[[Language], ui.LayoutView]]] = {
    **{f"owner_{name}": news(TroublePhase.BEGAN, *troubles) for name, troubles in NEWS.items()},
    **{
        f"owner_{name}_ended": news(TroublePhase.ENDED, *troubles)
        for name, troubles in NEWS.items()
        if troubles[0].has_end and not name.endswith(("unread", "private"))
    },
    "overview": overview(total_caps=Caps(day_microusd=5_000_000, month_microusd=50_000_000)),
    "overview_unlimited": overview(unlimited=Unlimited(3, direct_messages=True)),
    "overview_unlimited_unread": overview(
        unlimited=Unlimited(1, direct_messages=False), balance_microusd=None
    ),
}
OPERATOR_FORMS: Final[Mapping[str, Callable[[Language], ui.Modal]]] = {
    "form_limit": lambda language: limit_form(LimitFrom.OVERVIEW, language),
}
