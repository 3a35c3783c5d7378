"""Connects to RunComfy: builds the adapter's parts around sessions that it opens and closes."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, ThreadedResolver, TraceConfig
from aiohttp.abc import AbstractResolver
from pydantic import SecretStr
from yarl import URL

from bot.domain.ports import MediaSource, Provider
from bot.runcomfy.download import MediaDownloader
from bot.runcomfy.hosts import FileHosts, is_loopback_host
from bot.runcomfy.provider import RunComfyProvider
from bot.runcomfy.proxy import connector_by
from bot.runcomfy.resolver import PublicAddressResolver
from bot.runcomfy.transport import ApiTransport


@dataclass(frozen=True, slots=True)
class RunComfy:
    """The connected service."""

    provider: Provider
    """The service with the given key."""
    media_source: MediaSource
    with_key: Callable[[SecretStr], Provider]
    """The service with another key, over the same connections.

    Raises:
        ValueError: the key cannot be used; the text never repeats it.
    """


@dataclass(frozen=True, slots=True)
class ApiTimeouts:
    """Time limits of calls. A purchase has the longest: giving up leaves its outcome unknown."""

    connect_s: float = 10.0
    answer_s: float = 30.0
    purchase_s: float = 120.0


@dataclass(frozen=True, slots=True)
class DownloadPace:
    """How slow a download may be: between two bytes, on average over such a gap, and in total."""

    idle_timeout_s: float = 20.0
    total_timeout_s: float = 900.0
    min_bytes_per_s: float = 16 * 1024


@asynccontextmanager
async def connect_runcomfy(
    *,
    api_url: str,
    api_key: SecretStr,
    file_hosts: Sequence[str],
    max_download_bytes: int,
    timeouts: ApiTimeouts | None = None,
    pace: DownloadPace | None = None,
    file_resolver: AbstractResolver | None = None,
    proxy_url: SecretStr | None,
    trace_configs: Sequence[TraceConfig] = (),
) -> AsyncGenerator[RunComfy, None]:
    """Open the sessions; nothing is sent yet.

    The key goes only into the Authorization header of API calls: files are fetched by a separate
    session that never has it. `file_resolver`, by default the system's, looks up the hosts of
    files; addresses in private networks are refused. With `proxy_url` everything goes through that
    proxy, which looks up all names itself. `trace_configs` observe the answers of the
    API, but not those of the files' hosts.

    Raises:
        ValueError: the address or the key cannot be used; the text never repeats the key.
    """
    base_url = checked_api_url(api_url)
    check_key(api_key)
    timeouts = timeouts or ApiTimeouts()
    pace = pace or DownloadPace()
    # The threaded resolver keeps nothing open, so it needs no closing.
    resolver = PublicAddressResolver(
        inner=file_resolver or ThreadedResolver(), loopback_hosts=FileHosts(file_hosts).loopback
    )
    async with AsyncExitStack() as stack:
        reading = await stack.enter_async_context(_session(connector_by(proxy_url), trace_configs))
        # One connection each: a kept one may be dead, and a purchase lost in it is unknown.
        writing = await stack.enter_async_context(
            _session(connector_by(proxy_url, force_close=True))
        )
        service = _Service(base_url, timeouts=timeouts, reading=reading, writing=writing)
        downloader = MediaDownloader(
            session=await stack.enter_async_context(
                _session(connector_by(proxy_url, resolver=resolver))
            ),
            allowed_host_suffixes=file_hosts,
            max_bytes=max_download_bytes,
            idle_timeout_s=pace.idle_timeout_s,
            total_timeout_s=pace.total_timeout_s,
            min_bytes_per_s=pace.min_bytes_per_s,
        )
        yield RunComfy(
            provider=service.with_key(api_key), media_source=downloader, with_key=service.with_key
        )


class _Service:
    """The connections that all keys share: none of them has any key."""

    def __init__(
        self,
        base_url: URL,
        *,
        timeouts: ApiTimeouts,
        reading: ClientSession,
        writing: ClientSession,
    ) -> None:
        self._base_url = base_url
        self._timeouts = timeouts
        self._reading = reading
        self._writing = writing

    def with_key(self, api_key: SecretStr) -> RunComfyProvider:
        """The service with this key."""
        check_key(api_key)
        transport = ApiTransport(
            base_url=self._base_url,
            api_key=api_key,
            connect_timeout_s=self._timeouts.connect_s,
            reading=self._reading,
            writing=self._writing,
        )
        return RunComfyProvider(
            transport=transport,
            answer_timeout_s=self._timeouts.answer_s,
            purchase_timeout_s=self._timeouts.purchase_s,
        )


def _session(connector: TCPConnector, trace_configs: Sequence[TraceConfig] = ()) -> ClientSession:
    return ClientSession(
        connector=connector, cookie_jar=DummyCookieJar(), trace_configs=list(trace_configs)
    )


def checked_api_url(text: str) -> URL:
    """The address, if the key may be sent there.

    Raises:
        ValueError: the key may not be sent there; the text says why.
    """
    url = URL(text)
    if url.scheme not in {"https", "http"} or not url.raw_host:
        raise ValueError("the API address must begin with https:// and name a host")
    if url.scheme == "http" and not is_loopback_host(url.raw_host):
        raise ValueError("the API address must be https: the key would travel in the clear")
    if url.raw_user is not None or url.query_string or url.fragment:
        raise ValueError("the API address must hold no credentials, query or fragment")
    return url


def check_key(api_key: SecretStr) -> None:
    """Refuse a key that no header can carry.

    Raises:
        ValueError: the key is refused; the text does not repeat it.
    """
    key = api_key.get_secret_value()
    # Checked here, because aiohttp's own complaint would quote the header.
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("the API key is empty or holds characters that no key has")
