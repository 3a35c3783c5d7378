"""`jobs`, `backup`, `restore` and `prune` as an operator types them."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.commands import cli
from bot.cli.shell import tell
from bot.domain.job import Job, State
from bot.features.terminal_jobs import OPERATOR_ID, TERMINAL
from bot.storage import default_database_url, open_store
from bot.storage.data_lock import locked, locked_file
from tests.domain.samples import a_job
from tests.patience import PATIENCE_S
from tests.storage.money import asked, job_of, rendered, spending_of

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

    def invoke(*arguments: str, said: str | None = None, **changes: str) -> Result:
        result = CliRunner().invoke(cli, arguments, input=said, env=env | changes)
        assert "Traceback" not in result.output
        assert "canary-key" not in result.output
        return result

    return invoke


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., None]:
    """Put jobs into the operator's database, which is made if need be."""

    async def kept(jobs: tuple[Job, ...]) -> None:
        async with open_store(default_database_url(tmp_path / "data")) as store:
            for job in jobs:
                await store.add(job)

    return lambda *jobs: asyncio.run(kept(jobs))


Keep = Callable[..., None]

# --- jobs -----------------------------------------------------------------------------------------


def test_jobs_are_listed_newest_first_with_state_and_cost_and_no_prompt(
    shell: Shell, keep: Keep
) -> None:
    paid = a_job(2, state=State.DELIVERED, prompt="canary prompt").model_copy(
        update={"cost_microusd": 810_000}
    )
    keep(a_job(1), paid, a_job(3, state=State.CANCELLED))
    result = shell("jobs")

    assert result.exit_code == 0
    newest, middle, oldest = result.output.splitlines()
    assert newest.split()[:2] == ["job-3", "cancelled"]
    assert "$" not in newest
    assert middle.split()[:2] == ["job-2", "delivered"]
    assert " $0.81 " in middle
    assert "~$0.84" in oldest
    assert oldest.endswith("5 s 16:9  pro/text-to-video        by 77")
    assert "canary" not in result.output


def test_jobs_can_be_chosen_by_state_and_number(shell: Shell, keep: Keep) -> None:
    keep(a_job(1, state=State.UNSURE), a_job(2), a_job(3, state=State.FAILED), a_job(4))

    def listed(*arguments: str) -> list[str]:
        return [line.split()[0] for line in shell("jobs", *arguments).output.splitlines()]

    assert listed("--state", "unsure", "--state", "failed") == ["job-3", "job-1"]
    assert listed("--limit", "2") == ["job-4", "job-3"]
    assert shell("jobs", "--state", "rendering").output == "No such job.\n"
    assert shell("jobs", "--state", "flying").exit_code == 2


def test_prompts_are_shown_when_asked_for_and_steer_no_terminal(shell: Shell, keep: Keep) -> None:
    keep(a_job(1, prompt="a kite\x1b[2J"))
    assert shell("jobs", "--prompts").output.endswith("by 77  a kite\\x1b[2J\n")


def test_jobs_come_as_json_too(shell: Shell, keep: Keep) -> None:
    keep(a_job(1, prompt="canary prompt"))
    (job,) = json.loads(shell("jobs", "--json").output)
    assert (job["id"], job["state"], job["estimate_microusd"]) == ("job-1", "waiting", 840_000)
    assert job["model_id"] == "kling/kling-3.0/pro/text-to-video"
    assert not {"prompt", "request"} & set(job)
    (with_prompt,) = json.loads(shell("jobs", "--json", "--prompts").output)
    assert with_prompt["prompt"] == "canary prompt"


def test_before_the_first_start_there_is_nothing_to_list_and_nothing_is_made(
    shell: Shell, tmp_path: Path
) -> None:
    for command in ("jobs", "prune"):
        result = shell(command)
        assert result.exit_code == 1
        assert result.output == (
            "The bot can't use the database: it has no tables yet, the first start of the bot "
            "makes them\n"
        )
    assert list(tmp_path.iterdir()) == []


