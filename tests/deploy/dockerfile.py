"""A Dockerfile as its steps, and which files of the checkout its COPY sees."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its word in capitals, and the rest of its line."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as a command's words: the JSON form, or as a shell splits it."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return shlex.split(self.rest)


@dataclass(slots=True)
class Stage:
    """What follows a FROM."""

    base: str
    name: str | None
    steps: list[Step] = field(default_factory=list[Step])

    def last(self, word: str) -> Step:
        """The instruction that counts, where a later one replaces an earlier."""
        return [step for step in self.steps if step.word == word][-1]

    def environment(self) -> dict[str, str]:
        """What all its ENV say."""
        pairs = [pair for step in self.steps if step.word == "ENV" for pair in step.words]
        return dict(pair.split("=", 1) for pair in pairs)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order; its ARGs are filled in with their defaults."""
    found: list[Stage] = []
    arguments: dict[str, str] = {}
    for step in _steps(text):
        if step.word == "ARG":
            name, _, default = step.rest.partition("=")
            arguments[name] = default
        elif step.word == "FROM":
            base, *name = re.split(r"\s+AS\s+", _filled(step.rest, arguments))
            found.append(Stage(base=base, name=name[0] if name else None))
        else:
            found[-1].steps.append(step)
    return found


def _steps(text: str) -> Iterator[Step]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, rest = line.split(maxsplit=1)
        yield Step(word.upper(), rest)


def _filled(text: str, arguments: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda name: arguments[name[1]], text)


class Context:
    """The checkout as a build sees it: without what .dockerignore leaves out."""

    def __init__(self, root: Path) -> None:
        self._root = root
        lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self._patterns = [line for line in lines if line and not line.startswith("#")]

    def files(self, source: str) -> dict[PurePosixPath, Path]:
        """The files at or below `source`, by their paths relative to it."""
        start = self._root / source
        below = start.rglob("*") if start.is_dir() else [start]
        return {
            PurePosixPath(path.relative_to(start)): path
            for path in below
            if path.is_file() and self.has(path.relative_to(self._root).as_posix())
        }

    def has(self, path: str) -> bool:
        """Whether the build gets it: the last pattern decides that fits it or a folder over it."""
        taken = True
        lineage = [path, *(str(parent) for parent in PurePosixPath(path).parents)][:-1]
        for pattern in self._patterns:
            if any(_fits(one, pattern.lstrip("!")) for one in lineage):
                taken = pattern.startswith("!")
        return taken


def _fits(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatchcase(PurePosixPath(path).name, pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)
