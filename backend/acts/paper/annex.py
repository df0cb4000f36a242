"""The annex of an act: every code, by the package around it. Rows are read and written in pieces, so that an act of
100 000 codes takes no more memory than a small one."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import select

from backend.acts import goods
from backend.acts.models import Act, Rejected
from backend.codes.ledger import identification
from backend.codes.models import Code
from backend.core.db import db

AT_ONCE = 2_000


def rows(act: Act) -> Iterator[tuple[str, str, str | None]]:
    """(package directly around it or "", identification code, why it was not taken or None), by package and code."""
    chosen = goods.of(act).subquery()
    found = (
        select(Code.package_id, Code.gtin, Code.serial, Rejected.reason)
        .join(chosen, Code.id == chosen.c[0])
        .outerjoin(Rejected, (Rejected.code_id == Code.id) & (Rejected.act_id == act.id))
        .order_by(Code.package_id.is_(None), Code.package_id, Code.gtin, Code.serial)
    )
    for sscc, gtin, serial, reason in db.session.execute(found.execution_options(yield_per=AT_ONCE)):
        yield sscc or "", identification(gtin, serial), reason.value if reason else None


def csv(act: Act) -> Iterator[bytes]:
    """The same as a table: package, code, reason. Codes are text that no spreadsheet may take for a formula."""
    yield b"package,code,rejected\r\n"
    pending: list[str] = []
    for sscc, code, reason in rows(act):
        quoted = code.replace('"', '""')
        pending.append(f'{sscc},"{quoted}",{reason or ""}\r\n')
        if len(pending) == AT_ONCE:
            yield "".join(pending).encode()
            pending.clear()
    yield "".join(pending).encode()


def groups(act: Act) -> Iterator[tuple[str, list[str]]]:
    """The codes of each package, packages in order, what is in none last. For acts that fit on a sheet."""
    for sscc, inside in groupby(rows(act), itemgetter(0)):
        yield sscc, [code for _, code, _ in inside]
