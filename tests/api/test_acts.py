"""Acts over HTTP: drafted, sent and decided by two participants who sign. Both engines."""

from base64 import b64decode
from typing import Any

import pytest
from flask import Flask

from backend.codes import fsck, ledger
from backend.codes.models import Package
from backend.codes.rules import Event, Flag
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.models import Organisation
from backend.signatures import documents as envelopes
from tests import factories, trading
from tests.trading import (
    Party,
    decide,
    draft,
    facts,
    flags,
    owners,
    refused,
    send,
    sent,
    signed_decision,
    texts,
)


def test_the_owner_changes_when_the_buyer_confirms_and_not_before(seller: Party, buyer: Party) -> None:
    """S0-25 … S0-30."""
    codes = factories.codes(seller.id, 3)
    act = sent(seller, buyer, texts(codes))
    assert owners(codes) == [seller.id] * 3
    assert flags(codes) == {Flag.IN_ACT}
    answer = decide(buyer, act)
    assert (answer.status_code, answer.json["state"]) == (200, "accepted"), answer.text
    assert owners(codes) == [buyer.id] * 3
    assert flags(codes) == {Flag(0)}
    assert list(fsck.broken()) == []
    for kinds in (("act:send", "codes:send"), ("act:accept", "codes:confirm")):
        (signed,) = {fact.signature_id for kind in kinds for fact in facts(kind)}
        assert signed, kinds
    (accepted,) = facts("act:accept")
    assert (accepted.organisation_id, accepted.detail["other"]) == (buyer.id, seller.id)
    assert (accepted.before, accepted.after) == ({"state": "sent"}, {"state": "accepted"})


def test_an_act_says_what_is_in_it(seller: Party, buyer: Party) -> None:
    card = factories.card(seller.id)
    codes = factories.codes(seller.id, 3, card_id=card)
    gtin = factories.one(codes[0]).gtin
    terms = {"contract": {"number": "7", "date": "2026-11-01"}, "comment": "Кіреберіс 2"}
    act = draft(seller, buyer, texts(codes), prices={gtin: 1_890_000}, terms=terms)
    said = seller.get(f"/acts/{act}").json
    assert (said["units"], said["total"], said["state"], said["ours"]) == (3, 5_670_000, "draft", "sender")
    assert [(line["gtin"], line["units"], line["price"]) for line in said["lines"]] == [(gtin, 3, 1_890_000)]
    assert said["terms"] == {"contract": {"number": "7", "date": "2026-11-01"}, "waybill": None, "invoice": None} | {
        "comment": "Кіреберіс 2"
    }
    (document,) = seller.get(f"/acts/{act}/document").json["documents"]
    assert ("total", "56700.00") in {(fact["label"], fact["value"]) for fact in document["facts"]}
    listed = seller.get(f"/acts/{act}/units?limit=2").json
    more = seller.get(f"/acts/{act}/units?limit=2&cursor={listed['next']}").json
    assert sorted(one["code"] for one in listed["units"] + more["units"]) == sorted(texts(codes))


