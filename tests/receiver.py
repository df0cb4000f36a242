"""A real HTTP receiver on this machine, for what the platform sends to others."""

import datetime
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backend.core import clock


@dataclass(frozen=True)
class Received:
    path: str
    headers: Message
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Keeps what arrives and answers `status`; `drip` sends its answer's first line a byte at a time, for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.scheme = "http"
        self.received: list[Received] = []
        self.status = 200
        self.location: str | None = None
        self.drip = False
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up, or did not like our certificate, is what some tests want."""


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(Received(self.path, self.headers, body))
        while self.server.drip and not self.server.stopped.wait(0.05):
            self.wfile.write(b"H")
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests have their own output."""


@contextmanager
def receiving(tls: Path | None = None) -> Iterator[Receiver]:
    """A running receiver; with `tls`, over HTTPS with a certificate for 127.0.0.1 left there as receiver.pem."""
    with Receiver() as receiver:
        if tls:
            receiver.scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*_certificate(tls))
            receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
        threading.Thread(target=receiver.serve_forever, args=(0.05,), daemon=True).start()
        yield receiver
        receiver.stopped.set()
        receiver.shutdown()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "receiver.pem", folder / "receiver.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    return paths
