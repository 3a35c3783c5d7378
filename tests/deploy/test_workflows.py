"""What builds and checks the project elsewhere: closed, pinned, and naming what is there."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S

FILES: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI, RELEASE = FILES
ACTIONLINT: Final = ("actionlint", "-shellcheck=", "-pyflakes=")
"""Without what only some machines have, so that it finds the same everywhere."""
PINNED: Final = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def of(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def by_our_tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a tool of our own environment
        [Path(sys.executable).with_name(name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    used = [line.strip() for line in path.read_text("utf-8").splitlines() if "uses:" in line]

    assert len(used) >= 2
    assert [line for line in used if not PINNED.fullmatch(line.removeprefix("- "))] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_workflow_may_nothing_and_each_job_what_it_names(path: Path) -> None:
    workflow = of(path)

    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == ("write" if job.get("needs") else "read")
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_ci_runs_what_a_bare_machine_runs_on_every_python_of_ours() -> None:
    (job,) = of(CI)["jobs"].values()
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert oldest["requires-python"] == ">=3.11"
    (run,) = [step["run"] for step in job["steps"] if "run" in step]
    assert run == ".ci/run"
    assert (ROOT / run).is_file()


def test_a_release_builds_both_machines_and_pushes_to_its_own_repository_alone() -> None:
    text = RELEASE.read_text(encoding="utf-8")
    (build,) = [
        step["with"]
        for step in of(RELEASE)["jobs"]["image"]["steps"]
        if step.get("uses", "").startswith("docker/build-push-action@")
    ]

    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert build["provenance"] == "mode=max"
    assert (ROOT / build["file"]).is_file()
    assert re.findall(r"ghcr\.io/[^\"\s]+", text) == ["ghcr.io/${GITHUB_REPOSITORY,,}"]
    assert text.count("actions/attest-build-provenance@") == 2


def test_what_a_release_offers_names_its_image_and_its_wheel(tmp_path: Path) -> None:
    (step,) = [
        step for step in of(RELEASE)["jobs"]["release"]["steps"] if "IMAGE" in step.get("env", {})
    ]
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "kling-1-py3-none-any.whl").touch()
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    image, page = "ghcr.io/owner/name@sha256:abc", "https://git.example.org/Owner/name"
    done = subprocess.run(  # noqa: S603 - our own workflow's step
        ["/bin/bash", "-e", "-c", step["run"]],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin",
            "IMAGE": image,
            "GITHUB_SERVER_URL": "https://git.example.org",
            "GITHUB_REPOSITORY": "Owner/name",
            "GITHUB_REF_NAME": "v1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    made = {path.name: path.read_text(encoding="utf-8") for path in dist.iterdir()}
    assert yaml.safe_load(made["compose.yaml"])["services"]["bot"]["image"] == image
    assert f"<Repository>{image}</Repository>" in made["unraid.xml"]
    assert f"<Project>{page}</Project>" in made["unraid.xml"]
    assert f"{page}/releases/download/v1/kling-1-py3-none-any.whl" in made["egg-kling-bot.json"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_of_the_form_that_is_expected_and_linter_and_auditor_find_nothing(path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    formed = by_our_tool("check-jsonschema", *schema, path)
    assert formed.returncode == 0, formed.stdout
    linted = by_our_tool(*ACTIONLINT, path)
    assert linted.returncode == 0, linted.stdout
    audited = by_our_tool("zizmor", "--offline", "--no-progress", path)
    assert audited.returncode == 0, audited.stdout


def test_the_auditor_sees_an_action_that_is_not_pinned(tmp_path: Path) -> None:
    loose = tmp_path / "ci.yml"
    loose.write_text(re.sub(r"@[0-9a-f]{40} # v\S+", "@main", CI.read_text("utf-8")), "utf-8")

    assert by_our_tool("zizmor", "--offline", "--no-progress", loose).returncode != 0


def test_the_linter_sees_an_output_that_no_step_has(tmp_path: Path) -> None:
    misspelt = tmp_path / "release.yml"
    text = RELEASE.read_text("utf-8")
    misspelt.write_text(text.replace("steps.build.outputs.", "steps.bulid.outputs."), "utf-8")

    linted = by_our_tool(*ACTIONLINT, misspelt)

    assert linted.returncode == 1
    assert 'property "bulid" is not defined' in linted.stdout
