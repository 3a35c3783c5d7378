"""What an operator sees, for the snapshots."""

from collections.abc import Callable, Mapping
from typing import Final

from discord import ui

from bot.domain.job import State
from bot.domain.ledger import Caps
from bot.features.operations import Overview, Unlimited
from bot.features.spending import NOTHING_SPENT, Spend
from bot.languages.language import Language
from cogs.kling_operator.limit import LimitFrom, limit_form
from cogs.kling_operator.overview import overview_card


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


OPERATOR_CARDS: Final[Mapping[str, Callable[[Language], ui.LayoutView]]] = {
    "overview": overview(total_caps=Caps(day_microusd=5_000_000, month_microusd=50_000_000)),
    "overview_unlimited": overview(unlimited=Unlimited(3, direct_messages=True)),
    "overview_unlimited_unread": overview(
        unlimited=Unlimited(1, direct_messages=False), balance_microusd=None
    ),
}
OPERATOR_FORMS: Final[Mapping[str, Callable[[Language], ui.Modal]]] = {
    "form_limit": lambda language: limit_form(LimitFrom.OVERVIEW, language),
}
