"""A job at the stand-in: its state follows from the time alone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Final, assert_never

from pydantic import JsonValue

from bot.playground.runcomfy_input import ModelInput
from bot.playground.runcomfy_scenario import Cancelling, Cost, Ending, Output, Scenario

_MICRO: Final = 1_000_000
ACCOUNT: Final = "acct-5f2c9e"
"""The stable account identifier that file addresses carry."""


class Phase(StrEnum):
    """A job's state, in the words of `/result`."""

    IN_QUEUE = "in_queue"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


_FINISHED: Final = frozenset({Phase.SUCCEEDED, Phase.FAILED})
_FILES: Final = {
    Output.VIDEO: ("video.mp4",),
    Output.VIDEOS: ("video-1.mp4", "video-2.mp4"),
    Output.IMAGE: ("image.png",),
    Output.IMAGES: ("image-1.png", "image-2.png"),
}


@dataclass(slots=True)
class StandInJob:
    """An accepted request. Only its cancellation and its counters ever change."""

    request_id: str
    input: ModelInput
    scenario: Scenario
    accepted_at: datetime
    cancelled_at: datetime | None = None
    account: str = ""
    """The owning account: keys of other accounts learn nothing about the job."""
    asked_with: list[str] = field(default_factory=list[str])
    """The keys of the requests about the job, cancels included, in order."""
    calls: Counter[str] = field(default_factory=Counter[str])
    """The number of requests by kind: status, result, cancel, and files by name."""

    @property
    def price_usd(self) -> Decimal:
        """The cost if it is rendered."""
        model = self.input.model
        microusd = model.sound_microusd_per_s if self.input.sound else model.silent_microusd_per_s
        return Decimal(microusd) / _MICRO * self.input.duration_s

    @property
    def rendering_at(self) -> datetime:
        """When its turn comes."""
        return self.accepted_at + timedelta(seconds=self.scenario.queue_s)

    @property
    def finished_at(self) -> datetime:
        """When it is done, if it is rendered."""
        return self.rendering_at + timedelta(seconds=self.scenario.rendering_s)

    def phase(self, now: datetime) -> Phase:
        """The job's state now."""
        # A cancellation that would take effect only after the job's turn is ignored.
        cancelled_at = self.cancelled_at or self.rendering_at
        if cancelled_at < self.rendering_at and now >= cancelled_at:
            return Phase.CANCELLED
        if now < self.rendering_at:
            return Phase.IN_QUEUE
        if self.scenario.ending is Ending.CANCELLED_THERE:
            return Phase.CANCELLED
        if now < self.finished_at:
            return Phase.IN_PROGRESS
        return Phase.SUCCEEDED if self.scenario.ending is Ending.SUCCEEDS else Phase.FAILED

    def is_billed(self, now: datetime) -> bool:
        """Whether the job is charged: its rendering has begun."""
        return self.phase(now) in {Phase.IN_PROGRESS, *_FINISHED}

    def queue_position(self, now: datetime) -> int | None:
        """The place in the queue, counting down to 1; null once it is out of it."""
        if self.phase(now) is not Phase.IN_QUEUE:
            return None
        # Rounded up, and never 0: a job in the queue has a place in it.
        left = (self.rendering_at - now).total_seconds() / self.scenario.queue_s
        return max(1, ceil(self.scenario.queue_position * left))

    def cancel(self, now: datetime) -> str:
        """Cancel if possible; returns the `outcome`."""
        style = self.scenario.cancelling
        if style is Cancelling.REFUSED or self.phase(now) is not Phase.IN_QUEUE:
            return "not_cancellable"
        if style is Cancelling.REQUESTED:
            self.cancelled_at = now + timedelta(seconds=self.scenario.cancel_takes_s)
            return "cancellation_requested"
        self.cancelled_at = now
        return "cancelled"

    def links(self, base_url: str) -> dict[str, JsonValue]:
        """The body of an accepted submission."""
        path = f"{base_url}/v1/requests/{self.request_id}"
        links = {f"{what}_url": f"{path}/{what}" for what in ("status", "result", "cancel")}
        return {"request_id": self.request_id, **links}

    def cancel_answer(self, now: datetime) -> dict[str, JsonValue]:
        """The body of a cancel, which says "cancelled" even before that takes effect."""
        outcome = self.cancel(now)
        # As observed at the service: this status announces what has yet to happen.
        asked = outcome == "cancellation_requested"
        status = "cancelled" if asked else self.phase(now).value
        return {"request_id": self.request_id, "status": status, "outcome": outcome}

    def status_answer(self, now: datetime, base_url: str) -> dict[str, JsonValue]:
        """The body of `/status`, where a failed job is `completed` like any other."""
        phase = self.phase(now)
        answer: dict[str, JsonValue] = {
            "request_id": self.request_id,
            "status": self._said("completed" if phase in _FINISHED else phase.value),
        }
        links = self.links(base_url)
        answer |= {"status_url": links["status_url"], "result_url": links["result_url"]}
        if phase is Phase.IN_QUEUE:
            answer["queue_position"] = self.queue_position(now)
        return answer

    def result_answer(
        self, now: datetime, file_base: str, *, include_cost: bool
    ) -> dict[str, JsonValue]:
        """The body of `/result`, which echoes the input and carries links besides."""
        phase = self.phase(now)
        over = phase in {*_FINISHED, Phase.CANCELLED}
        answer: dict[str, JsonValue] = {
            "request_id": self.request_id,
            "status": self._said(phase.value),
            "created_at": self.accepted_at.isoformat(),
            "finished_at": now.isoformat() if over else None,
            "input": self.input.echo,
        }
        if phase is Phase.SUCCEEDED:
            answer["output"] = self._output(file_base)
        if phase is Phase.FAILED:
            answer["error"] = self.scenario.error
        if include_cost and phase in _FINISHED and self.scenario.cost is not Cost.ABSENT:
            as_text = self.scenario.cost is Cost.TEXT
            answer["cost"] = str(self.price_usd) if as_text else float(self.price_usd)
        return answer

    def _output(self, file_base: str) -> JsonValue:
        urls: list[JsonValue] = [
            f"{file_base}/files/{ACCOUNT}/{self.request_id}/{name}"
            for name in _FILES.get(self.scenario.output, ())
        ]
        match self.scenario.output:
            case Output.VIDEO:
                return {"video": urls[0]}
            case Output.VIDEOS:
                return {"videos": urls}
            case Output.IMAGE:
                return {"image": urls[0]}
            case Output.IMAGES:
                return {"images": urls}
            case Output.NOTHING:
                return {"video": None, "videos": []}
            case Output.NULL:
                return None
            case Output.UNREADABLE:
                return {"assets": [{"href": "somewhere"}]}
            case _:
                assert_never(self.scenario.output)

    def _said(self, word: str) -> str:
        return word.upper() if self.scenario.shouts else word
