"""Which addresses result files may be fetched from, decided by name before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from yarl import URL

_NAME_MAX_CHARS: Final = 253
_LABEL_MAX_CHARS: Final = 63


def is_loopback_host(host: str) -> bool:
    """Whether a host is this machine by its very name: `localhost` or a loopback address."""
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

    An address is allowed only if it is a loopback address that is itself listed, and plain http
    only for loopback hosts that are listed.
    """

    def __init__(self, suffixes: Iterable[str]) -> None:
        listed = (suffix.strip().lower().strip("[]").removeprefix("*") for suffix in suffixes)
        self._suffixes = frozenset(suffix.strip(".") for suffix in listed) - {""}

    @property
    def loopback(self) -> frozenset[str]:
        """The listed hosts that are this machine."""
        return frozenset(filter(is_loopback_host, self._suffixes))

    def admit(self, text: str) -> URL | Objection:
        """The URL, ready to be fetched from, or why nothing may be."""
        try:
            url = URL(text)
        except ValueError:
            return Objection("not a URL")
        # The host as it would be asked for: lower case, names in other scripts in their ASCII form.
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
        # By labels and not by the end of the text: evilruncomfy.net ends like runcomfy.net.
        labels = host.split(".")
        return any(".".join(labels[index:]) in self._suffixes for index in range(len(labels)))


def _is_a_name(host: str) -> bool:
    """Whether a resolver takes it: these limits are DNS's own, and beyond them it raises."""
    return len(host) <= _NAME_MAX_CHARS and all(
        0 < len(label) <= _LABEL_MAX_CHARS for label in host.split(".")
    )


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
