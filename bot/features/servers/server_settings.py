"""Managers' changes to a server: limits, pauses, blocks, roles' rules and single settings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.domain.denied import Denied
from bot.domain.money.ledger import NO_CAPS, Caps
from bot.domain.servers import OPERATORS_SETTINGS, ROLE_RULES_MAX, RoleRule, ServerSettings
from bot.domain.visible import is_blank, without_hidden
from bot.features.servers.servers import Servers

BLOCKED_MAX: Final = 1_000
"""How many people one server can block: beyond that Discord's own bans are the right tool."""


class SettingsRefusal(StrEnum):
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
    """More roles or channels than one list may hold."""
    UNREAD = "unread"
    """It would change a part of what cannot be read, and lose the rest."""


SettingsAnswer = ServerSettings | Denied[SettingsRefusal]
"""The current settings, or why nothing was written."""


class Several(StrEnum):
    """Settings that hold several roles or channels, by their names in ServerSettings."""

    ALLOWED_ROLES = "allowed_role_ids"
    PICTURE_ROLES = "picture_role_ids"
    ALLOWED_CHANNELS = "allowed_channel_ids"
    DENIED_CHANNELS = "denied_channel_ids"


SEVERAL_MAX: Final = 25
"""The most that one select on Discord shows."""


class CapsKind(StrEnum):
    """Whose limits."""

    SERVER = "server"
    MEMBERS = "members"
    EACH = "each"
    """Those of each member with a role."""
    TOGETHER = "together"
    """Those of all members with a role together."""


@dataclass(frozen=True, slots=True)
class CapsOf:
    """Whose limits, and of which role if they are a role's."""

    kind: CapsKind
    role_id: int = 0

    @property
    def is_of_role(self) -> bool:
        """Whether they are a role's."""
        return self.kind in (CapsKind.EACH, CapsKind.TOGETHER)

    def in_settings(self, settings: ServerSettings) -> Caps:
        """The current limits."""
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
_CHOOSABLE = ServerSettings.model_fields.keys() - {"unread"}
_Attempt = Callable[[ServerSettings], Mapping[str, Any] | SettingsRefusal]


