"""Why an order is refused, and which caps it counts against: pure rules, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.actor import Actor
from bot.domain.generation.models import FOUR_K, PRO, qualities
from bot.domain.generation.request import GenerationRequest
from bot.domain.line import AtOnce
from bot.domain.money.ledger import NO_CAPS, Caps, Hold, OverCap, Scope, TooSoon, holds_in
from bot.domain.servers import RoleRule, ServerSettings
from bot.domain.visible import is_blank

BY_MANAGERS_LEAVE: Final = frozenset({FOUR_K})
"""Qualities that are off until the operator or a server's managers allow them: 15 s in 4K cost
$6.30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLimits:
    """What the operator allows, for all servers together or for each."""

    total: Caps = NO_CAPS
    per_server: Caps = NO_CAPS
    per_user: Caps = NO_CAPS
    cooldown_s: int = 0
    at_once_per_user: int = 2
    """Jobs of one person at the service at the same time."""
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - immutable, and a cheap look-up
    """The time zone of these limits, and of servers that chose none."""
    direct_messages: bool = False
    """Whether others than operators may order where no manager governs."""
    paid_server_ids: frozenset[int] | None = None
    """The servers that the operator pays for; None is all."""
    qualities: tuple[str, ...] = ()
    """The qualities that may be used at all; empty: all but those that managers have to allow."""

    @property
    def is_spending_limited(self) -> bool:
        """Whether anything limits what the operator's key pays for."""
        return self.total.is_set or self.per_server.is_set or self.per_user.is_set

    def pays_for(self, guild_id: int) -> bool:
        """Whether the operator pays for a server that has no key of its own."""
        return self.paid_server_ids is None or guild_id in self.paid_server_ids


class DeclineReason(StrEnum):
    """Why an order was refused. Nothing was sent and nothing is charged."""

    RESTARTING = "restarting"
    DRAINING = "draining"
    """The operator is draining the bot: it finishes the jobs in progress and then stops."""
    STORE_DOWN = "store_down"
    NOT_A_PERSON = "not_a_person"
    """Bots and webhooks may not order."""
    PENDING = "pending"
    """They have not yet accepted the server's rules."""
    BLOCKED = "blocked"
    """The server's managers blocked them."""
    SERVER_BLOCKED = "server_blocked"
    """The operator blocked the server."""
    SERVER_UNREAD = "server_unread"
    """The managers' settings cannot be read, so their restrictions are unknown."""
    PAUSED_UNREAD = "paused_unread"
    """The operator's settings for the whole bot cannot be read."""
    AGE_RESTRICTED_ONLY = "age_restricted_only"
    SOUND_NOT_ALLOWED = "sound_not_allowed"
    PICTURES_NOT_ALLOWED = "pictures_not_allowed"
    PICTURES_AGE_RESTRICTED_ONLY = "pictures_age_restricted_only"
    NOTHING_TO_SEE = "nothing_to_see"
    """One of their texts has no visible character."""
    KEY_BROKEN = "key_broken"
    """The server's own RunComfy key is no longer accepted."""
    NO_DIRECT_MESSAGES = "no_direct_messages"
    """Where no manager governs, the bot serves only the operator."""
    BLOCKED_ELSEWHERE = "blocked_elsewhere"
    """A server that the operator pays for blocked them, and no manager governs here."""
    SERVER_NOT_PAID_FOR = "server_not_paid_for"
    """The operator does not pay for this server, and it has no key of its own."""


@dataclass(frozen=True, slots=True)
class Paused:
    """New orders are not accepted for now, in this server or everywhere."""

    because: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """Only members with one of these roles may order there."""

    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotInThisChannel:
    """No member may order in this channel."""

    allowed_channel_ids: tuple[int, ...]
    """Where they may: channels and categories; empty if the server only excludes some."""


@dataclass(frozen=True, slots=True)
class PictureRoleNeeded:
    """Only members with one of these roles may use pictures there."""

    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooLong:
    """Longer than the server allows."""

    longest_s: int


@dataclass(frozen=True, slots=True)
class QualityNotOffered:
    """Videos of this quality are not made there."""

    offered: tuple[str, ...]
    """Those that are."""


@dataclass(frozen=True, slots=True)
class WordsRefused:
    """The prompt contains words that the server does not allow."""

    found: tuple[str, ...]
    """The matching words, as they were written."""


