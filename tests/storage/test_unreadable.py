"""A row that cannot be read costs itself, is said once, and stays as it is; the rest goes on."""

import logging
import threading
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, text, update

from bot.domain.generation.storyboard import Draft, Storyboard
from bot.domain.generation.styles import Style
from bot.domain.job import State
from bot.domain.lifecycle import Cancelled, SendingBegan
from bot.domain.line import Go
from bot.domain.money.entries import Adjustment
from bot.domain.money.ledger import Account, Scope
from bot.domain.outcomes import FailureReason
from bot.domain.ports import RowUnreadable
from bot.domain.preferences import Notify, Preferences
from bot.domain.servers import EVERYWHERE, AuditEntry
from bot.features.library.library_rows import Happening, LibraryRows, Way
from bot.features.preferences import People
from bot.features.privacy import PrivacyRows
from bot.features.servers.server_keys import KeyRows
from bot.features.servers.servers import ServerRows
from bot.features.storyboards import DraftRows
from bot.features.styles import Styles
from bot.storage import SqlJobStore, open_store
from bot.storage.census import SqlCensus, newest_jobs
from bot.storage.entries import Of, newest_adjustments, newest_entries
from bot.storage.ledger import SqlLedger, adjust
from bot.storage.tables.jobs import (
    account_balances,
    audit_entries,
    cooldowns,
    job_moves,
    jobs,
    ledger,
    ledger_accounts,
    ledger_adjustments,
    preferences,
    server_settings,
    storyboard_drafts,
    styles,
)
from bot.storage.tables.keys import server_keys
from bot.storage.unreadable import UnreadableRows
from tests.clocks import FakeClock
from tests.domain.samples import LATER, NOON, a_job

CLUB, MONA, ALICE = 3, 2, 77


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


async def damage(store: SqlJobStore, table: Table, where: object, **values: object) -> None:
    """Write what no version of ours writes, as a newer one might, or a hand."""
    sets = ", ".join(f"{name} = :{name}" for name in values)
    named = text(f"UPDATE {table.name} SET {sets} WHERE {where}").bindparams(**values)  # noqa: S608 - names of our own
    assert await store.database.write(named)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage().split(":")[0] for one in caplog.records if one.levelname == "ERROR"]


@pytest.mark.parametrize(
    "values",
    [
        {"request": "{"},
        {"request": '{"prompt": "a kite", "camera": "of a newer version"}'},
        {"media": "[]]"},
        {"request": "[" * 100_000},
        {"created_at": "the day before yesterday"},
        {"reach": "a newer way"},
        {"request": '{"duration_s": ' + "9" * 5_000 + "}"},
        {"version": "three"},
    ],
    ids=lambda values: next(iter(values)),
)
async def test_one_job_that_cannot_be_read_stops_no_other(
    store: SqlJobStore, caplog: pytest.LogCaptureFixture, values: dict[str, object]
) -> None:
    sound = a_job(2)
    await store.add(a_job(1))
    await store.add(sound)
    await damage(store, jobs, "id = 'job-1'", **values)

    for _ in range(2):
        assert await store.unfinished() == [sound]
    assert await newest_jobs(store.database, states=(), limit=9) == [sound]
    listed = LibraryRows(database=store.database).listed(
        sound.requester_id, states=State, beyond=None, way=Way.OLDER, limit=9
    )
    assert await listed == [sound]
    assert said(caplog) == ["job job-1 can't be read"]
    # That it cannot be read is not that there is none.
    with pytest.raises(RowUnreadable):
        await store.get("job-1")
    assert set(await store.unfinished_ids()) == {"job-1", "job-2"}


async def test_letters_that_are_none_cost_no_other_row(store: SqlJobStore) -> None:
    for number in (1, 2):
        await store.add(a_job(number))
    broken = "UPDATE jobs SET reach = CAST(X'FF626F74' AS TEXT) WHERE id = 'job-1'"
    await store.database.write(text(broken))
    assert [job.id for job in await store.unfinished()] == ["job-2"]


async def test_a_persons_jobs_that_cannot_be_read_are_named_beside_the_others(
    store: SqlJobStore, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2):
        await store.add(a_job(number))
    await damage(store, jobs, "id = 'job-1'", request="{")
    theirs = PrivacyRows(database=store.database).jobs_of(a_job().requester_id)
    ((found, unread),) = [batch async for batch in theirs]
    assert ([job.id for job in found], unread) == (["job-2"], ["job-1"])
    # There may be thousands: they are checked where the event loop is not.
    assert [record.thread == threading.get_ident() for record in caplog.records] == [False]


