"""A program that speaks the protocol of NCALayer on its own port, as `kz.gov.pki.knca.basics` is documented.

It greets with its version, echoes heartbeats, signs with one key and answers a list; told to refuse, it answers as the
real one does when the person closes its window.
"""

import base64
import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backend.core import clock
from backend.signatures import signer

PORT = 13579
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class NCALayer:
    """`asked` gathers the requests; with `cancels` every signing is closed by the person."""

    def __init__(self, container: bytes, password: str, certificate: Path):
        self.container, self.password = container, password
        self.asked: list[dict] = []
        self.cancels = False
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.listening = socket.create_server(("127.0.0.1", PORT))

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Nobody is accepted from now on: a socket that is only closed still takes the one that comes next."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _talk(self, accepted: socket.socket) -> None:
        """A browser that leaves in the middle, even of the handshake, ends nothing but its own connection."""
        try:
            with accepted, self.tls.wrap_socket(accepted, server_side=True) as connection:
                shake(connection)
                send(connection, json.dumps({"result": {"version": "1.4"}}))
                while (said := receive(connection)) is not None:
                    send(connection, said if said == "--heartbeat--" else json.dumps(self._answer(json.loads(said))))
        except OSError:
            return

    def _answer(self, request: dict) -> dict:
        self.asked.append(request)
        if request.get("module") != "kz.gov.pki.knca.basics" or request.get("method") != "sign":
            return {"status": False, "code": "MODULE_NOT_FOUND", "message": "", "details": ""}
        if self.cancels:
            return {"status": True, "body": {}}
        data = request["args"]["data"]
        documents = [base64.b64decode(one) for one in (data if isinstance(data, list) else [data])]
        made = [signer.sign(self.container, self.password, one) for one in documents]
        return {"status": True, "body": {"result": [base64.b64encode(one).decode() for one in made]}}


@contextmanager
def running(container: bytes, password: str, folder: Path) -> Iterator[NCALayer]:
    program = NCALayer(container, password, certificate(folder))
    threading.Thread(target=program.serve, daemon=True).start()
    try:
        yield program
    finally:
        program.close()


def certificate(folder: Path) -> Path:
    """A TLS key and certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    path = folder / "ncalayer.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return path


def shake(connection: ssl.SSLSocket) -> None:
    """Answer the opening handshake (RFC 6455 §4.2)."""
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(4096)
        if not part:
            raise ConnectionError("closed before the handshake")
        head += part
    named = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    key = next(value for name, value in named.items() if name.lower() == b"sec-websocket-key")
    accept = base64.b64encode(hashlib.sha1(key.strip() + MAGIC).digest()).decode()
    connection.sendall(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )


def send(connection: ssl.SSLSocket, text: str, kind: int = TEXT) -> None:
    body = text.encode()
    size = len(body)
    if size < 126:
        head = struct.pack("!BB", 0x80 | kind, size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | kind, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | kind, 127, size)
    connection.sendall(head + body)


def receive(connection: ssl.SSLSocket) -> str | None:
    """The next text message, or None when the other side closes. Parts are joined, pings answered."""
    whole = b""
    while True:
        first, second = _exactly(connection, 2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", _exactly(connection, 2))[0]
        elif size == 127:
            size = struct.unpack("!Q", _exactly(connection, 8))[0]
        mask = _exactly(connection, 4)
        body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(_exactly(connection, size)))
        kind = first & 0x0F
        if kind == CLOSE:
            return None
        if kind == PING:
            send(connection, body.decode(), PONG)
            continue
        whole += body
        if first & 0x80:
            return whole.decode()


def _exactly(connection: ssl.SSLSocket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = connection.recv(size - len(found))
        if not part:
            raise ConnectionError("closed in the middle")
        found += part
    return found
