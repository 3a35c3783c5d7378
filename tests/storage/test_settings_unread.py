"""What cannot be read of a server's settings restricts it, stays as it is, and can be cured."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.money.ledger import Caps
from bot.domain.servers import (
    EVERYWHERE,
    NO_RESTRICTIONS,
    NOTHING_DECIDED,
    OPERATORS_SETTINGS,
    ServerSettings,
)
from bot.features.privacy import PrivacyRows
from bot.features.servers.servers import ServerRows
from bot.storage import SqlJobStore
from bot.storage.tables.jobs import server_settings
from tests.domain.samples import LATER, NOON

CLUB, MONA = 1, 2
ALL = frozenset(ServerSettings.model_fields) - {"unread"}
CURED = {"unread": frozenset[str]()}


@pytest.fixture
def servers(store: SqlJobStore) -> ServerRows:
    return ServerRows(database=store.database)


async def written(store: SqlJobStore, servers: ServerRows, text: str) -> ServerSettings:
    """The settings, as another version or an accident wrote them."""
    await servers.change(CLUB, {"spoiler": True}, by_user_id=MONA, at=NOON)
    await store.database.write(update(server_settings).values(settings=text))
    return await servers.of(CLUB)


async def change(servers: ServerRows, changes: dict[str, Any]) -> ServerSettings:
    changed = await servers.change(CLUB, changes, by_user_id=MONA, at=NOON)
    assert await servers.of(CLUB) == changed
    return changed


async def kept(store: SqlJobStore) -> dict[str, Any]:
    (row,) = await store.database.rows(select(server_settings.c.settings))
    found: dict[str, Any] = json.loads(row["settings"])
    return found


async def test_of_what_cannot_be_read_the_names_are_known_and_the_rest_holds(
    store: SqlJobStore, servers: ServerRows
) -> None:
    text = '{"spoiler": true, "longest_duration_s": 99, "notify": "pigeon"}'
    settings = await written(store, servers, text)
    assert settings == ServerSettings(
        spoiler=True, unread=frozenset({"longest_duration_s", "notify"})
    )
    assert settings.is_unread
    assert not settings.is_blocked


@pytest.mark.parametrize(
    "text", ["{", "", "[]", "null", '"x"', "[" * 100_000, '{"words": ' + "1" * 5_000 + "}"]
)
async def test_what_is_no_document_lets_nothing_be_asked_and_unblocks_nobody(
    store: SqlJobStore, servers: ServerRows, text: str
) -> None:
    settings = await written(store, servers, text)
    assert settings == ServerSettings(unread=ALL)
    assert settings.is_blocked


async def test_a_limit_that_a_newer_version_counts_otherwise_is_no_freedom_here(
    store: SqlJobStore, servers: ServerRows
) -> None:
    caps = {"day_videos": 3, "week_videos": 9}
    settings = await written(store, servers, json.dumps({"member_caps": caps}))
    assert settings.unread == {"member_caps"}
    await change(servers, {"spoiler": True})
    assert (await kept(store))["member_caps"] == caps


@pytest.mark.parametrize("name", sorted(ALL))
def test_whatever_cannot_be_read_pauses_unless_it_restricts_nobody(name: str) -> None:
    unread = ServerSettings(unread=frozenset({name}))
    assert unread.is_unread is (name not in NO_RESTRICTIONS)
    assert unread.is_blocked is (name in OPERATORS_SETTINGS)


async def test_names_of_a_newer_version_stay_through_every_change(
    store: SqlJobStore, servers: ServerRows
) -> None:
    settings = await written(store, servers, '{"spoiler": true, "moon_phase": "old"}')
    assert settings == ServerSettings(spoiler=True)
    await change(servers, {"spoiler": False, "longest_duration_s": 5})
    assert await kept(store) == {
        "moon_phase": "old",
        "longest_duration_s": 5,
        "restrictions": ["longest_duration_s"],
    }


async def test_a_newer_version_can_say_that_a_name_restricts_and_an_older_one_keeps_to_it(
    store: SqlJobStore, servers: ServerRows
) -> None:
    text = '{"quiet_hours": [22, 7], "restrictions": ["quiet_hours"]}'
    assert (await written(store, servers, text)).unread == {"quiet_hours"}
    assert (await change(servers, {"spoiler": True})).unread == {"quiet_hours"}
    assert await kept(store) == {
        "quiet_hours": [22, 7],
        "spoiler": True,
        "restrictions": ["quiet_hours", "spoiler"],
    }
    # Given up, it is no restriction to this version any more, and still there for the newer one.
    assert await change(servers, CURED) == ServerSettings(spoiler=True)
    assert (await kept(store))["quiet_hours"] == [22, 7]


async def test_a_list_of_restrictions_that_is_none_restricts(
    store: SqlJobStore, servers: ServerRows
) -> None:
    assert (await written(store, servers, '{"restrictions": 7}')).is_unread
    assert await change(servers, CURED) == NOTHING_DECIDED
    assert await kept(store) == {}


async def test_writing_a_setting_cures_it_and_no_other(
    store: SqlJobStore, servers: ServerRows
) -> None:
    await written(store, servers, '{"longest_duration_s": 99, "words": 7}')
    cured = await change(servers, {"longest_duration_s": 5})
    assert cured == ServerSettings(longest_duration_s=5, unread=frozenset({"words"}))
    assert (await kept(store))["words"] == 7
    assert await change(servers, CURED) == ServerSettings(longest_duration_s=5)
    assert "words" not in await kept(store)
    told = await servers.audit(CLUB, limit=1)
    assert (told[0].what, json.loads(told[0].before)) == ("unread", ["words"])


async def test_a_damaged_document_is_kept_until_all_of_it_is_decided_anew(
    store: SqlJobStore, servers: ServerRows
) -> None:
    await written(store, servers, "{broken")
    unblocked = await change(servers, {"blocked_by_operator": False})
    assert unblocked == ServerSettings(unread=ALL - {"blocked_by_operator"})
    assert (await kept(store))["damaged"] == "{broken"
    caps = await change(servers, {"member_caps": Caps(day_videos=1)})
    assert caps.unread == ALL - {"blocked_by_operator", "member_caps"}
    assert await change(servers, CURED) == ServerSettings(member_caps=Caps(day_videos=1))
    assert "damaged" not in await kept(store)


async def test_managers_end_no_block_that_may_be_in_a_damaged_document(
    store: SqlJobStore, servers: ServerRows
) -> None:
    await written(store, servers, "{broken")
    resumed = await change(servers, {"paused_because": None, "unread": OPERATORS_SETTINGS})
    assert resumed == ServerSettings(unread=OPERATORS_SETTINGS)
    assert resumed.is_blocked


async def test_nothing_is_written_where_nothing_is_changed(
    store: SqlJobStore, servers: ServerRows
) -> None:
    await written(store, servers, "{broken")
    await servers.change(CLUB, lambda _: {}, by_user_id=MONA, at=NOON)
    (row,) = await store.database.rows(select(server_settings.c.settings))
    assert row["settings"] == "{broken"


async def test_a_server_that_may_have_been_blocked_stays_blocked_when_it_is_forgotten(
    store: SqlJobStore, servers: ServerRows
) -> None:
    people = PrivacyRows(database=store.database)
    await written(store, servers, "{broken")
    await people.left(CLUB, NOON)
    await people.forget_servers([CLUB], LATER)
    assert (await servers.of(CLUB)) == ServerSettings(blocked_by_operator=True)


async def test_the_bots_own_decisions_are_cured_alike(
    store: SqlJobStore, servers: ServerRows
) -> None:
    await servers.change(EVERYWHERE, {"paused_because": "x"}, by_user_id=MONA, at=NOON)
    await store.database.write(update(server_settings).values(settings="?"))
    assert (await servers.of(EVERYWHERE)).is_unread
    resumed = {"paused_because": None, "drained_by": None, **CURED}
    changed = await servers.change(EVERYWHERE, resumed, by_user_id=MONA, at=NOON)
    assert changed == NOTHING_DECIDED
