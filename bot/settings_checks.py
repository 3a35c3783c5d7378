"""Checks of settings; an error is a sentence that follows the setting's name without its value.

Every check returns the value as the bot uses it, and raises `ValueError` with that sentence.
"""

import re
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

from bot import as_invoked
from bot.domain.generation.models import qualities
from bot.domain.money.ledger import Caps
from bot.domain.ownership import not_ours

LIMIT_EXAMPLE: Final = "10 USD/day, 100 USD/month, 20 videos/day"
_MICROUSD_PER_USD: Final = 1_000_000
_LIMIT = re.compile(
    r"(?P<dollar>\$)?\s*(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*(?P<unit>usd|videos?)?"
    r"\s*(?:/|\bper\b|\ba\b)\s*(?P<span>day|month)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"<.*>|your[-_ ].*|.*[-_ ]here|change[-_ ]?me|paste[-_ ].*|replace[-_ ].*|x{3,}|\.{3,}"
    r"|token|secret|(api[-_ ]?)?key|todo|none|null",
    re.IGNORECASE,
)
_APPLICATION_ID_OR_PUBLIC_KEY = re.compile(r"\d+|[0-9a-f]{64}")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_LAST_PORT: Final = 65_535
_DATABASES: Final = ("postgresql://", "postgresql+psycopg://", "postgres://", "sqlite:///")


def unquoted(text: str) -> str:
    """Remove what copying adds around a value."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`":
        return text[1:-1].strip()
    return text


def one_secret(secret: SecretStr) -> SecretStr:
    """Refuse a value that cannot be a token or key of any issuer."""
    text = secret.get_secret_value()
    if _PLACEHOLDER.fullmatch(text):
        raise ValueError("still holds a placeholder: put the real one in its place.")
    if text.casefold().startswith(("bot ", "bearer ")):
        raise ValueError(f"must stand alone, without the word {text.split()[0]!r} before it.")
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError(
            "holds a space or another character that can't be in it: copy it again, whole."
        )
    return secret


def bot_token(secret: SecretStr) -> SecretStr:
    """Refuse the other values that the Developer Portal shows beside the token."""
    if _APPLICATION_ID_OR_PUBLIC_KEY.fullmatch(secret.get_secret_value()):
        raise ValueError(
            "looks like the application's id or public key: "
            "the token is another value, on the Bot page of the Discord Developer Portal."
        )
    return secret


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def api_url(url: str) -> str:
    """Accept an https address, or plain http on this machine; a closing slash is dropped."""
    if "://" not in url:
        raise ValueError("isn't a whole address: it must begin with https://.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as reason:
        raise ValueError("isn't an address that can be read: check host and port.") from reason
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("must be an address that begins with https:// and names a host.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be host, port and path alone: no user, '?' or '#'.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("must begin with https://: plain http is for this machine alone.")
    return url.rstrip("/")


def split_at_commas(value: object) -> object:
    """Make a list of a line with commas."""
    return value.split(",") if isinstance(value, str) else value


def server_ids(entries: object) -> object:
    """Accept servers' ids, which are long numbers."""
    if not isinstance(entries, list):
        return entries
    written = (str(entry).strip() for entry in cast("list[object]", entries))
    ids = [one for one in written if one]
    if not ids or not all(
        one.isascii() and one.isdecimal() and 0 < int(one) < 2**63 for one in ids
    ):
        raise ValueError(
            "must be servers' ids with commas between (right-click a server, Copy Server ID)."
        )
    return frozenset(int(one) for one in ids)


def qualities_of(entries: object) -> object:
    """Accept declared qualities, in any order."""
    if not isinstance(entries, list):
        return entries
    written = {str(entry).strip().lower() for entry in cast("list[object]", entries)} - {""}
    if not written or not written <= qualities().keys():
        raise ValueError(f"must be qualities with commas between, of: {', '.join(qualities())}.")
    return tuple(one for one in qualities() if one in written)


