"""What the files of a run say after it: rows and their history, POSTs, letters, complaints."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, select

from bot.domain.job import Job, JobId
from bot.storage import default_database_url
from bot.storage.rows import job_of
from bot.storage.tables.jobs import job_moves, jobs
from tests.chaos.hastened import HastenedClock
from tests.chaos.records import DATA, LETTERS, LOG, POSTS, Letter, Post, read

_COMPLAINT = re.compile(r".*(?:Traceback|never retrieved|was destroyed|its watch failed).*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All instants are the system clock's."""

    jobs: Sequence[Job]
    moves: Mapping[JobId, Sequence[tuple[str, datetime]]]
    """The events of each job, in order, with their instants."""
    posts: Sequence[Post]
    letters: Sequence[Letter]
    disorder: Sequence[str]
    """What must not be in a database, a spool or a log, whatever was killed."""


def gather(folder: Path, *, clock_start: datetime) -> Evidence:
    """Read it all; nothing may be writing any more."""
    clock = HastenedClock(start=clock_start)
    moves: dict[JobId, list[tuple[str, datetime]]] = defaultdict(list)
    engine = create_engine(default_database_url(folder / DATA))
    with engine.connect() as database:
        rows = [job_of(row) for row in database.execute(select(jobs)).mappings()]
        for move in database.execute(select(job_moves).order_by(job_moves.c.version)).mappings():
            moves[move["job_id"]].append((move["event"], clock.real(move["at"])))
        integrity = str(database.exec_driver_sql("PRAGMA integrity_check").scalar())
    engine.dispose()
    log = (folder / LOG).read_text(encoding="utf-8")
    return Evidence(
        jobs=rows,
        moves=moves,
        # A POST is written down when it comes and when it is answered: the later line counts.
        posts=list({post.number: post for post in read(folder / POSTS, Post)}.values()),
        letters=read(folder / LETTERS, Letter),
        disorder=[
            *([] if integrity == "ok" else [integrity]),
            *(f"left in the spool: {left.name}" for left in (folder / DATA).glob("spool/*")),
            *_COMPLAINT.findall(log),
        ],
    )
