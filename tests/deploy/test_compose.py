"""The compose files: of the specification's form, and closed as the image allows it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.commands import cli
from bot.settings import Settings
from tests.deploy.dockerfile import stages
from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S

DEPLOY = ROOT / "deploy"
FILES = sorted(DEPLOY.glob("compose*.yaml"))
OURS = re.compile(r"kling-discord-bot$|\$\{KLING_IMAGE:\?")
IMAGE = stages((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))[-1]


def bots(path: Path) -> dict[str, Any]:
    """The services that run our image, by their names."""
    services = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    return {name: it for name, it in services.items() if OURS.match(it["image"])}


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("check-jsonschema")
    return subprocess.run(  # noqa: S603 - a tool of our own environment, with its own schema
        [tool, "--builtin-schema", "vendor.compose-spec", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_of_the_specifications_form(path: Path) -> None:
    result = checked(path)

    assert result.returncode == 0, result.stdout


def test_a_wrong_key_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("read_only:", "readonly:"), encoding="utf-8")

    assert checked(wrong).returncode == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_bot_is_closed_and_has_time_to_drain(path: Path) -> None:
    services = bots(path)

    assert services
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["mem_limit"] == "2g"
        assert service["security_opt"] == ["no-new-privileges:true"]
        grace_s = int(service["stop_grace_period"].removesuffix("s"))
        assert grace_s > Settings.model_fields["drain_timeout_s"].default + 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_prometheus_reaches_every_bot_on_this_machine_and_nobody_does_from_outside(
    path: Path,
) -> None:
    published: list[str] = []
    for service in bots(path).values():
        (port,) = service["ports"]
        # Where nothing is set, compose takes what follows the sign.
        host, outside, inside = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", port).split(":")
        assert host == "127.0.0.1"
        # On its own loopback a container is reached by itself alone.
        assert service["environment"]["METRICS_ADDR"] == f"0.0.0.0:{inside}"
        published.append(outside)

    handbook = (ROOT / "docs" / "when-it-breaks.md").read_text(encoding="utf-8")
    assert all(f'"127.0.0.1:{outside}"' in handbook for outside in published)
    assert len(set(published)) == len(published)


def test_what_is_pulled_and_what_is_built_differ_in_where_they_come_from_alone() -> None:
    (pulled,), (built,) = (
        bots(DEPLOY / name).values() for name in ("compose.yaml", "compose.build.yaml")
    )
    assert "build" not in pulled
    assert pulled["env_file"] == ".env", "one file is downloaded, and the secrets lie beside it"
    whence = {"build", "image", "env_file"}
    assert {key: it for key, it in pulled.items() if key not in whence} == {
        key: it for key, it in built.items() if key not in whence
    }


def test_every_command_is_one_that_there_is_and_no_two_share_a_folder() -> None:
    known = {
        command.name or getattr(command.callback, "__name__", "")
        for command in cli.registered_commands
    }
    for path in FILES:
        services = bots(path).values()
        assert {service.get("command", ["run"])[0] for service in services} <= known
        folders = [mount for service in services for mount in service["volumes"]]
        assert len(set(folders)) == len(folders)


def test_there_is_a_file_for_one_machine_and_one_for_several() -> None:
    names = [path.name for path in FILES]
    assert names == ["compose.build.yaml", "compose.cluster.yaml", "compose.yaml"]
    assert set(bots(DEPLOY / "compose.cluster.yaml")) == {"gateway", "worker"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_bot_keeps_its_data_where_the_image_has_its_volume(path: Path) -> None:
    (volume,) = IMAGE.last("VOLUME").words
    for service in bots(path).values():
        assert service["environment"]["DATA_DIR"] == volume
        assert volume in [mount.split(":")[1] for mount in service["volumes"]]
        if "build" in service:
            assert (DEPLOY / service["build"]["dockerfile"].removeprefix("deploy/")).is_file()