async def test_old_jobs_are_gone_through_to_the_end_past_what_cannot_be_read(
    store: SqlJobStore,
) -> None:
    for number in range(1, 6):
        await store.add(a_job(number, state=State.DELIVERED))
    for number in (1, 2, 4):
        await damage(store, jobs, f"id = 'job-{number}'", request="{")
    pages = PrivacyRows(database=store.database).older_than(NOON + timedelta(days=1), at_once=2)
    assert [job.id async for page in pages for job in page] == ["job-3", "job-5"]


async def test_in_the_line_nobody_waits_for_a_job_that_cannot_be_read(store: SqlJobStore) -> None:
    for number in (1, 2):
        await store.add(a_job(number))
    await damage(store, jobs, "id = 'job-1'", created_at="soon")
    await damage(store, jobs, "id = 'job-2'", sent_at="lately")
    begun = await store.begin_sending(
        a_job(2), LATER, lambda all_: {one.job_id: Go() for one in all_}
    )
    assert [one.job_id for one in await store.standings() if not one.is_under_way] == []
    assert getattr(begun, "id", None) == "job-2"


async def test_with_two_in_the_line_a_damaged_last_turn_is_none(store: SqlJobStore) -> None:
    for number in (1, 2, 3):
        await store.add(a_job(number))
    await damage(store, jobs, "id = 'job-3'", sent_at="lately")
    standings = await store.standings()
    assert {one.user_sent_at for one in standings} == {None}


async def test_a_state_of_a_newer_version_is_left_out_of_the_counts(
    store: SqlJobStore, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2, 3):
        await store.add(a_job(number))
    await damage(store, jobs, "id = 'job-1'", state="upscaling")
    await damage(store, jobs, "id = 'job-2'", state_since="0")
    census = SqlCensus(database=store.database)
    assert await census.jobs_by_state() == {State.WAITING: 2}
    assert set(await census.populations()) == {State.WAITING}
    assert len(said(caplog)) == 1


async def test_a_move_that_cannot_be_read_is_left_out_of_a_history(store: SqlJobStore) -> None:
    await store.add(job := a_job())
    await store.move(job, SendingBegan(), LATER)
    await damage(store, job_moves, "version = 0", state="dreaming")
    history = await LibraryRows(database=store.database).history(job.id)
    assert history == [Happening(State.SUBMITTING, LATER)]


async def test_one_key_that_cannot_be_read_stops_no_start_and_pays_nothing(
    store: SqlJobStore,
) -> None:
    keys = KeyRows(database=store.database)
    for guild_id in (CLUB, 4):
        await keys.replace(guild_id, encrypted="s", tail="t", by_user_id=MONA, at=NOON)
    await damage(store, server_keys, f"guild_id = {CLUB}", set_at="once")
    assert [kept.key.guild_id for kept in await keys.all_encrypted()] == [4]
    with pytest.raises(RowUnreadable):
        await keys.current(CLUB)


async def test_a_key_that_a_newer_version_broke_is_broken_and_can_be_replaced(
    store: SqlJobStore,
) -> None:
    keys = KeyRows(database=store.database)
    await keys.replace(CLUB, encrypted="s", tail="t", by_user_id=MONA, at=NOON)
    await keys.break_key(1, why=FailureReason.KEY_REFUSED, at=NOON)
    await damage(store, server_keys, "id = 1", broken_why="eaten_by_the_dog")
    found = await keys.current(CLUB)
    assert found is not None
    assert (found.broken_at, found.broken_why) == (NOON, FailureReason.KEY_REFUSED)
    assert (await keys.replace(CLUB, encrypted="x", tail="y", by_user_id=MONA, at=NOON)).id == 2


async def test_of_somebodys_drafts_the_newest_that_can_be_read_is_opened(
    store: SqlJobStore,
) -> None:
    drafts = DraftRows(database=store.database)
    for number, at in enumerate((NOON, LATER)):
        draft = Draft(id=f"d{number}", owner_id=ALICE, board=Storyboard(), touched_at=at)
        await drafts.add(draft)
    await damage(store, storyboard_drafts, "id = 'd1'", board='{"music": "loud"}')
    newest = await drafts.newest_of(ALICE)
    assert newest is not None
    assert newest.id == "d0"
    with pytest.raises(RowUnreadable):
        await drafts.get("d1")


async def test_one_style_that_cannot_be_read_hides_no_other(store: SqlJobStore) -> None:
    kept = Styles(database=store.database, clock=FakeClock())
    for name in ("clay", "noir"):
        await kept.add(CLUB, Style(name=name, prompt="x"), by_user_id=MONA)
    await damage(store, styles, "name = 'clay'", prompt="x" * 5_000)
    assert [one.style.name for one in await kept.own(CLUB) or ()] == ["noir"]


