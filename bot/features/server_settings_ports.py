"""What managers do to their server's settings, and everything that they can be answered."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from bot.domain.ledger import NO_CAPS, Caps
from bot.domain.servers import RoleRule, ServerSettings

BLOCKED_MAX: Final = 1_000
"""How many people one server can block: more is for Discord's own bans."""


class ManageRefusal(StrEnum):
    """Why nothing was changed."""

    YOURSELF = "yourself"
    NOT_A_PERSON = "not_a_person"
    BLOCKED_ALREADY = "blocked_already"
    NOT_BLOCKED = "not_blocked"
    BLOCKED_FULL = "blocked_full"
    NO_REASON = "no_reason"
    NOT_PAUSED = "not_paused"
    RULES_FULL = "rules_full"
    TOO_MANY = "too_many"
    """More roles or channels than one list takes."""
    UNREAD = "unread"
    """It would change a part of what cannot be read, and lose the rest."""
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class Managed:
    """It is written; the settings as they stand now."""

    settings: ServerSettings


@dataclass(frozen=True, slots=True)
class NotManaged:
    """Nothing was written."""

    refusal: ManageRefusal


ManageAnswer = Managed | NotManaged


class Several(StrEnum):
    """Settings that are several roles or channels, by their names in ServerSettings."""

    ALLOWED_ROLES = "allowed_role_ids"
    ALLOWED_CHANNELS = "allowed_channel_ids"
    DENIED_CHANNELS = "denied_channel_ids"


SEVERAL_MAX: Final = 25
"""What one select of Discord shows."""


class CapsKind(StrEnum):
    """Whose limits."""

    SERVER = "server"
    MEMBERS = "members"
    EACH = "each"
    """Those of every single member with a role."""
    TOGETHER = "together"
    """Those of all members with a role taken together."""


@dataclass(frozen=True, slots=True)
class CapsOf:
    """Whose limits, and for which role where it is about one."""

    kind: CapsKind
    role_id: int = 0

    @property
    def is_of_role(self) -> bool:
        """Whether it is about one role."""
        return self.kind in (CapsKind.EACH, CapsKind.TOGETHER)

    def in_settings(self, settings: ServerSettings) -> Caps:
        """What holds now."""
        rule = settings.role_rules.get(self.role_id, RoleRule())
        match self.kind:
            case CapsKind.SERVER:
                return settings.server_caps
            case CapsKind.MEMBERS:
                return settings.member_caps
            case CapsKind.EACH:
                return rule.each or NO_CAPS
            case CapsKind.TOGETHER:
                return rule.together


WithinRule = Callable[[RoleRule], RoleRule]


class Management(Protocol):
    """The use cases of whoever manages a server; whoever calls has checked that they do."""

    async def pause(self, guild_id: int, because: str, *, by_user_id: int) -> ManageAnswer:
        """Take nothing new, and send nothing that waits, until it is resumed."""
        ...

    async def resume(self, guild_id: int, *, by_user_id: int) -> ManageAnswer:
        """Go on; what the operator paused or blocked stays so."""
        ...

    async def block(
        self, guild_id: int, user_id: int, *, is_bot: bool, by_user_id: int
    ) -> ManageAnswer:
        """Let somebody else ask for nothing there any more."""
        ...

    async def unblock(self, guild_id: int, user_id: int, *, by_user_id: int) -> ManageAnswer:
        """Let them ask again."""
        ...

    async def choose(
        self, guild_id: int, changes: Mapping[str, Any], *, by_user_id: int
    ) -> ManageAnswer:
        """Write settings of a single value each.

        Raises:
            ValueError: it is none that managers decide about, or not with such a value.
        """
        ...

    async def pick(
        self,
        guild_id: int,
        several: Several,
        *,
        seen: Collection[int],
        picked: Collection[int],
        by_user_id: int,
    ) -> ManageAnswer:
        """Add what was picked and not seen, take out what was seen and not picked."""
        ...

    async def rule(
        self, guild_id: int, role_id: int, change: WithinRule | None, *, by_user_id: int
    ) -> ManageAnswer:
        """Change the rules of a role, or take them away (None)."""
        ...

    async def limit(
        self, guild_id: int, target: CapsOf, *, seen: Caps, typed: Caps, by_user_id: int
    ) -> ManageAnswer:
        """Write the limits that were typed other than they were seen."""
        ...
