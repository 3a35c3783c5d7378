"""Which addresses files may come from is decided by a real URL parser, label by label."""

import pytest
from yarl import URL

from bot.runcomfy.hosts import FileHosts, Objection, is_loopback_host

PUBLIC = FileHosts(["runcomfy.net"])
PLAYGROUND = FileHosts(["runcomfy.net", "127.0.0.1", "localhost", "[::1]"])


@pytest.mark.parametrize(
    "url",
    [
        "https://runcomfy.net/kite.mp4",
        "https://files.runcomfy.net/a/b.mp4?signature=x%2Fy",
        "https://a.b.c.RUNCOMFY.NET/kite.mp4",
        "https://runcomfy.net./kite.mp4",
        "https://files.runcomfy.net:8443/kite.mp4",
        f"https://{'a' * 63}.runcomfy.net/kite.mp4",
        "HTTPS://files.runcomfy.net/kite.mp4",
    ],
)
def test_a_listed_host_and_every_name_under_it_is_allowed(url: str) -> None:
    assert PUBLIC.admit(url) == URL(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://evilruncomfy.net/kite.mp4", "host not allowed"),
        ("https://runcomfy.net.evil.example/kite.mp4", "host not allowed"),
        ("https://evil.example/runcomfy.net/kite.mp4", "host not allowed"),
        ("https://evil.example#@runcomfy.net/kite.mp4", "host not allowed"),
        ("https://evil.example?@runcomfy.net/kite.mp4", "host not allowed"),
        ("https://net/kite.mp4", "host not allowed"),
        ("https://8.8.8.8/kite.mp4", "host not allowed"),
        ("https://10.0.0.1/kite.mp4", "host not allowed"),
        ("https://127.0.0.1/kite.mp4", "host not allowed"),
        ("https://2130706433/kite.mp4", "host not allowed"),
        ("https://127.1/kite.mp4", "host not allowed"),
        ("https://[::1]/kite.mp4", "host not allowed"),
        ("https://[::ffff:127.0.0.1]/kite.mp4", "host not allowed"),
        ("https://localhost/kite.mp4", "host not allowed"),
        ("https:///kite.mp4", "host not allowed"),
        ("kite.mp4", "host not allowed"),
        ("", "host not allowed"),
        (f"https://{'a' * 64}.runcomfy.net/kite.mp4", "no name of a host"),
        (f"https://{'a.' * 121}runcomfy.net/kite.mp4", "no name of a host"),
        ("https://files..runcomfy.net/kite.mp4", "no name of a host"),
        ("https://.runcomfy.net/kite.mp4", "no name of a host"),
        ("https://me@files.runcomfy.net/kite.mp4", "credentials in the URL"),
        ("https://:word@files.runcomfy.net/kite.mp4", "credentials in the URL"),
        ("https://runcomfy.net@evil.example/kite.mp4", "credentials in the URL"),
        ("http://files.runcomfy.net/kite.mp4", "not https"),
        ("ftp://files.runcomfy.net/kite.mp4", "not https"),
        ("//files.runcomfy.net/kite.mp4", "not https"),
        ("https://files.runcomfy.net:99999/kite.mp4", "not a URL"),
        ("https://files.runcomfy.net\\@evil.example/kite.mp4", "not a URL"),
        ("https://[::1/kite.mp4", "not a URL"),
    ],
)
def test_anything_else_is_refused_with_the_reason(url: str, why: str) -> None:
    assert PUBLIC.admit(url) == Objection(why)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8188/kite.mp4",
        "https://127.0.0.1/kite.mp4",
        "http://localhost:8188/kite.mp4",
        "http://[::1]:8188/kite.mp4",
        "https://files.runcomfy.net/kite.mp4",
    ],
)
def test_this_machine_is_allowed_where_it_is_listed_and_by_plain_http_too(url: str) -> None:
    assert PLAYGROUND.admit(url) == URL(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/kite.mp4",
        "http://files.localhost/kite.mp4",
        "http://files.runcomfy.net/kite.mp4",
    ],
)
def test_listing_this_machine_opens_nothing_else(url: str) -> None:
    assert isinstance(PLAYGROUND.admit(url), Objection)


def test_an_address_that_is_not_of_this_machine_is_not_allowed_even_if_listed() -> None:
    assert FileHosts(["10.0.0.1"]).admit("https://10.0.0.1/kite.mp4") == Objection(
        "host not allowed"
    )


@pytest.mark.parametrize("entry", ["*.runcomfy.net", ".runcomfy.net", " RunComfy.net. "])
def test_an_entry_may_be_written_in_the_usual_ways(entry: str) -> None:
    assert FileHosts([entry]).admit("https://files.runcomfy.net/") == URL(
        "https://files.runcomfy.net/"
    )


def test_an_empty_entry_allows_nothing() -> None:
    assert isinstance(FileHosts(["", "*", "."]).admit("https://files.runcomfy.net./"), Objection)


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [("localhost", True), ("127.8.8.8", True), ("::1", True), ("runcomfy.net", False)],
)
def test_this_machine_is_known_by_its_names(host: str, *, is_this_machine: bool) -> None:
    assert is_loopback_host(host) is is_this_machine
