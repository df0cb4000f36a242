"""AWS Signature Version 4, as every S3-compatible store checks it."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(NamedTuple):
    key: str
    secret: str
    region: str


def signed(
    credentials: Credentials,
    method: str,
    host: str,
    path: str,
    query: Mapping[str, str],
    body: bytes,
    at: datetime,
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a request, the signature among them. `path` is not yet percent-encoded; `at` is UTC."""
    payload = hashlib.sha256(body).hexdigest()
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    sent = {"host": host, "x-amz-content-sha256": payload, "x-amz-date": stamp}
    sent |= {name.lower(): value.strip() for name, value in (headers or {}).items()}
    names = ";".join(sorted(sent))
    canonical = "\n".join(
        (
            method,
            quote(path, safe="/-_.~"),
            "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query)),
            *(f"{name}:{sent[name]}" for name in sorted(sent)),
            "",
            names,
            payload,
        )
    )
    scope = f"{at:%Y%m%d}/{credentials.region}/s3/aws4_request"
    text = "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = b"AWS4" + credentials.secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    claim = f"{ALGORITHM} Credential={credentials.key}/{scope},SignedHeaders={names},Signature={signature}"
    return sent | {"authorization": claim}
