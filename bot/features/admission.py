"""Decides whether a video may be ordered, on what terms, and what has to be reserved."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import HoldReason, Job, JobId, Place, State
from bot.domain.money.keys import KeyBroken, OperatorPays, ServerPays
from bot.domain.money.ledger import (
    Hold,
    Ledger,
    OverCap,
    Reservation,
    TooSoon,
    is_too_soon,
    over_cap,
)
from bot.domain.money.policy import (
    DeclineReason,
    DeclineWhy,
    OperatorLimits,
    WordsRefused,
    default_quality,
    holds_for,
    is_reviewed,
    objection,
    objection_to_any,
    objection_to_pictures,
    offered_qualities,
)
from bot.domain.money.price import Prices
from bot.domain.outages import promptly, unless_away
from bot.domain.ports import Clock, JobStore, Providers
from bot.domain.servers import EVERYWHERE, SettingsLookup
from bot.features.word_check import WordCheck

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A checked request and its requester, before anything is written or shown."""

    job_id: JobId
    interaction_id: int
    asker: Actor
    request: GenerationRequest
    estimate_microusd: int
    """The expected price."""
    private: bool
    locale: str
    asked_at: datetime
    key_id: int | None = None
    """The server's own key that will pay; None is the operator's."""
    spoiler: bool = False
    is_reviewed: bool = False
    """Whether a moderator has to approve it first."""
    held: HoldReason | None = None
    """Why it could not be sent now: the order is taken all the same, and retried for a while."""
    continues: JobId | None = None
    """The job whose last picture it begins with."""
    inspired_by: JobId | None = None
    """The job of the showcase that it is made like."""
    ask_above_microusd: int | None = None
    """This server asks every member to confirm a price above this sum."""
    prices_hidden: bool = False
    """Whether this server shows no prices on cards."""

    @property
    def requester_id(self) -> int:
        """The requester's id, as the job keeps it."""
        return self.asker.user_id

    @property
    def comes_from(self) -> JobId | None:
        """The job that it continues, or that inspired it."""
        return self.continues or self.inspired_by

    @property
    def begins_as(self) -> State:
        """The job's state once the order is confirmed."""
        return State.IN_REVIEW if self.is_reviewed else State.WAITING

    def placed(self, place: Place) -> Job:
        """The job that this order becomes, with its card at `place`."""
        return Job(
            id=self.job_id,
            interaction_id=self.interaction_id,
            requester_id=self.requester_id,
            request=self.request,
            model_id=self.request.model.id,
            continues=self.continues,
            inspired_by=self.inspired_by,
            private=self.private,
            locale=self.locale,
            server_id=self.asker.guild_id,
            place=place,
            estimate_microusd=self.estimate_microusd,
            key_id=self.key_id,
            spoiler=self.spoiler,
            created_at=self.asked_at,
            state=State.ASKED,
            state_since=self.asked_at,
        )


