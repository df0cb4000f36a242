"""Files in any store that speaks S3: five requests, addressed by path and signed with Signature Version 4."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree

from backend.core import clock
from backend.files.rules import LARGEST, StoreDown
from backend.files.s3_signature import Credentials, signed

SECONDS = 20
LARGEST_LIST = 4 * 1024 * 1024
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """`path` is "/<bucket>", `prefix` what stands before every key; `tls` False is for a store on one's own network."""

    host: str
    path: str
    prefix: str
    tls: bool
    credentials: Credentials

    def put(self, key: str, content: bytes) -> None:
        self._ask("PUT", self._of(key), content, expected=(200,))

    def get(self, key: str) -> bytes | None:
        status, body = self._ask("GET", self._of(key), expected=(200, 404))
        return body if status == 200 else None

    def has(self, key: str) -> bool:
        status, _ = self._ask("HEAD", self._of(key), expected=(200, 404))
        return status == 200

    def delete(self, key: str) -> None:
        self._ask("DELETE", self._of(key), expected=(200, 204, 404))

    def older(self, than: datetime) -> Iterator[str]:
        """What was written before a moment, a thousand at a time."""
        after = ""
        while True:
            query = {"list-type": "2", "prefix": self.prefix}
            if after:
                query["start-after"] = after
            _, body = self._ask("GET", self.path, query=query, expected=(200,), largest=LARGEST_LIST)
            found = [(_text(one, "Key"), _text(one, "LastModified")) for one in _listed(body)]
            for key, written in found:
                if datetime.fromisoformat(written) < than:
                    yield key.removeprefix(self.prefix)
            if not found:
                return
            after = found[-1][0]

    def _of(self, key: str) -> str:
        return f"{self.path}/{self.prefix}{key}"

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        query: dict[str, str] | None = None,
        expected: tuple[int, ...],
        largest: int = LARGEST,
    ) -> tuple[int, bytes]:
        """Raises StoreDown for no answer, and for any that was not expected."""
        query = query or {}
        headers = signed(self.credentials, method, self.host, path, query, body, clock.now())
        asked = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items()))
        address = quote(path, safe="/-_.~") + (f"?{asked}" if asked else "")
        try:
            with closing(self._connection()) as connection:
                connection.request(method, address, body=body or None, headers=headers)
                answer = connection.getresponse()
                content = answer.read(largest + 1)
        except (OSError, http.client.HTTPException) as error:
            raise StoreDown() from error
        if answer.status not in expected or len(content) > largest:
            raise StoreDown()
        return answer.status, content

    def _connection(self) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection(self.host, timeout=SECONDS, context=ssl.create_default_context())
        return http.client.HTTPConnection(self.host, timeout=SECONDS)


def bucket(url: str) -> Bucket:
    """The bucket behind `s3://key:secret@host[:port]/bucket[/prefix]?region=…&tls=no`. Raises ValueError."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    name, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password and name):
        raise ValueError("FILES_URL must look like s3://key:secret@host/bucket?region=us-east-1")
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    credentials = Credentials(unquote(parts.username), unquote(parts.password), asked.get("region", ["us-east-1"])[0])
    tls = asked.get("tls", ["yes"])[0] != "no"
    return Bucket(host, f"/{name}", f"{prefix}/" if prefix else "", tls, credentials)


def _listed(body: bytes) -> list[ElementTree.Element]:
    try:
        return ElementTree.fromstring(body).findall(f"{NAMESPACE}Contents")
    except ElementTree.ParseError as error:
        raise StoreDown() from error


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{NAMESPACE}{name}") or ""
