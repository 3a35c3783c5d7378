"""What speaks against an order, and which caps it counts against: rules alone, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.actor import Actor
from bot.domain.ledger import NO_CAPS, Caps, Hold, OverCap, Scope, TooSoon, holds_in
from bot.domain.line import AtOnce
from bot.domain.request import GenerationRequest
from bot.domain.servers import RoleRule, ServerSettings
from bot.domain.visible import is_blank


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLimits:
    """What whoever runs the bot allows, all servers taken together or each."""

    total: Caps = NO_CAPS
    per_server: Caps = NO_CAPS
    per_user: Caps = NO_CAPS
    cooldown_s: int = 0
    at_once_per_user: int = 2
    """Jobs of one person at the service at the same time."""
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - immutable, and a cheap look-up
    """The calendar of these limits, and of servers that chose none."""
    direct_messages: bool = False
    """Whether others than operators may ask where no manager governs."""
    paid_server_ids: frozenset[int] | None = None
    """The servers that the operator pays for; None is all."""

    def pays_for(self, guild_id: int) -> bool:
        """Whether the operator pays for a server that has no key of its own."""
        return self.paid_server_ids is None or guild_id in self.paid_server_ids


class DeclineReason(StrEnum):
    """Why an order was not accepted. Nothing was sent and nothing is charged."""

    RESTARTING = "restarting"
    DRAINING = "draining"
    """The operator lets the bot finish what is under way, to stop it then."""
    STORE_DOWN = "store_down"
    NOT_A_PERSON = "not_a_person"
    """Bots and webhooks may not ask."""
    PENDING = "pending"
    """They have not yet accepted the server's rules."""
    BLOCKED = "blocked"
    """The server's managers blocked them."""
    SERVER_BLOCKED = "server_blocked"
    """The operator blocked the server."""
    SERVER_UNREAD = "server_unread"
    """What its managers decided cannot be read, and so nobody knows what they forbade."""
    PAUSED_UNREAD = "paused_unread"
    """The operator's own decisions about the whole bot cannot be read."""
    NOT_IN_THIS_CHANNEL = "not_in_this_channel"
    AGE_RESTRICTED_ONLY = "age_restricted_only"
    SOUND_NOT_ALLOWED = "sound_not_allowed"
    NOTHING_TO_SEE = "nothing_to_see"
    """A text of theirs holds nothing that can be seen."""
    KEY_BROKEN = "key_broken"
    """The server's own RunComfy key is no longer accepted."""
    NO_DIRECT_MESSAGES = "no_direct_messages"
    """Where no manager governs, the operator serves themselves alone."""
    BLOCKED_ELSEWHERE = "blocked_elsewhere"
    """A server that the operator pays for blocked them, and no manager governs here."""
    SERVER_NOT_PAID_FOR = "server_not_paid_for"
    """The operator does not pay for this server, and it has no key of its own."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing new is taken for now: there, or everywhere."""

    because: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """Only members with one of these roles may ask there."""

    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooLong:
    """Longer than the server allows."""

    longest_s: int


@dataclass(frozen=True, slots=True)
class WordsRefused:
    """The prompt holds what the server does not want to see."""

    found: tuple[str, ...]
    """The prompt's own words, as they were written."""


DeclineWhy = DeclineReason | Paused | RoleNeeded | TooLong | WordsRefused | OverCap | TooSoon


def objection(
    request: GenerationRequest,
    asker: Actor,
    *,
    server: ServerSettings,
    everywhere: ServerSettings,
) -> DeclineWhy | None:
    """What speaks against this order by the rules of its place, its words apart; None: nothing."""
    against = objection_to_any(asker, server=server, everywhere=everywhere)
    return against or _about_the_request(request, server)


def objection_to_any(
    asker: Actor, *, server: ServerSettings, everywhere: ServerSettings
) -> DeclineWhy | None:
    """What speaks against whatever they may order there; None when nothing does."""
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
    if allowed and asker.channel_ids.isdisjoint(allowed):
        return DeclineReason.NOT_IN_THIS_CHANNEL
    if not asker.channel_ids.isdisjoint(denied):
        return DeclineReason.NOT_IN_THIS_CHANNEL
    if server.age_restricted_only and not asker.in_age_restricted:
        return DeclineReason.AGE_RESTRICTED_ONLY
    return None


def _about_the_request(request: GenerationRequest, server: ServerSettings) -> DeclineWhy | None:
    # Here and not in the request: rows that were written before are read by it.
    texts = (request.prompt, request.negative_prompt, *(shot.prompt for shot in request.shots))
    if any(text is not None and is_blank(text) for text in texts):
        return DeclineReason.NOTHING_TO_SEE
    longest_s = server.longest_duration_s
    if longest_s is not None and request.duration_s > longest_s:
        return TooLong(longest_s)
    if request.sound and not server.sound_allowed:
        return DeclineReason.SOUND_NOT_ALLOWED
    return None


def holds_for(
    asker: Actor,
    *,
    server: ServerSettings,
    limits: OperatorLimits,
    key_id: int | None,
    at: datetime,
) -> tuple[Hold, ...]:
    """Every account that a job of theirs counts against, with the caps that hold there."""
    holds: list[Hold] = []
    if key_id is None:
        operator = [(Scope.OPERATOR, 0, limits.total)]
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
        # What others share is not theirs to use up. How much they make is counted all the same.
        yield Scope.MEMBER, asker.user_id, NO_CAPS
        return
    # Roles without a limit are counted as well: one that is set at noon counts the whole day.
    for role_id in sorted(asker.role_ids | {guild_id}):
        together = rules[role_id].together if role_id in rules else NO_CAPS
        is_everybodys = role_id == guild_id
        yield (Scope.EVERYBODY, 0, together) if is_everybodys else (Scope.ROLE, role_id, together)
    yield Scope.MEMBER, asker.user_id, member_caps(asker, server)


def rules_of(asker: Actor, server: ServerSettings) -> dict[int, RoleRule]:
    """The rules of the roles that they have; everybody has the one with the server's own id."""
    theirs = asker.role_ids | {asker.guild_id}
    return {role_id: rule for role_id, rule in server.role_rules.items() if role_id in theirs}


def member_caps(asker: Actor, server: ServerSettings) -> Caps:
    """What one member may do: by their roles the most generous of each, else the usual."""
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
    """Whether a moderator has to approve what they ask for; nobody to ask means no."""
    if server.review_channel_id is None:
        return False
    return any(rule.is_reviewed for rule in rules_of(asker, server).values())


def at_once_in(
    server: ServerSettings, everywhere: ServerSettings, limits: OperatorLimits
) -> AtOnce:
    """How many jobs may be under way at once for a server and for each person in it."""
    paused = server.paused_because is not None or everywhere.paused_because is not None
    paused = paused or everywhere.drained_by is not None
    paused = paused or server.is_unread or everywhere.is_unread
    return AtOnce(
        per_user=server.at_once_per_user or limits.at_once_per_user,
        # A manager may give less of the operator's money than the operator does, and never more.
        per_user_by_operator=limits.at_once_per_user,
        per_server=server.at_once,
        is_paused=paused or server.blocked_by_operator,
    )