def test_without_settings_a_command_says_what_is_missing(shell: Shell) -> None:
    result = shell("jobs", DISCORD_TOKEN="")
    assert result.exit_code == 2
    assert result.output.startswith("DISCORD_TOKEN is missing")


# --- the ledger -----------------------------------------------------------------------------------


MADE_BY = "pro/text-to-video      "


def test_every_movement_of_money_is_listed_with_its_sums(shell: Shell, keep: Keep) -> None:
    here = a_job(2).model_copy(update={"requester_id": OPERATOR_ID, "place": TERMINAL})
    keep(a_job(1), here)
    newest, oldest, total = shell("ledger").output.splitlines()

    assert newest.endswith(
        f"job-2  reserved  held    $0.84  spent $0.00  {MADE_BY}  by the terminal  Added"
    )
    assert oldest.endswith(f"job-1  reserved  held    $0.84  spent $0.00  {MADE_BY}  by 77  Added")
    assert total == "In all, by your key: $1.68 held, $0.00 spent, 2 videos."
    assert len(shell("ledger", "--job", "job-1").output.splitlines()) == 2
    assert len(shell("ledger", "--limit", "1").output.splitlines()) == 2
    assert "by the terminal" in shell("jobs").output


def test_the_ledger_comes_as_json_too(shell: Shell, keep: Keep) -> None:
    keep(a_job(1))
    document = json.loads(shell("ledger", "--json").output)
    (entry,) = document["entries"]
    assert (entry["job_id"], entry["kind"], entry["held_change_microusd"]) == (
        "job-1",
        "reserved",
        840_000,
    )
    assert entry["model_id"] == "kling/kling-3.0/pro/text-to-video"
    assert document["totals"] == [
        {"key_id": None, "held_microusd": 840_000, "spent_microusd": 0, "videos": 1}
    ]


def test_the_ledger_of_one_server_or_one_person_is_theirs_alone(shell: Shell, keep: Keep) -> None:
    elsewhere = a_job(2).model_copy(update={"requester_id": 78, "server_id": 55})
    keep(a_job(1), elsewhere)
    for arguments in (("--server", "55"), ("--user", "78")):
        line, total = shell("ledger", *arguments).output.splitlines()
        assert "job-2" in line
        assert total == "In all, by your key: $0.84 held, $0.00 spent, 1 video."
    assert shell("ledger", "--server", "56").output == "Nothing was ordered yet.\n"


def test_a_members_fresh_start_is_in_the_ledger_with_who_gave_it(
    shell: Shell, tmp_path: Path
) -> None:
    async def made() -> None:
        async with open_store(default_database_url(tmp_path / "data")) as store:
            job = job_of(1, user_id=78, guild_id=55)
            await asked(store, job)
            await rendered(store, job, 500_000)
            await spending_of(store).start_afresh(55, 78, by_user_id=9)

    asyncio.run(made())
    told = shell("ledger", "--server", "55").output
    assert "limits of 78 in 55, 2031-05-04: -$0.50 and -1 video  by 9  start_afresh" in told
    assert "limits of 78 in 55, 2031-05: -$0.50 and -1 video  by 9  start_afresh" in told
    assert "$0.00 held, $0.50 spent" in told
    assert "limits of" not in shell("ledger", "--user", "77").output
    assert "limits of" not in shell("ledger", "--job", "job-1").output
    assert len(json.loads(shell("ledger", "--json").output)["adjustments"]) == 2


def test_an_empty_ledger_says_so(shell: Shell, keep: Keep) -> None:
    keep()
    assert shell("ledger").output == "Nothing was ordered yet.\n"


