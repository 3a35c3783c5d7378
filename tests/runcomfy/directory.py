"""A name service that needs no network."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class Directory(AbstractResolver):
    """A resolver that knows a few names by heart."""

    def __init__(self, **names: tuple[str, ...]) -> None:
        self._names = names
        self.is_closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._names[host.removesuffix(".")]
        ]

    async def close(self) -> None:
        self.is_closed = True
