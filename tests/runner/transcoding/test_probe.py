"""An ffmpeg is tried out before people wait for its copies."""

from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from bot.runner.transcoding.probe import what_is_wrong_with


def program(folder: Path, script: str) -> str:
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


async def test_a_real_one_has_nothing_wrong_with_it() -> None:
    assert await what_is_wrong_with(get_ffmpeg_exe()) is None


async def test_one_that_hangs_is_not_waited_for_and_does_not_stay(tmp_path: Path) -> None:
    hanging = program(
        tmp_path, f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 60"
    )
    pid = tmp_path / "pid"
    longest_s = 0
    while not pid.exists():  # on a busy machine it may be ended before it began
        longest_s += 1
        wrong = await what_is_wrong_with(hanging, longest_s=longest_s)
        assert wrong == f"it took over {longest_s} s for a tenth of a second of video"

    assert not Path(f"/proc/{pid.read_text().strip()}").exists()


async def test_one_that_is_no_program_is_told_by_its_error(tmp_path: Path) -> None:
    (tmp_path / "ffmpeg").write_text("no program")
    said = await what_is_wrong_with(str(tmp_path / "ffmpeg"))
    assert said == "it cannot be started"


async def test_one_that_fails_is_told_by_its_status(tmp_path: Path) -> None:
    said = await what_is_wrong_with(program(tmp_path, "exit 3"))
    assert said == "it cannot encode H.264 and AAC (status 3)"
