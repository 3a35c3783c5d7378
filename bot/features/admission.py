"""Whether a wish may be asked for, on what terms, and what must be free for it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.actor import Actor
from bot.domain.answers import DeclineReason, DeclineWhy, Wish, WordsRefused
from bot.domain.keys import KeyBroken, OperatorPays, PayingKeys, ServerPays
from bot.domain.ledger import Hold, Ledger, OverCap, Reservation, TooSoon, is_too_soon, over_cap
from bot.domain.policy import OperatorLimits, holds_for, is_reviewed, objection, objection_to_any
from bot.domain.ports import Clock, StoreUnavailable
from bot.domain.price import estimate_microusd
from bot.domain.request import GenerationRequest
from bot.domain.servers import EVERYWHERE, Servers
from bot.features.promptly import promptly
from bot.features.word_check import WordCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a place makes of a wish that nothing speaks against."""

    key_id: int | None
    spoiler: bool
    is_reviewed: bool
    ask_above_microusd: int | None


class Admission:
    """Asks the rules of the place, the keys and the ledger, in that order."""

    def __init__(
        self,
        *,
        servers: Servers,
        keys: PayingKeys,
        ledger: Ledger,
        limits: OperatorLimits,
        clock: Clock,
    ) -> None:
        self._servers = servers
        self._keys = keys
        self._ledger = ledger
        self._limits = limits
        self._clock = clock
        self._words = WordCheck()

    async def refusal(self, asker: Actor) -> DeclineWhy | None:
        """What speaks against whatever they may wish, before they say what."""
        server = await self._servers.current(asker.guild_id)
        everywhere = await self._servers.current(EVERYWHERE)
        against = objection_to_any(asker, server=server, everywhere=everywhere)
        try:
            return against or await self._about_the_payer(asker)
        except StoreUnavailable:
            return DeclineReason.STORE_DOWN

    async def terms(self, request: GenerationRequest, asker: Actor) -> Terms | DeclineWhy:
        """What holds for this wish, or what speaks against it; answers within a moment.

        Caps are looked at so that a no comes before a card; what decides is the reservation.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        server = await self._servers.current(asker.guild_id)
        everywhere = await self._servers.current(EVERYWHERE)
        against = objection(request, asker, server=server, everywhere=everywhere)
        if against is None:
            against = await self._about_the_payer(asker)
        if against is not None:
            return against
        # Before words are looked for, which costs work: a refusal counts like a job.
        if (too_soon := await self._too_soon(asker)) is not None:
            return too_soon
        if found := await self._words.matches(request, server, asker.guild_id):
            await self._cool_down(asker)
            return WordsRefused(tuple(dict.fromkeys(match.written for match in found)))
        match await promptly(self._keys.paying_in(asker.guild_id)):
            case KeyBroken():
                return DeclineReason.KEY_BROKEN
            case ServerPays(key_id):
                paying: int | None = key_id
            case OperatorPays():
                paying = None
        holds = holds_for(
            asker, server=server, limits=self._limits, key_id=paying, at=self._clock.now()
        )
        if (against := await self._no_room(holds, estimate_microusd(request))) is not None:
            return against
        return Terms(
            key_id=paying,
            spoiler=server.spoiler,
            is_reviewed=is_reviewed(asker, server),
            ask_above_microusd=server.ask_above_microusd,
        )

    async def _too_soon(self, asker: Actor) -> TooSoon | None:
        if not self._limits.cooldown_s:
            return None
        again_at = await promptly(self._ledger.again_at(asker.user_id))
        if again_at and is_too_soon(again_at, self._clock.now(), self._limits.cooldown_s):
            return TooSoon(again_at)
        return None

    async def _cool_down(self, asker: Actor) -> None:
        cooldown_s = self._limits.cooldown_s
        if cooldown_s:
            again_at = self._clock.now() + timedelta(seconds=cooldown_s)
            # Where it cannot be written they may only ask again earlier.
            with suppress(StoreUnavailable):
                await promptly(self._ledger.cool_down(asker.user_id, again_at=again_at))

    async def _about_the_payer(self, asker: Actor) -> DeclineReason | None:
        """Whether anybody pays for them where they are.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        if asker.is_ungoverned:
            return None if asker.is_operator else await self._about_the_ungoverned(asker)
        if asker.guild_id is None or self._limits.pays_for(asker.guild_id):
            return None
        paying = await promptly(self._keys.paying_in(asker.guild_id))
        return DeclineReason.SERVER_NOT_PAID_FOR if isinstance(paying, OperatorPays) else None

    async def _about_the_ungoverned(self, asker: Actor) -> DeclineReason | None:
        if not self._limits.direct_messages:
            return DeclineReason.NO_DIRECT_MESSAGES
        blocking = {
            one for one in self._servers.blocking(asker.user_id) if self._limits.pays_for(one)
        }
        if blocking and blocking - await promptly(self._keys.with_keys()):
            return DeclineReason.BLOCKED_ELSEWHERE
        return None

    async def _no_room(self, holds: tuple[Hold, ...], price_microusd: int) -> OverCap | None:
        """What the ledger would say now."""
        limited = [hold for hold in holds if hold.is_limited]
        if not limited:
            return None
        accounts = [hold.account for hold in limited]
        return over_cap(limited, await promptly(self._ledger.balances(accounts)), price_microusd)

    async def reservation(self, wish: Wish) -> Reservation:
        """What has to be free for a wish, by the rules as they stand at this moment."""
        server = await self._servers.current(wish.asker.guild_id)
        holds = holds_for(
            wish.asker,
            server=server,
            limits=self._limits,
            key_id=wish.key_id,
            at=wish.asked_at,
        )
        return Reservation(holds=holds, cooldown_s=self._limits.cooldown_s)
