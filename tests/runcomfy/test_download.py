"""A result file arrives whole or not at all, from where it may come, and without the key."""

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp.abc import ResolveResult

from bot.domain.outcomes import (
    Fetched,
    FetchOutcome,
    Media,
    MediaKind,
    NotFetched,
    Succeeded,
    TooLarge,
)
from bot.playground.runcomfy_scenario import (
    Answers,
    Claims,
    Closes,
    CutsOff,
    Delays,
    Drips,
    Fault,
    FileHow,
    Hangs,
    NeverEnds,
    Output,
    Scenario,
    unavailable,
)
from bot.runcomfy import DownloadPace
from tests.patience import PATIENCE_S, RUNS_OUT_S, until
from tests.runcomfy.answers import file_of, redirect
from tests.runcomfy.directory import Directory
from tests.runcomfy.stand_in import MP4, PNG, Service, connected, left_in


async def the_media(service: Service, scenario: Scenario) -> Media:
    """The first file of a job that went like this."""
    done = await service.provider.look(await service.finished(scenario))
    assert isinstance(done, Succeeded)
    return done.media[0]


async def fetched(service: Service, folder: Path, *faults: Fault[FileHow]) -> FetchOutcome:
    """Fetch the video of a job whose file goes wrong like this."""
    media = await the_media(service, Scenario(on_file=faults))
    return await service.media_source.fetch(media, folder / "kite.mp4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty place for downloads."""
    place = tmp_path / "downloads"
    place.mkdir()
    return place


async def test_a_video_arrives_whole(service: Service, folder: Path) -> None:
    assert await fetched(service, folder) == Fetched(len(MP4), "video/mp4")
    assert left_in(folder) == {"kite.mp4": MP4}


async def test_an_image_arrives_whole(service: Service, folder: Path) -> None:
    media = await the_media(service, Scenario(output=Output.IMAGE))

    outcome = await service.media_source.fetch(media, folder / "kite.png")

    assert outcome == Fetched(len(PNG), "image/png")
    assert left_in(folder) == {"kite.png": PNG}


@pytest.mark.parametrize(
    "how",
    [
        # A label is only what somebody says.
        file_of(MP4, "application/octet-stream"),
        file_of(MP4, "binary/octet-stream"),
        file_of(MP4, "application/mp4"),
        file_of(MP4, "text/html"),
        file_of(MP4, "video/quicktime"),
        Delays(0.1),
        Drips(bytes_at_a_time=1_000, pause_s=0.01),
    ],
)
async def test_a_good_file_may_come_in_several_ways(
    service: Service, folder: Path, how: FileHow
) -> None:
    assert await fetched(service, folder, Fault(how)) == Fetched(len(MP4), "video/mp4")
    assert left_in(folder) == {"kite.mp4": MP4}


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        (NeverEnds(), TooLarge()),
        (Claims(size_bytes=1024 * 1024 + 1), TooLarge()),
        (Claims(size_bytes=len(MP4) + 1), NotFetched("connection lost", passing=True)),
        (CutsOff(), NotFetched("connection lost", passing=True)),
        (Closes(), NotFetched("connection lost", passing=True)),
        (file_of(b""), NotFetched("an empty file", passing=True)),
        (file_of(b"<html>not here</html>"), NotFetched("not a video", passing=False)),
        (file_of(b"abc"), NotFetched("not a video", passing=False)),
        (file_of(PNG), NotFetched("not a video", passing=False)),
        (file_of(b"<html>not here</html>", "video/mp4"), NotFetched("not a video", passing=False)),
        (file_of(b"just some words", "text/plain"), NotFetched("not a video", passing=False)),
        (
            Answers(200, MP4, {"Content-Type": "video/mp4", "Content-Encoding": "br"}),
            NotFetched("compressed, which the bot doesn't accept", passing=False),
        ),
        (Answers(206, MP4), NotFetched("HTTP 206", passing=False)),
        (Answers(204), NotFetched("HTTP 204", passing=False)),
        (Answers(400, "no"), NotFetched("HTTP 400", passing=True)),
        (Answers(403, "no"), NotFetched("HTTP 403", passing=True, is_missing=True)),
        (Answers(410, "no"), NotFetched("HTTP 410", passing=False, is_missing=True)),
        (Answers(404, "no"), NotFetched("HTTP 404", passing=True, is_missing=True)),
        (Answers(429, "no"), NotFetched("HTTP 429", passing=True)),
        (unavailable(), NotFetched("HTTP 503", passing=True)),
        (redirect("/files/elsewhere"), NotFetched("HTTP 307", passing=False)),
        (redirect("https://elsewhere.example/kite.mp4"), NotFetched("HTTP 307", passing=False)),
    ],
)
async def test_a_file_that_goes_wrong_leaves_nothing_behind(
    service: Service, folder: Path, how: FileHow, outcome: FetchOutcome
) -> None:
    assert await fetched(service, folder, Fault(how)) == outcome
    assert not left_in(folder)