class ServerManagement:
    """What managers may change; callers check that the actor is one.

    Each change is applied to the settings' current values, under the row's lock. Every method
    raises StoreUnavailable if the change was not written, or could not be confirmed.
    """

    def __init__(self, *, servers: Servers) -> None:
        self._servers = servers

    async def pause(self, guild_id: int, because: str, *, by_user_id: int) -> SettingsAnswer:
        """Take nothing new, and send nothing that waits, until resumed."""
        reason = " ".join(without_hidden(because).split())

        def attempt(_: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            return SettingsRefusal.NO_REASON if is_blank(reason) else {"paused_because": reason}

        return await self._edit(guild_id, attempt, by_user_id, is_whole=True)

    async def resume(self, guild_id: int, *, by_user_id: int) -> SettingsAnswer:
        """Go on, without what cannot be read; an operator's pause or block stays."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            kept = now.unread & OPERATORS_SETTINGS
            if now.paused_because is None and now.unread == kept:
                return SettingsRefusal.NOT_PAUSED
            # The managers were told what cannot be read: resuming means doing without it.
            return {"paused_because": None, "unread": kept}

        return await self._edit(guild_id, attempt, by_user_id, is_whole=True)

    async def block(
        self, guild_id: int, user_id: int, *, is_bot: bool, by_user_id: int
    ) -> SettingsAnswer:
        """Let another member ask for nothing there any more."""
        if user_id == by_user_id:
            return Denied(SettingsRefusal.YOURSELF)
        if is_bot:
            return Denied(SettingsRefusal.NOT_A_PERSON)

        def attempt(now: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            if user_id in now.blocked_user_ids:
                return SettingsRefusal.BLOCKED_ALREADY
            if len(now.blocked_user_ids) >= BLOCKED_MAX:
                return SettingsRefusal.BLOCKED_FULL
            return {"blocked_user_ids": (*now.blocked_user_ids, user_id)}

        return await self._edit(guild_id, attempt, by_user_id)

    async def unblock(self, guild_id: int, user_id: int, *, by_user_id: int) -> SettingsAnswer:
        """Let them ask again."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            left = tuple(one for one in now.blocked_user_ids if one != user_id)
            if left == now.blocked_user_ids:
                return SettingsRefusal.NOT_BLOCKED
            return {"blocked_user_ids": left}

        return await self._edit(guild_id, attempt, by_user_id)

    async def choose(
        self, guild_id: int, changes: Mapping[str, Any], *, by_user_id: int
    ) -> SettingsAnswer:
        """Write settings of a single value each.

        Raises:
            ValueError: managers do not decide about this setting, or the value is invalid.
        """
        if not OPERATORS_SETTINGS.isdisjoint(changes) or not set(changes) <= _CHOOSABLE:
            raise ValueError("managers do not decide about that")
        return await self._edit(guild_id, lambda _: changes, by_user_id, is_whole=True)

    async def pick(
        self,
        guild_id: int,
        several: Several,
        *,
        seen: Collection[int],
        picked: Collection[int],
        by_user_id: int,
    ) -> SettingsAnswer:
        """Add what was picked and not shown; remove what was shown and not picked."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            before: tuple[int, ...] = getattr(now, several)
            kept = [one for one in before if one in picked or one not in seen]
            after = tuple(dict.fromkeys([*kept, *(one for one in picked if one not in seen)]))
            # A list that is too long is refused, so another manager's additions are not cut off.
            return {several.value: after} if len(after) <= SEVERAL_MAX else SettingsRefusal.TOO_MANY

        return await self._edit(guild_id, attempt, by_user_id)

    async def rule(
        self, guild_id: int, role_id: int, change: WithinRule | None, *, by_user_id: int
    ) -> SettingsAnswer:
        """Change the rules of a role, or remove them (None)."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | SettingsRefusal:
            rules = dict(now.role_rules)
            changed = RoleRule() if change is None else change(rules.get(role_id, RoleRule()))
            rules.pop(role_id, None)
            # A rule without any difference is removed.
            if changed != RoleRule():
                rules[role_id] = changed
            return (
                {"role_rules": rules}
                if len(rules) <= ROLE_RULES_MAX
                else SettingsRefusal.RULES_FULL
            )

        return await self._edit(guild_id, attempt, by_user_id)

    async def limit(
        self, guild_id: int, target: CapsOf, *, seen: Caps, typed: Caps, by_user_id: int
    ) -> SettingsAnswer:
        """Write the limits that differ from those that were shown."""
        names = Caps.model_fields
        changed = {
            name: getattr(typed, name)
            for name in names
            if getattr(typed, name) != getattr(seen, name)
        }

        def attempt(now: ServerSettings) -> Mapping[str, Any]:
            caps = target.in_settings(now).model_copy(update=changed)
            is_servers = target.kind is CapsKind.SERVER
            return {"server_caps" if is_servers else "member_caps": caps}

        def within(rule: RoleRule) -> RoleRule:
            if target.kind is CapsKind.TOGETHER:
                caps = rule.together.model_copy(update=changed)
                is_exempt = rule.is_exempt and not caps.is_set
                return rule.model_copy(update={"together": caps, "is_exempt": is_exempt})
            caps = (rule.each or Caps()).model_copy(update=changed)
            return rule.model_copy(update={"each": caps, "is_exempt": False})

        if target.is_of_role:
            return await self.rule(guild_id, target.role_id, within, by_user_id=by_user_id)
        return await self._edit(guild_id, attempt, by_user_id)

    async def _edit(
        self, guild_id: int, attempt: _Attempt, by_user_id: int, *, is_whole: bool = False
    ) -> SettingsAnswer:
        """Apply the change, unless it would change a part of what cannot be read.

        `is_whole`: it replaces settings entirely, and so repairs unreadable ones.
        """
        refusals: list[SettingsRefusal] = []

        def edit(now: ServerSettings) -> Mapping[str, Any]:
            refusals.clear()
            wanted = attempt(now)
            if not (
                is_whole or isinstance(wanted, SettingsRefusal) or now.unread.isdisjoint(wanted)
            ):
                wanted = SettingsRefusal.UNREAD
            if isinstance(wanted, SettingsRefusal):
                refusals.append(wanted)
                return {}
            return wanted

        settings = await self._servers.change(guild_id, edit, by_user_id=by_user_id)
        return Denied(refusals[0]) if refusals else settings
