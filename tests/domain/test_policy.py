"""Rules alone: what speaks against a wish, and which caps it counts against."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.money.ledger import NO_CAPS, Caps, Hold, Scope
from bot.domain.money.policy import (
    DeclineReason,
    DeclineWhy,
    NotInThisChannel,
    OperatorLimits,
    Paused,
    PictureRoleNeeded,
    QualityNotOffered,
    RoleNeeded,
    TooLong,
    at_once_in,
    default_quality,
    holds_for,
    is_reviewed,
    member_caps,
    objection,
    objection_to_any,
    offered_qualities,
)
from bot.domain.servers import NOTHING_DECIDED, RoleRule, ServerSettings
from tests.domain.samples import NOON

GUILD, ALICE = 500, 11
PAINTERS, GUESTS, CHANNEL, CATEGORY = 21, 22, 31, 32
KITE = GenerationRequest(prompt="a red kite")
PICTURE = Picture(digest="0" * 64, media_type="image/png", width_px=400, height_px=300)
BETWEEN = KITE.model_copy(update={"start_frame": PICTURE, "end_frame": PICTURE})
ALICE_THERE = Actor(
    user_id=ALICE,
    guild_id=GUILD,
    channel_ids=frozenset({CHANNEL, CATEGORY}),
    role_ids=frozenset({GUILD, PAINTERS}),
)
BY_THE_SERVER = {Scope.SERVER, Scope.EVERYBODY, Scope.ROLE, Scope.MEMBER}
TWO_A_DAY, FIVE_A_DAY = Caps(day_videos=2), Caps(day_videos=5)


def against(
    asker: Actor = ALICE_THERE,
    *,
    request: GenerationRequest = KITE,
    everywhere: ServerSettings = NOTHING_DECIDED,
    limits: OperatorLimits | None = None,
    **decided: Any,  # noqa: ANN401 - what a server decided, checked by its model
) -> DeclineWhy | None:
    server = ServerSettings.model_validate(decided)
    return objection(
        request,
        asker,
        server=server,
        everywhere=everywhere,
        limits=limits or OperatorLimits(),
    )


def but(asker: Actor, **changes: Any) -> Actor:  # noqa: ANN401 - any of its fields
    fields: dict[str, Any] = {name: getattr(asker, name) for name in Actor.__slots__}
    return Actor(**(fields | changes))


def test_nothing_speaks_against_anybody_where_nothing_is_decided() -> None:
    assert against() is None
    assert against(Actor(user_id=ALICE)) is None


@pytest.mark.parametrize(
    ("decided", "why"),
    [
        ({"paused_because": "a party"}, Paused("a party", everywhere=False)),
        ({"blocked_by_operator": True}, DeclineReason.SERVER_BLOCKED),
        ({"unread": frozenset({"words"})}, DeclineReason.SERVER_UNREAD),
        ({"unread": frozenset({"of_a_newer_version"})}, DeclineReason.SERVER_UNREAD),
        ({"blocked_user_ids": (ALICE,)}, DeclineReason.BLOCKED),
        ({"allowed_role_ids": (GUESTS,)}, RoleNeeded((GUESTS,))),
        ({"allowed_channel_ids": (99,)}, NotInThisChannel((99,))),
        ({"denied_channel_ids": (CATEGORY,)}, NotInThisChannel(())),
        ({"age_restricted_only": True}, DeclineReason.AGE_RESTRICTED_ONLY),
        ({"longest_duration_s": 4}, TooLong(4)),
        ({"sound_allowed": False}, DeclineReason.SOUND_NOT_ALLOWED),
        ({"qualities": "standard"}, QualityNotOffered(("standard",))),
        ({"pictures_allowed": False}, DeclineReason.PICTURES_NOT_ALLOWED),
        ({"picture_role_ids": (GUESTS,)}, PictureRoleNeeded((GUESTS,))),
        ({"pictures_age_restricted_only": True}, DeclineReason.PICTURES_AGE_RESTRICTED_ONLY),
    ],
)
def test_a_server_may_say_no(decided: dict[str, Any], why: DeclineWhy) -> None:
    assert against(request=BETWEEN, **decided) == why


@pytest.mark.parametrize(
    "decided",
    [
        {"pictures_allowed": False},
        {"picture_role_ids": (GUESTS,)},
        {"pictures_age_restricted_only": True},
    ],
)
def test_a_rule_about_pictures_concerns_no_words(decided: dict[str, Any]) -> None:
    assert against(**decided) is None
    assert against(request=KITE.model_copy(update={"start_frame": PICTURE}), **decided)
    assert against(request=KITE.model_copy(update={"end_frame": PICTURE}), **decided)


def test_pictures_are_allowed_in_the_right_role_and_channel() -> None:
    there = but(ALICE_THERE, in_age_restricted=True)
    rules: dict[str, Any] = {
        "picture_role_ids": (GUESTS, PAINTERS),
        "pictures_age_restricted_only": True,
    }
    assert against(there, request=BETWEEN, **rules) is None
    assert against(there, request=BETWEEN, pictures_allowed=False, **rules)


@pytest.mark.parametrize(
    "decided",
    [
        {"allowed_role_ids": (GUESTS, PAINTERS)},
        {"allowed_channel_ids": (CATEGORY,)},
        {"denied_channel_ids": (99,)},
        {"longest_duration_s": 5},
        {"qualities": "pro,4k"},
        {"default_quality": "standard"},
        {"blocked_user_ids": (12,)},
        {"unread": frozenset({"notify", "log_channel_id"})},
    ],
)
def test_a_rule_that_does_not_concern_a_wish_is_none(decided: dict[str, Any]) -> None:
    assert against(**decided) is None


def test_bots_and_who_has_not_accepted_the_rules_are_refused() -> None:
    assert against(but(ALICE_THERE, is_bot=True)) is DeclineReason.NOT_A_PERSON
    assert against(but(ALICE_THERE, is_pending=True)) is DeclineReason.PENDING
    there = but(ALICE_THERE, in_age_restricted=True)
    assert against(there, age_restricted_only=True) is None


def test_a_pause_everywhere_is_said_before_anything_else() -> None:
    stopped = ServerSettings(paused_because="a new key")
    why = against(everywhere=stopped, paused_because="a party", blocked_user_ids=(ALICE,))
    assert why == Paused("a new key", everywhere=True)


# --- which qualities ------------------------------------------------------------------------------

ALL = ("standard", "pro", "4k")


@pytest.mark.parametrize(
    ("by_operator", "by_managers", "offered"),
    [
        ((), (), ("standard", "pro")),
        ((), ("4k",), ("4k",)),
        ((), ALL, ALL),
        ((), ("pro",), ("pro",)),
        (("pro", "4k"), (), ("pro", "4k")),
        (ALL, (), ALL),
        (("standard",), ALL, ("standard",)),
        (("standard", "pro"), ("pro", "4k"), ("pro",)),
        # What the managers chose is no longer allowed: the operator's word holds.
        (("standard",), ("pro", "4k"), ("standard",)),
    ],
)
def test_managers_choose_qualities_among_those_of_the_operator(
    by_operator: tuple[str, ...], by_managers: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    server, limits = ServerSettings(qualities=by_managers), OperatorLimits(qualities=by_operator)
    assert offered_qualities(server, limits) == offered
    for quality in ALL:
        request = GenerationRequest(prompt="a red kite", quality=quality)
        why = against(request=request, limits=limits, qualities=by_managers)
        assert why == (None if quality in offered else QualityNotOffered(offered))


@pytest.mark.parametrize(
    ("own", "servers", "offered", "default"),
    [
        (None, None, ALL, "pro"),
        (None, "standard", ALL, "standard"),
        ("4k", "standard", ALL, "4k"),
        ("4k", "standard", ("standard", "pro"), "standard"),
        ("4k", None, ("standard", "pro"), "pro"),
        (None, "4k", ("standard", "pro"), "pro"),
        ("pro", "pro", ("standard",), "standard"),
        (None, None, ("standard", "4k"), "4k"),
    ],
)
def test_a_quality_that_was_not_said_is_the_members_then_the_servers_then_pro(
    own: str | None, servers: str | None, offered: tuple[str, ...], default: str
) -> None:
    server = ServerSettings(qualities=offered, default_quality=servers)
    assert default_quality(server, OperatorLimits(), own) == default


# --- which caps ----------------------------------------------------------------------------------


def holds(
    asker: Actor = ALICE_THERE,
    *,
    limits: OperatorLimits | None = None,
    key_id: int | None = None,
    everywhere: ServerSettings = NOTHING_DECIDED,
    **decided: Any,  # noqa: ANN401 - what a server decided, checked by its model
) -> tuple[Hold, ...]:
    server = ServerSettings.model_validate(decided)
    limits = limits or OperatorLimits()
    return holds_for(
        asker, server=server, everywhere=everywhere, limits=limits, key_id=key_id, at=NOON
    )


def caps_by_scope(held: tuple[Hold, ...]) -> dict[tuple[Scope, int, int], Caps]:
    found: dict[tuple[Scope, int, int], Caps] = {}
    for day, month in zip(held[::2], held[1::2], strict=True):
        key = (day.account.scope, day.account.owner_id, day.account.subject_id)
        found[key] = Caps(
            day_microusd=day.cap_microusd,
            day_videos=day.cap_videos,
            month_microusd=month.cap_microusd,
            month_videos=month.cap_videos,
        )
    return found


def test_a_job_counts_on_every_level_limited_or_not() -> None:
    limits = OperatorLimits(
        total=Caps(month_microusd=9), per_server=Caps(day_microusd=8), per_user=TWO_A_DAY
    )
    assert caps_by_scope(holds(limits=limits, server_caps=FIVE_A_DAY)) == {
        (Scope.OPERATOR, 0, 0): Caps(month_microusd=9),
        (Scope.OPERATOR_SERVER, GUILD, 0): Caps(day_microusd=8),
        (Scope.OPERATOR_USER, ALICE, 0): TWO_A_DAY,
        (Scope.SERVER, GUILD, 0): FIVE_A_DAY,
        (Scope.EVERYBODY, GUILD, 0): NO_CAPS,
        (Scope.ROLE, GUILD, PAINTERS): NO_CAPS,
        (Scope.MEMBER, GUILD, ALICE): NO_CAPS,
    }


def test_of_the_limits_in_the_settings_and_on_discord_the_stricter_of_each_holds() -> None:
    limits = OperatorLimits(total=Caps(day_microusd=5, month_microusd=50, day_videos=1))
    typed = ServerSettings(total_caps=Caps(day_microusd=9, month_microusd=20, month_videos=7))
    held = caps_by_scope(holds(limits=limits, everywhere=typed))
    assert held[Scope.OPERATOR, 0, 0] == Caps(
        day_microusd=5, month_microusd=20, day_videos=1, month_videos=7
    )


def test_a_servers_own_key_does_not_count_for_the_operator() -> None:
    scopes = {scope for scope, _, _ in caps_by_scope(holds(key_id=7))}
    assert scopes == {Scope.SERVER, Scope.EVERYBODY, Scope.ROLE, Scope.MEMBER}


def test_direct_messages_count_for_the_operator_alone() -> None:
    assert list(caps_by_scope(holds(Actor(user_id=ALICE)))) == [
        (Scope.OPERATOR, 0, 0),
        (Scope.OPERATOR_USER, ALICE, 0),
    ]


def test_a_role_may_have_limits_for_each_and_for_all_together() -> None:
    rule = RoleRule(each=FIVE_A_DAY, together=Caps(month_videos=50))
    found = caps_by_scope(holds(role_rules={PAINTERS: rule}, member_caps=TWO_A_DAY))
    assert found[Scope.ROLE, GUILD, PAINTERS] == Caps(month_videos=50)
    assert found[Scope.MEMBER, GUILD, ALICE] == FIVE_A_DAY


@pytest.mark.parametrize("role_ids", [(GUILD, PAINTERS), (GUILD,), ()])
def test_the_role_of_everybody_limits_all_members_together(role_ids: tuple[int, ...]) -> None:
    rule = RoleRule(together=TWO_A_DAY)
    asker = but(ALICE_THERE, role_ids=frozenset(role_ids))
    found = caps_by_scope(holds(asker, role_rules={GUILD: rule}))
    assert found[Scope.EVERYBODY, GUILD, 0] == TWO_A_DAY
    assert (Scope.ROLE, GUILD, GUILD) not in found


def test_an_exempt_role_lifts_members_and_roles_limits_and_not_the_servers_own() -> None:
    rules = {
        PAINTERS: RoleRule(is_exempt=True, each=TWO_A_DAY),
        GUESTS: RoleRule(together=TWO_A_DAY),
        GUILD: RoleRule(together=FIVE_A_DAY),
    }
    both = but(ALICE_THERE, role_ids=frozenset({PAINTERS, GUESTS}))
    decided: dict[str, Any] = {
        "role_rules": rules,
        "member_caps": TWO_A_DAY,
        "server_caps": FIVE_A_DAY,
    }
    found = caps_by_scope(holds(both, **decided))
    by_the_server = {key: caps for key, caps in found.items() if key[0] in BY_THE_SERVER}
    # Nor do they use up what the others share: in those accounts they do not count at all.
    assert by_the_server == {
        (Scope.SERVER, GUILD, 0): FIVE_A_DAY,
        (Scope.MEMBER, GUILD, ALICE): NO_CAPS,
    }


def test_days_follow_the_servers_calendar_there_and_the_operators_elsewhere() -> None:
    limits = OperatorLimits(zone=ZoneInfo("Pacific/Pago_Pago"))
    periods = {
        hold.account.scope: hold.account.period
        for hold in holds(limits=limits, time_zone="Pacific/Kiritimati")[::2]
    }
    assert periods[Scope.OPERATOR_USER] == "2031-05-04"
    assert periods[Scope.MEMBER] == "2031-05-05"


counts = st.none() | st.integers(0, 9)
caps = st.builds(
    Caps, day_microusd=counts, day_videos=counts, month_microusd=counts, month_videos=counts
)


@given(st.lists(caps, min_size=1, max_size=4), caps)
def test_of_several_roles_the_most_generous_of_each_limit_holds(
    given_by_roles: list[Caps], usual: Caps
) -> None:
    rules = {100 + n: RoleRule(each=each) for n, each in enumerate(given_by_roles)}
    server = ServerSettings(role_rules=rules, member_caps=usual)
    having_all = but(ALICE_THERE, role_ids=frozenset(rules))
    found = member_caps(having_all, server)
    for name in Caps.model_fields:
        allowed = [getattr(each, name) for each in given_by_roles]
        assert getattr(found, name) == (None if None in allowed else max(allowed))
    assert member_caps(ALICE_THERE, server) == usual


def test_a_role_is_reviewed_where_somebody_can_review() -> None:
    rules = {PAINTERS: RoleRule(is_reviewed=True)}
    assert is_reviewed(ALICE_THERE, ServerSettings(role_rules=rules, review_channel_id=5))
    assert not is_reviewed(ALICE_THERE, ServerSettings(role_rules=rules))
    assert not is_reviewed(ALICE_THERE, ServerSettings(review_channel_id=5))


def test_how_many_at_once_is_the_servers_choice_or_the_operators() -> None:
    limits = OperatorLimits(at_once_per_user=2)
    usual = at_once_in(NOTHING_DECIDED, NOTHING_DECIDED, limits)
    assert (usual.per_user, usual.per_server, usual.is_paused) == (2, None, False)
    chosen = ServerSettings(at_once_per_user=1, at_once=3)
    there = at_once_in(chosen, NOTHING_DECIDED, limits)
    assert (there.per_user, there.per_server) == (1, 3)


@given(st.none() | st.integers(1, 100), st.integers(1, 1_000))
def test_of_the_servers_and_the_operators_number_the_smaller_holds_where_the_operator_pays(
    managers: int | None, operators: int
) -> None:
    chosen = ServerSettings(at_once_per_user=managers)
    limits = OperatorLimits(at_once_per_user=operators)
    there = at_once_in(chosen, NOTHING_DECIDED, limits)
    smaller = operators if managers is None else min(managers, operators)
    assert there.for_one_person(operator_pays=True) == smaller
    assert there.for_one_person(operator_pays=False) == (managers or operators)


@pytest.mark.parametrize(
    ("server", "everywhere"),
    [
        (ServerSettings(paused_because="x"), NOTHING_DECIDED),
        (ServerSettings(blocked_by_operator=True), NOTHING_DECIDED),
        (NOTHING_DECIDED, ServerSettings(paused_because="x")),
        (ServerSettings(unread=frozenset({"member_caps"})), NOTHING_DECIDED),
        (NOTHING_DECIDED, ServerSettings(unread=frozenset({"drained_by"}))),
    ],
)
def test_a_pause_holds_what_waits(server: ServerSettings, everywhere: ServerSettings) -> None:
    assert at_once_in(server, everywhere, OperatorLimits()).is_paused


def test_decisions_about_the_whole_bot_that_cannot_be_read_take_nothing_anywhere() -> None:
    unread = ServerSettings(unread=frozenset({"paused_because"}))
    why = objection_to_any(Actor(user_id=ALICE), server=NOTHING_DECIDED, everywhere=unread)
    assert why is DeclineReason.PAUSED_UNREAD