@pytest.mark.parametrize("how", [Hangs(), Delays(60)])
async def test_a_file_of_which_no_byte_comes_in_time_is_given_up(
    service: Service, folder: Path, how: FileHow
) -> None:
    media = await the_media(service, Scenario(on_file=(Fault(how),)))

    async with service.hurried() as hurried:
        outcome = await hurried.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("no bytes in time", passing=True)
    assert not left_in(folder)


A_STRETCH_S = 1.5
"""Over which the speed is measured: many drips long, so that a busy machine makes no gap."""


@pytest.mark.parametrize(
    ("drips", "min_bytes_per_s", "outcome"),
    [
        (Drips(bytes_at_a_time=14, pause_s=0.1), 1_000, NotFetched("too slow", passing=True)),
        (
            Drips(bytes_at_a_time=10, pause_s=0.1, bytes_at_first=3_500),
            1_000,
            NotFetched("too slow", passing=True),
        ),
        # Longer than a stretch, but fast enough in each.
        (Drips(bytes_at_a_time=200, pause_s=0.1), 10, Fetched(len(MP4), "video/mp4")),
    ],
)
async def test_every_stretch_of_a_download_has_to_bring_its_share(
    service: Service, folder: Path, drips: Drips, min_bytes_per_s: int, outcome: FetchOutcome
) -> None:
    pace = DownloadPace(
        idle_timeout_s=A_STRETCH_S, total_timeout_s=PATIENCE_S, min_bytes_per_s=min_bytes_per_s
    )
    media = await the_media(service, Scenario(on_file=(Fault(drips),)))

    async with connected(service.server.url, pace=pace) as measured:
        assert await measured.media_source.fetch(media, folder / "kite.mp4") == outcome

    assert bool(left_in(folder)) is isinstance(outcome, Fetched)


async def test_no_slow_drip_lasts_longer_than_the_whole_download_may(
    service: Service, folder: Path
) -> None:
    pace = DownloadPace(idle_timeout_s=PATIENCE_S, total_timeout_s=RUNS_OUT_S, min_bytes_per_s=1)
    drip = Fault(Drips(bytes_at_a_time=1, pause_s=0.01))
    media = await the_media(service, Scenario(on_file=(drip,)))

    async with connected(service.server.url, pace=pace) as hurried:
        outcome = await hurried.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("no bytes in time", passing=True)
    assert not left_in(folder)


async def test_a_passing_trouble_is_over_the_next_time(service: Service, folder: Path) -> None:
    media = await the_media(service, Scenario(on_file=(Fault(unavailable(), times=1),)))
    into = folder / "kite.mp4"

    assert await service.media_source.fetch(media, into) == NotFetched("HTTP 503", passing=True)
    assert isinstance(await service.media_source.fetch(media, into), Fetched)


async def test_a_file_on_a_foreign_host_is_not_even_asked_for(
    service: Service, folder: Path
) -> None:
    media = await the_media(service, Scenario(files_at="https://files.elsewhere.example"))

    outcome = await service.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("host not allowed", passing=False)


