"""The load: keep-alive connections that ask without pause, in a process of their own.

    python -m backend.bench.load PORT CONNECTIONS SECONDS REQUESTS

REQUESTS is a file of whole HTTP requests, each behind its length in 4 bytes. One line of JSON comes out.
"""

import json
import selectors
import socket
import struct
import sys
import time
from pathlib import Path

LENGTH = struct.Struct(">I")
STATUS = slice(9, 12)
WARM_SECONDS = 0.3


def pack(requests: list[bytes]) -> bytes:
    return b"".join(LENGTH.pack(len(request)) + request for request in requests)


def unpack(packed: bytes) -> list[bytes]:
    requests, at = [], 0
    while at < len(packed):
        (length,) = LENGTH.unpack_from(packed, at)
        requests.append(packed[at + 4 : at + 4 + length])
        at += 4 + length
    return requests


class Connection:
    """One connection: sends a request, gathers its answer, sends the next."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self.received = b""
        self.expected = 0

    def send(self, request: bytes) -> None:
        self.received, self.expected = b"", 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bytes | None:
        """The status of the answer once it is whole."""
        piece = self.socket.recv(65_536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.received += piece
        if not self.expected:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = self.received[:end].lower()
            start = head.index(b"content-length:") + 15
            self.expected = end + 4 + int(head[start:].split(b"\r\n", 1)[0])
        return self.received[STATUS] if len(self.received) >= self.expected else None


def drive(port: int, connections: int, seconds: float, requests: list[bytes]) -> dict[str, float]:
    """Ask for so long; rate per second, latency in milliseconds, and how many answers were not 200."""
    with selectors.DefaultSelector() as selector:
        lines = [Connection(port) for _ in range(connections)]
        number, refused = 0, 0
        waits: list[float] = []
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(requests[number % len(requests)])
            number += 1
        begun = time.perf_counter() + WARM_SECONDS
        until = begun + seconds
        while True:
            for key, _ in selector.select():
                line = key.data
                status = line.take()
                if status is None:
                    continue
                present = time.perf_counter()
                if present > begun:
                    waits.append(present - line.sent_at)
                    refused += status != b"200"
                line.send(requests[number % len(requests)])
                number += 1
            if time.perf_counter() > until:
                break
        elapsed = time.perf_counter() - begun
        for line in lines:
            line.socket.close()
    waits.sort()
    return {
        "rate": len(waits) / elapsed,
        "median": waits[len(waits) // 2] * 1_000,
        "p99": waits[len(waits) * 99 // 100] * 1_000,
        "refused": refused,
    }


def main(port: str, connections: str, seconds: str, requests: str) -> None:
    print(json.dumps(drive(int(port), int(connections), float(seconds), unpack(Path(requests).read_bytes()))))


if __name__ == "__main__":
    main(*sys.argv[1:])
