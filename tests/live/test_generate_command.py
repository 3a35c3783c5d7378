"""`python -m bot generate`: one real generation from the terminal, on the bot's own foundation."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.terminal.person import QUESTION
from bot.features.terminal_jobs import GENERATED
from bot.observability.logs import CONTINUED
from bot.playground.runcomfy_scenario import Closes, Ending, Fault, Scenario, rate_limited
from bot.storage.open import FILE_NAME
from tests.live.bot_process import BotProcess, Town
from tests.pictures import (
    LEFT,
    RIGHT,
    a_chequer,
    a_heic,
    first_and_last_frame,
    resembles,
    saved,
)

AT_ONCE = Scenario(queue_s=0, rendering_s=0)
QUEUED = Scenario(queue_s=3_600, rendering_s=60)
RENDERING = Scenario(queue_s=0, rendering_s=3_600)
HASTY = {"DRAIN_TIMEOUT_S": "1"}


def rows(town: Town) -> list[tuple[str, str, int, int | None]]:
    """Each job with its state, version apart: id, state, estimate and cost."""
    with closing(sqlite3.connect(town.data_dir / FILE_NAME)) as database:
        found = database.execute("SELECT id, state, estimate_microusd, cost_microusd FROM jobs")
        return [(row[0], row[1], row[2], row[3]) for row in found]


def is_a_video(path: Path) -> bool:
    return path.read_bytes()[4:8] == b"ftyp"


async def generating(town: Town, *options: str, scenario: Scenario, says: str) -> BotProcess:
    """Ask for a short silent video, and wait until the line says this."""
    town.runcomfy.default = scenario
    arguments = ("a red kite", "--duration", "3", "--silent", "--yes", *options)
    generate = await town.command("generate", *arguments, **HASTY)
    await generate.says(says)
    return generate


async def interrupted(generate: BotProcess) -> None:
    """Press Ctrl-C and wait for the question."""
    generate.tell(signal.SIGINT)
    await generate.says(QUESTION)


async def test_a_video_is_bought_once_and_lies_where_it_was_wanted(town: Town) -> None:
    generate = await generating(
        town, "-o", "kite.mp4", scenario=AT_ONCE, says="Rendered, fetching your video"
    )

    assert await generate.ended() == 0
    assert generate.out == ["kite.mp4"]
    assert is_a_video(town.folder / "kite.mp4")
    (post,) = town.runcomfy.posts
    assert (post.input["prompt"], post.input["duration"]) == ("a red kite", 3)
    assert [row[1:] for row in rows(town)] == [("delivered", 336_000, 336_000)]
    assert generate.log[0].endswith(", about $0.336.")
    assert generate.log[-1] == "It cost $0.336."
    assert town.discord.calls == []
    assert list((town.data_dir / "spool").iterdir()) == []


async def test_before_anything_is_spent_it_asks(town: Town) -> None:
    town.runcomfy.default = AT_ONCE
    no = await town.command("generate", "a red kite")
    await no.types("n")
    assert await no.ended() == 1
    (line,) = no.log
    assert line.startswith("Pro (1080p) · 5 s · 16:9 · with sound")
    assert line.endswith(": about $0.84. Generate? [y/N] Nothing was ordered or spent.")
    assert town.runcomfy.posts == []

    yes = await town.command("generate", "a red kite")
    await yes.types("y")
    assert await yes.ended() == 0
    assert is_a_video(town.folder / yes.out[0])
    assert len(town.runcomfy.posts) == 1


async def test_a_video_begins_and_ends_with_the_pictures_of_two_files(town: Town) -> None:
    (town.folder / "map.png").write_bytes(saved(a_chequer((640, 480))))
    (town.folder / "halves.heic").write_bytes(a_heic((640, 480)))
    frames = ("--image", "map.png", "--last-image", "halves.heic")
    generate = await generating(town, *frames, "-o", "kite.mp4", scenario=AT_ONCE, says="fetching")

    assert await generate.ended() == 0
    first, last = await asyncio.to_thread(first_and_last_frame, town.folder / "kite.mp4")
    assert resembles(first)
    assert resembles(last, (LEFT, RIGHT) * 2)
    (post,) = town.runcomfy.posts
    assert post.model_id == "kling/kling-3.0/pro/image-to-video"
    assert [row[1:] for row in rows(town)] == [("delivered", 336_000, 336_000)]


async def test_the_question_names_the_quality_the_picture_and_the_price(town: Town) -> None:
    (town.folder / "map.png").write_bytes(saved(a_chequer()))
    options = ("--image", "map.png", "--quality", "4k", "--duration", "3")
    generate = await town.command("generate", "a red kite", *options)
    await generate.types("n")

    assert await generate.ended() == 1
    assert generate.log == [
        (
            "4K · 3 s · from a picture · with sound: about $1.26. Generate? [y/N] "
            "Nothing was ordered or spent."
        )
    ]
    assert town.runcomfy.posts == []


async def test_what_was_left_unsent_goes_on_with_its_picture_without_the_file(town: Town) -> None:
    picture = town.folder / "map.png"
    picture.write_bytes(saved(a_chequer()))
    busy = Scenario(on_submit=(Fault(rate_limited("1")),))
    generate = await generating(town, "--image", "map.png", scenario=busy, says="taking requests")
    generate.tell(signal.SIGTERM)
    assert await generate.ended() == 1
    ((job_id, state, _, _),) = rows(town)
    assert state == "waiting"
    picture.unlink()
    town.runcomfy.default = AT_ONCE

    resumed = await town.command("generate", "--resume", job_id, "-o", "kite.mp4")
    assert await resumed.ended() == 0
    first, _ = await asyncio.to_thread(first_and_last_frame, town.folder / "kite.mp4")
    assert resembles(first)
    assert [post.request_id is None for post in town.runcomfy.posts][-2:] == [True, False]
    assert len(town.runcomfy.jobs) == 1


async def test_pictures_belong_to_a_new_video_and_not_to_one_that_was_left(town: Town) -> None:
    slip = await town.command("generate", "--resume", "some job", "--image", "map.png")
    assert await slip.ended() == 2
    assert slip.log == ["Give either a prompt or --resume JOB."]


async def test_ctrl_c_asks_and_a_yes_cancels_while_it_is_queued(town: Town) -> None:
    generate = await generating(town, scenario=QUEUED, says="In the queue")
    await interrupted(generate)
    await generate.types("y")

    assert await generate.ended() == 1
    assert generate.log[-1] == "Cancelled. It costs nothing."
    (job,) = town.runcomfy.jobs.values()
    assert job.cancelled_at is not None
    assert [row[1] for row in rows(town)] == ["cancelled"]


async def test_a_yes_that_comes_too_late_is_told_and_the_video_comes(town: Town) -> None:
    generate = await generating(town, scenario=RENDERING, says="Rendering")
    await interrupted(generate)
    await generate.types("y")
    await generate.says("Too late: it's already rendering and will be charged.")
    town.pass_time(RENDERING.rendering_s)

    assert await generate.ended() == 0
    assert is_a_video(town.folder / generate.out[0])


async def test_a_no_lets_it_go_on(town: Town) -> None:
    generate = await generating(town, scenario=RENDERING, says="Rendering")
    await interrupted(generate)
    await generate.types("no")
    town.pass_time(RENDERING.rendering_s)

    assert await generate.ended() == 0
    (job,) = town.runcomfy.jobs.values()
    assert job.calls["cancel"] == 0


async def test_a_second_ctrl_c_leaves_it_running_and_another_command_brings_it(town: Town) -> None:
    generate = await generating(town, scenario=RENDERING, says="Rendering")
    await interrupted(generate)
    generate.tell(signal.SIGINT)

    assert await generate.ended() == 1
    ((job_id, state, _, _),) = rows(town)
    assert state == "rendering"
    assert generate.log[-1] == (
        f"RunComfy still has it. Continue it with `python -m bot generate --resume {job_id}`, "
        "or start the bot: it saves the video in data/generated."
    )
    town.pass_time(RENDERING.rendering_s)
    resumed = await town.command("generate", "--resume", job_id, "-o", "kite.mp4")
    assert await resumed.ended() == 0
    assert is_a_video(town.folder / "kite.mp4")
    again = await town.command("generate", "--resume", job_id)
    assert await again.ended() == 1
    assert again.log[-1] == "It was delivered already: look in data/generated."
    assert len(town.runcomfy.posts) == 1


async def test_a_disk_that_fills_in_mid_render_is_told_in_lines_and_the_video_comes(
    town: Town,
) -> None:
    generate = await generating(town, scenario=RENDERING, says="Rendering")
    with generate.full_disk():
        town.pass_time(RENDERING.rendering_s)
        await generate.says("ERROR")

    assert await generate.ended() == 0
    assert is_a_video(town.folder / generate.out[0])
    told = [line for line in generate.log if "ERROR" in line]
    assert not [line for line in generate.log if line.startswith(CONTINUED)]
    assert all("[error=" in line for line in told)
    assert len(town.runcomfy.posts) == 1


async def test_where_nobody_can_answer_ctrl_c_leaves_it_running(town: Town) -> None:
    generate = await generating(town, scenario=QUEUED, says="In the queue")
    generate.hang_up()
    generate.tell(signal.SIGINT)

    assert await generate.ended() == 1
    assert generate.log[-1].startswith("RunComfy still has it.")
    assert [row[1] for row in rows(town)] == ["queued"]


async def test_what_was_left_is_saved_by_the_bot_at_its_next_start(town: Town) -> None:
    generate = await generating(town, scenario=RENDERING, says="Rendering")
    generate.tell(signal.SIGTERM)
    assert await generate.ended() == 1
    town.pass_time(RENDERING.rendering_s)
    bot = await town.joined()
    ((job_id, _, _, _),) = rows(town)
    await bot.says(f"job {job_id}: saved 1 file in data/generated")
    await bot.until(lambda: [row[1] for row in rows(town)] == ["delivered"])

    (video,) = (town.data_dir / GENERATED).iterdir()
    assert is_a_video(video)
    assert len(town.runcomfy.posts) == 1
    assert town.discord.messages == {}


async def test_while_the_bot_runs_it_says_so_and_buys_nothing(town: Town) -> None:
    await town.joined()
    generate = await town.command("generate", "a red kite", "--yes")

    assert await generate.ended() == 1
    assert generate.log == [
        "data is in use by another bot process: stop that one, or set another DATA_DIR."
    ]
    assert town.runcomfy.posts == []


async def test_a_file_that_is_there_is_left_as_it_is(town: Town) -> None:
    (town.folder / "precious.mp4").write_text("last year's")
    generate = await town.command("generate", "a red kite", "--yes", "-o", "precious.mp4")

    assert await generate.ended() == 1
    assert generate.log[-1].startswith("precious.mp4 already exists")
    assert (town.folder / "precious.mp4").read_text() == "last year's"
    assert town.runcomfy.posts == []


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        (
            Scenario(queue_s=0, rendering_s=0, ending=Ending.FAILS),
            (
                "Try again or tweak the prompt. RunComfy charged $0.34 for it, which counts toward "
                "the limits."
            ),
        ),
        (
            Scenario(on_submit=(Fault(Closes(), accepted=True),)),
            "See `python -m bot resolve`.",
        ),
    ],
    ids=["a generation that fails", "an answer that is lost"],
)
async def test_what_brings_no_video_is_told_in_a_sentence(
    town: Town, scenario: Scenario, sentence: str
) -> None:
    generate = await generating(town, scenario=scenario, says="Job")

    assert await generate.ended() == 1
    assert generate.log[-1].endswith(sentence)
    assert len(town.runcomfy.posts) == 1


async def test_a_budget_that_is_used_up_is_respected(town: Town) -> None:
    generate = await town.command("generate", "a red kite", "--yes", TOTAL_LIMIT="$0.50/day")

    assert await generate.ended() == 1
    assert generate.log[-1].startswith("This costs $0.84, and the bot has $0.50 left today.")
    assert "<t:" not in generate.log[-1]
    assert town.runcomfy.posts == []


async def left(town: Town, scenario: Scenario, says: str) -> str:
    """Ask for a video and leave it; its job."""
    generate = await generating(town, scenario=scenario, says=says)
    generate.tell(signal.SIGTERM)
    assert await generate.ended() == 1
    return generate.log[0].removeprefix("Job ").partition(",")[0]


async def test_nobody_waits_for_ever_behind_what_nobody_watches(town: Town) -> None:
    first, second = [await left(town, RENDERING, "Rendering") for _ in range(2)]
    generate = await town.command("generate", "a red kite", "--yes")

    assert await generate.ended() == 1
    (sentence,) = generate.log
    assert sentence == (
        f"Other videos come first: {first}, {second}. No bot watches them now: start one, or bring "
        "one by `python -m bot generate --resume JOB`. Nothing new is bought."
    )
    assert len(rows(town)) == len(town.runcomfy.posts) == 2

    town.pass_time(RENDERING.rendering_s)
    resumed = await town.command("generate", "--resume", first)
    assert await resumed.ended() == 0
    again = await generating(town, scenario=AT_ONCE, says="Job")
    assert await again.ended() == 0


async def test_beside_a_bot_on_another_machine_it_says_what_it_waits_for(
    town: Town, postgres_url: str
) -> None:
    town.runcomfy.default = QUEUED
    shared = {"DATABASE_URL": postgres_url, "MAX_IN_FLIGHT": "1"}
    bot = await town.joined(**shared, DATA_DIR="elsewhere")
    await town.discord.slash("kling", prompt="a red kite")
    await bot.until(lambda: town.runcomfy.jobs)
    generate = await town.command("generate", "a blue kite", "--yes", **shared, **HASTY)
    await generate.says("Other videos come first: ")
    await generate.says("You're #1 in line.")
    told = " ".join(" ".join(generate.log).split())
    assert "They go on while a bot runs on this database; else start one." in told
    generate.tell(signal.SIGTERM)
    assert await generate.ended() == 1
    assert len(town.runcomfy.posts) == 1


async def test_a_job_that_is_not_the_terminals_is_not_resumed(town: Town) -> None:
    unknown = await town.command("generate", "--resume", "nobody")
    assert await unknown.ended() == 1
    assert unknown.log[-1] == "No such job. `python -m bot jobs` lists them."

    town.runcomfy.default = QUEUED
    bot = await town.joined(**HASTY)
    await town.discord.slash("kling", prompt="a red kite")
    await bot.until(lambda: town.runcomfy.jobs)
    bot.tell(signal.SIGTERM)
    assert await bot.ended() == 0
    ((job_id, _, _, _),) = rows(town)
    theirs = await town.command("generate", "--resume", job_id)
    assert await theirs.ended() == 1
    assert theirs.log[-1] == "That video was ordered on Discord: the bot delivers it there."


async def test_neither_a_prompt_nor_a_job_is_a_slip(town: Town) -> None:
    slip = await town.command("generate")
    assert await slip.ended() == 2
    assert slip.log == ["Give either a prompt or --resume JOB."]
