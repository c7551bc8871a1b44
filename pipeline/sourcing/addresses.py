"""Which network addresses requests may go to; connections are made to the very address that was checked (地址检查).

A name is resolved once, the answer is checked, and the connection goes to that answer: a name server that answers
differently the second time gains nothing. Environment proxies are not used, for the same reason.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

import httpx

from schemas.errors import ReadError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddress(ReadError):
    """An address the configuration does not allow (不允许访问的地址)."""

    code = "forbidden_address"


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether `url` is HTTP(S) on one of `hosts`; an entry without a port means the usual ports."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return False
    return f"{host}:{port}" in hosts or (port in (None, 80, 443) and host in hosts)


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, also when an IPv6 address carries an IPv4 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The authorities to trust, or those SSL_CERT_FILE names; reading them takes long, so all hosts share them."""
    return httpx.create_ssl_context()


class CheckedTransport(httpx.BaseTransport):
    """Sends every request, redirected or not, to a resolved and checked address of its host (受检传输).

    `allow_private`: hosts, with or without port, that may be in a private network. Raises ForbiddenAddress.
    """

    def __init__(self, allow_private: Collection[str]) -> None:
        self._allow_private = allow_private
        self._by_host: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # One transport for each host: connections of different hosts on one address are never shared.
        host = request.url.raw_host.decode("ascii")
        inner = self._by_host.setdefault(host, httpx.HTTPTransport(verify=_certificates(), trust_env=False))
        failure: httpx.TransportError | None = None
        for address in self._resolve(request):
            try:
                return inner.handle_request(
                    httpx.Request(
                        request.method,
                        request.url.copy_with(host=address),
                        headers=request.headers,
                        stream=request.stream,
                        extensions={**request.extensions, "sni_hostname": host},
                    )
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure or httpx.ConnectError(f"no address for {host}")

    def hang_up(self) -> None:
        """End every connection, from another thread: who waits for an answer gets a transport error."""
        while self._by_host:
            self._by_host.popitem()[1].close()

    def close(self) -> None:
        self.hang_up()

    def _resolve(self, request: httpx.Request) -> list[str]:
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or {"https": 443}.get(request.url.scheme, 80)
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if {host, f"{host}:{port}"} & set(self._allow_private):
            return addresses
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise ForbiddenAddress(
                f"{host} 的网络地址是 {addresses[0]}，属内部网络，未访问；确需访问请把主机名写入 allow_private。",
                code="private_address",
            )
        return public
