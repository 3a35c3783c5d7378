"""Servers' decisions are kept with their trail, and no change works on what is outdated."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.money.ledger import Caps
from bot.domain.servers import EVERYWHERE, NOTHING_DECIDED, Changes, Edit, RoleRule, ServerSettings
from bot.features.servers.servers import SHOWN_MAX_CHARS, ServerRows
from bot.storage import SqlJobStore
from tests.domain.samples import LATER, NOON

KITE_CLUB, MONA, MAX = 1, 2, 3


@pytest.fixture
def servers(store: SqlJobStore) -> ServerRows:
    return ServerRows(database=store.database)


async def change(servers: ServerRows, changes: Changes, *, by: int = MONA) -> ServerSettings:
    return await servers.change(KITE_CLUB, changes, by_user_id=by, at=NOON)


async def trail(servers: ServerRows) -> list[tuple[str, Any, Any]]:
    entries = await servers.audit(KITE_CLUB, limit=20)
    return [(one.what, json.loads(one.before), json.loads(one.after)) for one in entries]


async def test_a_server_begins_with_nothing_decided(servers: ServerRows) -> None:
    assert await servers.of(KITE_CLUB) == NOTHING_DECIDED
    assert await servers.everywhere() == {}
    assert await trail(servers) == []


async def test_every_setting_is_kept_and_its_trail_newest_first(
    servers: ServerRows, other_store: SqlJobStore
) -> None:
    await change(servers, {"longest_duration_s": 10, "time_zone": "Europe/Rome"})
    await servers.change(KITE_CLUB, {"longest_duration_s": 5}, by_user_id=MAX, at=LATER)
    elsewhere = ServerRows(database=other_store.database)
    kept = ServerSettings(longest_duration_s=5, time_zone="Europe/Rome")
    assert await elsewhere.of(KITE_CLUB) == kept
    assert await elsewhere.everywhere() == {KITE_CLUB: kept}
    assert await trail(elsewhere) == [
        ("longest_duration_s", 10, 5),
        ("time_zone", None, "Europe/Rome"),
        ("longest_duration_s", None, 10),
    ]
    newest, *_, oldest = await elsewhere.audit(KITE_CLUB, limit=20)
    assert (newest.by_user_id, newest.at) == (MAX, LATER)
    assert (oldest.by_user_id, oldest.at) == (MONA, NOON)
    assert len(await elsewhere.audit(KITE_CLUB, limit=1)) == 1


async def test_the_qualities_are_one_choice_in_the_trail_and_a_list_to_the_rules(
    servers: ServerRows, other_store: SqlJobStore
) -> None:
    await change(servers, {"qualities": "standard,pro", "default_quality": "pro"})
    await change(servers, {"qualities": ("pro", "4k"), "picture_role_ids": (7,)})
    elsewhere = ServerRows(database=other_store.database)
    assert await elsewhere.of(KITE_CLUB) == ServerSettings(
        qualities=("pro", "4k"), default_quality="pro", picture_role_ids=(7,)
    )
    assert set(await choices(elsewhere)) == {
        ("qualities", "", "standard,pro"),
        ("qualities", "standard,pro", "pro,4k"),
        ("default_quality", None, "pro"),
    }
    with pytest.raises(ValidationError):
        await change(servers, {"qualities": "pro,8k"})


async def choices(servers: ServerRows) -> list[tuple[str, Any, Any]]:
    return [one for one in await trail(servers) if "quality" in one[0] or "qualities" in one[0]]


async def test_what_is_written_as_it_was_leaves_no_trail(servers: ServerRows) -> None:
    await change(servers, {"spoiler": False})
    await change(servers, lambda _: {})
    assert await trail(servers) == []


async def test_of_a_list_the_trail_says_what_came_and_went(servers: ServerRows) -> None:
    await change(servers, {"allowed_role_ids": (1, 2, 3)})
    await change(servers, {"allowed_role_ids": (2, 3, 4)})
    assert await trail(servers) == [
        ("allowed_role_ids", [1], [4]),
        ("allowed_role_ids", [], [1, 2, 3]),
    ]


async def test_of_roles_rules_the_trail_says_which_changed(servers: ServerRows) -> None:
    first, second = RoleRule(is_exempt=True), RoleRule(each=Caps(day_videos=3))
    await change(servers, {"role_rules": {7: first, 8: second}})
    await change(servers, {"role_rules": {7: RoleRule(is_reviewed=True), 8: second}})
    await change(servers, {"role_rules": {7: RoleRule(is_reviewed=True)}})
    assert await trail(servers) == [
        ("role_rules", {"8": {"each": {"day_videos": 3}}}, {}),
        ("role_rules", {"7": {"is_exempt": True}}, {"7": {"is_reviewed": True}}),
        ("role_rules", {}, {"7": {"is_exempt": True}, "8": {"each": {"day_videos": 3}}}),
    ]
    assert (await servers.of(KITE_CLUB)).role_rules == {7: RoleRule(is_reviewed=True)}


async def test_a_long_value_is_shortened_in_the_trail_alone(servers: ServerRows) -> None:
    words = tuple(f"word{number:03}" for number in range(400))
    assert (await change(servers, {"words": words})).words == words
    (entry,) = await servers.audit(KITE_CLUB, limit=20)
    assert len(entry.after) == SHOWN_MAX_CHARS
    assert entry.after.endswith("…")


@pytest.mark.parametrize(
    "changes",
    [{"time_zone": zone} for zone in ("Europe", "Europe/Nowhere", "../etc/passwd", "", "/etc")]
    + [{"longest_duration_s": 99}, {"paused_because": "x" * 201}],
)
async def test_what_cannot_be_is_refused_and_nothing_written(
    servers: ServerRows, changes: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        await change(servers, changes | {"spoiler": True})
    assert await servers.of(KITE_CLUB) == NOTHING_DECIDED
    assert await trail(servers) == []


async def test_edits_at_once_from_two_processes_are_all_there_in_the_end(
    servers: ServerRows, other_store: SqlJobStore
) -> None:
    both = (servers, ServerRows(database=other_store.database))

    def block(user_id: int) -> Edit:
        return lambda now: {"blocked_user_ids": (*now.blocked_user_ids, user_id)}

    await asyncio.gather(*(change(both[user_id % 2], block(user_id)) for user_id in range(10, 30)))
    assert sorted((await servers.of(KITE_CLUB)).blocked_user_ids) == list(range(10, 30))
    assert len(await trail(servers)) == 20


async def test_what_operators_decided_about_any_server_stands_in_their_own_trail_too(
    servers: ServerRows,
) -> None:
    await change(servers, {"spoiler": True})
    await change(servers, {"blocked_by_operator": True}, by=MAX)
    await servers.change(EVERYWHERE, {"paused_because": "x"}, by_user_id=MAX, at=NOON)
    entries = await servers.audit(EVERYWHERE, limit=20)
    assert [(one.guild_id, one.what) for one in entries] == [
        (EVERYWHERE, "paused_because"),
        (KITE_CLUB, "blocked_by_operator"),
    ]
    assert [what for what, *_ in await trail(servers)] == ["blocked_by_operator", "spoiler"]
