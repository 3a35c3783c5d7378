"""A server's styles in both databases: limited, unique by folded name, safe against two at once."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from bot.domain.generation.styles import BUILT_IN, STYLES_PER_SERVER, ServerStyle, Style
from bot.domain.ports import StoreUnavailable
from bot.features.servers.servers import ServerRows
from bot.features.styles import StyleOutcome, Styles
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock

SERVER, ANOTHER = 1_100_000_000_000_000_003, 1_100_000_000_000_000_004
MONA = 1_100_000_000_000_000_007
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CLAY = Style(name="Our clay", prompt="red clay", negative_prompt="plastic")


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def styles(store: SqlJobStore) -> Styles:
    return Styles(database=store.database, clock=FakeClock(NOW))


@pytest.fixture
async def other_styles(database_url: str) -> AsyncGenerator[Styles]:
    """Those of another process."""
    async with open_store(database_url) as opened:
        yield Styles(database=opened.database, clock=FakeClock(NOW))


def numbered(number: int) -> Style:
    return Style(name=f"style {number:02}", prompt="x")


async def fill(styles: Styles, many: int) -> None:
    for number in range(many):
        assert await styles.add(SERVER, numbered(number), by_user_id=MONA) is StyleOutcome.SAVED


async def test_an_added_style_is_there_for_its_server_alone(styles: Styles) -> None:
    assert await styles.add(SERVER, CLAY, by_user_id=MONA) is StyleOutcome.SAVED
    assert await styles.own(SERVER) == [ServerStyle(CLAY, version=0)]
    assert await styles.own(ANOTHER) == []


async def test_styles_are_listed_by_name(styles: Styles) -> None:
    for name in ("b", "Á", "c"):
        await styles.add(SERVER, Style(name=name, prompt="x"), by_user_id=MONA)
    assert [one.style.name for one in await styles.own(SERVER) or ()] == ["Á", "b", "c"]


async def test_a_name_is_taken_in_any_spelling(styles: Styles) -> None:
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    again = Style(name="OUR  CLÁY", prompt="other")
    assert await styles.add(SERVER, again, by_user_id=MONA) is StyleOutcome.NAME_TAKEN
    assert await styles.add(ANOTHER, again, by_user_id=MONA) is StyleOutcome.SAVED
    assert await styles.own(SERVER) == [ServerStyle(CLAY, version=0)]


async def test_a_server_has_at_most_25_and_a_removed_one_makes_room(styles: Styles) -> None:
    await fill(styles, STYLES_PER_SERVER)
    assert await styles.add(SERVER, CLAY, by_user_id=MONA) is StyleOutcome.FULL
    assert await styles.remove(SERVER, "STYLE 07", by_user_id=MONA) is StyleOutcome.REMOVED
    assert await styles.add(SERVER, CLAY, by_user_id=MONA) is StyleOutcome.SAVED
    assert len(await styles.own(SERVER) or ()) == STYLES_PER_SERVER


async def test_of_two_managers_who_add_the_last_one_at_once_one_is_told_that_it_is_full(
    styles: Styles, other_styles: Styles
) -> None:
    await fill(styles, STYLES_PER_SERVER - 1)
    outcomes = await asyncio.gather(
        styles.add(SERVER, Style(name="mine", prompt="x"), by_user_id=MONA),
        other_styles.add(SERVER, Style(name="yours", prompt="y"), by_user_id=MONA),
    )
    assert sorted(outcomes) == [StyleOutcome.FULL, StyleOutcome.SAVED]
    assert len(await styles.own(SERVER) or ()) == STYLES_PER_SERVER


async def test_of_two_managers_who_add_the_same_name_at_once_one_is_told_that_it_is_taken(
    styles: Styles, other_styles: Styles
) -> None:
    outcomes = await asyncio.gather(
        styles.add(SERVER, Style(name="ours", prompt="x"), by_user_id=MONA),
        other_styles.add(SERVER, Style(name="Ours", prompt="y"), by_user_id=MONA),
    )
    assert sorted(outcomes) == [StyleOutcome.NAME_TAKEN, StyleOutcome.SAVED]


async def test_several_managers_who_add_at_once_all_get_a_slot(
    styles: Styles, other_styles: Styles
) -> None:
    outcomes = await asyncio.gather(
        *(
            one.add(SERVER, numbered(n), by_user_id=MONA)
            for n, one in enumerate([styles, other_styles] * 2)
        )
    )
    assert set(outcomes) == {StyleOutcome.SAVED}
    assert len(await styles.own(SERVER) or ()) == 4


async def test_an_edit_replaces_the_texts(styles: Styles) -> None:
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    edited = CLAY.model_copy(update={"prompt": "blue clay", "negative_prompt": ""})
    assert await styles.edit(SERVER, edited, version=0, by_user_id=MONA) is StyleOutcome.SAVED
    assert await styles.own(SERVER) == [ServerStyle(edited, version=1)]


async def test_of_two_managers_who_edit_at_once_one_is_told_that_it_changed(
    styles: Styles, other_styles: Styles
) -> None:
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    mine, yours = (CLAY.model_copy(update={"prompt": text}) for text in ("mine", "yours"))
    outcomes = await asyncio.gather(
        styles.edit(SERVER, mine, version=0, by_user_id=MONA),
        other_styles.edit(SERVER, yours, version=0, by_user_id=MONA),
    )
    assert sorted(outcomes) == [StyleOutcome.CHANGED_MEANWHILE, StyleOutcome.SAVED]
    winner = mine if outcomes[0] is StyleOutcome.SAVED else yours
    assert await styles.own(SERVER) == [ServerStyle(winner, version=1)]


async def test_what_is_not_there_can_be_neither_edited_nor_removed(styles: Styles) -> None:
    assert await styles.edit(SERVER, CLAY, version=0, by_user_id=MONA) is StyleOutcome.UNKNOWN
    assert await styles.remove(SERVER, CLAY.name, by_user_id=MONA) is StyleOutcome.UNKNOWN
    await styles.add(ANOTHER, CLAY, by_user_id=MONA)
    assert await styles.remove(SERVER, CLAY.name, by_user_id=MONA) is StyleOutcome.UNKNOWN
    assert len(await styles.own(ANOTHER) or ()) == 1


async def test_every_change_stands_in_the_trail_and_what_changed_nothing_does_not(
    styles: Styles, store: SqlJobStore
) -> None:
    blue = CLAY.model_copy(update={"prompt": "blue clay"})
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    await styles.edit(SERVER, blue, version=0, by_user_id=MONA)
    await styles.edit(SERVER, CLAY, version=0, by_user_id=MONA)
    await styles.remove(SERVER, CLAY.name, by_user_id=MONA)
    await styles.remove(SERVER, CLAY.name, by_user_id=MONA)
    entries = await ServerRows(database=store.database).audit(SERVER, limit=10)
    assert [(one.what, one.before, one.after) for one in entries] == [
        ("style_removed", '"Our clay"', ""),
        ("style_changed", '"Our clay"', '"Our clay"'),
        ("style_added", "", '"Our clay"'),
    ]
    assert {(one.by_user_id, one.at) for one in entries} == {(MONA, NOW)}


async def test_a_server_offers_its_own_before_the_built_in_ones(styles: Styles) -> None:
    await styles.add(SERVER, CLAY, by_user_id=MONA)
    assert await styles.offered(SERVER) == [CLAY, *BUILT_IN]
    assert await styles.offered(None) == list(BUILT_IN)


async def test_without_the_database_the_built_in_ones_are_offered_and_changes_refused(
    styles: Styles, store: SqlJobStore
) -> None:
    await store.close()
    assert await styles.offered(SERVER) == list(BUILT_IN)
    for asked in (
        styles.own(SERVER),
        styles.add(SERVER, CLAY, by_user_id=MONA),
        styles.edit(SERVER, CLAY, version=0, by_user_id=MONA),
        styles.remove(SERVER, CLAY.name, by_user_id=MONA),
    ):
        with pytest.raises(StoreUnavailable):
            await asked