def test_a_draft_is_its_makers_alone(seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    refused(buyer.get(f"/acts/{act}"), 404, "acts.unknown")
    answer = buyer.get("/acts")
    assert answer.json["acts"] == [], answer.text
    send(seller, act)
    assert [one["id"] for one in buyer.get("/acts?box=in").json["acts"]] == [act]
    assert buyer.get("/acts?box=out").json["acts"] == []
    assert [one["id"] for one in buyer.get("/acts?state=sent,viewed").json["acts"]] == [act]
    assert buyer.get("/acts?state=accepted").json["acts"] == []
    refused(buyer.get("/acts?state=nothing"), 422, "request.invalid")


def test_lines_are_refused_one_by_one_with_the_reason(seller: Party, buyer: Party) -> None:
    mine, others = factories.codes(seller.id, 2), factories.codes(buyer.id, 1)
    fresh = factories.codes(seller.id, 1, "APPLIED")
    packed = factories.codes(seller.id, 2)
    sscc = trading.box(seller.id, packed)
    act = draft(seller, buyer, texts(mine[:1]))
    wanted = [*texts(mine), *texts(others), *texts(fresh), *texts(packed[:1]), "0104870001234560", "01" + "9" * 30]
    wanted.append(texts(fresh)[0][:-3] + "zzz")
    found = seller.post(f"/acts/{act}/units", {"codes": wanted}).json
    said = [(one["status"], one["reason"]) for one in found["results"]]
    assert said[:5] == [
        ("already", None),
        ("added", None),
        ("refused", "not_yours"),
        ("refused", "state_applied"),
        ("refused", "packed"),
    ]
    assert found["results"][4]["package"] == sscc
    assert {status for status, _ in said[5:]} == {"refused"}
    assert said[-1] == ("refused", "unknown")
    assert found["units"] == 2
    assert seller.post(f"/acts/{act}/units", {"codes": [f"00{sscc}"]}).json["units"] == 4
    inside = seller.post(f"/acts/{act}/units", {"codes": texts(packed[:1])}).json["results"]
    assert [one["status"] for one in inside] == ["already"]
    assert seller.post(f"/acts/{act}/units/remove", {"codes": [f"00{sscc}"]}).json["units"] == 2


def test_a_box_is_as_good_as_what_lies_in_it(seller: Party, buyer: Party) -> None:
    """At any depth; what is wrong is said when the box is scanned, not when the act is signed."""
    deep = factories.codes(seller.id, 2)
    whole, bound = (trading.box(seller.id, factories.codes(seller.id, 2)) for _ in range(2))
    pallet = trading.box(seller.id, [], (trading.box(seller.id, deep),))
    sent(seller, buyer, [f"00{bound}"])
    unit_of_work(lambda: ledger.move(Event.BLOCK, deep[:1], actor=None, reason="AUTHORITY"))
    act = seller.post("/acts", {}).json["id"]
    put = seller.post(f"/acts/{act}/units", {"codes": [f"00{one}" for one in (whole, pallet, bound)]}).json
    assert [one["reason"] for one in put["results"]] == [None, "blocked", "in_act"]
    assert put["units"] == 2


def test_colleagues_do_not_overwrite_one_another(seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    version = seller.get(f"/acts/{act}").json["version"]

    def save(number: str) -> Any:
        return seller.client.put(
            f"/api/v1/acts/{act}", json={"version": version, "number": number}, headers=factories.key()
        )

    assert save("А-1").json["number"] == "А-1"
    assert refused(save("А-2"), 409, "acts.draft_changed") == {"version": version + 1}
    assert seller.get(f"/acts/{act}").json["number"] == "А-1"


def test_what_was_signed_is_what_is_sent(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 2)
    act = draft(seller, buyer, texts(codes[:1]))
    signatures = seller.sign(seller.get(f"/acts/{act}/document"))
    seller.post(f"/acts/{act}/units", {"codes": texts(codes[1:])})
    refused(seller.post(f"/acts/{act}/send", {"signatures": signatures}), 422, "signatures.document_changed")
    assert seller.get(f"/acts/{act}").json["state"] == "draft"
    assert flags(codes) == {Flag(0)}


def test_only_who_may_bind_the_organisation_signs(app: Flask, seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    seller.container = buyer.container
    refused(send(seller, act), 403, "acts.signing_right_missing")
    assert seller.get(f"/acts/{act}").json["state"] == "draft"


def test_a_decision_cannot_be_signed_as_an_act(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    body = signed_decision(buyer, act, {"mode": "trust"})
    other = body | {"decision": {"mode": "trust", "all_rejected": True}}
    refused(buyer.post(f"/acts/{act}/decision", other), 422, "signatures.document_changed")
    assert buyer.get(f"/acts/{act}").json["state"] == "sent"


def test_partial_acceptance_opens_the_box_and_frees_what_is_refused(seller: Party, buyer: Party) -> None:
    whole, split = factories.codes(seller.id, 2), factories.codes(seller.id, 3)
    kept, opened = trading.box(seller.id, whole), trading.box(seller.id, split)
    pallet = trading.box(seller.id, [], (kept, opened))
    act = sent(seller, buyer, [f"00{pallet}"])
    missing = texts(split[:1])
    answer = decide(
        buyer, act, mode="full", rejected=[{"code": missing[0], "reason": "missing"}], extra=["0104870001234560215x"]
    )
    said = answer.json
    assert (answer.status_code, said["state"]) == (200, "partly_accepted"), answer.text
    assert said["rejected"] == [{"code": missing[0], "reason": "missing", "words": "", "photos": []}]
    assert said["extra"] == ["0104870001234560215x"]
    (fact,) = facts("act:accept_partly")
    assert (fact.detail["rejected"], fact.detail["extra"]) == (1, 1)
    assert owners(whole + split) == [buyer.id] * 2 + [seller.id] + [buyer.id] * 2
    assert flags(whole + split) == {Flag(0)}
    states = {sscc: db.session.get_one(Package, sscc).state for sscc in (kept, opened, pallet)}
    assert states == {kept: "FORMED", opened: "DISAGGREGATED", pallet: "DISAGGREGATED"}
    assert db.session.get_one(Package, kept).owner_id == buyer.id
    assert [factories.one(code).package_id for code in split] == [None] * 3
    assert [factories.one(code).package_id for code in whole] == [kept] * 2
    assert list(fsck.broken()) == []


def test_a_whole_box_that_is_refused_stays_closed(seller: Party, buyer: Party) -> None:
    first, second = factories.codes(seller.id, 2), factories.codes(seller.id, 2)
    boxes = [trading.box(seller.id, first), trading.box(seller.id, second)]
    act = sent(seller, buyer, [f"00{one}" for one in boxes])
    rejected = [{"code": code, "reason": "damaged"} for code in texts(second)]
    assert decide(buyer, act, mode="full", rejected=rejected).json["state"] == "partly_accepted"
    kept = [db.session.get_one(Package, sscc) for sscc in boxes]
    assert [(one.state, one.owner_id) for one in kept] == [("FORMED", buyer.id), ("FORMED", seller.id)]


def test_rejecting_all_gives_everything_back(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 2)
    act = sent(seller, buyer, texts(codes))
    assert decide(buyer, act, all_rejected=True).json["state"] == "rejected"
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag(0)})


def test_why_all_is_rejected_is_signed(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 2)))
    wanted = {"mode": "trust", "all_rejected": True}
    why = wanted | {"reason": "other", "words": "Мата жыртық"}
    bare, (document,) = (buyer.post(f"/acts/{act}/decision/document", one).json["documents"] for one in (wanted, why))
    said = envelopes.read(b64decode(document["bytes"]), "kz.tanba.act-acceptance/v1")
    assert (said["reason"], said["words"]) == ("other", "Мата жыртық")
    assert ("rejected", "2") in {(fact["label"], fact["value"]) for fact in document["facts"]}
    assert "reason" not in envelopes.read(b64decode(bare[0]["bytes"]), "kz.tanba.act-acceptance/v1")
    body = signed_decision(buyer, act, why)
    other = body | {"decision": why | {"words": "Басқа"}}
    refused(buyer.post(f"/acts/{act}/decision", other), 422, "signatures.document_changed")
    assert buyer.post(f"/acts/{act}/decision", body).json["refusal"] == {"reason": "other", "words": "Мата жыртық"}
    assert seller.get(f"/acts/{act}").json["refusal"]["words"] == "Мата жыртық"


