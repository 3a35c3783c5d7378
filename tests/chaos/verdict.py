"""The laws, held against the evidence: each is a question about one job, and wants a no."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.runner.cadence import LATE_ANSWER_GRACE_S
from tests.chaos.evidence import Evidence
from tests.chaos.hastened import FACTOR
from tests.chaos.records import Letter, Post
from tests.chaos.service import ANSWER_LOST, VANISHED, VIDEO_DIGEST, kind_of

RATE_LIMITED: Final = 429
WRITTEN_WITHIN: Final = timedelta(seconds=1)
"""How long an answer may be on its way into the row: a later kill does not excuse its loss."""
GRACE: Final = timedelta(seconds=LATE_ANSWER_GRACE_S / FACTOR)


class Verdict:
    """Judges one run."""

    def __init__(self, evidence: Evidence, *, kills: Sequence[datetime]) -> None:
        self._evidence = evidence
        self._kills = kills
        laws = {
            "lost": self.is_lost,
            "undelivered": self.is_undelivered,
            "sent without its own pictures": self.is_sent_with_others,
            "duplicates": self.is_seen_twice,
            "unsure without a cause": self.is_unsure_without_cause,
            "cards that do not say the end": self.has_stale_card,
        }
        self.culprits = {
            "bought twice, or without a row": list(self._bought_wrongly()),
            **{
                law: [self._case(job) for job in evidence.jobs if breaks(job)]
                for law, breaks in laws.items()
            },
            "left in disorder": list(evidence.disorder),
        }

    @property
    def broken(self) -> list[str]:
        """A sentence for each breach."""
        return [f"{law}: {case}" for law, cases in self.culprits.items() for case in cases]

    # --- laws ---------------------------------------------------------------------------------

    def _bought_wrongly(self) -> Iterable[str]:
        # One that was never confirmed is asked for again, in a row of its own.
        rows = Counter(
            job.request.prompt
            for job in self._evidence.jobs
            if job.failure is not FailureReason.NOT_CONFIRMED
        )
        for prompt in {post.prompt for post in self._evidence.posts}:
            if rows[prompt] != 1 or len(self.costly(prompt)) > 1:
                yield f"{prompt}: {rows[prompt]} rows, {len(self.costly(prompt))} POSTs"

    def is_lost(self, job: Job) -> bool:
        """Whether it did not come to the end that the service gave it, or to an honest doubt."""
        if job.request_id is not None:
            doomed = kind_of(job.request.prompt) == "doomed"
            return job.state is not (State.FAILED if doomed else State.DELIVERED)
        if job.failure is FailureReason.NOT_CONFIRMED:
            return False  # and any POST of its prompt is that of the row after it
        if job.failure is FailureReason.PICTURE_GONE:
            is_gone = kind_of(job.request.prompt) == VANISHED
            return not is_gone or bool(self.costly(job.request.prompt))
        if job.state is State.FAILED:  # held back for too long: then nothing may have been bought
            return bool(self.costly(job.request.prompt))
        return job.state is not State.UNSURE

    def is_undelivered(self, job: Job) -> bool:
        """Whether Discord never confirmed the whole video, or never had the ping."""
        if job.state is not State.DELIVERED:
            return job.state is State.RENDERED
        results, pings = self._letters(job, "deliver"), self._letters(job, "ping")
        whole = [one for one in results if one.confirmed and one.digests == (VIDEO_DIGEST,)]
        return not whole or not pings

    def is_sent_with_others(self, job: Job) -> bool:
        """Whether any POST of it had not exactly the bytes of its pictures."""
        own = tuple(picture.digest for picture in job.request.frames.values())
        posts = [post for post in self._evidence.posts if post.prompt == job.request.prompt]
        if own and kind_of(job.request.prompt) == VANISHED:
            return bool(posts)
        return any(post.pictures != own for post in posts)

    def is_seen_twice(self, job: Job) -> bool:
        """Whether people saw two results, or two pings that Discord cannot tell to be one."""
        results, pings = self._letters(job, "deliver"), self._letters(job, "ping")
        differing = {(one.card, one.digests) for one in results}
        nonces = {one.nonce for one in pings}
        # A repeat is for a life that died between the confirmation and the row, and no other.
        in_one_life = Counter((one.what, one.life) for one in (*results, *pings) if one.confirmed)
        delivered = [at for event, at in self._moves(job) if event == "Delivered"]
        afterwards = [one for one in (*results, *pings) if delivered and one.at > delivered[0]]
        return max(len(differing), len(nonces), *in_one_life.values(), 0) > 1 or bool(afterwards)

    def is_unsure_without_cause(self, job: Job) -> bool:
        """Whether the outcome of its POST could have been known."""
        if job.state is not State.UNSURE:
            return False
        posts = self.costly(job.request.prompt)
        if posts and kind_of(job.request.prompt) in ANSWER_LOST:
            return False
        moves = dict(self._moves(job))
        sent, unsure = moves["SendingBegan"], moves["OutcomeLost"]
        # A POST that was never answered was in flight, or had not left, when its sender died.
        answered = next((post.at for post in posts if post.status is not None), unsure)
        excuse_ends = min(answered + WRITTEN_WITHIN, unsure)
        return unsure - sent < GRACE or not any(sent <= at <= excuse_ends for at in self._kills)

    def has_stale_card(self, job: Job) -> bool:
        """Whether the last thing that its card was made to say is not its end."""
        drawn = self._letters(job, "show", "deliver")
        if job.state is State.DELIVERED:
            return not drawn or drawn[-1].what != "deliver"
        return not job.told or not drawn or drawn[-1].state is not job.state

    # --- figures ------------------------------------------------------------------------------

    def table(self) -> str:
        """Figures to be printed, and below them every breach."""
        jobs, posts = self._evidence.jobs, self._evidence.posts
        costly = {post.prompt: len(self.costly(post.prompt)) for post in posts}
        unsure = [job for job in jobs if job.state is State.UNSURE]
        by_service = [job for job in unsure if kind_of(job.request.prompt) in ANSWER_LOST]
        cards = {one.card for one in self._evidence.letters}
        again = {
            what: sum(max(0, len(self._letters(job, what)) - 1) for job in jobs)
            for what in ("deliver", "ping")
        }
        figures = {
            "kills": len(self._kills),
            "jobs": f"{len(jobs)} ({listed(Counter(job.state.value for job in jobs))})",
            "POSTs per job": f"max {max(costly.values(), default=0)}, in all {len(posts)}, "
            f"{len(posts) - sum(costly.values())} of them refused with 429 and so sent again",
            **{law: len(cases) for law, cases in self.culprits.items()},
            "unsure": f"{len(unsure)} ({len(unsure) - len(by_service)} by a kill in mid-POST, "
            f"{len(by_service)} by the service)",
            "repeated as the law allows": f"{again['deliver']} times the same result on the same "
            f"card, {again['ping']} times a ping with the same nonce",
            "jobs with a picture": self._with_pictures(),
            "killed between card and row": len(cards - {job.place.message_id for job in jobs}),
        }
        rows = [f"{name:<30}  {figure}" for name, figure in figures.items()]
        return "\n".join([*rows, *(f"BROKEN {breach}" for breach in self.broken)])

    def _with_pictures(self) -> str:
        jobs = [job for job in self._evidence.jobs if job.request.frames]
        sent = {post.prompt for post in self._evidence.posts if post.pictures}
        gone = sum(job.failure is FailureReason.PICTURE_GONE for job in jobs)
        return (
            f"{len(jobs)} ({listed(Counter(job.state.value for job in jobs))}), "
            f"{len(sent)} sent with their bytes, {gone} ended unsent as theirs was gone"
        )

    def costly(self, prompt: str) -> list[Post]:
        """The POSTs that may have bought something: all but those refused with 429."""
        posts = self._evidence.posts
        return [post for post in posts if post.prompt == prompt and post.status != RATE_LIMITED]

    def _letters(self, job: Job, *what: str) -> list[Letter]:
        return [one for one in self._evidence.letters if one.job == job.id and one.what in what]

    def _moves(self, job: Job) -> Sequence[tuple[str, datetime]]:
        return self._evidence.moves[job.id]

    def _case(self, job: Job) -> str:
        events = " ".join(event for event, _ in self._moves(job))
        letters = self._letters(job, "show", "deliver", "ping")
        seen = " ".join(f"{one.what}:{one.state}" for one in letters)
        return f"{job.id} ({job.request.prompt}) | {events} | {seen}"


def listed(counts: Counter[str]) -> str:
    """`a 1, b 2`."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
