"""Refuses to connect to names that resolve to a private network."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

_NAT64: Final = IPv6Network("64:ff9b::/96")
_IPV4_BITS: Final = 0xFFFF_FFFF


class AddressRefusedError(OSError):
    """The name resolves to an address that is not public, or cannot be resolved."""


class PublicAddressResolver(AbstractResolver):
    """Allows public addresses, and loopback ones for the hosts that may be this machine.

    One private address among several refuses them all: a name that mixes them is suspicious.
    aiohttp does not ask the resolver if a URL's host is an address, so such URLs are refused
    earlier.
    """

    def __init__(self, *, inner: AbstractResolver, loopback_hosts: Collection[str]) -> None:
        self._inner = inner
        self._loopback_hosts = loopback_hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve, or raise AddressRefusedError."""
        try:
            found = await self._inner.resolve(host, port, family)
        except UnicodeError as error:
            # Python's own lookup raises this for names that its IDNA does not accept.
            raise AddressRefusedError("no name that can be looked up") from error
        for result in found:
            address = ip_address(result["host"])
            if not is_public(address) and not (
                address.is_loopback and host.removesuffix(".") in self._loopback_hosts
            ):
                raise AddressRefusedError("address not public")
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, and any IPv4 address embedded in it, is on the open internet."""
    inner = address if isinstance(address, IPv4Address) else _embedded(address)
    return inner.is_global and not inner.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | IPv6Address:
    if address in _NAT64:
        return IPv4Address(int(address) & _IPV4_BITS)
    return address.ipv4_mapped or address.sixtofour or address
