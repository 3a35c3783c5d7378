"""How somebody hears that their video is ready: their own word, else that of the server."""

from bot.domain.preferences import Notify, People
from bot.domain.servers import Servers


class Notifying:
    """Fulfils `NotifyChoices`."""

    def __init__(self, *, people: People, servers: Servers) -> None:
        self._people = people
        self._servers = servers

    async def notify_of(self, user_id: int, guild_id: int | None) -> Notify:
        """What they chose for themselves; who chose nothing is told as the server likes it."""
        chosen = (await self._people.current(user_id)).notify
        if chosen is not None:
            return chosen
        return Notify((await self._servers.current(guild_id)).notify.value)
