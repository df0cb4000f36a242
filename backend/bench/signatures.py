"""What it costs to judge one signature made with a national key: CPU seconds of the whole judgement, chain, message and
revocation; beside it one bare signature check, and how often libgcrypt was there to hash."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.bench.rows import Result, Row, median
from backend.core import clock
from backend.signatures import documents, keys, signer, trust, verifier
from backend.signatures.algorithms import GOST_512_SIGNATURE, verify
from backend.signatures.devca import DevCA
from backend.signatures.gost import libgcrypt
from backend.signatures.rules import Purpose
from backend.signatures.trust import Trust

TIMES = 21
PASSWORD = "Bench2026"
SCHEMA = "kz.tanba.bench/v1"
DOCUMENT = documents.envelope(SCHEMA, {"number": "1", "total": "1500.00"})


def measure(large: bool) -> Iterator[Result]:
    with TemporaryDirectory() as folder:
        authority = DevCA(Path(folder) / "devca")
        container = authority.issue(iin="900101300007", name="ОМАРОВ ДАНИЯР", password=PASSWORD, algorithm="gost")
        content = signer.sign(container, PASSWORD, DOCUMENT)
        here = trust.development(authority)
        judged = [spent(content, here) for _ in range(TIMES)]
    hashing = "libgcrypt" if libgcrypt.library() else "Python alone"
    note = f"one bare GOST check: {1000 * median(checks()):.1f} ms; Streebog by {hashing}"
    yield Row("signature, GOST", "signature", median(judged), None, "s", note)


def spent(content: bytes, here: Trust) -> float:
    """CPU seconds of one whole judgement."""
    began = time.process_time()
    verifier.verify(DOCUMENT, content, schema=SCHEMA, purpose=Purpose.DOCUMENT, trust=here, now=clock.now())
    return time.process_time() - began


def checks() -> list[float]:
    """CPU seconds of bare checks, each of another key."""
    found = []
    for _ in range(TIMES):
        key = keys.generate("gost")
        public, signature = key.public, key.sign(DOCUMENT)
        began = time.process_time()
        verify(public, signature, DOCUMENT, GOST_512_SIGNATURE)
        found.append(time.process_time() - began)
    return found
