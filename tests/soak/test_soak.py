"""The short form of `make soak`: what the long one measures is looked for, and would be seen."""

import asyncio
from dataclasses import replace

import pytest

from tests.soak.growth import MEMORY, Reading, Trend, trends
from tests.soak.laws import Story, breaches
from tests.soak.soak import BYSTANDERS, Outcome, soak
from tests.soak.table import report

JOBS, READINGS, SEED = 36, 3, 3
VIDEO_BYTES = 1_000
WELL = Story(
    number=7, bought=1, states=("delivered",), attached=VIDEO_BYTES, pings=frozenset({"done7"})
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Three rests, and between the first two a process that is killed."""
    folder = tmp_path_factory.mktemp("soak")
    return asyncio.run(soak(folder, jobs=JOBS, restarts=1, readings=READINGS, seed=SEED, say=print))


def test_each_job_is_bought_once_and_delivered_whatever_goes_wrong_on_the_way(
    found: Outcome,
) -> None:
    assert found.broken == []
    assert sorted(story.number for story in found.stories) == [*range(JOBS + BYSTANDERS)]
    assert len(found.restarts) == 1
    assert found.wrong["Discord: gateway lost"] >= 2
    assert [what for what in found.wrong if what.startswith("RunComfy")]


def test_nothing_that_a_job_opened_is_left_when_it_has_ended(found: Outcome) -> None:
    _, first, last = found.readings
    assert (first.life, last.life) == (1, 1)
    assert last.ended - first.ended == JOBS // READINGS
    for name in ("tasks", "open files", "files", "rows of pending_wishes"):
        assert last.figures[name] <= first.figures[name], name


def test_the_report_tells_all_of_it(found: Outcome) -> None:
    said = report(found, trends(found.readings, warm_up=0), warm_up=0).markdown()
    assert f"{JOBS + BYSTANDERS} jobs asked for, bought, delivered and told" in said
    assert "SIGKILL" in said
    for name in found.readings[-1].figures:
        assert name in said or not found.readings[-1].figures[name]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WELL, bought=2),
        replace(WELL, bought=0),
        replace(WELL, states=()),
        replace(WELL, states=("delivered", "delivered")),
        replace(WELL, states=("unsure",)),
        replace(WELL, attached=0),
        replace(WELL, pings=frozenset[str]()),
        replace(WELL, pings=frozenset({"done7", "another"})),
    ],
)
def test_a_breach_would_be_seen(wrong: Story) -> None:
    assert len(breaches([WELL, wrong], video_bytes=VIDEO_BYTES)) == 1


def trend(name: str, *, per_job: float, per_life: float = 0.0) -> Trend:
    """Of a figure that varies a little, over three lives of 2,000 jobs that need 500 to warm up."""
    readings = [
        Reading(
            life=life,
            since_start=jobs,
            ended=2_000 * life + jobs,
            figures={
                name: per_life * life + per_job * (2_000 * life + max(jobs, 500)) + jobs // 250 % 2
            },
        )
        for life in range(3)
        for jobs in range(250, 2_001, 250)
    ]
    (found,) = trends(readings, warm_up=500)
    return found


@pytest.mark.parametrize("name", [MEMORY, "open files", "sockets", "tasks", "threads"])
def test_what_a_process_keeps_of_one_job_in_a_hundred_is_seen(name: str) -> None:
    leak = trend(name, per_job=0.01)
    assert leak.is_a_leak
    assert leak.per_thousand == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("name", [MEMORY, "tasks"])
def test_a_process_that_needs_more_than_the_one_before_it_is_no_leak(name: str) -> None:
    assert not trend(name, per_job=0, per_life=30).grows


def test_rows_that_must_be_kept_may_grow_and_no_others() -> None:
    assert trend("rows of jobs", per_job=1).grows
    assert not trend("rows of jobs", per_job=1).is_a_leak
    assert trend("rows of cooldowns", per_job=1).is_a_leak