def test_parties_are_called_in_three_languages_and_no_price_is_no_total(seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    said = seller.get(f"/acts/{act}").json
    assert set(said["sender"]["names"]) == set(said["receiver"]["names"]) == {"kk", "ru", "en"}
    assert seller.get("/acts?box=out").json["acts"][0]["receiver"]["names"] == said["receiver"]["names"]
    (document,) = seller.get(f"/acts/{act}/document").json["documents"]
    assert "total" not in {fact["label"] for fact in document["facts"]}
    unknown = seller.post("/acts", {"receiver_tax": "210540000070", "receiver_name": "ТОО «Дос»"}).json
    assert unknown["receiver"]["names"] is None


@pytest.mark.parametrize(
    "decision",
    [
        {"rejected": [{"code": "own", "reason": "other"}]},
        {"reason": "damaged"},
        {"all_rejected": True, "reason": "other"},
        {"rejected": [{"code": "own", "reason": "missing"}, {"code": "own", "reason": "damaged"}]},
        {"rejected": [{"code": "0104870001234560215abc", "reason": "missing"}]},
        {"all_rejected": True, "rejected": [{"code": "own", "reason": "missing"}]},
        {"mode": "sample", "sampled": 0},
        {"mode": "sample", "sampled": 2},
    ],
)
def test_a_decision_must_make_sense(seller: Party, buyer: Party, decision: dict[str, Any]) -> None:
    codes = factories.codes(seller.id, 2)
    act = sent(seller, buyer, texts(codes))
    own = [
        one | {"code": texts(codes)[0] if one["code"] == "own" else one["code"]} for one in decision.get("rejected", [])
    ]
    body = {"mode": "trust"} | decision | {"rejected": own}
    refused(buyer.post(f"/acts/{act}/decision/document", body), 422, "acts.decision_invalid")


def test_a_sample_is_recorded(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 3)))
    decided = decide(buyer, act, mode="sample", sampled=2).json
    assert (decided["mode"], decided["sampled"]) == ("sample", 2)


