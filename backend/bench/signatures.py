"""What it costs to judge one signature made with a national key: CPU seconds of the whole judgement, the message, the
chain and the responder's answer, all by GOST keys; beside it one bare signature check."""

import time
from collections.abc import Iterator
from datetime import timedelta

from backend.bench.rows import Result, Row, median
from backend.core import clock
from backend.signatures import certificates, documents, issuing, keys, responders, signer, verifier
from backend.signatures.algorithms import GOST_512_SIGNATURE, verify
from backend.signatures.gost import libgcrypt
from backend.signatures.responders import Desk
from backend.signatures.rules import Purpose, Role
from backend.signatures.trust import NUC_POLICY, Trust

TIMES = 21
SCHEMA = "kz.tanba.bench/v1"
DOCUMENT = documents.envelope(SCHEMA, {"number": "1", "total": "1500.00"})


def measure(large: bool) -> Iterator[Result]:
    content, here = national()
    judged = [spent(content, here) for _ in range(TIMES)]
    hashing = "libgcrypt" if libgcrypt.library() else "Python alone"
    note = f"one bare GOST check: {1000 * median(checks()):.1f} ms; Streebog by {hashing}"
    yield Row("signature, GOST", "signature", median(judged), None, "s", note)


def national() -> tuple[bytes, Trust]:
    """A signature under an authority with GOST keys alone, which is pinned, and the profile that trusts it."""
    root_key, issuing_key, key = (keys.generate("gost") for _ in range(3))
    term = (clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    name = issuing.authority("BENCH ROOT")
    root = issuing.sign_root(name, root_key, term, issuing.authority_extensions(None, NUC_POLICY))
    below = issuing.authority_extensions(0, NUC_POLICY)
    middle = issuing.sign(issuing.authority("BENCH NCA"), issuing_key.public, term, below, root, root_key)
    person = issuing.person("900101300007", "ОМАРОВ ДАНИЯР", None, None)
    extensions = issuing.person_extensions((Role.INDIVIDUAL,), NUC_POLICY, True, agreement=True)
    leaf = issuing.sign(person, key.public, term, extensions, middle, issuing_key)
    pinned = certificates.read(middle)
    desk = Desk(issuing_key, middle, middle)
    here = Trust(
        "nca-test",
        frozenset({pinned.fingerprint}),
        (pinned, certificates.read(root)),
        (NUC_POLICY,),
        status=lambda request: responders.answer_status(request, desk, {}),
    )
    return signer.signed(key, leaf, (middle,), DOCUMENT), here


def spent(content: bytes, here: Trust) -> float:
    """CPU seconds of one whole judgement; making the responder's answer counts too."""
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
