"""Discord's gateway on loopback: version 10 in JSON, each connection one stream of zlib.

https://discord.com/developers/docs/events/gateway
"""

import asyncio
import json
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from aiohttp import web

from tests.live.objects import BOT, BOT_ID, GUILD, GUILD_ID, Json, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION = 0, 1, 2, 6, 9
HELLO, HEARTBEAT_ACK = 10, 11
UNKNOWN_OPCODE, AUTHENTICATION_FAILED, SESSION_TIMED_OUT = 4001, 4004, 4009
ASKED_FOR: Final = {"v": "10", "encoding": "json", "compress": "zlib-stream"}
"""What discord.py asks for where no zstandard is installed, as here."""
HEARTBEAT_INTERVAL_MS: Final = 500


class Line:
    """One connection: its own zlib context, and a flush at the end of every payload."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.resume_url = str(request.url.origin().with_scheme("ws") / "resume")
        self.socket = socket
        self._transport = request.transport
        self._zlib = zlib.compressobj()

    async def send(
        self, op: int, data: Json | Literal[False] | None, event: str | None = None, seq: int = 0
    ) -> None:
        payload = json.dumps({"op": op, "d": data, "t": event, "s": seq or None}).encode()
        packed = self._zlib.compress(payload) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        # A connection that was broken off hears nothing more; its session may be resumed.
        with suppress(ConnectionResetError):
            await self.socket.send_bytes(packed)

    def break_off(self) -> None:
        """End without a word, as a network does."""
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Session:
    """One shard's share of the servers, over as many connections as it takes."""

    id: str
    shard: tuple[int, int]
    line: Line | None
    events: list[tuple[str, Json]] = field(default_factory=list[tuple[str, Json]])

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell the bot, at once or when it resumes."""
        self.events.append((event, data))
        if self.line is not None:
            await self.line.send(DISPATCH, data, event, len(self.events))


class Gateway:
    """A bot's sessions, one for each of its shards; without any it counts as shard 0 of 1."""

    def __init__(self, *, token: str, surprises: list[str]) -> None:
        self.me: Json = BOT
        """Whom it takes the bot for."""
        self.ends_with: int | None = None
        """The close code for whoever says who it is."""
        self.deaf = False
        """Whether nothing that comes is answered any more, not even a goodbye."""
        self.invalidates: set[int] = set()
        """The shards whose sessions it invalidates as soon as they begin."""
        self.connections = 0
        self.identified = self.resumed = self.heartbeats = 0
        self.sessions: list[Session] = []
        """In the order in which they began."""
        self._token = token
        self._surprises = surprises
        self._over = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The handler of every connection, the first and those that resume."""
        if dict(request.query) != ASKED_FOR:
            self._surprises.append(f"the gateway was asked for {dict(request.query)}")
        socket = web.WebSocketResponse(autoclose=False, compress=False, max_msg_size=4096)
        await socket.prepare(request)
        self.connections += 1
        line = Line(request, socket)
        await line.send(HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS})
        async for message in socket:
            if not self.deaf:
                payload = json.loads(message.data)
                await self._hear(line, payload["op"], payload)
        if self.deaf:
            await self._over.wait()
        for session in self.sessions:
            if session.line is line:
                session.line = None
        await socket.close()
        return socket

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell whichever shard has our one server; of two that have it, the later."""
        await self._home().dispatch(event, data)

    def connected(self) -> list[int]:
        """The shards that are served now, each as often as it is."""
        return sorted(session.shard[0] for session in self.sessions if session.line is not None)

    def break_off(self) -> None:
        """Lose the connection, but not the session."""
        session = self._home()
        assert session.line is not None, "there is no connection to lose"
        session.line.break_off()
        session.line = None

    def close(self) -> None:
        """Keep nobody waiting."""
        self._over.set()

    def _home(self) -> Session:
        return [session for session in self.sessions if _has_our_server(session.shard)][-1]

    async def _hear(self, line: Line, op: int, payload: Json) -> None:
        if op == HEARTBEAT:
            self.heartbeats += 1
            await line.send(HEARTBEAT_ACK, None)
        elif op not in (IDENTIFY, RESUME):
            self._surprises.append(f"the gateway was told opcode {op}")
            await line.socket.close(code=UNKNOWN_OPCODE)
        elif self.ends_with is not None:
            await line.socket.close(code=self.ends_with)
        elif payload["d"]["token"] != self._token:
            await line.socket.close(code=AUTHENTICATION_FAILED)
        elif op == IDENTIFY:
            await self._identify(line, payload["d"].get("shard"))
        else:
            await self._resume(line, payload["d"]["session_id"], after=payload["d"]["seq"])

    async def _identify(self, line: Line, shard: list[int] | None) -> None:
        self.identified += 1
        number, count = shard or (0, 1)
        if number in self.invalidates:
            await line.send(INVALID_SESSION, data=False)
            return
        session = Session(f"session-{snowflake()}", (number, count), line)
        self.sessions.append(session)
        has_it = _has_our_server(session.shard)
        ready = {
            "v": 10,
            "user": self.me,
            "application": {"id": BOT_ID, "flags": 0},
            "session_id": session.id,
            "resume_gateway_url": line.resume_url,
            "guilds": [{"id": GUILD_ID, "unavailable": True}] if has_it else [],
        }
        await session.dispatch("READY", ready if shard is None else {**ready, "shard": shard})
        if has_it:
            await session.dispatch("GUILD_CREATE", GUILD)

    async def _resume(self, line: Line, session_id: str, *, after: int) -> None:
        found = [session for session in self.sessions if session.id == session_id]
        if not found:
            await line.socket.close(code=SESSION_TIMED_OUT)
            return
        (session,) = found
        self.resumed += 1
        session.line = line
        for seq, (event, data) in enumerate(session.events[after:], start=after + 1):
            await line.send(DISPATCH, data, event, seq)
        await session.dispatch("RESUMED", {})


def _has_our_server(shard: tuple[int, int]) -> bool:
    """https://discord.com/developers/docs/events/gateway#sharding-sharding-formula."""
    number, count = shard
    return (int(GUILD_ID) >> 22) % count == number
