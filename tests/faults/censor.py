"""Discord with opinions: it looks at every message that is sent, and refuses what a test says."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import discord
from discord.http import Route

from tests.stories.harness import Story


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that shows a message."""

    method: str
    path: str
    body: str
    """All that it says, as JSON."""
    sizes: tuple[int, ...]
    """Of the files that are attached, in bytes."""

    @property
    def has_links(self) -> bool:
        """Whether an address at the service stands in it."""
        return "/files/" in self.body


Opinion = Callable[[Sent], Exception | None]


def refusal(status: int, code: int) -> discord.HTTPException:
    """What the library raises for such an answer."""
    response = SimpleNamespace(status=status, reason="as it happens", headers={})
    return discord.HTTPException(cast("Any", response), {"code": code, "message": "no"})


class Censor:
    """Stands in front of Discord's channels from now on, and keeps what it refused and let pass."""

    def __init__(self, story: Story, opinion: Opinion) -> None:
        self.refused: list[Sent] = []
        self.passed: list[Sent] = []
        self._opinion = opinion
        http = cast("Any", story.world.app.bot.http)
        self._request: Callable[..., Awaitable[object]] = http.request
        http.request = self.request

    async def request(self, route: Route, **options: Any) -> object:  # noqa: ANN401 - the library's own
        """Look at it, and pass it on."""
        if "/messages" not in route.path or route.method not in ("POST", "PATCH"):
            return await self._request(route, **options)
        sent = Sent(
            method=route.method,
            path=route.url.partition("/v10")[2],
            body=_body(options),
            sizes=tuple(_size(file) for file in options.get("files") or ()),
        )
        error = self._opinion(sent)
        if error is not None:
            self.refused.append(sent)
            raise error
        self.passed.append(sent)
        return await self._request(route, **options)


def _body(options: dict[str, Any]) -> str:
    form = options.get("form") or ()
    payloads = [part["value"] for part in form if part["name"] == "payload_json"]
    return payloads[0] if payloads else json.dumps(options.get("json"))


def _size(file: discord.File) -> int:
    position = file.fp.seek(0, 2)
    file.reset()
    return position
