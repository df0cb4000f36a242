"""A check as it is asked: over a socket, and straight at the application."""

import io
import json
import sys
from typing import Any

from backend.codes.rules import code_id

PATH = "/api/v1/verify"


def body(text: str) -> bytes:
    return json.dumps({"code": text, "symbology": "]d2", "source": "camera"}).encode()


def asked_of_us(text: str) -> bytes:
    """A whole HTTP request for a check."""
    content = body(text)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
    )
    return head.encode() + b"\r\n\r\n" + content


def asked_of_yardstick(text: str) -> bytes:
    """A whole HTTP request for the bare SELECT of the same code."""
    return f"GET /code/{code_id(text.split(chr(29), 1)[0]).hex()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def environ(text: str) -> dict[str, Any]:
    """What a WSGI server would hand over for a check."""
    content = body(text)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
