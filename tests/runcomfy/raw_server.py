"""A server that is none: bytes on a socket, for what no HTTP server would do."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class RawServer:
    """Answers the n-th request of all with the n-th bytes, and closes where there are none.

    `requests` holds, for each connection, the request lines that came over it.
    """

    answers: Sequence[bytes]
    greeting: bytes = b""
    port: int = 0
    requests: list[list[str]] = field(default_factory=list[list[str]])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def request_lines(self) -> list[str]:
        """All request lines, of all connections."""
        return [line for lines in self.requests for line in lines]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until there is nothing to answer."""
        lines: list[str] = []
        self.requests.append(lines)
        try:
            writer.write(self.greeting)
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                lines.append(head.split("\r\n", 1)[0])
                number = len(self.request_lines) - 1
                if number >= len(self.answers):
                    break
                writer.write(self.answers[number])
                await writer.drain()
                if b"Connection: close" in self.answers[number]:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(*answers: bytes, greeting: bytes = b"") -> AsyncGenerator[RawServer]:
    """Listen on loopback; the greeting is said before anything was asked."""
    raw = RawServer(answers, greeting)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    async with server:
        yield raw


@asynccontextmanager
async def silent_port() -> AsyncGenerator[int]:
    """Take connections and never say a word, not even in a TLS handshake."""
    enough = asyncio.Event()

    async def wait(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await enough.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        enough.set()


def answer(body: bytes = b"{}", *, headers: str = "", status: str = "200 OK") -> bytes:
    """A whole answer that leaves the connection open."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body
