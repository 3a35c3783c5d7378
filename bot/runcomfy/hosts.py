"""Decides by name which addresses result files may be fetched from, before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from yarl import URL

_NAME_MAX_CHARS: Final = 253
_LABEL_MAX_CHARS: Final = 63


def is_loopback_host(host: str) -> bool:
    """Whether a host's name means this machine: `localhost` or a loopback address."""
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an address is not fetched from, in words fit for a log."""

    why: str


class FileHosts:
    """The allow-list: `runcomfy.net` allows itself and every name under it.

    The only IP addresses allowed are listed loopback ones, and plain http is allowed only for
    listed loopback hosts.
    """

    def __init__(self, suffixes: Iterable[str]) -> None:
        listed = (suffix.strip().lower().strip("[]").removeprefix("*") for suffix in suffixes)
        self._suffixes = frozenset(suffix.strip(".") for suffix in listed) - {""}

    @property
    def loopback(self) -> frozenset[str]:
        """The listed hosts that are this machine."""
        return frozenset(filter(is_loopback_host, self._suffixes))

    def admit(self, text: str) -> URL | Objection:
        """The URL, ready to be fetched from, or why it is refused."""
        try:
            url = URL(text)
        except ValueError:
            return Objection("not a URL")
        # The host as it would be requested: lower case, other scripts in ASCII form.
        host = (url.raw_host or "").removesuffix(".")
        if url.raw_user is not None or url.raw_password is not None:
            return Objection("credentials in the URL")
        if not self._allows(host):
            return Objection("host not allowed")
        if not _is_a_name(host):
            return Objection("no name of a host")
        if url.scheme == "https" or (url.scheme == "http" and host in self.loopback):
            return url
        return Objection("not https")

    def _allows(self, host: str) -> bool:
        if is_loopback_host(host) or _address(host) is not None:
            return host in self.loopback
        # Compared by labels, not by the text's end: evilruncomfy.net ends with runcomfy.net.
        labels = host.split(".")
        return any(".".join(labels[index:]) in self._suffixes for index in range(len(labels)))


def _is_a_name(host: str) -> bool:
    """Whether a resolver accepts it: beyond these limits, which are DNS's own, it raises."""
    return len(host) <= _NAME_MAX_CHARS and all(
        0 < len(label) <= _LABEL_MAX_CHARS for label in host.split(".")
    )


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
