"""The use cases around money spent: by the calendars that hold, for those who pay or manage."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.calendar import Span, days_of_month, period_of
from bot.domain.ledger import Scope
from bot.domain.ports import Clock
from bot.domain.servers import Servers
from bot.features.server_settings_ports import CapsKind, CapsOf
from bot.features.spending_ports import Counted, FreshStart, MonthOfServer, SpendStore, SpentThere


class SpendingDesk:
    """Fulfils `Spendings`; raises StoreUnavailable where the database does not answer."""

    def __init__(
        self, *, store: SpendStore, servers: Servers, zone: ZoneInfo, clock: Clock
    ) -> None:
        self._store = store
        self._servers = servers
        self._zone = zone
        self._clock = clock

    async def month_of(self, guild_id: int) -> MonthOfServer:
        """A server's present month, by its own calendar."""
        zone = await self._zone_of(guild_id)
        days = days_of_month(self._clock.now(), zone)
        lines = await self._store.in_server(guild_id, days)
        return MonthOfServer(days=[day.on for day in days], zone=zone, lines=lines)

    async def everywhere(self) -> Sequence[SpentThere]:
        """Each server's present month by the operator's calendar, the largest sum first."""
        days = days_of_month(self._clock.now(), self._zone)
        sums = await self._store.by_server(days[0].begins_at, days[-1].ends_at)

        def largest_first(one: SpentThere) -> tuple[int, int]:
            return (-(one.spend.held_microusd + one.spend.spent_microusd), -one.spend.videos)

        return sorted(sums, key=largest_first)

    async def counted(self, guild_id: int, limits: CapsOf) -> Counted:
        """What already counts towards these limits, whether or not they are set."""
        match limits.kind:
            case CapsKind.SERVER:
                scope, subject_id = Scope.SERVER, 0
            case CapsKind.TOGETHER if limits.role_id == guild_id:
                scope, subject_id = Scope.EVERYBODY, 0
            case CapsKind.TOGETHER:
                scope, subject_id = Scope.ROLE, limits.role_id
            case CapsKind.MEMBERS | CapsKind.EACH:
                scope, subject_id = Scope.MEMBER, None
        zone, now = await self._zone_of(guild_id), self._clock.now()
        today, this_month = [
            await self._store.most_counted(
                scope, guild_id, subject_id=subject_id, period=period_of(span, now, zone)
            )
            for span in (Span.DAY, Span.MONTH)
        ]
        return Counted(today, this_month)

    async def start_afresh(self, guild_id: int, user_id: int, *, by_user_id: int) -> FreshStart:
        """Let a member's own limits in a server count from nothing, today and this month."""
        return await self._store.start_afresh(
            guild_id,
            user_id,
            zone=await self._zone_of(guild_id),
            by_user_id=by_user_id,
            at=self._clock.now(),
        )

    async def _zone_of(self, guild_id: int) -> ZoneInfo:
        return (await self._servers.current(guild_id)).zone(self._zone)
