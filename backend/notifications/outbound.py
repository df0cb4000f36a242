"""Calls to addresses that others gave us: only public hosts, only HTTPS, no redirects, a few seconds.

A name is resolved once, every address behind it is judged, and the connection goes to a judged address, so that a
name cannot change between look and leap (SSRF, DNS rebinding). TLS is still checked against the name.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app

SECONDS = 5
PORTS = range(1024, 65536)
# Addresses that carry another one inside, and so reach wherever that one points.
CARRIERS = tuple(ipaddress.ip_network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32", "::/96"))
LONGEST = 1_000
LOCAL = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class AddressRefused(Exception):
    """This address is not public; `reason` is a code: url, host, port, address."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def require_public(url: str) -> tuple[str, str, int, str]:
    """(scheme, host, port, path) of an address that may be called as far as can be said without asking the network.

    Raises AddressRefused.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("url") from error
    printable = url.isascii() and url.isprintable() and " " not in url
    if not printable or len(url) > LONGEST or parts.username is not None or parts.fragment or not host:
        raise AddressRefused("url")
    number = _number(host)
    if number is None and ("." not in host.strip(".") or host.rstrip(".").endswith(LOCAL)):
        _require_loopback_allowed(host == "localhost")
    if number is not None and not public(number):
        _require_loopback_allowed(number.is_loopback)
    here = host == "localhost" or (number is not None and number.is_loopback)
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise AddressRefused("url")
    port = port or (443 if parts.scheme == "https" else 80)
    if port != 443 and port not in PORTS:
        raise AddressRefused("port")
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether this is an address of the open Internet."""
    address = getattr(address, "ipv4_mapped", None) or address
    carries = address.version == 6 and any(address in one for one in CARRIERS)
    return address.is_global and not address.is_multicast and not carries


def resolve(host: str, port: int) -> str:
    """A public address of this host. One that is not spoils them all. Raises AddressRefused, OSError."""
    found = [ipaddress.ip_address(one[4][0].partition("%")[0]) for one in _look_up(host, port)]
    for address in found:
        if not public(address):
            _require_loopback_allowed(address.is_loopback)
    return str(found[0])


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send and return the answer's status, whatever it is. Raises AddressRefused, OSError (no answer in time, TLS),
    http.client.HTTPException."""
    scheme, host, port, path = require_public(url)
    address = resolve(host, port)
    raw = socket.create_connection((address, port), timeout=SECONDS)
    # A timeout of the socket begins anew with each byte; this one does not.
    limit = threading.Timer(SECONDS, _hang_up, (raw,))
    limit.daemon = True
    limit.start()
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=host) if scheme == "https" else raw
        )
        connection.request("POST", path, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        limit.cancel()
        connection.close()
        raw.close()


def _hang_up(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _look_up(host: str, port: int) -> list[tuple]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _require_loopback_allowed(loopback: bool) -> None:
    if not loopback or not current_app.config["SETTINGS"].loopback_calls:
        raise AddressRefused("address")
