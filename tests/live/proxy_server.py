"""A proxy on loopback: CONNECT or SOCKS5, with its password, to places that it alone knows."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Final, Self

USER: Final = "canary-user"
PASSWORD: Final = "canary-password-of-the-proxy"
_BY_NAME: Final = 3
_EXPECTED: Final = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


class ProxyServer:
    """Serves while its context is open. `places` are real ports by the names that lead there."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.asked: list[str] = []
        """Where connections were made to."""
        self.refused = 0
        self._places = places
        self._tunnels: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    def url(self, scheme: str = "http") -> str:
        """As an operator writes it."""
        return f"{scheme}://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = asyncio.create_task(self._tunnel(reader, writer))
        self._tunnels.add(tunnel)
        tunnel.add_done_callback(self._tunnels.discard)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with AsyncExitStack() as ends:
            ends.push_async_callback(_closed, writer)
            first = await reader.readexactly(1)
            place, done = await (_socks if first == b"\x05" else _http)(reader, writer)
            port = self._places.get(place)
            if port is None:
                self.refused += 1
                return
            self.asked.append(place)
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            ends.push_async_callback(_closed, far_writer)
            writer.write(done)
            await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, bytes]:
    """Where to, empty if that is refused, and how to say that it is done."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    asked, *headers = head.split("\r\n")
    method, place, _ = asked.split(" ")  # the method without its first letter, which is read
    pairs = (header.partition(":") for header in headers)
    said = {name.lower(): value.strip() for name, _, value in pairs}
    if method != "ONNECT" or said.get("proxy-authorization") != _EXPECTED:
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        return "", b""
    return place, b"HTTP/1.1 200 Connection established\r\n\r\n"


async def _socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, bytes]:
    """The same by RFC 1928 and 1929."""
    await reader.readexactly((await reader.readexactly(1))[0])
    writer.write(b"\x05\x02")  # a user and a password, please
    await reader.readexactly(1)
    user = await reader.readexactly((await reader.readexactly(1))[0])
    password = await reader.readexactly((await reader.readexactly(1))[0])
    if (user.decode(), password.decode()) != (USER, PASSWORD):
        writer.write(b"\x01\x01")
        return "", b""
    writer.write(b"\x01\x00")
    *_, kind = await reader.readexactly(4)
    if kind == _BY_NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ".".join(map(str, await reader.readexactly(4)))
    port = int.from_bytes(await reader.readexactly(2))
    return f"{host}:{port}", b"\x05\x00\x00\x01" + bytes(6)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(64 * 1024):
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
