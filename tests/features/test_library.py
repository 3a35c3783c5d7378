"""The library: what it says is so, also when the database, the disk or Discord is away."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, JobId, State
from bot.domain.lifecycle import EndTold
from bot.domain.outcomes import Fetched, FetchOutcome, Media, NotFetched, TooLarge
from bot.domain.ports import (
    Copier,
    JobStore,
    NotCopied,
    NotPresented,
    Playing,
    Presented,
    PresentOutcome,
    StoreUnavailable,
    Trouble,
)
from bot.features.library.library import (
    Deleted,
    Details,
    Filter,
    Library,
    LibraryPage,
    LibraryRefusal,
    TimeIn,
    VideoFiles,
    prompt_token,
    times_spent,
)
from bot.features.library.library_rows import Cursor, Happening, LibraryRows, Way
from bot.features.pictures import Pictures
from bot.features.video_files import VideoFinder
from bot.runner.files.keeper import Archive, FileKeeper
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, AN_IMAGE, HERE, NOON, a_job
from tests.pictures import a_picture, saved
from tests.runner.stand_ins import FailingStore

REQUESTER = Actor(user_id=77)
MODERATOR = Actor(user_id=78, guild_id=HERE.guild_id, manages_messages=True)
STRANGER = Actor(user_id=79, guild_id=HERE.guild_id)
MODERATOR_ELSEWHERE = Actor(user_id=78, guild_id=1, manages_messages=True)
MIB = 1024 * 1024


class ScriptedRemover:
    """Removes every card, or answers in the order that was written down."""

    def __init__(self, outcomes: Iterable[PresentOutcome] = ()) -> None:
        self.removed: list[Job] = []
        self._outcomes = list(outcomes)

    async def remove(self, job: Job, history: Sequence[Happening]) -> PresentOutcome:
        del history
        self.removed.append(job)
        return self._outcomes.pop(0) if self._outcomes else Presented()


class ScriptedSource:
    """Gives files as they were written down, in turn."""

    def __init__(self, outcomes: Iterable[FetchOutcome] = ()) -> None:
        self._outcomes = list(outcomes)

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        del media
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Fetched):
            into.write_bytes(bytes(outcome.size_bytes))
        return outcome


async def on_no_card(job: Job, into: Path) -> bool:
    """No card can be reached."""
    del job, into
    return False


class Reading:
    """A library with its neighbours over a real database and a real disk."""

    def __init__(
        self,
        store: SqlJobStore,
        folder: Path,
        *,
        through: JobStore | None = None,
        removals: Iterable[PresentOutcome] = (),
        fetches: Iterable[FetchOutcome] = (),
        copier: Copier | None = None,
    ) -> None:
        self.store = store
        self.folder = folder
        self.clock = FakeClock(NOON)
        archive = Archive(folder=folder / "archive", max_bytes=MIB, max_age=timedelta(days=36_500))
        self.files = FileKeeper(spool_dir=folder / "spool", archive=archive)
        self.cards = ScriptedRemover(removals)
        self.taken_from_showcase: list[JobId] = []
        self.showcase_ends: Trouble | None = None
        self.pictures = Pictures(database=store.database, clock=self.clock)
        self.finder = VideoFinder(
            files=self.files,
            media_source=ScriptedSource(fetches),
            copier=copier,
            original_on_card=on_no_card,
            copy_on_card=on_no_card,
            random=Random(1),  # noqa: S311 - names of a test's folders
        )
        self.library = Library(
            jobs=through or store,
            rows=LibraryRows(database=store.database),
            files=self.files,
            files_of=self.finder.files_of,
            remove_card=self.cards.remove,
            let_go_of_pictures=self.pictures.let_go,
            take_from_showcase=self.take_from_showcase,
            clock=self.clock,
        )

    async def take_from_showcase(self, job_id: JobId) -> Trouble | None:
        self.taken_from_showcase.append(job_id)
        return self.showcase_ends

    async def keep(self, state: State = State.DELIVERED, **changes: object) -> Job:
        job = a_job(state=state, told=True).model_copy(update={"media": (A_VIDEO,), **changes})
        await self.store.add(job)
        return job

    async def archive(self, job: Job, size_bytes: int = 5) -> Path:
        folder = await self.files.folder(job.id)
        (folder / "original-1.mp4").write_bytes(bytes(size_bytes))
        await self.files.delivered(job.id)
        (kept,) = await self.files.archived(job.id)
        return kept


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def reading(store: SqlJobStore, tmp_path: Path) -> Reading:
    return Reading(store, tmp_path)


def away(store: SqlJobStore, *calls: str) -> FailingStore:
    return FailingStore(store, is_away=lambda call: call in calls)


# --- looking ------------------------------------------------------------------------------------


async def test_a_page_says_where_it_goes_on(reading: Reading) -> None:
    jobs = [a_job(number) for number in range(1, 4)]
    for job in jobs:
        await reading.store.add(job)
    first = await reading.library.page(77, which=Filter.ALL, beyond=None, way=Way.OLDER, size=2)
    assert first == LibraryPage(jobs=[jobs[2], jobs[1]], newer=None, older=Cursor.at(jobs[1]))
    last = await reading.library.page(
        77, which=Filter.ALL, beyond=Cursor.at(jobs[1]), way=Way.OLDER, size=2
    )
    assert last == LibraryPage(jobs=[jobs[0]], newer=Cursor.at(jobs[0]), older=None)


async def test_a_page_of_which_nothing_is_left_is_the_first(reading: Reading) -> None:
    job = await reading.keep()
    for way in Way:
        beyond = Cursor(NOON - timedelta(days=1), "x")
        page = await reading.library.page(77, which=Filter.ALL, beyond=beyond, way=way, size=2)
        assert page == LibraryPage(jobs=[job], newer=None, older=None)


async def test_without_the_database_nothing_is_suggested_and_all_else_is_raised(
    reading: Reading,
) -> None:
    job = await reading.keep()
    await reading.store.close()
    library = reading.library
    assert await library.recent(77, containing="", limit=5) == []
    assert await library.recent_prompts(77, containing="", limit=5) == []
    for asked in (
        library.page(77, which=Filter.ALL, beyond=None, way=Way.OLDER, size=2),
        library.details(job.id, REQUESTER),
        library.reusable(job.id, REQUESTER),
        library.delete(job.id, REQUESTER),
        library.full_prompt(prompt_token("0" * 16), 77),
    ):
        with pytest.raises(StoreUnavailable):
            await asked
    assert await library.full_prompt("typed", 77) == "typed"


async def test_without_its_history_nothing_of_a_job_is_told_or_deleted(
    store: SqlJobStore, tmp_path: Path
) -> None:
    job = await Reading(store, tmp_path).keep()

    class Remembering(FailingStore):
        async def get(self, job_id: str) -> Job | None:
            return job.model_copy(update={"id": job_id})

    reading = Reading(store, tmp_path, through=Remembering(store, is_away=lambda _: False))
    await store.close()
    with pytest.raises(StoreUnavailable):
        await reading.library.details(job.id, REQUESTER)
    # The history says where the messages are that go with the card.
    with pytest.raises(StoreUnavailable):
        await reading.library.delete(job.id, REQUESTER)
    assert reading.cards.removed == []


async def test_details_are_for_the_requester_and_moderators(reading: Reading) -> None:
    job = await reading.keep(State.QUEUED)
    reading.clock.move_to(job.created_at + timedelta(seconds=9))
    for person in (REQUESTER, MODERATOR):
        assert await reading.library.details(job.id, person) == Details(
            job, [TimeIn(State.QUEUED, timedelta(seconds=9))]
        )
    refused = Denied(LibraryRefusal.NOT_YOURS)
    for person in (STRANGER, MODERATOR_ELSEWHERE):
        assert await reading.library.details(job.id, person) == refused
        assert await reading.library.deletable(job.id, person) == refused


async def test_a_private_request_is_its_requesters_alone_and_a_public_one_everybodys(
    reading: Reading,
) -> None:
    public = await reading.keep()
    assert await reading.library.reusable(public.id, STRANGER) == public
    elsewhere = Denied(LibraryRefusal.NOT_YOURS)
    assert await reading.library.reusable(public.id, MODERATOR_ELSEWHERE) == elsewhere
    private = await reading.keep(id="job-2", interaction_id=2, private=True)
    assert await reading.library.reusable(private.id, REQUESTER) == private
    refused = Denied(LibraryRefusal.NOT_YOURS)
    assert await reading.library.reusable(private.id, MODERATOR) == refused
    unknown = Denied(LibraryRefusal.UNKNOWN_JOB)
    assert await reading.library.reusable("nonsense", REQUESTER) == unknown


async def test_a_token_stands_for_its_owners_prompt(reading: Reading) -> None:
    request = GenerationRequest(prompt="p" * 200)
    job = await reading.keep(id="0123456789abcdef", request=request)
    assert await reading.library.full_prompt(prompt_token(job.id), 77) == "p" * 200
    unknown = Denied(LibraryRefusal.UNKNOWN_PROMPT)
    assert await reading.library.full_prompt(prompt_token(job.id), 78) == unknown
    assert await reading.library.full_prompt(prompt_token("f" * 16), 77) == unknown
    erased = await reading.keep(id="e" * 16, interaction_id=2, erased=True)
    said = await reading.library.full_prompt(prompt_token(erased.id), 77)
    assert said == Denied(LibraryRefusal.ERASED)


def test_times_in_a_state_are_added_up_and_ends_last_for_ever() -> None:
    moves = [
        (State.ASKED, 0),
        (State.WAITING, 1),
        (State.SUBMITTING, 2),
        (State.WAITING, 3),
        (State.SUBMITTING, 10),
        (State.QUEUED, 11),
        (State.QUEUED, 15),
        (State.DELIVERED, 60),
    ]
    history = [Happening(state, NOON + timedelta(seconds=at)) for state, at in moves]
    now = NOON + timedelta(days=1)
    assert times_spent(history, now) == [
        TimeIn(State.WAITING, timedelta(seconds=9)),
        TimeIn(State.SUBMITTING, timedelta(seconds=2)),
        TimeIn(State.QUEUED, timedelta(seconds=49)),
    ]
    assert times_spent([], now) == []


# --- deleting -----------------------------------------------------------------------------------


async def test_deleting_takes_card_and_copy_and_marks_the_job(reading: Reading) -> None:
    job = await reading.keep()
    kept = await reading.archive(job)
    outcome = await reading.library.delete(job.id, MODERATOR)
    assert isinstance(outcome, Deleted)
    assert (outcome.card_is_gone, outcome.job.deleted) == (True, True)
    assert reading.cards.removed == [job]
    assert not kept.exists()
    again = await reading.library.delete(job.id, REQUESTER)
    assert again == Denied(LibraryRefusal.ALREADY_DELETED)


async def test_a_deleted_job_keeps_no_picture_that_it_alone_shows(reading: Reading) -> None:
    picture = await reading.pictures.take(saved(a_picture()), user_id=REQUESTER.user_id)
    assert isinstance(picture, Picture)
    job = await reading.keep(request=GenerationRequest(prompt=f"of {picture.digest}"))
    assert isinstance(await reading.library.delete(job.id, MODERATOR), Deleted)
    assert await reading.pictures.bytes_of(picture.digest) is None


@pytest.mark.parametrize("state", sorted(set(State) - {State.DELIVERED}))
async def test_only_what_is_over_and_told_can_be_deleted(reading: Reading, state: State) -> None:
    job = await reading.keep(state, told=False)
    refused = Denied(LibraryRefusal.STILL_GOING_ON)
    assert await reading.library.deletable(job.id, REQUESTER) == refused
    assert reading.cards.removed == []
    told = await reading.store.move(job, EndTold(), NOON)
    if told is not None and state is not State.UNSURE:
        assert await reading.library.deletable(job.id, REQUESTER) == told


@pytest.mark.parametrize(
    ("trouble", "is_deleted"),
    [(Trouble.PLACE_CLOSED, True), (Trouble.KEY_DEAD, True), (Trouble.PASSING, False)],
)
@pytest.mark.parametrize("in_showcase", [False, True])
async def test_a_card_or_a_post_that_stays_is_admitted(
    store: SqlJobStore,
    tmp_path: Path,
    trouble: Trouble,
    is_deleted: bool,  # noqa: FBT001 - a column of the table
    *,
    in_showcase: bool,
) -> None:
    outcomes = [Presented() if in_showcase else NotPresented(trouble)]
    reading = Reading(store, tmp_path, removals=outcomes)
    reading.showcase_ends = trouble if in_showcase else None
    job = await reading.keep()
    kept = await reading.archive(job)
    outcome = await reading.library.delete(job.id, REQUESTER)
    if is_deleted:
        assert isinstance(outcome, Deleted)
        assert not outcome.card_is_gone
    else:
        assert outcome == Denied(LibraryRefusal.DISCORD_SILENT)
    assert kept.exists() is not is_deleted
    row = await store.get(job.id)
    assert row is not None
    assert row.deleted is is_deleted


async def test_a_deletion_that_cannot_be_written_may_be_repeated(
    store: SqlJobStore, tmp_path: Path
) -> None:
    reading = Reading(store, tmp_path, through=away(store, "CardDeleted"))
    job = await reading.keep()
    with pytest.raises(StoreUnavailable):
        await reading.library.delete(job.id, REQUESTER)
    healed = Reading(store, tmp_path)
    assert isinstance(await healed.library.delete(job.id, REQUESTER), Deleted)


async def test_a_copy_that_the_disk_does_not_let_go_is_not_said_to_be_deleted(
    reading: Reading,
) -> None:
    job = await reading.keep()
    (reading.folder / "archive").mkdir()
    (reading.folder / "archive" / job.id).write_text("a file where a folder should be")
    outcome = await reading.library.delete(job.id, REQUESTER)
    assert outcome == Denied(LibraryRefusal.NOT_NOW)
    row = await reading.store.get(job.id)
    assert row is not None
    assert not row.deleted


# --- sending again ------------------------------------------------------------------------------


async def test_the_archive_is_asked_first_and_keeps_its_file(reading: Reading) -> None:
    job = await reading.keep()
    kept = await reading.archive(job)
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        assert isinstance(answer, VideoFiles)
        assert [(file.path, file.media) for file in answer.files] == [(kept, A_VIDEO)]
    assert kept.exists()
    async with reading.library.video(job.id, REQUESTER, limit_bytes=4) as answer:
        assert answer == VideoFiles(job, [])


class Looking:
    """Finds in every video what it is told to."""

    def __init__(self, playing: Playing) -> None:
        self._playing = playing

    async def inspect(self, video: Path) -> Playing:
        assert video.exists()
        return self._playing

    async def copy(
        self, source: Path, into: Path, *, limit_bytes: int, duration_s: float, sound: bool
    ) -> NotCopied:
        raise AssertionError(f"no copy is wanted: {source, into, limit_bytes, duration_s, sound}")


@pytest.mark.parametrize("playing", Playing)
async def test_what_most_clients_do_not_play_is_sent_again_as_a_link(
    store: SqlJobStore, tmp_path: Path, playing: Playing
) -> None:
    got = [Fetched(5, "video/webm")]
    reading = Reading(store, tmp_path, fetches=got, copier=Looking(playing))
    job = await reading.keep()
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        if playing is Playing.AS_IT_IS:
            assert isinstance(answer, VideoFiles)
            assert [file.path.suffix for file in answer.files] == [".webm"]
        else:
            assert answer == VideoFiles(job, [])


@pytest.mark.parametrize("mark", [".needs-copy", ".unreadable"])
async def test_what_the_archive_has_and_does_not_play_is_a_link(
    reading: Reading, mark: str
) -> None:
    job = await reading.keep()
    kept = await reading.archive(job)
    kept.rename(kept.with_name(f"original-1{mark}.mp4"))
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        assert answer == VideoFiles(job, [])


async def test_what_was_fetched_is_there_while_it_is_needed(
    store: SqlJobStore, tmp_path: Path
) -> None:
    got = [Fetched(5, "video/mp4"), Fetched(5, "image/png")]
    reading = Reading(store, tmp_path, fetches=got)
    job = await reading.keep(media=(A_VIDEO, AN_IMAGE))
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        assert isinstance(answer, VideoFiles)
        assert [file.path.suffix for file in answer.files] == [".mp4", ".png"]
        assert all(file.path.exists() for file in answer.files)
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        (NotFetched("HTTP 404", passing=True, is_missing=True), LibraryRefusal.GONE),
        (NotFetched("HTTP 403", passing=False, is_missing=True), LibraryRefusal.GONE),
        (NotFetched("no connection", passing=True), LibraryRefusal.FETCH_FAILED),
        (NotFetched("not a video", passing=False), LibraryRefusal.FETCH_FAILED),
        (TooLarge(), None),
        (Fetched(MIB + 1, "video/mp4"), None),
    ],
)
async def test_what_cannot_be_sent_is_said_truthfully(
    store: SqlJobStore, tmp_path: Path, outcome: FetchOutcome, refusal: LibraryRefusal | None
) -> None:
    reading = Reading(store, tmp_path, fetches=[outcome])
    job = await reading.keep()
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        links = VideoFiles(job, [])
        assert answer == (links if refusal is None else Denied(refusal))
    assert list((tmp_path / "spool").iterdir()) == []


async def test_a_full_disk_is_no_reason_to_say_that_it_is_gone(reading: Reading) -> None:
    job = await reading.keep()
    (reading.folder / "spool").write_text("a file where a folder should be")
    async with reading.library.video(job.id, REQUESTER, limit_bytes=MIB) as answer:
        assert answer == Denied(LibraryRefusal.FETCH_FAILED)


@pytest.mark.parametrize(
    ("state", "person", "changes", "refusal"),
    [
        (State.DELIVERED, MODERATOR, {}, LibraryRefusal.NOT_YOURS),
        (State.DELIVERED, REQUESTER, {"deleted": True}, LibraryRefusal.ALREADY_DELETED),
        (State.DELIVERED, REQUESTER, {"erased": True}, LibraryRefusal.ERASED),
        (State.FAILED, REQUESTER, {}, LibraryRefusal.NO_VIDEO),
    ],
)
async def test_a_video_is_sent_to_its_requester_alone_and_only_if_there_is_one(
    reading: Reading,
    state: State,
    person: Actor,
    changes: dict[str, object],
    refusal: LibraryRefusal,
) -> None:
    job = await reading.keep(state, **changes)
    async with reading.library.video(job.id, person, limit_bytes=MIB) as answer:
        assert answer == Denied(refusal)