DeclineWhy = (
    DeclineReason
    | Paused
    | RoleNeeded
    | NotInThisChannel
    | PictureRoleNeeded
    | TooLong
    | QualityNotOffered
    | WordsRefused
    | OverCap
    | TooSoon
)


def objection(
    request: GenerationRequest,
    asker: Actor,
    *,
    server: ServerSettings,
    everywhere: ServerSettings,
    limits: OperatorLimits,
) -> DeclineWhy | None:
    """Why the rules of the place refuse this order, word lists excluded; None if they allow it."""
    against = objection_to_any(asker, server=server, everywhere=everywhere)
    if against is None and request.frames:
        against = objection_to_pictures(asker, server)
    return against or _about_the_request(request, server, limits)


def objection_to_any(
    asker: Actor, *, server: ServerSettings, everywhere: ServerSettings
) -> DeclineWhy | None:
    """Why every order of theirs is refused there; None if it is not."""
    return (
        _about_the_bot(server, everywhere)
        or _about_the_asker(asker, server)
        or _about_the_place(asker, server)
    )


def _about_the_bot(server: ServerSettings, everywhere: ServerSettings) -> DeclineWhy | None:
    if everywhere.is_unread:
        return DeclineReason.PAUSED_UNREAD
    if everywhere.drained_by is not None:
        return DeclineReason.DRAINING
    if everywhere.paused_because is not None:
        return Paused(everywhere.paused_because, everywhere=True)
    if server.blocked_by_operator:
        return DeclineReason.SERVER_BLOCKED
    if server.paused_because is not None:
        return Paused(server.paused_because, everywhere=False)
    if server.is_unread:
        return DeclineReason.SERVER_UNREAD
    return None


def _about_the_asker(asker: Actor, server: ServerSettings) -> DeclineWhy | None:
    if asker.is_bot:
        return DeclineReason.NOT_A_PERSON
    if asker.user_id in server.blocked_user_ids:
        return DeclineReason.BLOCKED
    if asker.is_pending:
        return DeclineReason.PENDING
    if server.allowed_role_ids and asker.role_ids.isdisjoint(server.allowed_role_ids):
        return RoleNeeded(server.allowed_role_ids)
    return None


def _about_the_place(asker: Actor, server: ServerSettings) -> DeclineWhy | None:
    allowed, denied = server.allowed_channel_ids, server.denied_channel_ids
    is_allowed = not allowed or not asker.channel_ids.isdisjoint(allowed)
    if not is_allowed or not asker.channel_ids.isdisjoint(denied):
        return NotInThisChannel(allowed)
    if server.age_restricted_only and not asker.in_age_restricted:
        return DeclineReason.AGE_RESTRICTED_ONLY
    return None


def objection_to_pictures(asker: Actor, server: ServerSettings) -> DeclineWhy | None:
    """Why they may give no picture there; None if they may."""
    if not server.pictures_allowed:
        return DeclineReason.PICTURES_NOT_ALLOWED
    if server.picture_role_ids and asker.role_ids.isdisjoint(server.picture_role_ids):
        return PictureRoleNeeded(server.picture_role_ids)
    if server.pictures_age_restricted_only and not asker.in_age_restricted:
        return DeclineReason.PICTURES_AGE_RESTRICTED_ONLY
    return None


def _about_the_request(
    request: GenerationRequest, server: ServerSettings, limits: OperatorLimits
) -> DeclineWhy | None:
    # Checked here, not in the request: that class also reads older rows.
    texts = (request.prompt, request.negative_prompt, *(shot.prompt for shot in request.shots))
    if any(text is not None and is_blank(text) for text in texts):
        return DeclineReason.NOTHING_TO_SEE
    longest_s = server.longest_duration_s
    if longest_s is not None and request.duration_s > longest_s:
        return TooLong(longest_s)
    if request.sound and not server.sound_allowed:
        return DeclineReason.SOUND_NOT_ALLOWED
    offered = offered_qualities(server, limits)
    if request.quality not in offered:
        return QualityNotOffered(offered)
    return None


def offered_qualities(server: ServerSettings, limits: OperatorLimits) -> tuple[str, ...]:
    """The qualities that may be used there, in the order of their declaration.

    Managers choose among what the operator allows. Where nothing of their choice is left, the
    operator's holds.
    """
    allowed = limits.qualities or tuple(qualities())
    usual = limits.qualities or tuple(one for one in qualities() if one not in BY_MANAGERS_LEAVE)
    chosen = [one for one in allowed if one in server.qualities]
    return tuple(one for one in qualities() if one in (chosen or usual))


