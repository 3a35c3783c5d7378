"""Who runs the bot, according to Discord: the application's owner, or its team."""

import logging
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.domain.ports import Clock, Trouble
from bot.ui.writes import once

logger = logging.getLogger(__name__)

FRESH_FOR: Final = timedelta(minutes=5)
"""How long Discord's answer counts: a person who leaves the team loses access after that."""
TEAM_ROLES: Final = frozenset({discord.TeamMemberRole.admin, discord.TeamMemberRole.developer})


class ApplicationOperators:
    """Who runs the bot. Asks Discord again after five minutes; until it answers, no one does."""

    def __init__(self, *, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: frozenset[int] = frozenset()
        self._asked_at: datetime | None = None

    async def include(self, user_id: int) -> bool:
        """Whether this person owns the application, or may act for the team that does."""
        return user_id in await self.all()

    async def all(self) -> frozenset[int]:
        """Those who own the application, or may act for the team; none until Discord says so."""
        now = self._clock.now()
        if self._asked_at is None or now - self._asked_at >= FRESH_FOR:
            application = await once(self._client.application_info)
            if isinstance(application, Trouble):
                # Use the last answer: a person who was an operator stays one during a trouble.
                logger.warning("couldn't find out who runs the bot (%s)", application.value)
            else:
                self._known, self._asked_at = operators_in(application), now
        return self._known


def operators_in(application: discord.AppInfo) -> frozenset[int]:
    """The owner; of a team, its owner and the accepted administrators and developers.

    Team members who may only read there decide nothing here.
    """
    team = application.team
    if team is None:
        return frozenset({application.owner.id})
    accepted = {
        member.id
        for member in team.members
        if member.membership_state is discord.TeamMembershipState.accepted
        and member.role in TEAM_ROLES
    }
    return frozenset(accepted if team.owner_id is None else {*accepted, team.owner_id})
