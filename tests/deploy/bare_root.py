"""A bare root file system that a Dockerfile's steps are run in, by chroot and not by an engine."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from tests.deploy.dockerfile import Context, Stage, Step

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
ENTER = """
set -e
mount --rbind "$ROOT" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
if test -n "$WRITABLE"; then
    if test -f "$CERTIFICATES"; then mount --bind "$CERTIFICATES" "$ROOT$CERTIFICATES"; fi
else
    mount -t tmpfs tmpfs "$ROOT/tmp"
    mount --bind "$ROOT/data" "$ROOT/data"
    mount -o remount,bind,ro "$ROOT"
fi
cd "$ROOT"
exec chroot --userspec="$WHO" "$ROOT" /usr/bin/env --chdir="$CWD" --ignore-environment "$@"
"""


class BareRoot:
    """One stage's root. `base` is the bare root that stands for the image of its FROM."""

    def __init__(self, path: Path, *, base: Path) -> None:
        self.path = path
        _copied(base, path)
        # What Python's own images have, and Debian has not.
        python = path / "usr/local/bin/python"
        if not python.exists():
            python.symlink_to("/usr/bin/python3")
        shutil.copy("/etc/resolv.conf", path / "etc/resolv.conf")

    def build(self, stage: Stage, *, context: Context, others: Mapping[str, "BareRoot"]) -> None:
        """Run the stage's steps in their order; what only describes the image is passed over."""
        for step in stage.steps:
            match step.word:
                case "RUN":
                    command = [*installer_settings(), "sh", "-e", "-c", step.rest]
                    entering = self.entering(command, writable=True)
                    subprocess.run(entering, check=True)  # noqa: S603 - our own Dockerfile's step
                case "COPY":
                    self._copy(step, context=context, others=others)
                case "WORKDIR":
                    (self.path / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
                case _:
                    pass

    def entering(
        self,
        command: Sequence[str],
        *,
        who: str = "0:0",
        cwd: str = "/",
        writable: bool = False,
    ) -> list[str]:
        """The command line that runs `command`, which may begin with NAME=VALUE, in this root.

        Unless `writable`, the root is read-only but for /data, and /tmp is memory.
        """
        inner = {
            "ROOT": str(self.path),
            "WHO": who,
            "CWD": cwd,
            "WRITABLE": "1" if writable else "",
            "CERTIFICATES": CERTIFICATES,
        }
        settings = [f"{name}={value}" for name, value in inner.items()]
        unshared = ["unshare", "--mount", "--propagation", "private"]
        path = f"PATH={BASE_PATH}"
        return [*unshared, "env", *settings, "sh", "-c", ENTER, "sh", path, *command]

    def _copy(self, step: Step, *, context: Context, others: Mapping[str, "BareRoot"]) -> None:
        source, target = [word for word in step.words if not word.startswith("--")]
        goal = self.path / target.lstrip("/")
        if source.startswith("/"):
            origin = next(w.removeprefix("--from=") for w in step.words if w.startswith("--from="))
            goal.parent.mkdir(parents=True, exist_ok=True)
            there = others[origin].path / source.lstrip("/")
            _copied(there, goal)
            return
        files = context.files(source)
        assert files, f"{source} is nothing that the build gets"
        for relative, path in files.items():
            into = goal if relative == PurePosixPath() else goal / relative
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, into)


def _copied(source: Path, target: Path) -> None:
    """With owners, modes and links, which Python's own copying would lose."""
    command = ["/bin/cp", "--archive", str(source), str(target)]
    subprocess.run(command, check=True)  # noqa: S603 - a tool of the system, on our own folders


def installer_settings() -> list[str]:
    """What this machine's own pip is told by the environment, where its index needs it."""
    names = [name for name in os.environ if name.startswith("PIP_") or name.endswith("_proxy")]
    return [f"{name}={os.environ[name]}" for name in sorted(names)]
