"""The use cases of whoever manages a server: every change is an edit upon what stands by then."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bot.domain.ledger import Caps
from bot.domain.servers import OPERATORS_SETTINGS, ROLE_RULES_MAX, RoleRule, Servers, ServerSettings
from bot.domain.visible import is_blank, without_hidden
from bot.features.server_settings_ports import (
    BLOCKED_MAX,
    SEVERAL_MAX,
    CapsKind,
    CapsOf,
    ManageAnswer,
    Managed,
    ManageRefusal,
    NotManaged,
    Several,
    WithinRule,
)

_CHOOSABLE = ServerSettings.model_fields.keys() - {"unread"}
_Attempt = Callable[[ServerSettings], Mapping[str, Any] | ManageRefusal]


class ManagerDesk:
    """Fulfils `Management`."""

    def __init__(self, *, servers: Servers) -> None:
        self._servers = servers

    async def pause(self, guild_id: int, because: str, *, by_user_id: int) -> ManageAnswer:
        """Take nothing new, and send nothing that waits, until it is resumed."""
        reason = " ".join(without_hidden(because).split())

        def attempt(_: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            return ManageRefusal.NO_REASON if is_blank(reason) else {"paused_because": reason}

        return await self._edit(guild_id, attempt, by_user_id, is_whole=True)

    async def resume(self, guild_id: int, *, by_user_id: int) -> ManageAnswer:
        """Go on, without what cannot be read; what the operator paused or blocked stays so."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            kept = now.unread & OPERATORS_SETTINGS
            if now.paused_because is None and now.unread == kept:
                return ManageRefusal.NOT_PAUSED
            # They were told that some cannot be read: to go on is to go on without those.
            return {"paused_because": None, "unread": kept}

        return await self._edit(guild_id, attempt, by_user_id, is_whole=True)

    async def block(
        self, guild_id: int, user_id: int, *, is_bot: bool, by_user_id: int
    ) -> ManageAnswer:
        """Let somebody else ask for nothing there any more."""
        if user_id == by_user_id:
            return NotManaged(ManageRefusal.YOURSELF)
        if is_bot:
            return NotManaged(ManageRefusal.NOT_A_PERSON)

        def attempt(now: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            if user_id in now.blocked_user_ids:
                return ManageRefusal.BLOCKED_ALREADY
            if len(now.blocked_user_ids) >= BLOCKED_MAX:
                return ManageRefusal.BLOCKED_FULL
            return {"blocked_user_ids": (*now.blocked_user_ids, user_id)}

        return await self._edit(guild_id, attempt, by_user_id)

    async def unblock(self, guild_id: int, user_id: int, *, by_user_id: int) -> ManageAnswer:
        """Let them ask again."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            left = tuple(one for one in now.blocked_user_ids if one != user_id)
            if left == now.blocked_user_ids:
                return ManageRefusal.NOT_BLOCKED
            return {"blocked_user_ids": left}

        return await self._edit(guild_id, attempt, by_user_id)

    async def choose(
        self, guild_id: int, changes: Mapping[str, Any], *, by_user_id: int
    ) -> ManageAnswer:
        """Write settings of a single value each.

        Raises:
            ValueError: it is none that managers decide about, or not with such a value.
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
    ) -> ManageAnswer:
        """Add what was picked and not seen, take out what was seen and not picked."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            before: tuple[int, ...] = getattr(now, several)
            kept = [one for one in before if one in picked or one not in seen]
            after = tuple(dict.fromkeys([*kept, *(one for one in picked if one not in seen)]))
            # Of what somebody else put in meanwhile nothing is lost by a list that is too long.
            return {several.value: after} if len(after) <= SEVERAL_MAX else ManageRefusal.TOO_MANY

        return await self._edit(guild_id, attempt, by_user_id)

    async def rule(
        self, guild_id: int, role_id: int, change: WithinRule | None, *, by_user_id: int
    ) -> ManageAnswer:
        """Change the rules of a role, or take them away (None)."""

        def attempt(now: ServerSettings) -> Mapping[str, Any] | ManageRefusal:
            rules = dict(now.role_rules)
            changed = RoleRule() if change is None else change(rules.get(role_id, RoleRule()))
            rules.pop(role_id, None)
            # A rule in which nothing is different is none.
            if changed != RoleRule():
                rules[role_id] = changed
            return {"role_rules": rules} if len(rules) <= ROLE_RULES_MAX else _FULL

        return await self._edit(guild_id, attempt, by_user_id)

    async def limit(
        self, guild_id: int, target: CapsOf, *, seen: Caps, typed: Caps, by_user_id: int
    ) -> ManageAnswer:
        """Write the limits that were typed other than they were seen."""
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
    ) -> ManageAnswer:
        """Carry out an attempt, unless it would change a part of what cannot be read.

        `is_whole`: it writes settings anew, whatever they were, and so cures them.
        """
        refusals: list[ManageRefusal] = []

        def edit(now: ServerSettings) -> Mapping[str, Any]:
            refusals.clear()
            wanted = attempt(now)
            if not (is_whole or isinstance(wanted, ManageRefusal) or now.unread.isdisjoint(wanted)):
                wanted = ManageRefusal.UNREAD
            if isinstance(wanted, ManageRefusal):
                refusals.append(wanted)
                return {}
            return wanted

        settings = await self._servers.change(guild_id, edit, by_user_id=by_user_id)
        if settings is None:
            return NotManaged(ManageRefusal.STORE_DOWN)
        return NotManaged(refusals[0]) if refusals else Managed(settings)


_FULL = ManageRefusal.RULES_FULL
