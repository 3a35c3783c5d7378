"""RunComfy as the domain's rendering service: it never raises for what the service may do."""

from bot.domain.outcomes import (
    CancelOutcome,
    Gone,
    Sighting,
    StillRendering,
    SubmitOutcome,
    Unanswered,
    Unclear,
)
from bot.domain.request import GenerationRequest
from bot.runcomfy.client import RunComfyClient
from bot.runcomfy.readings import (
    AskResult,
    AskStatus,
    read_cancel,
    read_result,
    read_status,
    read_status_after_cancel,
    read_submit,
)
from bot.runcomfy.wire import Submission, read_request_id


class RunComfyProvider:
    """Implements `bot.domain.ports.Provider`."""

    def __init__(self, *, client: RunComfyClient) -> None:
        self._client = client
        self._over: set[str] = set()
        """Requests whose status said that they are over, and whose result is not known yet."""

    async def submit(self, request: GenerationRequest) -> SubmitOutcome:
        """Buy one generation: one POST, whatever comes of it."""
        return read_submit(await self._client.submit(Submission.of(request)))

    async def look(self, request_id: str) -> Sighting:
        """Ask the status, and the result too unless the status says that it is not over yet.

        Once it was over it stays so: the result alone is asked from then on, so that a service
        that answers every second call still comes to a verdict.
        """
        if read_request_id(request_id) != request_id:
            # An id that a person typed: the service cannot have given it, so it is not asked.
            return Gone()
        seen: Sighting | AskResult = AskResult(finished=True)
        if request_id not in self._over:
            seen = read_status(await self._client.status(request_id))
        if not isinstance(seen, AskResult):
            return seen
        sighting = read_result(await self._client.result(request_id), seen)
        if seen.finished and isinstance(sighting, StillRendering | Unclear | Unanswered):
            self._over.add(request_id)
        else:
            self._over.discard(request_id)
        return sighting

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask to cancel, and look again where the answer alone does not say what became of it."""
        if read_request_id(request_id) != request_id:
            return Unanswered("not a request id of this service")
        said = read_cancel(await self._client.cancel(request_id))
        if isinstance(said, AskStatus):
            return read_status_after_cancel(await self.look(request_id), said)
        return said
