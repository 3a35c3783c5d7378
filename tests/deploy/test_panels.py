"""Unraid's template and Pterodactyl's egg: their fields, and what they promise."""

import json
import subprocess
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from bot.cli.commands import cli
from bot.settings import Settings
from tests.deploy.dockerfile import stages
from tests.meta.sources import ROOT

DEPLOY: Final = ROOT / "deploy"
IMAGE: Final = stages((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))[-1]
EGG: Final[dict[str, Any]] = json.loads((DEPLOY / "egg-kling-bot.json").read_text("utf-8"))
UNRAID: Final = ET.parse(DEPLOY / "unraid.xml").getroot()  # noqa: S314 - our own file
CONFIGS: Final = UNRAID.findall("Config")
NEEDED: Final = {name.upper() for name, one in Settings.model_fields.items() if one.is_required()}
KNOWN: Final = {name.upper() for name in Settings.model_fields}

# --- Unraid: version 2 of its templates ---


def test_the_template_has_what_unraid_reads() -> None:
    assert (UNRAID.tag, UNRAID.get("version")) == ("Container", "2")
    fields = {child.tag: (child.text or "").strip() for child in UNRAID}
    assert fields.keys() == {
        *("Name", "Repository", "Network", "Shell", "Privileged", "Support", "Project"),
        *("Overview", "Category", "ExtraParams", "Config"),
    }
    assert fields["Privileged"] == "false"
    assert fields["Network"] == "bridge"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda one: one.get("Name"))
def test_every_field_of_the_template_is_whole(config: ET.Element) -> None:
    assert list(config.attrib) == [
        *("Name", "Target", "Default", "Mode", "Description", "Type", "Display"),
        *("Required", "Mask"),
    ]
    assert config.get("Type") in {"Variable", "Path"}
    assert config.get("Display") in {"always", "advanced"}
    assert (config.text or "") == config.get("Default")
    if config.get("Type") == "Variable":
        assert config.get("Target") in KNOWN


def test_the_template_asks_for_the_secrets_unseen_and_keeps_what_the_image_keeps() -> None:
    masked = {one.get("Target") for one in CONFIGS if one.get("Mask") == "true"}
    required = {one.get("Target") for one in CONFIGS if one.get("Required") == "true"}
    (path,) = [one.get("Target") for one in CONFIGS if one.get("Type") == "Path"]

    assert masked == NEEDED
    assert required == {*NEEDED, path}
    assert [path] == IMAGE.last("VOLUME").words


def test_the_template_closes_the_container_as_compose_does() -> None:
    given = set((UNRAID.findtext("ExtraParams") or "").split())

    assert given >= {"--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"}
    assert given >= {"--memory=2g", "--pids-limit=256", "--init", "--restart=unless-stopped"}
    (grace,) = [one for one in given if one.startswith("--stop-timeout=")]
    drain_s: int = Settings.model_fields["drain_timeout_s"].default
    assert int(grace.partition("=")[2]) > drain_s + 10


# --- Pterodactyl and Pelican: an egg of the form PTDL_v2 ---


def test_the_egg_has_the_fields_of_its_form() -> None:
    assert EGG.keys() == {
        *("meta", "exported_at", "name", "author", "description", "features", "docker_images"),
        *("file_denylist", "startup", "config", "scripts", "variables"),
    }
    assert EGG["meta"] == {"version": "PTDL_v2", "update_url": None}
    assert EGG["config"].keys() == {"files", "startup", "logs", "stop"}
    assert all(isinstance(json.loads(EGG["config"][one]), dict) for one in ("files", "logs"))
    assert EGG["scripts"]["installation"].keys() == {"script", "container", "entrypoint"}
    for variable in EGG["variables"]:
        assert variable.keys() == {
            *("name", "description", "env_variable", "default_value", "user_viewable"),
            *("user_editable", "rules", "field_type"),
        }
        assert "required" in variable["rules"].split("|")


def test_the_egg_asks_for_settings_that_there_are() -> None:
    asked = {one["env_variable"] for one in EGG["variables"]}

    assert asked > NEEDED
    assert asked - KNOWN == {"WHEEL_URL"}


def test_the_egg_installs_and_runs_by_one_python_and_stops_by_ctrl_c() -> None:
    script: str = EGG["scripts"]["installation"]["script"]
    checked = subprocess.run(
        ["/bin/bash", "-n"], input=script, text=True, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "\r" not in script
    (runs_on,) = EGG["docker_images"].values()
    assert runs_on.rpartition("_")[2] in EGG["scripts"]["installation"]["container"]
    assert EGG["config"]["stop"] == "^C"
    command = EGG["startup"].split(" -m bot ")[1]
    assert command in {
        one.name or getattr(one.callback, "__name__", "") for one in cli.registered_commands
    }


def test_the_panel_sees_in_the_log_that_the_bot_is_there() -> None:
    done: str = json.loads(EGG["config"]["startup"])["done"]
    assert done in (ROOT / "bot" / "client.py").read_text(encoding="utf-8")
