"""Each benchmark runs and has something to say, in its smallest form; its figures do not matter."""

from pathlib import Path

import pytest

from benchmarks import (
    acknowledgement,
    delivery,
    detection,
    known,
    line,
    pictures,
    stalls,
    store,
    watching,
)
from benchmarks.report import Bar, Report, machine, percentile
from bot.storage import default_database_url


def test_a_report_is_markdown_with_its_bars() -> None:
    report = Report(
        title="Speed",
        what="Something.",
        tables=[[{"jobs": "1", "took": "2 s"}, {"jobs": "10", "took": "3 s"}]],
        bars=[Bar("≤ 1 s", "2 s", is_kept=False)],
        notes=["Why."],
    )

    assert report.markdown().splitlines() == [
        "### Speed",
        "",
        "Something.",
        "",
        "| jobs | took |",
        "| --- | --- |",
        "| 1 | 2 s |",
        "| 10 | 3 s |",
        "",
        "| bar | measured |  |",
        "| --- | --- | --- |",
        "| ≤ 1 s | 2 s | ❌ |",
        "",
        "Why.",
    ]


def test_figures_come_with_the_machine() -> None:
    assert "cores" in machine()
    assert "Python 3" in machine()


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 3), (0.95, 4), (1, 4)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([4, 2, 3, 1], share) == value


def test_detection_compares_the_polling_with_fixed_intervals() -> None:
    words = detection.run(jobs=100, live=(2, 10)).markdown()

    assert "| 10 | this bot |" in words
    assert "| 2 | every 5 s |" in words
    assert "two kinds" in words


async def test_watching_looks_at_every_job() -> None:
    watched = await watching.watch(10, settle_s=0.5, measure_s=2.5)

    assert watched.polls_per_s > 0
    assert watched.figures.memory_bytes > 10_000_000
    assert watched.row()["live jobs"] == "10"


async def test_delivery_uploads_the_whole_file() -> None:
    words = (await delivery.run(sizes_mb=(2,), rounds=1)).markdown()

    assert "| 2 MB |" in words


async def test_jobs_that_take_their_time_are_delivered() -> None:
    flow = known.Flow("short", [0.2, 0.4], 0.1, 1, 2)
    words = (await known.run([flow])).markdown()

    assert "| 2 of short |" in words


async def test_acknowledgement_is_answered_beside_other_jobs() -> None:
    answered_s = await acknowledgement.acknowledged_s(5, 2, settle_s=0)

    assert len(answered_s) == 2


async def test_the_store_takes_asks_and_whole_lives(tmp_path: Path) -> None:
    row = await store.measured("SQLite", default_database_url(tmp_path), live=5, measure_s=0.5)

    assert int(row["asks/s"]) > 0
    assert int(row["lives/s"]) > 0


async def test_the_line_is_reckoned_over_all_who_wait() -> None:
    words = (await line.run(20, measure_s=0.2)).markdown()

    assert "| 20 |" in words
    assert "loop lag p99" in words


async def test_the_worst_that_members_send_is_driven_beside_a_turning_loop() -> None:
    words = (await stalls.run(times=1, jobs=10)).markdown()

    assert "| words of a prompt of ligatures |" in words
    assert "no stall above 20 ms" in words


async def test_photographs_are_taken_in_beside_a_turning_loop() -> None:
    words = (await pictures.run(at_once=2, size_px=(800, 600))).markdown()

    assert "| 2 of 0 megapixels |" in words
    assert "memory above idle" in words
