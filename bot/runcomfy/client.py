"""RunComfy's queue API for Kling 3.0 Pro text-to-video, a method per endpoint."""

from typing import Final, Literal
from urllib.parse import quote

from bot.runcomfy.transport import ApiTransport, Reply
from bot.runcomfy.wire import Submission

MODEL_ID: Final = "kling/kling-3.0/pro/text-to-video"


class RunComfyClient:
    """Builds every URL itself: the links in the service's answers are not trusted."""

    def __init__(
        self, *, transport: ApiTransport, answer_timeout_s: float, purchase_timeout_s: float
    ) -> None:
        self._transport = transport
        self._answer_timeout_s = answer_timeout_s
        self._purchase_timeout_s = purchase_timeout_s

    async def submit(self, submission: Submission) -> Reply:
        """Buy one generation: the only call that costs money."""
        return await self._transport.request(
            "POST",
            f"/v1/models/{MODEL_ID}",
            answer_timeout_s=self._purchase_timeout_s,
            body=submission.to_json(),
        )

    async def status(self, request_id: str) -> Reply:
        """Ask where a request stands, well or badly finished being one word."""
        return await self._ask("GET", request_id, "status")

    async def result(self, request_id: str) -> Reply:
        """Ask for the verdict, the files and the cost."""
        return await self._ask("GET", request_id, "result?include_cost=true")

    async def cancel(self, request_id: str) -> Reply:
        """Ask to cancel; only a queued request can be."""
        return await self._ask("POST", request_id, "cancel")

    async def _ask(self, method: Literal["GET", "POST"], request_id: str, what: str) -> Reply:
        path = f"/v1/requests/{quote(request_id, safe='')}/{what}"
        return await self._transport.request(method, path, answer_timeout_s=self._answer_timeout_s)
