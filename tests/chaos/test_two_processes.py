"""One process per data folder, whoever starts a second one by mistake."""

import os
import subprocess
import sys
from pathlib import Path

from bot.storage.data_lock import locked
from tests.chaos.processes import ROOT, open_town
from tests.patience import PATIENCE_S


def run_bot(data_dir: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.AbCdEf.abcdefghijklmnopqrstuvwxyz0123456789AB",
        "RUNCOMFY_API_KEY": "no-real-key",
        "DATA_DIR": str(data_dir),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=cwd,  # a folder without .env
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def test_a_second_process_on_the_same_folder_says_so_in_one_sentence(tmp_path: Path) -> None:
    with locked(tmp_path / "data"):
        second = run_bot(tmp_path / "data", cwd=tmp_path)
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"{tmp_path / 'data'} is in use by another bot process: "
        "stop that one, or set another DATA_DIR.\n"
    )


async def test_a_folder_is_held_while_its_process_lives_and_free_when_it_is_killed(
    tmp_path: Path,
) -> None:
    async with open_town(tmp_path) as town:
        holder, second, third = [await town.worker() for _ in range(3)]
        await holder.begin(town.orders)
        await holder.until("idle")
        await second.begin(town.orders)
        await second.until("idle")
        assert await second.kill() == 1
        await holder.kill()
        await third.begin(town.orders)
        await third.until("idle")
        assert await third.stop() == 0
    assert "DataFolderInUse" in (tmp_path / "worker.log").read_text(encoding="utf-8")
