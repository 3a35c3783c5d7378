"""Sends answers: correct ones, or faulty ones as a scenario says."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, assert_never

from aiohttp import web
from pydantic import JsonValue

from bot.domain.generation import models
from bot.domain.generation.models import Model
from bot.playground.runcomfy_input import input_schema
from bot.playground.runcomfy_scenario import (
    Answers,
    Claims,
    Closes,
    CutsOff,
    Delays,
    Drips,
    FileHow,
    Hangs,
    How,
    NeverEnds,
    Says,
    api_error,
)

_FILE_TYPES: Final = {".mp4": "video/mp4", ".png": "image/png"}
_ENDLESS_CHUNK: Final = bytes(64 * 1024)

_BrokenFile = Hangs | CutsOff | Claims | Drips | NeverEnds


class Replies:
    """Answers requests; a hanging one hangs until the client or the server gives up."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Release all hanging requests."""
        self._closing.set()

    async def of_call(
        self,
        request: web.Request,
        truth: dict[str, JsonValue],
        *,
        status: int = 200,
        how: How | None = None,
    ) -> web.StreamResponse:
        """Answer an API call with `truth`, unless a fault applies."""
        match how:
            case None:
                return as_json(truth, status=status)
            case Answers():
                return other_answer(how)
            case Says(word=word):
                key = "outcome" if "outcome" in truth else "status"
                return as_json(truth | {key: word}, status=status)
            case Delays(seconds=seconds):
                await asyncio.sleep(seconds)
                return as_json(truth, status=status)
            case Hangs():
                await self._closing.wait()
                return web.Response(status=503)
            case Closes():
                return _close(request)
            case CutsOff():
                body = json.dumps(truth).encode()
                response = await _begin(request, "application/json", len(body), status=status)
                await response.write(body[: len(body) // 2])
                return _close(request, response)
            case _:
                assert_never(how)

    async def of_file(
        self,
        request: web.Request,
        made: Callable[[], Awaitable[Path]],
        *,
        how: FileHow | None = None,
    ) -> web.StreamResponse:
        """Send a file, unless a fault applies; the file is made only if it is sent."""
        match how:
            case None:
                return web.FileResponse(await made())
            case Answers():
                return other_answer(how)
            case Delays(seconds=seconds):
                await asyncio.sleep(seconds)
                return web.FileResponse(await made())
            case Closes():
                return _close(request)
            case Hangs() | CutsOff() | Claims() | Drips() | NeverEnds():
                return await self._of_broken_file(request, await made(), how)
            case _:
                assert_never(how)

    async def _of_broken_file(
        self, request: web.Request, path: Path, how: _BrokenFile
    ) -> web.StreamResponse:
        data = await asyncio.to_thread(path.read_bytes)
        response = await _begin(request, _FILE_TYPES[path.suffix], _announced(how, data))
        match how:
            case Claims():
                await response.write(data)
            case CutsOff():
                await response.write(data[: len(data) // 2])
            case Hangs():
                await response.write(data[: len(data) // 2])
                await self._closing.wait()
            case Drips(bytes_at_a_time=count, pause_s=pause_s, bytes_at_first=at_first):
                await response.write(data[:at_first])
                for start in range(at_first, len(data), count):
                    await response.write(data[start : start + count])
                    await asyncio.sleep(pause_s)
            case NeverEnds():
                await response.write(data)
                # The write waits for the reader, so this does not fill the memory.
                while not self._closing.is_set():
                    await response.write(_ENDLESS_CHUNK)
            case _:
                assert_never(how)
        return _close(request, response)


def as_json(body: dict[str, JsonValue], *, status: int = 200) -> web.Response:
    """An answer of the API."""
    return web.json_response(body, status=status)


def other_answer(how: Answers) -> web.Response:
    """The answer that the fault holds, as JSON unless it is text or bytes."""
    if isinstance(how.body, bytes):
        return web.Response(status=how.status, body=how.body, headers=how.headers)
    if isinstance(how.body, str):
        return web.Response(status=how.status, text=how.body, headers=how.headers)
    return web.json_response(how.body, status=how.status, headers=how.headers)


def _announced(how: _BrokenFile, data: bytes) -> int | None:
    match how:
        case Claims(size_bytes=size_bytes):
            return size_bytes
        case NeverEnds():
            return None
        case Hangs() | CutsOff() | Drips():
            return len(data)
        case _:
            assert_never(how)


async def _begin(
    request: web.Request, content_type: str, size_bytes: int | None, *, status: int = 200
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers={"Content-Type": content_type})
    if size_bytes is None:
        response.enable_chunked_encoding()
    else:
        response.content_length = size_bytes
    await response.prepare(request)
    return response


def _close(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    """Close the connection after the bytes written so far, whatever length was announced."""
    # The transport is gone already if the client was faster.
    if request.transport is not None:
        request.transport.close()
    return response or web.Response()


_MICRO: Final = 1_000_000


def _declared() -> dict[str, Model]:
    return {model.id: model for model in models.MODELS}


@dataclass(slots=True)
class Catalogue:
    """The models and their prices; a script may change the catalogue, which changes no bill."""

    models: dict[str, Model] = field(default_factory=_declared)
    price_unit: str = "second"

    def answer(self, model_id: str) -> web.Response:
        """The catalogue's answer about a model."""
        model = self.models.get(model_id)
        if model is None:
            return other_answer(api_error(400001))
        return as_json(
            {
                "model_id": model.id,
                "base_price_usd": model.silent_microusd_per_s / _MICRO,
                "price_unit": self.price_unit,
                "pricing_note": f"${model.sound_microusd_per_s / _MICRO} per second with sound",
                "input_schema": input_schema(model),
            }
        )


def balance_answer(left_usd: Decimal) -> web.Response:
    """The account's balance."""
    return as_json(
        {
            "balance_usd": float(left_usd),
            "balance_microdollars": int(left_usd * _MICRO),
            "currency": "USD",
        }
    )