def file_hosts(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Accept host names that stand for themselves and their subdomains, or loopback hosts."""
    hosts = tuple(
        host for entry in entries if (host := entry.strip().lower().removeprefix("*").lstrip("."))
    )
    # One label such as "net" would let in a large part of the Internet.
    if not hosts or not all(_is_loopback(host) or _is_domain(host) for host in hosts):
        raise ValueError(
            "must be host names with commas between, such as runcomfy.net: "
            "no https://, no port, no address in numbers but this machine's own."
        )
    return hosts


def _is_domain(host: str) -> bool:
    return bool(_DOMAIN.fullmatch(host)) and not host.rpartition(".")[2].isdecimal()


def data_dir(path: Path) -> Path:
    """Expand `~`, and refuse a folder that cannot be made or written."""
    try:
        expanded = path.expanduser()
        nearest = next(p for p in (expanded, *expanded.absolute().parents) if p.exists())
        whose = not_ours(nearest)
    except (OSError, RuntimeError) as reason:
        raise ValueError("isn't a path that this machine can use.") from reason
    if nearest.is_dir() and whose is not None:
        raise ValueError(f"can't be used: {whose}.")
    if not nearest.is_dir():
        raise ValueError("must be a folder that the bot can make or write to: this is neither.")
    return expanded


def database_url(secret: SecretStr) -> SecretStr:
    """Accept the supported kinds of database; the storage reads the rest of the address."""
    if not secret.get_secret_value().startswith(_DATABASES):
        raise ValueError("must begin with postgresql:// or sqlite:///.")
    try:
        passwords_in(secret)
    except ValueError:
        raise ValueError("isn't an address: look at its brackets and its password.") from None
    return secret


PROXIES: Final = ("http", "https", "socks5", "socks5h", "socks4")


def proxy_url(secret: SecretStr) -> SecretStr:
    """Accept the address of a proxy, with a port, and perhaps with a user and a password."""
    try:
        parts = urlsplit(secret.get_secret_value())
        is_whole = parts.scheme in PROXIES and parts.hostname and parts.port
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError(
            "must be a proxy's address with its port, such as http://host:3128, "
            "http://user:password@host:3128 or socks5://host:1080."
        )
    return secret


SHORTEST_SECRET: Final = 6
"""Shorter secrets are not removed from logs."""


def passwords_in(address: SecretStr | None) -> tuple[SecretStr, ...]:
    """The passwords of an address, as written there and decoded.

    Shorter ones are left out: removing them from every text would break its words.
    """
    parts = urlsplit("" if address is None else address.get_secret_value())
    written = parts.password or ""
    given = (written, unquote(written), *parse_qs(parts.query).get("password", []))
    return tuple(SecretStr(password) for password in given if len(password) >= SHORTEST_SECRET)


def fernet_secrets(secret: SecretStr) -> SecretStr:
    """Accept one Fernet secret to encrypt keys with, or several with commas between."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - loaded when wanted: it costs 10 ms and 7 MiB

    try:
        for one in secrets_in(secret):
            Fernet(one.get_secret_value())
    except ValueError as reason:
        raise ValueError(
            f"must come from `{as_invoked('new-secret-key')}`, whole. Put commas between several."
        ) from reason
    return secret


def secrets_in(secret: SecretStr | None) -> tuple[SecretStr, ...]:
    """The single secrets of a list, in its order."""
    listed = "" if secret is None else secret.get_secret_value()
    return tuple(SecretStr(one.strip()) for one in listed.split(",") if one.strip())


def time_zone(name: object) -> object:
    """Accept a time zone by its name in the time zone database."""
    if not isinstance(name, str):
        return name
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone's name, such as Europe/Rome or UTC.") from error


def listen_address(text: str) -> str:
    """Accept `host:port`, or a port alone, on this machine; an IPv6 host is in brackets."""
    host, _, port = text.rpartition(":")
    is_port = port.isascii() and port.isdecimal() and int(port) <= _LAST_PORT
    if not is_port or not re.fullmatch(r"\[[0-9a-fA-F:.]+\]|[\w.-]*", host, re.ASCII):
        raise ValueError("must be a port, or host:port such as 127.0.0.1:9464 or [::1]:9464.")
    return f"{host or '127.0.0.1'}:{int(port)}"


def caps_of(text: object) -> object:
    """The caps that a text names; other values are left to the model.

    Raises:
        ValueError: a part is no limit, or one is named twice; the message says how to write it.
    """
    if not isinstance(text, str):
        return text
    found: dict[str, int] = {}
    for part in text.split(","):
        name, value = _limit(part.strip())
        if name in found:
            raise ValueError(f'names one limit twice: write it as "{LIMIT_EXAMPLE}".')
        found[name] = value
    return Caps(**found)


def _limit(part: str) -> tuple[str, int]:
    match = _LIMIT.fullmatch(part)
    if match is None:
        raise ValueError(f'must be limits such as "{LIMIT_EXAMPLE}".')
    unit, span = (match["unit"] or "").lower(), match["span"].lower()
    if match["dollar"] or unit == "usd":
        if unit.startswith("video"):
            raise ValueError(f'must be limits such as "{LIMIT_EXAMPLE}".')
        return f"{span}_microusd", int(Decimal(match["number"]) * _MICROUSD_PER_USD)
    if not unit or "." in match["number"]:
        raise ValueError(f'must be limits such as "{LIMIT_EXAMPLE}".')
    return f"{span}_videos", int(match["number"])
