"""Killed with SIGKILL at any moment, the bot never pays twice and never loses a paid video."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from tests.chaos.evidence import Evidence, gather
from tests.chaos.records import Letter
from tests.chaos.service import VANISHED
from tests.chaos.siege import Siege, besiege
from tests.chaos.verdict import Verdict

KILLS, SEED = 60, 0x51EE

Run = tuple[Siege, Evidence]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A bot that was killed sixty times and then left in peace; `make chaos` tries other seeds."""
    folder = tmp_path_factory.mktemp("siege")
    siege = asyncio.run(besiege(folder, kills=KILLS, seed=SEED))
    return siege, gather(folder, clock_start=siege.clock_start)


def test_every_law_holds_however_often_it_is_killed(run: Run) -> None:
    siege, evidence = run
    verdict = Verdict(evidence, kills=siege.kills)
    assert not verdict.broken, verdict.table()
    assert not siege.own_deaths
    assert len(siege.kills) == KILLS


def test_the_kills_came_where_it_hurts_and_the_bot_worked_all_the_same(run: Run) -> None:
    siege, evidence = run
    states = [job.state for job in evidence.jobs]
    assert states.count(State.DELIVERED) >= 10
    assert states.count(State.UNSURE) >= 5
    assert len(siege.aims) >= 5
    assert len(evidence.posts) > len(states) / 2
    assert len([post for post in evidence.posts if post.pictures]) >= 10


def of(job: Job, what: str) -> Callable[[Letter], bool]:
    return lambda letter: letter.job == job.id and letter.what == what


def first(evidence: Evidence, state: State) -> Job:
    return next(job for job in evidence.jobs if job.state is state)


def a_second_post(evidence: Evidence) -> Evidence:
    return replace(evidence, posts=[*evidence.posts, *evidence.posts])


def a_row_too_few(evidence: Evidence) -> Evidence:
    bought = first(evidence, State.DELIVERED)
    return replace(evidence, jobs=[job for job in evidence.jobs if job is not bought])


def a_job_that_never_ended(evidence: Evidence) -> Evidence:
    stuck = first(evidence, State.DELIVERED).model_copy(update={"state": State.RENDERING})
    return replace(evidence, jobs=[stuck])


def a_result_that_never_came(evidence: Evidence) -> Evidence:
    is_result = of(first(evidence, State.DELIVERED), "deliver")
    return replace(evidence, letters=[one for one in evidence.letters if not is_result(one)])


def half_a_video(evidence: Evidence) -> Evidence:
    is_result = of(first(evidence, State.DELIVERED), "deliver")
    halves = [
        one.model_copy(update={"digests": ("half",)}) if is_result(one) else one
        for one in evidence.letters
    ]
    return replace(evidence, letters=halves)


def the_picture_of_another(evidence: Evidence) -> Evidence:
    posts = [
        post.model_copy(update={"pictures": ("another",)}) if post.pictures else post
        for post in evidence.posts
    ]
    return replace(evidence, posts=posts)


def a_job_that_is_sent_without_the_picture_it_lost(evidence: Evidence) -> Evidence:
    sent = next(post for post in evidence.posts if post.pictures)
    lost = {"prompt": f"{VANISHED} kite"}
    jobs = [job for job in evidence.jobs if job.request.prompt == sent.prompt]
    requests = [job.request.model_copy(update=lost) for job in jobs]
    return replace(
        evidence,
        jobs=[jobs[0].model_copy(update={"request": requests[0]})],
        posts=[sent.model_copy(update=lost | {"pictures": ()})],
    )


def a_picture_that_got_lost(evidence: Evidence) -> Evidence:
    ended = {"state": State.FAILED, "failure": FailureReason.PICTURE_GONE, "request_id": None}
    lost = first(evidence, State.DELIVERED).model_copy(update=ended)
    return replace(evidence, jobs=[lost], posts=[])


def a_ping_that_is_another(evidence: Evidence) -> Evidence:
    ping = next(filter(of(first(evidence, State.DELIVERED), "ping"), evidence.letters))
    another = ping.model_copy(update={"nonce": "another", "life": ping.life + 1})
    return replace(evidence, letters=[*evidence.letters, another])


def a_result_after_the_end(evidence: Evidence) -> Evidence:
    result = next(filter(of(first(evidence, State.DELIVERED), "deliver"), evidence.letters))
    late = result.model_copy(update={"at": evidence.letters[-1].at, "life": KILLS + 1})
    return replace(evidence, letters=[*evidence.letters, late])


def a_card_that_fell_back(evidence: Evidence) -> Evidence:
    job = first(evidence, State.UNSURE)
    shown = next(filter(of(job, "show"), reversed(evidence.letters)))
    back = shown.model_copy(update={"state": State.SUBMITTING})
    return replace(evidence, letters=[*evidence.letters, back])


@pytest.mark.parametrize(
    ("law", "tamper"),
    [
        ("bought twice, or without a row", a_second_post),
        ("bought twice, or without a row", a_row_too_few),
        ("lost", a_job_that_never_ended),
        ("lost", a_picture_that_got_lost),
        ("sent without its own pictures", the_picture_of_another),
        ("sent without its own pictures", a_job_that_is_sent_without_the_picture_it_lost),
        ("undelivered", a_result_that_never_came),
        ("undelivered", half_a_video),
        ("duplicates", a_ping_that_is_another),
        ("duplicates", a_result_after_the_end),
        ("cards that do not say the end", a_card_that_fell_back),
    ],
)
def test_a_breach_would_be_seen(run: Run, law: str, tamper: Callable[[Evidence], Evidence]) -> None:
    siege, evidence = run
    assert Verdict(tamper(evidence), kills=siege.kills).culprits[law]


def test_a_doubt_that_no_kill_explains_would_be_seen(run: Run) -> None:
    _, evidence = run
    assert Verdict(evidence, kills=()).culprits["unsure without a cause"]
