"""A register of any size, written past the ledger into a throw-away database: nothing else could fill it in time.

Codes to be asked for carry real tails; the filler beside them only makes the tables large.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from backend.bench.world import card, organisation
from backend.catalogue import groups
from backend.codes import emission, keys
from backend.codes.models import Code
from backend.codes.rules import State, code_id
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db, is_sqlite

ORGANISATIONS, CARDS = 20, 200
CHUNK = 100_000

COLUMNS = "id, serial, gtin, product_group, key_id, card_id, owner_id, state, flags, version, changed_at, introduced_at"


def real(count: int) -> list[str]:
    """`count` codes in circulation, of 200 cards and 20 importers; returns their full texts, as labels carry them."""
    template = groups.get("footwear").code
    key_id = unit_of_work(lambda: keys.current("footwear").id)
    signer = keys.signer(key_id)
    owners = [organisation(number) for number in range(ORGANISATIONS)]
    cards = [(owner, *card(owner, number)) for number, owner in enumerate(owners * (CARDS // ORGANISATIONS))]
    texts, rows = [], []
    for number, serial in enumerate(emission.serials(count, template.alphabet, template.serial_length)):
        owner_id, card_id, gtin = cards[number % CARDS]
        identification = f"01{gtin}21{serial}"
        texts.append(f"{identification}\x1d91{key_id}\x1d92{signer.tail(identification)}")
        rows.append((code_id(identification), serial, gtin, key_id, card_id, owner_id))
    db.session.rollback()
    _store(sorted(rows))
    return texts


def filler(count: int) -> None:
    """`count` codes that nobody asks for."""
    owner_id = organisation(999_999)
    stock(owner_id, *card(owner_id, 999_999), count)


def stock(owner_id: str, card_id: str, gtin: str, count: int) -> None:
    """`count` codes of one owner and card, in the order of their ids: so even ten million are written in a minute."""
    spread(owner_id, [(card_id, gtin)], count)


def spread(owner_id: str, cards: Sequence[tuple[str, str]], count: int) -> None:
    """`count` codes of one owner, of these cards (id, GTIN) by turns."""
    step = 2**64 // count

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            card_id, gtin = cards[number % len(cards)]
            code = (number * step).to_bytes(8, "big") + secrets.token_bytes(8)
            yield code, f"F{number:012d}", gtin, None, card_id, owner_id

    _store(rows())


def _store(rows: Iterable[tuple[Any, ...]]) -> None:
    moment = clock.now()
    if is_sqlite():
        moment = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    same = (State.INTRODUCED.value, 0, 3, moment, moment)
    complete = ((code, serial, gtin, "footwear", key, *rest, *same) for code, serial, gtin, key, *rest in rows)
    while chunk := list(islice(complete, CHUNK)):
        with db.engine.begin() as connection:
            if is_sqlite():
                marks = ", ".join("?" * len(chunk[0]))
                connection.exec_driver_sql(f"INSERT INTO {Code.__tablename__} ({COLUMNS}) VALUES ({marks})", chunk)
                continue
            copy = f"COPY {Code.__tablename__} ({COLUMNS}) FROM STDIN"
            with connection.connection.cursor() as cursor, cursor.copy(copy) as target:
                for row in chunk:
                    target.write_row(row)
