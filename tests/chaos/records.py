"""What survives every kill: records in files, one line of JSON each, forced to the disk."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.domain.job import JobId, State
from tests.chaos.hastened import FACTOR

POSTS, LETTERS, LOG, DATA = "posts.jsonl", "letters.jsonl", "worker.log", "data"
"""What is in a run's folder: files, and last the data folder of the bot under test."""


class Wish(BaseModel):
    """What a worker asks the desk for; the first word of the prompt says how it will go."""

    model_config = ConfigDict(frozen=True)

    interaction_id: int
    prompt: str
    after_s: float = 0.0
    with_picture: bool = False


class Orders(BaseModel):
    """All that a worker has to know; it comes as one line on its standard input."""

    folder: Path
    service_url: str
    data: str = DATA
    """The worker's own data folder, within `folder`."""
    database_url: str | None = None
    """A PostgreSQL database that workers share, instead of the file in the data folder."""
    clock_start: datetime
    hastened_by: int = FACTOR
    life: int = 0
    seed: int = 0
    wishes: tuple[Wish, ...] = ()
    discord_delay_s: float = 0.02
    discord_faults: float = 0.0
    """The share of writes that do not arrive, and of those that do and whose answer does not."""
    drain_timeout_s: float = 5.0
    dead_after_s: float | None = None
    """Of several: without a sign of life for so long a process is given up; None: the usual."""


class Post(BaseModel):
    """A submission that reached the service. `at` is when it was answered, or else came."""

    number: int
    prompt: str
    at: datetime
    status: int | None = None
    pictures: tuple[str, ...] = ()
    """The digests of the pictures in its body."""


class Letter(BaseModel):
    """A write that reached Discord, whether or not its sender lived to hear of it."""

    life: int
    what: Literal["open", "show", "deliver", "ping"]
    job: JobId
    card: int
    state: State
    digests: tuple[str, ...] = ()
    """Of the files that were attached."""
    nonce: str | None = None
    confirmed: bool = True
    at: datetime


RecordT = TypeVar("RecordT", bound=BaseModel)


def now() -> datetime:
    return datetime.now(UTC)


def append(path: Path, record: BaseModel) -> None:
    """Blocks until the line is on the disk."""
    with path.open("ab") as file:
        file.write(record.model_dump_json().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path, model: type[RecordT]) -> list[RecordT]:
    """All records so far; none when nothing was ever written."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [model.model_validate_json(line) for line in lines]
