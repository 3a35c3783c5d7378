"""Reads the catalogue's prices once an hour, free of charge; a higher one holds from then on."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from pydantic import SecretStr

from bot.domain.figures import said_dollars
from bot.domain.generation.models import MODELS, Model
from bot.domain.money.price import PerSecond, Prices
from bot.domain.ports import Clock
from bot.runcomfy.account import CatalogueOutcome, ListedModel, connect_account
from bot.runcomfy.connect import ApiTimeouts

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=1)
AGAIN_AFTER: Final = timedelta(minutes=5)
"""After a look-up that told no price of some model."""
_TIMEOUTS: Final = ApiTimeouts(connect_s=5.0, answer_s=10.0)


class LivePrices:
    """Raises the prices that estimates, caps and price lists go by. It lowers none below declared.

    A look-up that fails changes nothing: what was heard before still holds.
    """

    def __init__(
        self,
        *,
        prices: Prices,
        api_url: str,
        account_url: str,
        api_key: SecretStr,
        clock: Clock,
        proxy_url: SecretStr | None,
    ) -> None:
        self._prices = prices
        self._api_url = api_url
        self._account_url = account_url
        self._api_key = api_key
        self._clock = clock
        self._proxy_url = proxy_url
        self._next_at = clock.now()
        self.is_known = False
        """Whether the prices of all models were heard once; until then none counts as usual."""

    async def run(self) -> None:
        """Ask about every declared model, unless that was done within the hour."""
        now = self._clock.now()
        # The next run is more than an hour away only after a clock that was ahead.
        if now < self._next_at <= now + EVERY:
            return
        self._next_at = now + AGAIN_AFTER
        async with connect_account(
            api_url=self._api_url,
            account_url=self._account_url,
            api_key=self._api_key,
            timeouts=_TIMEOUTS,
            proxy_url=self._proxy_url,
        ) as account:
            said = await asyncio.gather(*(account.model(model.id) for model in MODELS))
        heard = [self._heard(model, answer) for model, answer in zip(MODELS, said, strict=True)]
        if all(heard):
            self.is_known = True
            self._next_at = now + EVERY

    def _heard(self, model: Model, answer: CatalogueOutcome) -> bool:
        """Take over a price; returns whether one was told."""
        if not isinstance(answer, ListedModel) or answer.microusd_per_s is None:
            logger.info("%s: the catalogue gives no price; the last known one holds", model.id)
            return False
        before = self._prices.of_model(model)
        is_higher = self._prices.hear(
            model,
            silent_microusd=answer.microusd_per_s,
            sound_microusd=answer.sound_microusd_per_s,
        )
        now = self._prices.of_model(model)
        if now != before and is_higher:
            logger.warning(
                "%s costs %s in RunComfy's catalogue, more than the price this "
                "bot came with: estimates and limits now use the higher price. Look for a "
                "newer version of this bot",
                model.id,
                _said(now),
            )
        elif now != before:
            logger.info("%s costs %s again, the price this bot came with", model.id, _said(now))
        return True


def _said(price: PerSecond) -> str:
    silent, sound = said_dollars(price.silent_microusd), said_dollars(price.sound_microusd)
    return f"{silent} a second silent and {sound} with sound"
