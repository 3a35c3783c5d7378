"""A name that leads into a private network is refused after it was looked up."""

from ipaddress import ip_address

import pytest
from aiohttp import ThreadedResolver

from bot.runcomfy.resolver import AddressRefusedError, PublicAddressResolver, is_public
from tests.runcomfy.directory import Directory


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
async def test_public_addresses_pass(address: str) -> None:
    resolver = PublicAddressResolver(inner=Directory(files=(address,)), loopback_hosts=())

    assert [found["host"] for found in await resolver.resolve("files", 443)] == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:db8::1",
    ],
)
async def test_other_addresses_are_refused_even_beside_public_ones(address: str) -> None:
    resolver = PublicAddressResolver(
        inner=Directory(files=("8.8.8.8", address)), loopback_hosts={"127.0.0.1"}
    )

    with pytest.raises(AddressRefusedError):
        await resolver.resolve("files", 443)


@pytest.mark.parametrize("host", ["localhost", "localhost."])
async def test_this_machine_passes_where_it_is_meant(host: str) -> None:
    inner = Directory(localhost=("127.0.0.1", "::1"))
    resolver = PublicAddressResolver(inner=inner, loopback_hosts={"localhost"})

    assert len(await resolver.resolve(host, 80)) == 2


async def test_a_private_address_does_not_pass_as_this_machine() -> None:
    inner = Directory(localhost=("192.168.1.1",))
    resolver = PublicAddressResolver(inner=inner, loopback_hosts={"localhost"})

    with pytest.raises(AddressRefusedError):
        await resolver.resolve("localhost", 80)


async def test_a_name_that_the_lookup_does_not_take_is_refused() -> None:
    resolver = PublicAddressResolver(inner=ThreadedResolver(), loopback_hosts=())

    with pytest.raises(AddressRefusedError, match="no name that can be looked up"):
        await resolver.resolve("a" * 64 + ".test", 443)


async def test_closing_closes_the_inner_one() -> None:
    inner = Directory()

    await PublicAddressResolver(inner=inner, loopback_hosts=()).close()

    assert inner.is_closed


def test_what_an_address_stands_for_is_what_counts() -> None:
    assert is_public(ip_address("::ffff:8.8.8.8"))
    assert not is_public(ip_address("::ffff:127.0.0.1"))
