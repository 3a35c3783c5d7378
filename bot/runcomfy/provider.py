"""RunComfy's queue API for the Kling 3.0 family, as the domain's rendering service."""

from typing import Literal
from urllib.parse import quote

from bot.domain.generation.request import GenerationRequest
from bot.domain.outcomes import (
    CancelOutcome,
    Gone,
    Sighting,
    StillRendering,
    SubmitOutcome,
    Unanswered,
    Unclear,
)
from bot.domain.ports import NO_FRAMES, Frames
from bot.runcomfy.readings import (
    AskResult,
    AskStatus,
    read_cancel,
    read_result,
    read_status,
    read_status_after_cancel,
    read_submit,
)
from bot.runcomfy.transport import ApiTransport, Reply
from bot.runcomfy.wire import body_of, read_request_id


class RunComfyProvider:
    """Implements `bot.domain.ports.Provider`: it never raises for the service's failures.

    It builds every URL itself: the links in the service's answers are not trusted.
    """

    def __init__(
        self, *, transport: ApiTransport, answer_timeout_s: float, purchase_timeout_s: float
    ) -> None:
        self._transport = transport
        self._answer_timeout_s = answer_timeout_s
        self._purchase_timeout_s = purchase_timeout_s
        self._over: set[str] = set()
        """Requests that are finished by their status, and whose result is not known yet."""

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        """Buy one generation, the only call that costs money: exactly one POST."""
        reply = await self._transport.request(
            "POST",
            f"/v1/models/{request.model.id}",
            answer_timeout_s=self._purchase_timeout_s,
            body=body_of(request, frames),
        )
        return read_submit(reply, has_pictures=bool(frames))

    async def look(self, request_id: str) -> Sighting:
        """Ask for the status, and for the result too unless the status says that it is unfinished.

        A finished request stays finished: from then on only the result is asked for, so that a
        service that answers every second call still gives a verdict.
        """
        if read_request_id(request_id) != request_id:
            # A person typed this id: the service cannot have issued it, so it is not asked.
            return Gone()
        seen: Sighting | AskResult = AskResult(finished=True)
        if request_id not in self._over:
            seen = read_status(await self._ask("GET", request_id, "status"))
        if not isinstance(seen, AskResult):
            return seen
        sighting = read_result(await self._ask("GET", request_id, "result?include_cost=true"), seen)
        if seen.finished and isinstance(sighting, StillRendering | Unclear | Unanswered):
            self._over.add(request_id)
        else:
            self._over.discard(request_id)
        return sighting

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask to cancel, and poll again if the answer alone does not give the outcome."""
        if read_request_id(request_id) != request_id:
            return Unanswered("not a request id of this service")
        said = read_cancel(await self._ask("POST", request_id, "cancel"))
        if isinstance(said, AskStatus):
            return read_status_after_cancel(await self.look(request_id), said)
        return said

    async def _ask(self, method: Literal["GET", "POST"], request_id: str, what: str) -> Reply:
        path = f"/v1/requests/{quote(request_id, safe='')}/{what}"
        return await self._transport.request(method, path, answer_timeout_s=self._answer_timeout_s)
