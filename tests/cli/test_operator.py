"""`python -m bot resolve`: a person ends what is unsure."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.commands import cli
from bot.domain.job import Job, State
from bot.domain.servers import AT_THE_SHELL, EVERYWHERE, AuditEntry
from bot.features.servers.servers import ServerRows
from bot.storage import default_database_url, open_store
from tests.domain.samples import HERE, a_job

Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The command line in an empty folder, with the settings of an operator."""
    monkeypatch.chdir(tmp_path)
    env = {
        "DISCORD_TOKEN": "canary.discord.token",
        "RUNCOMFY_API_KEY": "canary-key",
        "DATA_DIR": str(tmp_path / "data"),
    }
    return lambda *arguments: CliRunner().invoke(cli, ["resolve", *arguments], env=env)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return default_database_url(tmp_path / "data")


def kept(url: str, *jobs: Job) -> None:
    async def keep() -> None:
        async with open_store(url) as store:
            for job in jobs:
                await store.add(job)

    asyncio.run(keep())


def found(url: str, job_id: str) -> Job:
    async def find() -> Job | None:
        async with open_store(url) as store:
            return await store.get(job_id)

    job = asyncio.run(find())
    assert job is not None
    return job


def trail(url: str, guild_id: int) -> Sequence[AuditEntry]:
    async def read() -> Sequence[AuditEntry]:
        async with open_store(url) as store:
            return await ServerRows(database=store.database).audit(guild_id, limit=10)

    return asyncio.run(read())


def test_without_a_job_the_unsure_ones_are_listed_without_their_prompts(
    shell: Shell, url: str
) -> None:
    kept(url)
    assert shell().output == "No job is unsure.\n"
    kept(url, a_job(1, state=State.UNSURE, prompt="canary prompt"), a_job(2))
    listed = shell().output
    assert listed.startswith("job-1  sent at an unknown time  5 s 16:9  request unknown")
    assert "job-2" not in listed
    assert "canary" not in listed


@pytest.mark.parametrize("arguments", [(), ("job-1", "--write-off")])
def test_without_a_database_nobody_says_that_all_is_well(
    shell: Shell, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = shell(*arguments)
    assert result.exit_code == 1
    assert "The bot can't use the database: it has no tables yet" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_found_request_is_bound_and_goes_on(shell: Shell, url: str) -> None:
    kept(url, a_job(1, state=State.UNSURE))
    result = shell("job-1", "--request-id", "r-7")
    assert result.exit_code == 0
    assert "picks it up within a minute" in result.output
    job = found(url, "job-1")
    assert (job.state, job.request_id, job.needs_work) == (State.QUEUED, "r-7", True)


def test_what_was_not_found_is_written_off(shell: Shell, url: str) -> None:
    kept(url, a_job(1, state=State.UNSURE))
    assert shell("job-1", "--write-off").exit_code == 0
    assert found(url, "job-1").state is State.FAILED
    again = shell("job-1", "--write-off")
    assert again.exit_code == 1
    assert "isn't unsure" in again.output


def test_what_is_decided_at_the_shell_stands_in_the_trails(shell: Shell, url: str) -> None:
    kept(url, a_job(1, state=State.UNSURE), a_job(2, state=State.UNSURE))
    shell("job-1", "--request-id", "r-7")
    shell("job-2", "--write-off")
    shell("job-2", "--write-off")
    decided = [("job_written_off", '"job-2"'), ("job_bound", '"job-1"')]
    for guild_id in (HERE.guild_id or 0, EVERYWHERE):
        entries = trail(url, guild_id)
        assert [(one.what, one.after) for one in entries] == decided
        assert {one.by_user_id for one in entries} == {AT_THE_SHELL}


def test_a_request_that_another_job_has_is_refused(shell: Shell, url: str) -> None:
    kept(url, a_job(1, state=State.UNSURE), a_job(2, state=State.UNSURE))
    shell("job-1", "--request-id", "r-7")
    refused = shell("job-2", "--request-id", " r-7 ")
    assert refused.exit_code == 1
    assert "Another job already has this request" in refused.output
    assert found(url, "job-2").state is State.UNSURE
    assert len(trail(url, EVERYWHERE)) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["nobody", "--write-off"], 1, "No such job"),
        (["job-1"], 2, "Give either"),
        (["job-1", "--write-off", "--request-id", "r"], 2, "Give either"),
    ],
)
def test_a_slip_is_told_in_a_sentence(
    shell: Shell, url: str, arguments: list[str], status: int, said: str
) -> None:
    kept(url)
    result = shell(*arguments)
    assert result.exit_code == status
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_database_that_cannot_serve_is_told_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.sqlite3").write_text("not a database at all, but long enough" * 99)
    result = shell()
    assert result.exit_code == 1
    assert "The bot can't use the database" in result.output
    assert "Traceback" not in result.output
