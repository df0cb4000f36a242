"""The print form of an act: what stands on it, in both languages, and the QR code that opens the public check."""

from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from flask import Flask

from backend.acts.paper import form
from backend.core import sandbox
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, decide, draft, refused, sent, texts


@pytest.fixture(autouse=True)
def authority(app: Flask) -> None:
    signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def seller(app: Flask) -> Party:
    return trading.party(app, BIN, IIN)


@pytest.fixture
def buyer(app: Flask) -> Party:
    return trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)


def paper(party: Party, act: str, query: str = "") -> bytes:
    answer = party.get(f"/acts/{act}/paper{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return answer.data


def text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def symbol(pdf: bytes) -> str | None:
    """What the QR code on the first page says."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=2, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else None


def test_a_partly_accepted_act_on_paper(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 6)
    gtin = factories.one(codes[0]).gtin
    terms = {"contract": {"number": "7", "date": "2026-11-01"}, "comment": "Кіреберіс 2"}
    act = sent(seller, buyer, texts(codes), prices={gtin: 1_890_000}, terms=terms, number="А-41")
    rejected = [
        {"code": texts(codes)[0], "reason": "damaged", "words": ""},
        {"code": texts(codes)[1], "reason": "other", "words": "Жең түрлі түсті"},
    ]
    answer = decide(buyer, act, rejected=rejected, extra=["0104870001234560" + "21XYZ"])
    assert answer.status_code == 200, answer.text
    made = paper(seller, act)
    assert symbol(made)
