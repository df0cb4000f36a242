"""Emission of 100 000 codes in one order, against the rate at which one core does nothing but sign."""

import time
from collections.abc import Iterator

from nacl.signing import SigningKey

from backend.bench.rows import Result, Row
from backend.bench.world import ENGINES, card, organisation, world
from backend.codes import emission
from backend.core.api import unit_of_work
from backend.core.db import db

COUNT = 100_000
SIGNATURES = 20_000


def measure(large: bool) -> Iterator[Result]:
    for engine in ENGINES:
        with world(engine):
            yield emitted(engine)
            db.session.remove()


def emitted(engine: str) -> Row:
    owner_id = organisation()
    card_id, _ = card(owner_id)
    before = signing_rate()
    started = time.perf_counter()
    order_id = unit_of_work(lambda: emission.order(card_id, COUNT, owner_id=owner_id, actor=None).id)
    while unit_of_work(lambda: emission.emit_some(order_id)):
        pass
    born = time.perf_counter()
    downloaded = sum(1 for _ in emission.pack(order_id, 1, COUNT))
    packed = time.perf_counter()
    signing = (before + signing_rate()) / 2
    note = f"its pack, tails made on the way out: {downloaded / (packed - born):.0f}/s"
    return Row(f"emission, {engine}", "emission", COUNT / (born - started), signing, "/s", note)


def signing_rate() -> float:
    """Bare Ed25519 signatures a second."""
    key = SigningKey.generate()
    messages = [f"tanba/1|T001|010487000000001621{number:013d}".encode() for number in range(SIGNATURES)]
    started = time.perf_counter()
    for message in messages:
        key.sign(message)
    return SIGNATURES / (time.perf_counter() - started)
