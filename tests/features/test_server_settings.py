"""Managers' decisions work on what stands by then; what cannot be is refused without a trace."""

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import update

from bot.domain.denied import Denied
from bot.domain.money.ledger import NO_CAPS, Caps
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import (
    NOTHING_DECIDED,
    OPERATORS_SETTINGS,
    ROLE_RULES_MAX,
    RoleRule,
    ServerSettings,
)
from bot.features.servers.server_settings import (
    BLOCKED_MAX,
    SEVERAL_MAX,
    CapsKind,
    CapsOf,
    ServerManagement,
    SettingsAnswer,
    SettingsRefusal,
    Several,
)
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import server_settings
from tests.clocks import FakeClock

CLUB, MONA, ALICE = 1, 2, 3
RED, BLUE, OLD = 7, 8, 9


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def servers(store: SqlJobStore) -> Servers:
    return Servers(rows=ServerRows(database=store.database), clock=FakeClock())


@pytest.fixture
def desk(servers: Servers) -> ServerManagement:
    return ServerManagement(servers=servers)


def kept(answer: SettingsAnswer) -> ServerSettings:
    assert not isinstance(answer, Denied), answer
    return answer


async def decided(servers: Servers, **changes: object) -> None:
    await servers.change(CLUB, changes, by_user_id=MONA)


async def refused_without_a_trace(servers: Servers, before: int) -> None:
    assert len(await servers.audit(CLUB)) == before


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "seen", "picked", "after"),
    [
        ((), (), (RED,), (RED,)),
        ((RED,), (RED,), (RED, BLUE), (RED, BLUE)),
        ((RED, BLUE), (RED, BLUE), (BLUE,), (BLUE,)),
        ((RED, BLUE), (RED,), (RED, OLD), (RED, BLUE, OLD)),
        ((BLUE,), (RED, BLUE), (BLUE,), (BLUE,)),
        ((BLUE,), (RED,), (RED,), (BLUE,)),
    ],
)
async def test_a_pick_changes_what_its_chooser_changed_and_nothing_else(
    servers: Servers, desk: ServerManagement, before: tuple[int, ...], seen: tuple[int, ...],
    picked: tuple[int, ...], after: tuple[int, ...],
) -> None:  # fmt: skip
    await decided(servers, allowed_role_ids=before)
    answer = await desk.pick(CLUB, Several.ALLOWED_ROLES, seen=seen, picked=picked, by_user_id=MONA)
    assert kept(answer).allowed_role_ids == after


async def test_more_than_one_select_shows_is_refused(
    servers: Servers, desk: ServerManagement
) -> None:
    await decided(servers, denied_channel_ids=tuple(range(100, 100 + SEVERAL_MAX)))
    answer = await desk.pick(CLUB, Several.DENIED_CHANNELS, seen=(), picked=(1,), by_user_id=MONA)
    assert answer == Denied(SettingsRefusal.TOO_MANY)
    await refused_without_a_trace(servers, 1)


# --- rules and limits -----------------------------------------------------------------------------


async def test_a_rule_in_which_nothing_is_different_is_none(desk: ServerManagement) -> None:
    exempt = await desk.rule(
        CLUB, RED, lambda rule: rule.model_copy(update={"is_exempt": True}), by_user_id=MONA
    )
    assert kept(exempt).role_rules == {RED: RoleRule(is_exempt=True)}
    usual = await desk.rule(CLUB, RED, lambda _: RoleRule(), by_user_id=MONA)
    assert kept(usual) == NOTHING_DECIDED


async def test_there_are_as_many_rules_as_one_select_shows(
    servers: Servers, desk: ServerManagement
) -> None:
    rules = {role_id: RoleRule(is_exempt=True) for role_id in range(100, 100 + ROLE_RULES_MAX)}
    await decided(servers, role_rules=rules)
    one_more = await desk.rule(CLUB, 1, lambda _: RoleRule(is_reviewed=True), by_user_id=MONA)
    assert one_more == Denied(SettingsRefusal.RULES_FULL)
    changed = await desk.rule(CLUB, 100, lambda _: RoleRule(is_reviewed=True), by_user_id=MONA)
    assert kept(changed).role_rules[100] == RoleRule(is_reviewed=True)


@pytest.mark.parametrize("kind", CapsKind)
async def test_only_limits_that_were_typed_otherwise_are_written(
    desk: ServerManagement, kind: CapsKind
) -> None:
    target = CapsOf(kind, RED if kind in (CapsKind.EACH, CapsKind.TOGETHER) else 0)
    first = await desk.limit(
        CLUB, target, seen=NO_CAPS, typed=Caps(day_videos=5, day_microusd=9), by_user_id=MONA
    )
    assert target.in_settings(kept(first)) == Caps(day_videos=5, day_microusd=9)
    second = await desk.limit(
        CLUB, target, seen=NO_CAPS, typed=Caps(month_videos=50), by_user_id=ALICE
    )
    both = Caps(day_videos=5, day_microusd=9, month_videos=50)
    assert target.in_settings(kept(second)) == both
    last = await desk.limit(CLUB, target, seen=both, typed=Caps(month_videos=50), by_user_id=MONA)
    assert target.in_settings(kept(last)) == Caps(month_videos=50)


