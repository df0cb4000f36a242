"""Asking the authority's servers: fixed addresses, three seconds, bounded answers, no redirects.

The addresses come from the settings alone. An authority's certificates name addresses too, and sometimes wrong ones;
following them would let whoever makes a certificate choose whom this server calls.
"""

import http.client
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

log = logging.getLogger("tanba.signatures")

SECONDS = 3.0
LARGEST_ANSWER = 64 * 1024
PIECE = 64 * 1024

OCSP_TYPES = ("application/ocsp-request", "application/ocsp-response")
STAMP_TYPES = ("application/timestamp-query", "application/timestamp-reply")


class Unreachable(Exception):
    """Nobody answered, not in time, or not what was asked for."""


def responder(url: str) -> Callable[[bytes], bytes | None] | None:
    """How to ask a responder at an address; None where there is none."""
    return _asker(url, *OCSP_TYPES)


def stamper(url: str) -> Callable[[bytes], bytes | None] | None:
    """How to ask a time-stamping authority at an address; None where there is none."""
    return _asker(url, *STAMP_TYPES)


def _asker(url: str, sent: str, accepted: str) -> Callable[[bytes], bytes | None] | None:
    def ask(request: bytes) -> bytes | None:
        try:
            headers = {"Content-Type": sent, "Accept": accepted}
            return b"".join(answer("POST", url, request, headers, largest=LARGEST_ANSWER, seconds=SECONDS))
        except Unreachable as error:
            log.warning("an authority does not answer", extra={"kind": sent, "reason": str(error)})
            return None

    return ask if url else None


def answer(
    method: str, url: str, body: bytes | None, headers: dict[str, str], *, largest: int, seconds: float
) -> Iterator[bytes]:
    """The body of a 200 answer in pieces. Raises Unreachable for everything else: another status (a redirect too), too
    many bytes, too many seconds in all."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable("no http address")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    ends = time.monotonic() + seconds
    with closing(kind(parts.hostname, parts.port, timeout=seconds)) as connection:
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                raise Unreachable(f"status {response.status}")
            size = 0
            while piece := response.read1(PIECE):
                size += len(piece)
                if size > largest:
                    raise Unreachable("too many bytes")
                if time.monotonic() > ends:
                    raise Unreachable("too slow")
                yield piece
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