def default_quality(server: ServerSettings, limits: OperatorLimits, own: str | None) -> str:
    """The quality of a request that names none; `own` is the member's default."""
    offered = offered_qualities(server, limits)
    wanted = (own, server.default_quality, PRO)
    return next((one for one in wanted if one in offered), offered[-1])


def holds_for(
    asker: Actor,
    *,
    server: ServerSettings,
    everywhere: ServerSettings,
    limits: OperatorLimits,
    key_id: int | None,
    at: datetime,
) -> tuple[Hold, ...]:
    """Every account that their job counts against, with the current caps."""
    holds: list[Hold] = []
    if key_id is None:
        total = limits.total.and_also(everywhere.total_caps)
        operator = [(Scope.OPERATOR, 0, total)]
        if asker.guild_id is not None:
            operator.append((Scope.OPERATOR_SERVER, asker.guild_id, limits.per_server))
        operator.append((Scope.OPERATOR_USER, asker.user_id, limits.per_user))
        for scope, owner_id, caps in operator:
            holds += holds_in(scope, owner_id, 0, caps=caps, at=at, zone=limits.zone)
    if asker.guild_id is not None:
        zone = server.zone(limits.zone)
        for scope, subject_id, caps in _within(asker, asker.guild_id, server):
            holds += holds_in(scope, asker.guild_id, subject_id, caps=caps, at=at, zone=zone)
    return tuple(holds)


def _within(
    asker: Actor, guild_id: int, server: ServerSettings
) -> Iterable[tuple[Scope, int, Caps]]:
    yield Scope.SERVER, 0, server.server_caps
    rules = rules_of(asker, server)
    if any(rule.is_exempt for rule in rules.values()):
        # Exempt members must not use up what others share. Their own count is still kept.
        yield Scope.MEMBER, asker.user_id, NO_CAPS
        return
    # Roles without a limit count too: a limit that is set at noon counts the whole day.
    for role_id in sorted(asker.role_ids | {guild_id}):
        together = rules[role_id].together if role_id in rules else NO_CAPS
        is_everybodys = role_id == guild_id
        yield (Scope.EVERYBODY, 0, together) if is_everybodys else (Scope.ROLE, role_id, together)
    yield Scope.MEMBER, asker.user_id, member_caps(asker, server)


def rules_of(asker: Actor, server: ServerSettings) -> dict[int, RoleRule]:
    """The rules for their roles; every member has the role with the server's own id."""
    theirs = asker.role_ids | {asker.guild_id}
    return {role_id: rule for role_id, rule in server.role_rules.items() if role_id in theirs}


def member_caps(asker: Actor, server: ServerSettings) -> Caps:
    """One member's limits: the most generous of their roles for each, else the usual ones."""
    given = [rule.each for rule in rules_of(asker, server).values() if rule.each is not None]
    if not given:
        return server.member_caps
    return Caps(
        **{name: _most_generous([getattr(caps, name) for caps in given]) for name in _CAP_NAMES}
    )


_CAP_NAMES = tuple(Caps.model_fields)


def _most_generous(caps: Iterable[int | None]) -> int | None:
    known = list(caps)
    return None if None in known else max(cap for cap in known if cap is not None)


def is_reviewed(asker: Actor, server: ServerSettings) -> bool:
    """Whether a moderator has to approve their orders; not if there is no channel to ask in."""
    if server.review_channel_id is None:
        return False
    return any(rule.is_reviewed for rule in rules_of(asker, server).values())


def at_once_in(
    server: ServerSettings, everywhere: ServerSettings, limits: OperatorLimits
) -> AtOnce:
    """How many jobs may be in progress at once for a server and for each member."""
    paused = server.paused_because is not None or everywhere.paused_because is not None
    paused = paused or everywhere.drained_by is not None
    paused = paused or server.is_unread or everywhere.is_unread
    return AtOnce(
        per_user=server.at_once_per_user or limits.at_once_per_user,
        # A manager may give less of the operator's money than the operator does, but not more.
        per_user_by_operator=limits.at_once_per_user,
        per_server=server.at_once,
        is_paused=paused or server.blocked_by_operator,
    )