async def test_limits_of_their_own_end_an_exemption(
    servers: Servers, desk: ServerManagement
) -> None:
    await decided(servers, role_rules={RED: RoleRule(is_exempt=True, is_reviewed=True)})
    answer = await desk.limit(
        CLUB, CapsOf(CapsKind.EACH, RED), seen=NO_CAPS, typed=NO_CAPS, by_user_id=MONA
    )
    assert kept(answer).role_rules == {RED: RoleRule(each=NO_CAPS, is_reviewed=True)}


async def test_a_limit_for_all_together_ends_an_exemption(
    servers: Servers, desk: ServerManagement
) -> None:
    """Who is exempt counts towards no shared limit: beside it, this one would limit nobody."""
    exempt = RoleRule(is_exempt=True)
    await decided(servers, role_rules={RED: exempt})
    shared, of_red = Caps(day_videos=3), CapsOf(CapsKind.TOGETHER, RED)
    untouched = await desk.limit(CLUB, of_red, seen=NO_CAPS, typed=NO_CAPS, by_user_id=MONA)
    assert kept(untouched).role_rules == {RED: exempt}
    answer = await desk.limit(CLUB, of_red, seen=NO_CAPS, typed=shared, by_user_id=MONA)
    assert kept(answer).role_rules == {RED: RoleRule(together=shared)}


# --- people and pauses ----------------------------------------------------------------------------


async def test_so_many_can_be_blocked_and_no_more(servers: Servers, desk: ServerManagement) -> None:
    await decided(servers, blocked_user_ids=tuple(range(100, 100 + BLOCKED_MAX)))
    answer = await desk.block(CLUB, ALICE, is_bot=False, by_user_id=MONA)
    assert answer == Denied(SettingsRefusal.BLOCKED_FULL)
    assert kept(await desk.unblock(CLUB, 100, by_user_id=MONA))
    assert kept(await desk.block(CLUB, ALICE, is_bot=False, by_user_id=MONA))


@pytest.mark.parametrize("changes", [{"blocked_by_operator": True}, {"unheard_of": 1}])
async def test_what_managers_do_not_decide_is_refused(
    servers: Servers, desk: ServerManagement, changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="managers do not decide about that"):
        await desk.choose(CLUB, changes, by_user_id=MONA)
    assert servers.known(CLUB) == NOTHING_DECIDED


async def test_without_the_database_nothing_is_said_to_be_decided(
    store: SqlJobStore, desk: ServerManagement
) -> None:
    await store.close()
    for answer in (
        desk.pause(CLUB, "lunch", by_user_id=MONA),
        desk.choose(CLUB, {"spoiler": True}, by_user_id=MONA),
        desk.rule(CLUB, RED, None, by_user_id=MONA),
    ):
        with pytest.raises(StoreUnavailable):
            await answer


async def unreadable(store: SqlJobStore, servers: Servers, text: str) -> None:
    await decided(servers, spoiler=True)
    await store.database.write(update(server_settings).values(settings=text))


async def test_no_part_is_changed_of_what_cannot_be_read(
    store: SqlJobStore, servers: Servers, desk: ServerManagement
) -> None:
    await unreadable(store, servers, '{"blocked_user_ids": "all", "member_caps": 3}')
    blocked = await desk.block(CLUB, ALICE, is_bot=False, by_user_id=MONA)
    limits = CapsOf(CapsKind.MEMBERS)
    limited = await desk.limit(
        CLUB, limits, seen=NO_CAPS, typed=Caps(day_videos=1), by_user_id=MONA
    )
    assert blocked == limited == Denied(SettingsRefusal.UNREAD)
    whole = kept(await desk.choose(CLUB, {"sound_allowed": False}, by_user_id=MONA))
    assert whole.unread == {"blocked_user_ids", "member_caps"}
    ruled = await desk.rule(CLUB, RED, None, by_user_id=MONA)
    assert kept(ruled).unread == whole.unread


async def test_to_resume_is_to_go_on_without_what_cannot_be_read(
    store: SqlJobStore, servers: Servers, desk: ServerManagement
) -> None:
    await unreadable(store, servers, '{"member_caps": 3, "spoiler": true}')
    assert (await servers.current(CLUB)).is_unread
    assert set(servers.unread()) == {CLUB}
    assert kept(await desk.resume(CLUB, by_user_id=MONA)) == ServerSettings(spoiler=True)
    assert servers.unread() == {}
    assert await desk.resume(CLUB, by_user_id=MONA) == Denied(SettingsRefusal.NOT_PAUSED)


async def test_managers_do_not_end_what_the_operator_may_have_blocked(
    store: SqlJobStore, servers: Servers, desk: ServerManagement
) -> None:
    await unreadable(store, servers, "{")
    assert kept(await desk.resume(CLUB, by_user_id=MONA)).unread == OPERATORS_SETTINGS
    assert await desk.resume(CLUB, by_user_id=MONA) == Denied(SettingsRefusal.NOT_PAUSED)
    with pytest.raises(ValueError, match="do not decide"):
        await desk.choose(CLUB, {"unread": frozenset[str]()}, by_user_id=MONA)