def test_a_repeat_gets_the_stored_answer(seller: Party, buyer: Party) -> None:
    """The answer was lost; the device asks again, when the act is long decided."""
    codes = factories.codes(seller.id, 1)
    act = draft(seller, buyer, texts(codes))
    key = factories.key()
    signatures = {"signatures": seller.sign(seller.get(f"/acts/{act}/document"))}
    first = seller.post(f"/acts/{act}/send", signatures, key)
    again = seller.post(f"/acts/{act}/send", signatures, key)
    assert (again.status_code, again.json, again.headers["Idempotent-Replay"]) == (200, first.json, "true")
    assert len(facts("act:send")) == 1
    body, key = signed_decision(buyer, act, {"mode": "trust"}), factories.key()
    first = buyer.post(f"/acts/{act}/decision", body, key)
    again = buyer.post(f"/acts/{act}/decision", body, key)
    assert (again.status_code, again.json) == (200, first.json)
    assert len(facts("act:accept")) == 1
    refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.moved_meanwhile")


def test_one_code_is_in_one_open_act(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    first, second = draft(seller, buyer, texts(codes)), draft(seller, buyer, texts(codes))
    assert send(seller, first).status_code == 200
    params = refused(send(seller, second), 409, "codes.moved_meanwhile")
    assert params["codes"] == [{"code": texts(codes)[0], "reason": "in_act"}]
    assert seller.get(f"/acts/{second}").json["state"] == "draft"


def test_goods_go_back_to_the_supplier_by_the_original_act(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    first = sent(seller, buyer, texts(codes))
    wrong = buyer.post("/acts", {"receiver_tax": seller.bin, "kind": "return", "original_id": first})
    refused(wrong, 422, "acts.original_invalid")
    decide(buyer, first)
    back = sent(buyer, seller, texts(codes), kind="return", original_id=first)
    assert decide(seller, back).json["state"] == "accepted"
    assert owners(codes) == [seller.id]


def test_an_internal_move_is_between_ones_own_places(app: Flask, seller: Party) -> None:
    """S4-67: goods of a branch stay one's own."""
    added = seller.post("/places", PLACE)
    assert added.status_code == 201, added.text
    place = added.json["places"][0]["id"]
    codes = factories.codes(seller.id, 1)
    made = seller.post("/acts", {"kind": "internal", "receiver_place_id": place})
    assert made.status_code == 201, made.text
    act = made.json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(codes)})
    assert send(seller, act).json["ours"] == "both"
    assert decide(seller, act).json["state"] == "accepted"
    row = factories.one(codes[0])
    assert (row.owner_id, row.place_id) == (seller.id, place)


PLACE = {
    "kind": "shop",
    "names": {"kk": "Дүкен", "ru": "Магазин", "en": "Shop"},
    "address": {"locality": "Алматы", "line": "Абай даңғылы, 1"},
}


@pytest.mark.parametrize("tax_number", ["200140000005", "own"])
def test_the_buyer_is_somebody_else_with_a_true_number(seller: Party, tax_number: str) -> None:
    number = seller.bin if tax_number == "own" else tax_number
    refused(seller.post("/acts", {"receiver_tax": number}), 422, "acts.receiver_invalid")


@pytest.mark.parametrize("trial", ["seller", "buyer"])
def test_trials_and_real_goods_never_meet(seller: Party, buyer: Party, trial: str) -> None:
    """A sandbox is for trying things out: nothing of it passes to a real participant, nor the other way."""
    which, whose = {"seller": seller.id, "buyer": buyer.id}[trial], factories.organisation()

    def mark() -> None:
        db.session.get_one(Organisation, which).sandbox_of = whose

    unit_of_work(mark)
    answer = seller.post("/acts", {"receiver_tax": buyer.bin})
    refused(answer, 422, "acts.receiver_invalid")
    assert answer.json["error"]["fields"] == [{"field": "receiver_tax", "code": "sandbox"}]


def test_an_act_needs_goods_and_a_buyer(seller: Party, buyer: Party) -> None:
    act = seller.post("/acts", {}).json["id"]
    refused(seller.get(f"/acts/{act}/document"), 422, "acts.receiver_invalid")
    seller.client.put(f"/api/v1/acts/{act}", json={"version": 1, "receiver_tax": buyer.bin}, headers=factories.key())
    refused(seller.get(f"/acts/{act}/document"), 422, "acts.empty")
    answer = seller.client.delete(f"/api/v1/acts/{act}", headers=factories.key())
    assert answer.status_code == 200
    refused(seller.get(f"/acts/{act}"), 404, "acts.unknown")