# --- slips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("jobs", "--limit", "99999999999999999999"),
        ("ledger", "--limit", "99999999999999999999"),
        ("ledger", "--server", "99999999999999999999"),
        ("ledger", "--user", "-1"),
    ],
)
def test_a_number_that_no_database_can_count_to_is_refused(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    result = shell(*arguments)
    assert result.exit_code == 2
    assert "Input should be" in result.output


def test_what_is_no_text_is_told_in_a_sentence(shell: Shell, keep: Keep) -> None:
    keep()
    for arguments in (("ledger", "--job", "\udcff"), ("resolve", "\udcff", "--write-off")):
        result = shell(*arguments)
        assert (result.exit_code, result.output) == (1, "What you typed isn't valid text.\n")


def test_no_part_of_a_password_is_shown_where_its_signs_were_not_escaped(shell: Shell) -> None:
    for url in ("postgresql://u:s3c@ret/pw@host/kling", "postgresql://u:s3c@ret@host/kling"):
        for command in ("check", "jobs"):
            result = shell(command, DATABASE_URL=url)
            assert result.exit_code == 1
            assert "write @, : and / in its password as %40, %3A and %2F" in result.output
            assert not [part for part in ("s3c", "ret/", "pw", "ret@") if part in result.output]


def test_a_host_that_is_none_is_not_named(shell: Shell) -> None:
    result = shell("jobs", DATABASE_URL="postgresql://u:p@canary.invalid/kling")
    assert result.exit_code == 1
    assert "its host" in result.output
    assert "canary" not in result.output


def test_a_full_disk_behind_standard_output_is_told_with_what_matters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(typer.Exit) as ended:
            tell("kite.mp4", else_say="The video is in kite.mp4")
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == (
        "Standard output can't be written: No space left on device. The video is in kite.mp4\n"
    )


def test_python_does_not_complain_once_more_at_its_end() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "new-secret-key"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert (ended.returncode, ended.stderr) == (
        1,
        "Standard output can't be written: No space left on device.\n",
    )


# --- backup ---------------------------------------------------------------------------------------


def test_a_backup_is_told_with_its_size_and_is_the_owners_alone(
    shell: Shell, keep: Keep, tmp_path: Path
) -> None:
    keep(a_job(1))
    result = shell("backup", "copy.sqlite3")

    assert result.exit_code == 0
    assert result.output.startswith("The database is in copy.sqlite3 (")
    assert (tmp_path / "copy.sqlite3").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT id FROM jobs").fetchall() == [("job-1",)]


def test_a_backup_never_overwrites(shell: Shell, keep: Keep, tmp_path: Path) -> None:
    keep(a_job(1))
    (tmp_path / "precious").write_text("last year's")
    result = shell("backup", "precious")

    assert result.exit_code == 1
    assert "is there already" in result.output
    assert (tmp_path / "precious").read_text() == "last year's"


def test_for_postgresql_the_very_command_is_told(shell: Shell, tmp_path: Path) -> None:
    url = "postgresql://bot:canary-password@db.example.org/kling"
    result = shell("backup", "copy.dump", DATABASE_URL=url)

    assert result.exit_code == 1
    told = "pg_dump --format=custom --file=copy.dump --username=bot"
    assert f"{told} postgresql://db.example.org/kling\n" in result.output
    assert list(tmp_path.iterdir()) == []


# --- restore --------------------------------------------------------------------------------------


def test_going_back_to_a_backup_says_what_became_unsure_and_where_the_rest_is(
    shell: Shell, keep: Keep, tmp_path: Path
) -> None:
    keep(a_job(1))
    shell("backup", "copy.sqlite3")
    result = shell("restore", "--yes", "copy.sqlite3")

    assert result.exit_code == 0
    assert "Jobs that were waiting in it: 1." in result.output
    aside = next((tmp_path / "data").glob("bot.sqlite3.before-*"))
    assert f"What was there before is in {aside}." in result.output
    assert "job-1  sent at an unknown time" in shell("resolve").output


def test_what_was_restored_by_other_means_is_made_safe(shell: Shell, keep: Keep) -> None:
    keep(a_job(1, state=State.QUEUED))
    assert "Nothing was waiting in it" in shell("restore", "--yes").output
    keep(a_job(2))
    assert "Jobs that were waiting in it: 1." in shell("restore", "--yes").output


@pytest.mark.parametrize("arguments", [(), ("copy.sqlite3",)])
def test_before_anything_is_restored_it_asks(
    shell: Shell, keep: Keep, arguments: tuple[str, ...]
) -> None:
    keep(a_job(1))
    shell("backup", "copy.sqlite3")
    for said, told in (
        ("", ". Use --yes to skip the question.\n"),
        ("n\n", "[y/N] Nothing was changed.\n"),
    ):
        result = shell("restore", *arguments, said=said)
        assert result.exit_code == 1
        assert "Every job that waits in it becomes unsure" in result.stderr
        assert result.stderr.endswith(told)
    assert shell("resolve").output == "No job is unsure.\n"

    assert "Jobs that were waiting in it: 1." in shell("restore", *arguments, said="y\n").stdout


def test_nothing_is_restored_under_a_running_bot(shell: Shell, keep: Keep, tmp_path: Path) -> None:
    keep(a_job(1))
    shell("backup", "copy.sqlite3")
    for held in (locked(tmp_path / "data"), locked_file(tmp_path / "data" / "bot.sqlite3")):
        with held:
            result = shell("restore", "--yes", "copy.sqlite3")
        assert result.exit_code == 1
        assert "is in use by another bot process" in result.output
    assert not list((tmp_path / "data").glob("*before*"))


def test_what_cannot_be_restored_is_told_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite3").write_bytes(b"rubbish" * 1_000)
    result = shell("restore", "--yes", "copy.sqlite3")
    assert result.exit_code == 1
    assert "copy.sqlite3 can't be used: it is no database, or a damaged one" in result.output
    assert shell("restore", "--yes", "gone").exit_code == 1


# --- prune ----------------------------------------------------------------------------------------


def test_pruning_says_what_would_go_and_then_what_went(
    shell: Shell, keep: Keep, tmp_path: Path
) -> None:
    keep(a_job(1, state=State.DELIVERED))
    leftover = tmp_path / "data" / "spool" / "job-1"
    leftover.mkdir(parents=True)
    (leftover / "original-1.mp4").write_bytes(b"x" * 2_048)
    for path in (leftover / "original-1.mp4", leftover):
        os.utime(path, (0, 0))

    assert shell("prune", "--dry-run").output.splitlines() == [
        "would go: 1 leftovers of ended jobs (2.0 KiB)",
        "would go: 0 originals beyond the archive's limits",
        "would go: 0 drafts of storyboards",
        "would go: 0 unanswered questions",
        "would go: 0 prompts that are too old",
        "would go: 0 pauses between two requests",
        "would go: 0 counts of people's past months",
        "would go: 0 pictures",
        "would go: 0 old timings of videos",
        "would go: 0 messages to the owner",
        "would go: 0 stars and ended showcase posts of erased videos",
    ]
    assert leftover.exists()
    assert shell("prune").output.startswith("gone: 1 leftovers of ended jobs (2.0 KiB)\n")
    assert not leftover.exists()


def test_a_spool_that_cannot_be_read_is_told_in_a_sentence(
    shell: Shell, keep: Keep, tmp_path: Path
) -> None:
    keep(a_job(1))
    archive = tmp_path / "data" / "archive"
    archive.mkdir()
    (archive / "loop").symlink_to("loop")
    result = shell("prune", ARCHIVE_DIR=str(archive))
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        "Some files can't be read or deleted: Too many levels of symbolic links.",
    )


@contextmanager
def a_service() -> Generator[str]:
    """Something that answers, and so says what time it is."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_what_was_written_last_so_long_ago_is_pruned_once_a_service_says_what_time_it_is(
    shell: Shell, keep: Keep
) -> None:
    keep(job_of(1, at=datetime(2021, 1, 1, tzinfo=UTC)))
    nobody = {
        "RUNCOMFY_API_URL": "http://127.0.0.1:9",
        "RUNCOMFY_ACCOUNT_URL": "http://127.0.0.1:9",
    }
    refused = shell("prune", **nobody)
    assert refused.exit_code == 1
    assert "Nothing was deleted. This machine's clock says" in refused.output
    assert shell("prune", "--dry-run", **nobody).exit_code == 0
    with a_service() as url:
        pruned = shell("prune", RUNCOMFY_API_URL=url, RUNCOMFY_ACCOUNT_URL=url)
    assert pruned.exit_code == 0, pruned.output