@pytest.mark.parametrize("url", ["", "kite.mp4", "https://[", "file:///etc/passwd"])
async def test_what_is_no_address_is_not_asked_for(
    service: Service, folder: Path, url: str
) -> None:
    media = Media(kind=MediaKind.VIDEO, url=url)

    outcome = await service.media_source.fetch(media, folder / "kite.mp4")

    assert isinstance(outcome, NotFetched)
    assert not outcome.passing


async def test_a_name_of_this_machine_is_refused_unless_it_is_listed(
    service: Service, folder: Path
) -> None:
    media = await the_media(
        service, Scenario(files_at=service.server.url.replace("127.0.0.1", "localhost"))
    )

    refused = await service.media_source.fetch(media, folder / "kite.mp4")
    async with connected(service.server.url, file_hosts=["localhost"]) as open_minded:
        allowed = await open_minded.media_source.fetch(media, folder / "kite.mp4")

    assert refused == NotFetched("host not allowed", passing=False)
    assert isinstance(allowed, Fetched)


async def test_an_allowed_name_that_leads_into_a_private_network_is_refused(
    service: Service, folder: Path
) -> None:
    directory = Directory(**{"files.runcomfy.net": ("10.0.0.1",)})
    media = Media(kind=MediaKind.VIDEO, url="https://files.runcomfy.net/kite.mp4")

    async with connected(
        service.server.url, file_hosts=["runcomfy.net"], file_resolver=directory
    ) as runcomfy:
        outcome = await runcomfy.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("address not public", passing=False)


async def test_a_name_that_no_lookup_takes_is_a_definite_failure(
    service: Service, folder: Path
) -> None:
    class Unpronounceable(Directory):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            raise UnicodeError(host, port, family)

    media = Media(kind=MediaKind.VIDEO, url="https://files.runcomfy.net/kite.mp4")

    async with connected(
        service.server.url, file_hosts=["runcomfy.net"], file_resolver=Unpronounceable()
    ) as runcomfy:
        outcome = await runcomfy.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("no name that can be looked up", passing=False)


async def test_where_nobody_listens_may_be_asked_again(
    service: Service, folder: Path, unused_tcp_port: int
) -> None:
    media = Media(kind=MediaKind.VIDEO, url=f"http://127.0.0.1:{unused_tcp_port}/kite.mp4")

    outcome = await service.media_source.fetch(media, folder / "kite.mp4")

    assert outcome == NotFetched("no connection", passing=True)


async def test_a_full_disk_is_a_passing_trouble(service: Service, folder: Path) -> None:
    (folder / "kite.mp4.part").symlink_to("/dev/full")

    assert await fetched(service, folder) == NotFetched("the disk doesn't take it", passing=True)
    assert not left_in(folder)


async def test_a_cancelled_download_leaves_nothing_behind(service: Service, folder: Path) -> None:
    media = await the_media(service, Scenario(on_file=(Fault(Hangs()),)))

    download = asyncio.create_task(service.media_source.fetch(media, folder / "kite.mp4"))
    await until(lambda: "kite.mp4.part" in left_in(folder))
    download.cancel()
    with pytest.raises(asyncio.CancelledError):
        await download

    assert not left_in(folder)


async def test_no_more_than_four_are_fetched_at_once(service: Service, folder: Path) -> None:
    media = await the_media(service, Scenario(on_file=(Fault(Delays(0.1)),)))
    at_once = [0]

    async def fetch(number: int) -> FetchOutcome:
        return await service.media_source.fetch(media, folder / f"{number}.mp4")

    downloads = [asyncio.create_task(fetch(number)) for number in range(6)]

    def all_are_done() -> bool:
        done = sum(download.done() for download in downloads)
        at_once.append(len(service.server.file_requests) - done)
        return done == len(downloads)

    await until(all_are_done)

    assert all(isinstance(download.result(), Fetched) for download in downloads)
    assert max(at_once) == 4
