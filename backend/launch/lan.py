"""`--lan`: who we are on the local network, and the page from which a phone takes the development CA.

A phone's camera and a service worker need HTTPS with a certificate that the phone trusts.
"""

import html
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from backend.launch.words import CannotStart, say

# Of the block for documentation (RFC 5737). Asking which of our addresses would lead there sends nothing.
ELSEWHERE = ("192.0.2.1", 9)

CERTIFICATE_PATH = "/devca.crt"

STEPS = (
    (
        "kk",
        "1. Куәлікті жүктеп, орнатыңыз",
        "2. Таңбаны ашыңыз",
        "Сынақ куәлігі: тек сынақ телефонына орнатып, соңынан өшіріңіз.",
    ),
    (
        "ru",
        "1. Скачайте и установите сертификат",
        "2. Откройте Таңба",
        "Тестовый сертификат: ставьте его только на тестовый телефон и потом удалите.",
    ),
    (
        "en",
        "1. Download and install the certificate",
        "2. Open Tanba",
        "A test certificate: install it on a test phone only, and remove it afterwards.",
    ),
)
PLACES = (
    "Android: Settings › Security › Encryption & credentials › Install a certificate › CA certificate",
    "iPhone: Settings › General › VPN & Device Management, then About › Certificate Trust Settings",
)


def address() -> str:
    """Our address on the local network. Raises CannotStart without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            found = probe.getsockname()[0]
        except OSError:
            found = "127.0.0.1"
    if found.startswith("127."):
        raise CannotStart("--lan needs a local network, and this machine has no address on one. Join a Wi-Fi first.")
    return found


def names(own: str) -> list[str]:
    """Everything by which a browser may call this machine."""
    host = socket.gethostname().partition(".")[0].lower()
    return [own, "127.0.0.1", "::1", "localhost", host, f"{host}.local"]


def page(app_address: str) -> bytes:
    """Two steps in three languages."""
    parts = []
    for language, install, open_, care in STEPS:
        parts.append(
            f'<section lang="{language}"><p><a href="{CERTIFICATE_PATH}">{install}</a></p>'
            f'<p><a href="{html.escape(app_address)}">{open_}</a></p><p><small>{care}</small></p></section>'
        )
    places = "".join(f"<li>{html.escape(place)}</li>" for place in PLACES)
    return (
        '<!doctype html><html lang="kk"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Таңба</title><body><h1>Таңба</h1>{'<hr>'.join(parts)}<ul>{places}</ul></body></html>"
    ).encode()


@contextmanager
def certificate_page(host: str, port: int, root: bytes, app_address: str) -> Iterator[None]:
    """Serve the page and the root (DER) over plain HTTP while the block runs."""
    answers = {
        "/": ("text/html; charset=utf-8", page(app_address)),
        CERTIFICATE_PATH: ("application/x-x509-ca-cert", root),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path not in answers:
                self.send_error(404)
                return
            kind, body = answers[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads who fetched a public certificate."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def trusting(root: bytes) -> ssl.SSLContext:
    """A client's view: this root and no other."""
    return ssl.create_default_context(cadata=root)


def show_code(title: str, address: str) -> None:
    """A QR code in the terminal, from half blocks."""
    import qrcode  # only after .venv stands

    say(f"\n{title}: {address}")
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(address)
    code.print_ascii(invert=True)
