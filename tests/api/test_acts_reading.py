"""What the two sides of an act read of it: its units with the packages around them, and lists that can be searched."""

from datetime import UTC, date, datetime

import pytest

from backend.acts.models import Act
from backend.acts.rules import State
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.models import Organisation
from tests import factories, trading
from tests.signing import OTHER_BIN
from tests.trading import Party, draft, refused, send, sent, texts


def test_a_unit_names_every_package_around_it_the_innermost_first(seller: Party, buyer: Party) -> None:
    one, two, loose = (factories.codes(seller.id, count) for count in (2, 1, 1))
    first, second = trading.box(seller.id, one), trading.box(seller.id, two)
    case = trading.box(seller.id, [], (first, second))
    pallet = trading.box(seller.id, [], (case,))
    act = draft(seller, buyer, [f"00{pallet}", *texts(loose)])
    around = [(one, [first, case, pallet]), (two, [second, case, pallet]), (loose, [])]
    expected = {text: packages for codes, packages in around for text in texts(codes)}
    for party in (seller, buyer):
        listed = party.get(f"/acts/{act}/units?limit=5000").json["units"]
        assert {unit["code"]: unit["packages"] for unit in listed} == expected
        assert {unit["package"] for unit in listed} == {first, second, None}
        assert [unit["code"] for unit in party.get(f"/acts/{act}/units?loose=true").json["units"]] == texts(loose)
        if party is seller:
            send(seller, act)
    refused(buyer.get(f"/acts/{act}/units?limit=5001"), 422, "request.invalid")


def test_pages_of_units_neither_repeat_nor_skip(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 7)
    sscc = trading.box(seller.id, codes[:4])
    act = draft(seller, buyer, [f"00{sscc}", *texts(codes[4:])])
    for drafted in (True, False):
        found, cursor = [], ""
        while cursor is not None:
            page = seller.get(f"/acts/{act}/units?limit=3{cursor and f'&cursor={cursor}'}").json
            found += page["units"]
            cursor = page["next"]
        assert sorted(one["code"] for one in found) == sorted(texts(codes))
        if drafted:
            send(seller, act)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("ка-17", True),
        ("НАКЛ-17", False),
        ("зере", True),
        ("Зере", True),
        ("zere", True),
        (OTHER_BIN[:5], True),
        (OTHER_BIN[5:], False),
        ("дос", False),
        ("100%", False),
        ("", True),
    ],
)
def test_a_list_is_searched_by_number_name_and_bin(seller: Party, buyer: Party, text: str, there: bool) -> None:
    def rename() -> None:
        named = {"kk": "«Зере» ЖШС", "ru": "ТОО «Зере»", "en": "Zere LLP"}
        db.session.get_one(Organisation, buyer.id).names = named

    unit_of_work(rename)
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)), number="Ка-17")
    found = seller.client.get("/api/v1/acts", query_string={"box": "out", "q": text}).json["acts"]
    assert [one["id"] for one in found] == ([act] if there else [])


def test_a_buyer_who_is_not_registered_is_found_by_what_was_typed(seller: Party) -> None:
    made = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ЖК Айгерім"}).json
    for text in ("айгерім", OTHER_BIN[:6]):
        found = seller.client.get("/api/v1/acts", query_string={"q": text}).json["acts"]
        assert [one["id"] for one in found] == [made["id"]], text
    assert seller.client.get("/api/v1/acts", query_string={"q": "Бауыржан"}).json["acts"] == []


def test_a_list_is_cut_by_days_of_kazakhstan(seller: Party, buyer: Party) -> None:
    """A sent act is of the day when it was sent, which begins at 19:00 UTC; a draft of the day that it is meant for."""
    moments = {
        "before": datetime(2026, 10, 31, 18, 59, 59, 999_999, UTC),
        "first": datetime(2026, 10, 31, 19, tzinfo=UTC),
        "last": datetime(2026, 11, 2, 18, 59, 59, 999_999, UTC),
        "after": datetime(2026, 11, 2, 19, tzinfo=UTC),
    }
    named = {seller.post("/acts", {"receiver_tax": buyer.bin}).json["id"]: name for name in (*moments, "draft")}

    def settle() -> None:
        for one, name in named.items():
            row = db.session.get_one(Act, one)
            row.transfer_date = date(2026, 11, 2)
            if name in moments:
                row.sent_at, row.receiver_id, row.state = moments[name], buyer.id, State.SENT

    unit_of_work(settle)

    def found(party: Party, query: str) -> set[str]:
        return {named[one["id"]] for one in party.get(f"/acts?{query}").json["acts"]}

    assert found(seller, "from=2026-11-01&to=2026-11-02") == {"first", "last", "draft"}
    assert found(buyer, "from=2026-11-01&to=2026-11-02") == {"first", "last"}
    assert found(seller, "from=2026-11-01") == {"first", "last", "after", "draft"}
    assert found(seller, "to=2026-11-01") == {"before", "first"}
    assert found(seller, "from=2026-11-02&to=2026-11-02&box=out&state=draft") == {"draft"}
    assert found(seller, "from=2026-11-03&to=2026-11-01") == set()
    page = seller.get("/acts?from=2026-11-01&limit=3").json
    rest = seller.get(f"/acts?from=2026-11-01&limit=3&cursor={page['next']}").json
    assert (len(page["acts"]), len(rest["acts"]), rest["next"]) == (3, 1, None)
    for wrong in ("from=yesterday", "to=9999-12-31", "from=0001-01-01", "since=2026-11-01"):
        refused(seller.get(f"/acts?{wrong}"), 422, "request.invalid")
