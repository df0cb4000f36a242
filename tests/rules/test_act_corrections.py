"""What a correction may touch, and what it changes."""

from datetime import date
from typing import Any

import pytest

from backend.acts import correcting, documents
from backend.signatures import documents as envelopes

TERMS = {"contract": {"number": "7", "date": "2026-11-01"}, "comment": ""}
NOW = {"transfer_date": "2026-11-20", "contract": {"number": "7", "date": "2026-11-01"}, "price:0001": 100}
GOODS = frozenset({"0001", "0002"})


def test_parts_are_flat_and_what_is_empty_is_absent() -> None:
    assert correcting.parts(date(2026, 11, 20), TERMS | {"waybill": None}, {"0001": 100}) == NOW


def test_parts_go_back_where_they_came_from() -> None:
    day, terms, prices = correcting.split(NOW)
    assert (day, terms, prices) == (date(2026, 11, 20), {"contract": NOW["contract"]}, {"0001": 100})


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        (NOW | {"price:0001": 90}, {"price:0001": 100}, {"price:0001": 90}),
        (NOW | {"price:0002": 5}, {"price:0002": None}, {"price:0002": 5}),
        ({"transfer_date": "2026-11-20", "price:0001": 100}, {"contract": NOW["contract"]}, {"contract": None}),
        (NOW | {"transfer_date": "2026-11-19"}, {"transfer_date": "2026-11-20"}, {"transfer_date": "2026-11-19"}),
    ],
)
def test_what_changes(wanted: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    assert correcting.changes(NOW, wanted, GOODS) == (before, after)
    assert correcting.applied(NOW, after) == wanted


@pytest.mark.parametrize("wanted", [NOW, NOW | {"price:0009": 5}])
def test_nothing_and_goods_that_are_not_in_it_are_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(correcting.NothingCorrected):
        correcting.changes(NOW, wanted, GOODS)


LINE = {"gtin": "0001", "card": "c", "name": {"kk": "а", "ru": "б"}, "units": 3, "price": "1.00", "sum": "3.00"}
FUR = LINE | {"gtin": None, "card": "fur", "price": None, "sum": None, "units": 1}
SIGNED = envelopes.envelope(
    documents.ACT,
    {
        "act": "01",
        "sender": {"bin": "1"},
        "transfer_date": "2026-11-20",
        "terms": {"comment": "а"},
        "lines": [LINE, FUR],
        "units": 4,
        "total": "3.00",
        "codes": {"root": "ff"},
    },
)


def test_an_act_signed_anew_differs_in_prices_and_papers_alone() -> None:
    new = documents.mended(SIGNED, date(2026, 11, 19), {"comment": "ә"}, {"0001": 250, "fur": 100})
    said, was = envelopes.read(new, documents.ACT), envelopes.read(SIGNED, documents.ACT)
    assert said.pop("corrects") == documents.digest(SIGNED)
    assert (said["transfer_date"], said["terms"], said["total"]) == ("2026-11-19", {"comment": "ә"}, "8.50")
    assert [(line["price"], line["sum"]) for line in said["lines"]] == [("2.50", "7.50"), ("1.00", "1.00")]
    assert {name for name in said if said[name] != was[name]} == {"transfer_date", "terms", "lines", "total"}
    bare = [{key: value for key, value in line.items() if key not in ("price", "sum")} for line in said["lines"]]
    assert bare == [{key: value for key, value in line.items() if key not in ("price", "sum")} for line in was["lines"]]
