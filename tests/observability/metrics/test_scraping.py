"""A job's whole life, as somebody sees it who only scrapes."""

from bot.domain.generation.models import USUAL
from bot.domain.job import State
from bot.playground.runcomfy_scenario import Scenario
from bot.runner.polling import LONGEST_GAP_S
from tests.observability.metrics.conftest import Bystander
from tests.stories.harness import Story

PAUSE_S = 6
"""Jobs are counted at most every five seconds."""


async def test_a_life_is_told_in_figures_from_the_question_to_the_upload(
    story: Story, bystander: Bystander
) -> None:
    story.server.will(Scenario(queue_s=3.4, rendering_s=7))
    asked = await story.kling(duration=5)
    under_way = await bystander.scrape()
    await story.until(State.DELIVERED)
    await story.advance(PAUSE_S)
    after = await bystander.scrape()

    assert under_way.value("kling_jobs", state="queued") == 1
    assert under_way.value("kling_jobs", state="delivered") == 0
    assert after.value("kling_jobs", state="queued") == 0
    assert after.value("kling_jobs", state="delivered") == 1
    accepted = {"outcome": "accepted", "reason": "", "key_owner": "operator"}
    assert under_way.value("kling_submissions_total", **accepted) == 1
    assert after.value("kling_submission_seconds_count") == 1
    queued_s = after.value("kling_job_state_seconds_sum", state="queued")
    assert 3.4 <= queued_s <= 3.4 + LONGEST_GAP_S, "it is seen at the next poll"
    assert after.value("kling_job_state_seconds_sum", state="rendering") == 7
    assert after.value("kling_job_state_seconds_count", state="delivered") == 0
    assert after.value("kling_polls_total", result="succeeded") == 1
    assert after.value("kling_polls_total", result="rendering") >= 3
    assert 0 < after.value("kling_detection_lag_seconds_sum") <= 2
    spent = {"key_owner": "operator", "basis": "cost", "model": USUAL.id}
    assert after.value("kling_spend_microusd_total", **spent) == 840_000
    assert after.value("kling_deliveries_total", way="card", content="original") == 1
    (attachment,) = story.card(asked).message.attachments
    assert after.value("kling_upload_bytes_total") == attachment.size


async def test_a_scrape_says_nothing_of_what_was_asked_or_by_whom(
    story: Story, bystander: Bystander
) -> None:
    await story.kling("a canary over the sea")
    job = await story.until(State.DELIVERED)
    said = "\n".join(
        [(await bystander.get(path)).text for path in ("/metrics", "/readyz", "/healthz")]
    )

    secrets = [secret.get_secret_value() for secret in story.world.settings.secrets]
    ids = (job.id, job.request_id, job.place.guild_id, job.place.channel_id, job.requester_id)
    media = [file.url for file in job.media]
    tokens = list(story.env.backend.interaction_tokens)
    assert tokens
    assert media
    for canary in ("canary", *secrets, *tokens, *map(str, ids), *media):
        assert canary not in said


async def test_jobs_are_counted_seldom_however_often_somebody_scrapes(
    story: Story, bystander: Bystander
) -> None:
    before = await bystander.scrape()
    story.server.will(Scenario(queue_s=600))
    await story.kling()
    too_soon = await bystander.scrape()
    await story.advance(PAUSE_S)
    later = await bystander.scrape()

    counts = [seen.value("kling_jobs", state="queued") for seen in (before, too_soon, later)]
    assert counts == [0, 0, 1]


async def test_without_a_database_the_jobs_are_left_out_and_all_else_is_told(
    story: Story, bystander: Bystander
) -> None:
    await story.world.app.store.close()
    told = await bystander.scrape()

    assert told.status == 200
    assert "\nkling_jobs{" not in told.text
    assert told.value("kling_ready", check="database") == 0
    assert told.value("kling_ready", check="gateway") == 1


async def test_it_is_told_as_prometheus_reads_it(story: Story, bystander: Bystander) -> None:
    del story
    told = await bystander.scrape()

    assert told.content_type.startswith("text/plain; version=")
    assert "# TYPE kling_job_state_seconds histogram\n" in told.text
    assert told.value("process_resident_memory_bytes") > 1_000_000
    assert "_created" not in told.text
