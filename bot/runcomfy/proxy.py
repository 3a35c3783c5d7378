"""Connections to the services, direct or through the operator's proxy."""

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientRequest, ClientTimeout, TCPConnector

if TYPE_CHECKING:
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace
    from pydantic import SecretStr


def connector_by(proxy_url: "SecretStr | None", **options: Any) -> TCPConnector:  # noqa: ANN401 - TCPConnector's own
    """A connector for all that a session sends; a proxy also looks up the hosts' names.

    So a `resolver` among the options counts only where there is no proxy.
    """
    if proxy_url is None:
        return TCPConnector(**options)
    # Loaded when wanted: few have a proxy.
    from aiohttp_socks import (  # noqa: PLC0415
        ProxyConnectionError,
        ProxyConnector,
        ProxyError,
        ProxyTimeoutError,
        ProxyType,
    )

    class ThroughProxy(ProxyConnector):
        """Fails as a direct one does, before anything is sent; the library has its own errors."""

        async def connect(
            self,
            req: ClientRequest,
            traces: "list[Trace]",
            timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's own, not a number to wait by
        ) -> "Connection":
            """Connect, or raise what aiohttp raises where there is no way."""
            try:
                return await super().connect(req, traces, timeout)
            except ClientError:
                raise
            except (OSError, ProxyError, ProxyConnectionError, ProxyTimeoutError) as error:
                # Without the proxy's own words, which come from a stranger.
                reason = OSError(0, f"no way through the proxy ({type(error).__name__})")
                raise ClientConnectorError(req.connection_key, reason) from error

    parts = urlsplit(proxy_url.get_secret_value())
    kinds = {"socks4": ProxyType.SOCKS4, "socks5": ProxyType.SOCKS5, "socks5h": ProxyType.SOCKS5}
    return ThroughProxy(
        host=parts.hostname or "",
        port=parts.port or 0,
        proxy_type=kinds.get(parts.scheme, ProxyType.HTTP),
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        rdns=True,
        proxy_ssl=ssl.create_default_context() if parts.scheme == "https" else None,
        **{name: value for name, value in options.items() if name != "resolver"},
    )