async def test_lists_of_the_ledger_leave_out_what_they_cannot_read(store: SqlJobStore) -> None:
    for number in (1, 2):
        await store.add(a_job(number))
    await damage(store, ledger, "job_id = 'job-1'", kind="gift")
    entries = await newest_entries(store.database, Of(), limit=9)
    assert [one.job_id for one in entries] == ["job-2"]
    account = Account(Scope.MEMBER, CLUB, ALICE, "2031-05")
    for at in (NOON, LATER):
        await store.database.transact(
            lambda connection, at=at: adjust(
                connection,
                Adjustment(
                    account=account,
                    at=at,
                    by_user_id=MONA,
                    why="x",
                    spent_change_microusd=0,
                    videos_change=0,
                ),
            )
        )
    await damage(store, ledger_adjustments, "seq = 1", scope="family")
    adjusted = await newest_adjustments(store.database, Of(), limit=9)
    assert [one.at for one in adjusted] == [LATER]


async def test_a_trail_leaves_out_what_it_cannot_read(store: SqlJobStore) -> None:
    servers = ServerRows(database=store.database)
    for what in ("first", "second"):
        await servers.note(
            AuditEntry(guild_id=CLUB, at=NOON, by_user_id=MONA, what=what, before="", after="")
        )
    await damage(store, audit_entries, "what = 'first'", at="some day")
    assert [one.what for one in await servers.audit(CLUB, limit=9)] == ["second"]


async def test_a_pause_of_no_readable_time_holds_nobody_back(store: SqlJobStore) -> None:
    await store.database.write(insert(cooldowns).values(user_id=ALICE, again_at=NOON))
    await damage(store, cooldowns, f"user_id = {ALICE}", again_at="later")
    assert await SqlLedger(database=store.database).again_at(ALICE) is None


async def test_when_a_server_was_left_is_noted_anew_where_it_cannot_be_read(
    store: SqlJobStore,
) -> None:
    people = PrivacyRows(database=store.database)
    await people.left(CLUB, NOON)
    await damage(store, server_settings, f"guild_id = {CLUB}", left_at="long ago")
    assert await people.servers() == {CLUB: None}


async def test_everybodys_choices_are_read_and_a_sum_that_is_none_asks_always(
    store: SqlJobStore,
) -> None:
    people = People(database=store.database)
    await people.change(ALICE, {"notify": Notify.DIRECT, "ask_above_microusd": 500_000})
    await people.change(MONA, {"notify": Notify.NONE})
    await damage(store, preferences, f"user_id = {ALICE}", ask_above_microusd=-1)
    await people.load()
    assert people.known(ALICE) == Preferences(notify=Notify.DIRECT, ask_above_microusd=0)
    assert people.known(MONA) == Preferences(notify=Notify.NONE)
    assert (await people.change(ALICE, {"sound": False})).ask_above_microusd == 0
    (row,) = await store.database.rows(select(preferences).where(preferences.c.user_id == ALICE))
    assert row["ask_above_microusd"] == -1


async def test_one_servers_settings_that_cannot_be_read_stop_no_other(
    store: SqlJobStore, caplog: pytest.LogCaptureFixture
) -> None:
    servers = ServerRows(database=store.database)
    for guild_id in (CLUB, 4, EVERYWHERE):
        await servers.change(guild_id, {"spoiler": True}, by_user_id=MONA, at=NOON)
    club = server_settings.c.guild_id == CLUB
    await store.database.write(update(server_settings).where(club).values(settings="["))
    for _ in range(2):
        read = await servers.everywhere()
        assert {guild_id for guild_id, one in read.items() if one.is_unread} == {CLUB}
    assert len(said(caplog)) == 1
    assert f"server {CLUB}" in said(caplog)[0]


def test_the_log_says_each_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    unreadable = UnreadableRows()
    for what in ("a", "b", "a"):
        unreadable.say(what)
    assert said(caplog) == ["a", "b"]


async def test_an_account_of_a_newer_version_moves_with_its_jobs_money(store: SqlJobStore) -> None:
    job = a_job()
    await store.add(job)
    newer: dict[str, Any] = {"scope": "team", "owner_id": 1, "subject_id": 1, "period": "2031-05"}
    named = {"job_id": job.id, **newer}
    sums = {"held_microusd": job.estimate_microusd, "spent_microusd": 0, "videos": 1}
    await store.database.write(insert(ledger_accounts).values(named))
    await store.database.write(insert(account_balances).values({**newer, **sums}))
    assert await store.move(job, Cancelled(), LATER)
    (row,) = await store.database.rows(select(account_balances))
    assert (row["held_microusd"], row["videos"]) == (0, 0)