class Admission:
    """Checks the rules of the place, then the keys, then the ledger."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        servers: SettingsLookup,
        keys: Providers,
        ledger: Ledger,
        limits: OperatorLimits,
        prices: Prices,
        clock: Clock,
        random: Random,
    ) -> None:
        self._jobs = jobs
        self._servers = servers
        self._keys = keys
        self._ledger = ledger
        self._limits = limits
        self._prices = prices
        self._clock = clock
        self._random = random
        self._words = WordCheck()
        self._restarting = False

    def close(self) -> None:
        """Take no more orders: the bot is about to stop."""
        self._restarting = True

    async def refusal(self, actor: Actor, *, with_picture: bool = False) -> DeclineWhy | None:
        """Why they may order nothing here; None if that depends on the order.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        if self._restarting:
            return DeclineReason.RESTARTING
        server = await self._servers.current(actor.guild_id)
        everywhere = await self._servers.current(EVERYWHERE)
        against = objection_to_any(actor, server=server, everywhere=everywhere)
        if against is None and with_picture:
            against = objection_to_pictures(actor, server)
        return against or await self._about_the_payer(actor)

    async def refusal_of_pictures(self, actor: Actor) -> DeclineWhy | None:
        """Why they may order nothing that begins with a picture here; None if they may."""
        server = await self._servers.current(actor.guild_id)
        return objection_to_pictures(actor, server)

    def default_quality(self, guild_id: int | None, own: str | None) -> str:
        """The quality of a request that names none, as last read; `own` is the member's default."""
        return default_quality(self._servers.known(guild_id), self._limits, own)

    def offered_qualities(self, guild_id: int | None) -> tuple[str, ...]:
        """The qualities that may be chosen there, as last read."""
        return offered_qualities(self._servers.known(guild_id), self._limits)

    async def admit(
        self,
        request: GenerationRequest,
        asker: Actor,
        *,
        interaction_id: int,
        private: bool,
        locale: str,
    ) -> Order | Denied[DeclineWhy]:
        """Decide quickly whether this may be ordered; nothing is reserved yet."""
        if self._restarting:
            return Denied(DeclineReason.RESTARTING)
        order = Order(
            job_id=f"{self._random.getrandbits(64):016x}",
            interaction_id=interaction_id,
            asker=asker,
            request=request,
            estimate_microusd=self._prices.estimate_microusd(request),
            private=private,
            locale=locale,
            asked_at=self._clock.now(),
        )
        # Not left to the gate: the requester wants to read that no purchase was made.
        return await unless_away(
            self._admitted(order),
            Denied(DeclineReason.STORE_DOWN),
            "couldn't check an order, so the bot didn't take it",
        )

    async def _admitted(self, order: Order) -> Order | Denied[DeclineWhy]:
        """Complete an order by the terms of its place.

        Checks the caps so that a refusal comes before a card; the reservation decides.
        """
        request, asker = order.request, order.asker
        server = await self._servers.current(asker.guild_id)
        everywhere = await self._servers.current(EVERYWHERE)
        against = objection(
            request, asker, server=server, everywhere=everywhere, limits=self._limits
        )
        if against is None:
            against = await self._about_the_payer(asker)
        if against is not None:
            return Denied(against)
        # Before the word check, which costs work: a refusal counts like a job.
        if (too_soon := await self._too_soon(asker)) is not None:
            return Denied(too_soon)
        if found := await self._words.matches(request, server, asker.guild_id):
            await self._cool_down(asker)
            return Denied(WordsRefused(tuple(dict.fromkeys(match.written for match in found))))
        match await promptly(self._keys.paying_in(asker.guild_id)):
            case KeyBroken():
                return Denied(DeclineReason.KEY_BROKEN)
            case ServerPays(key_id):
                paying: int | None = key_id
            case OperatorPays():
                paying = None
        holds = holds_for(
            asker,
            server=server,
            everywhere=everywhere,
            limits=self._limits,
            key_id=paying,
            at=self._clock.now(),
        )
        if (no_room := await self._no_room(holds, order.estimate_microusd)) is not None:
            return Denied(no_room)
        return replace(
            order,
            key_id=paying,
            spoiler=server.spoiler,
            is_reviewed=is_reviewed(asker, server),
            held=await self._held(paying),
            ask_above_microusd=server.ask_above_microusd,
            prices_hidden=server.prices_hidden,
        )

    async def _held(self, key_id: int | None) -> HoldReason | None:
        """What to warn of; if that cannot be read, the card says it later."""
        held = promptly(self._jobs.held_now(key_id, self._clock.now()))
        return await unless_away(held, None, "couldn't see whether an order is held back")

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
            cooled_down = promptly(self._ledger.cool_down(asker.user_id, again_at=again_at))
            await unless_away(cooled_down, None, "couldn't start a member's cooldown")

    async def _about_the_payer(self, asker: Actor) -> DeclineReason | None:
        """Why no key would pay for them here; None if one does.

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
        """What the ledger would answer now."""
        limited = [hold for hold in holds if hold.is_limited]
        if not limited:
            return None
        accounts = [hold.account for hold in limited]
        return over_cap(limited, await promptly(self._ledger.balances(accounts)), price_microusd)

    async def reservation(self, order: Order) -> Reservation:
        """What an order has to reserve, by the rules as they are now."""
        server = await self._servers.current(order.asker.guild_id)
        holds = holds_for(
            order.asker,
            server=server,
            everywhere=await self._servers.current(EVERYWHERE),
            limits=self._limits,
            key_id=order.key_id,
            at=order.asked_at,
        )
        return Reservation(holds=holds, cooldown_s=self._limits.cooldown_s)
