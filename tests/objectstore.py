"""An S3-like store on loopback, as strict about signatures as the real ones."""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, BUCKET = "AKIATEST", "wJalr/XUtn+FEMI", "kz-1", "papers"
CLAIM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request,\s*"
    r"SignedHeaders=(?P<names>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
PAGE = 2


class ObjectStore(ThreadingHTTPServer):
    """`objects` by key, each with its bytes and when it was written; `refused` counts requests with a bad signature."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.refused = 0
        self.down = False

    def url(self, secret: str = SECRET, prefix: str = "") -> str:
        return (
            f"s3://{KEY}:{quote(secret, safe='')}@127.0.0.1:{self.server_port}/{BUCKET}{prefix}?region={REGION}&tls=no"
        )


class _Handler(BaseHTTPRequestHandler):
    server: ObjectStore

    def log_message(self, *_: object) -> None:
        pass

    def _genuine(self, body: bytes) -> bool:
        """The signature worked out anew from the request as it came over the wire."""
        claim = CLAIM.fullmatch(self.headers.get("authorization", ""))
        if claim is None or claim["key"] != KEY or claim["region"] != REGION:
            return False
        payload = hashlib.sha256(body).hexdigest()
        if self.headers["x-amz-content-sha256"] != payload or not {"host", "x-amz-date"} <= {
            *claim["names"].split(";")
        }:
            return False
        parts = urlsplit(self.path)
        query = sorted(parse_qsl(parts.query, keep_blank_values=True))
        lines = [self.command, parts.path, "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in query)]
        lines += [f"{name}:{self.headers[name].strip()}" for name in claim["names"].split(";")]
        lines += ["", claim["names"], payload]
        scope = f"{claim['day']}/{REGION}/s3/aws4_request"
        canonical = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, canonical])
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), claim["signature"])

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.down:
            return self._answer(503)
        if not self._genuine(body):
            self.server.refused += 1
            return self._answer(403)
        parts = urlsplit(self.path)
        _, bucket, key = (unquote(parts.path) + "/").split("/", 2)
        key = key.removesuffix("/")
        if bucket != BUCKET:
            return self._answer(404)
        if self.command == "PUT":
            self.server.objects[key] = body, datetime.now(UTC)
            return self._answer(200)
        if self.command == "DELETE":
            self.server.objects.pop(key, None)
            return self._answer(204)
        if not key:
            return self._answer(200, self._list(dict(parse_qsl(parts.query))))
        found = self.server.objects.get(key)
        return self._answer(200, found[0]) if found else self._answer(404, b"<Error/>")

    def _list(self, query: dict[str, str]) -> bytes:
        assert query["list-type"] == "2"
        after = query.get("start-after", "")
        keys = sorted(one for one in self.server.objects if one.startswith(query.get("prefix", "")) and one > after)
        shown = "".join(
            f"<Contents><Key>{escape(one)}</Key><LastModified>{self.server.objects[one][1]:%Y-%m-%dT%H:%M:%S.000Z}"
            "</LastModified></Contents>"
            for one in keys[:PAGE]
        )
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{shown}</ListBucketResult>'.encode()

    do_GET = do_HEAD = do_PUT = do_DELETE = _handle


@contextmanager
def running() -> Iterator[ObjectStore]:
    server = ObjectStore()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
