"""Correcting prices and papers after sending: alone before the decision, together after it. Both engines."""

from base64 import b64decode
from typing import Any

import pytest
from flask import Flask

from backend.acts.models import Correction
from backend.core.db import db
from backend.signatures import documents as envelopes
from tests import factories, trading
from tests.trading import (
    Party,
    decide,
    last_correction,
    owners,
    refused,
    sent,
    signed_decision,
    texts,
    withdraw,
)

CONTRACT = {"number": "7", "date": "2026-11-01"}


@pytest.fixture
def codes(seller: Party) -> list[bytes]:
    return factories.codes(seller.id, 2)


@pytest.fixture
def gtin(codes: list[bytes]) -> str:
    return factories.one(codes[0]).gtin


@pytest.fixture
def act(seller: Party, buyer: Party, codes: list[bytes], gtin: str) -> str:
    return sent(seller, buyer, texts(codes), prices={gtin: 100_000}, terms={"contract": CONTRACT})


def signed(seller: Party, act: str, changes: dict[str, Any], reason: str = "") -> dict[str, Any]:
    papers = seller.post(f"/acts/{act}/correction/document", changes)
    return {"changes": changes, "reason": reason, "signatures": seller.sign(papers)}


def correct(seller: Party, act: str, reason: str = "", **changes: Any) -> Any:
    return seller.post(f"/acts/{act}/correction", signed(seller, act, changes, reason))


def agree(buyer: Party, act: str) -> Any:
    return buyer.post(f"/acts/{act}/correction/agree", {"signatures": buyer.sign(buyer.get(f"/acts/{act}/correction"))})


def news(party: Party) -> list[str]:
    return [one["kind"] for one in party.get("/notifications").json["notifications"]]


def test_before_the_decision_the_sender_corrects_alone(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    before = buyer.get(f"/acts/{act}").json
    answer = correct(seller, act, "Баға қате", prices={gtin: 90_000}, terms={"contract": {"number": "8"}})
    assert answer.status_code == 200, answer.text
    said = buyer.get(f"/acts/{act}").json
    assert (said["state"], said["total"], said["terms"]["contract"]["number"]) == ("sent", 180_000, "8")
    assert said["sha256"] != before["sha256"]
    (one,) = said["corrections"]
    assert (one["state"], one["reason"], one["sha256"]) == ("applied", "Баға қате", said["sha256"])
    price = {"what": "price", "goods": gtin, "before": 100_000, "after": 90_000}
    contract = {"what": "contract", "goods": None, "before": CONTRACT, "after": {"number": "8", "date": None}}
    assert one["changes"] == [contract, price]
    assert news(buyer)[0] == "act_corrected"


def test_every_version_is_kept(seller: Party, act: str, gtin: str) -> None:
    first = seller.get(f"/acts/{act}").json["sha256"]
    correct(seller, act, prices={gtin: 90_000})
    second = seller.get(f"/acts/{act}").json["sha256"]
    correct(seller, act, prices={gtin: 80_000})
    rows = db.session.query(Correction).order_by(Correction.id).all()
    found = [(envelopes.read(one.document, "kz.tanba.act/v1")["corrects"], one.replaced_signature_id) for one in rows]
    db.session.rollback()
    assert [one for one, _ in found] == [first, second]
    assert None not in {signature for _, signature in found}
    assert len({signature for _, signature in found}) == 2


def test_goods_parties_and_what_is_already_so_are_no_correction(seller: Party, act: str, gtin: str) -> None:
    asked = f"/acts/{act}/correction/document"
    refused(seller.post(asked, {"prices": {gtin: 100_000}}), 422, "acts.nothing_corrected")
    refused(seller.post(asked, {"prices": {"04870001234560": 5}}), 422, "acts.nothing_corrected")
    refused(seller.post(asked, {"receiver_tax": "200140000004"}), 422, "request.invalid")


def test_only_the_sender_corrects(buyer: Party, act: str, gtin: str) -> None:
    refused(buyer.post(f"/acts/{act}/correction/document", {"prices": {gtin: 1}}), 403, "acts.not_your_side")


def test_a_draft_is_saved_and_not_corrected(seller: Party, buyer: Party, codes: list[bytes]) -> None:
    draft = trading.draft(seller, buyer, texts(codes))
    refused(seller.post(f"/acts/{draft}/correction/document", {}), 409, "acts.moved_meanwhile")


def test_what_was_signed_is_what_is_corrected(seller: Party, act: str, gtin: str) -> None:
    body = signed(seller, act, {"prices": {gtin: 90_000}})
    refused(
        seller.post(f"/acts/{act}/correction", body | {"changes": {"prices": {gtin: 1}}}),
        422,
        "signatures.document_changed",
    )
    correct(seller, act, prices={gtin: 95_000})
    refused(seller.post(f"/acts/{act}/correction", body), 422, "signatures.document_changed")
    assert seller.get(f"/acts/{act}").json["total"] == 190_000


def test_an_acceptance_of_the_older_act_is_refused_and_told_why(
    seller: Party, buyer: Party, act: str, gtin: str, codes: list[bytes]
) -> None:
    """The buyer signed without network; meanwhile the price changed."""
    stale = signed_decision(buyer, act, {"mode": "trust"})
    correct(seller, act, prices={gtin: 90_000})
    correct(seller, act, terms={"comment": "Кіреберіс 2"})
    params = refused(buyer.post(f"/acts/{act}/decision", stale), 409, "acts.corrected_meanwhile")
    assert params["changed"] == "comment,contract"
    assert owners(codes) == [seller.id] * 2
    assert decide(buyer, act).json["state"] == "accepted"


def test_a_signature_over_something_else_is_still_only_that(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    body = signed_decision(buyer, act, {"mode": "trust"})
    correct(seller, act, prices={gtin: 90_000})
    other = body | {"decision": {"mode": "trust", "all_rejected": True}}
    refused(buyer.post(f"/acts/{act}/decision", other), 422, "signatures.document_changed")


def test_a_correction_between_judging_and_deciding_wins(
    app: Flask, seller: Party, buyer: Party, act: str, gtin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judge saw the older act; when the decision is to happen, the newer one stands there."""
    from backend.acts import deciding

    body = signed_decision(buyer, act, {"mode": "trust"})
    judge = deciding.judge

    def slow(*given: Any) -> deciding.Judged:
        judged = judge(*given)
        with app.test_request_context(), monkeypatch.context() as back:
            back.setattr(deciding, "judge", judge)
            assert correct(seller, act, prices={gtin: 90_000}).status_code == 200
        return judged

    monkeypatch.setattr(deciding, "judge", slow)
    refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.corrected_meanwhile")
    assert buyer.get(f"/acts/{act}").json["state"] == "sent"


def test_after_the_decision_both_sign(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    decide(buyer, act)
    was = buyer.get(f"/acts/{act}").json
    assert correct(seller, act, "ЭСФ бойынша", prices={gtin: 90_000}).json["state"] == "accepted"
    said = buyer.get(f"/acts/{act}").json
    assert (said["total"], said["corrections"][0]["state"]) == (200_000, "proposed")
    assert news(buyer)[0] == "act_correction_asked"
    refused(seller.get(f"/acts/{act}/correction"), 403, "acts.not_your_side")
    answer = agree(buyer, act)
    assert answer.status_code == 200, answer.text
    assert (answer.json["total"], answer.json["corrections"][0]["state"]) == (180_000, "agreed")
    assert answer.json["sha256"] == was["sha256"]
    assert news(seller)[0] == "act_correction_agreed"
    refused(buyer.get(f"/acts/{act}/correction"), 404, "acts.correction_gone")


def test_both_sign_the_same_bytes(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    decide(buyer, act)
    papers = seller.post(f"/acts/{act}/correction/document", {"prices": {gtin: 90_000}})
    correct(seller, act, prices={gtin: 90_000})
    (asked,) = papers.json["documents"]
    (shown,) = buyer.get(f"/acts/{act}/correction").json["documents"]
    assert shown["bytes"] == asked["bytes"]
    said = envelopes.read(b64decode(shown["bytes"]), "kz.tanba.act-correction/v1")
    assert (said["before"], said["after"]) == ({f"price:{gtin}": "1000.00"}, {f"price:{gtin}": "900.00"})
    assert said["acceptance_sha256"]
    assert ("price", "1000.00 → 900.00") in {(fact["label"], fact["value"]) for fact in shown["facts"]}


def test_a_refused_or_withdrawn_correction_changes_nothing(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    decide(buyer, act)
    correct(seller, act, prices={gtin: 90_000})
    again = signed(seller, act, {"prices": {gtin: 80_000}})
    refused(seller.post(f"/acts/{act}/correction", again), 409, "acts.correction_open")
    refused(
        seller.post(f"/acts/{act}/correction/refuse", {"text": "Жоқ", "sha256": last_correction(buyer, act)}),
        403,
        "acts.not_your_side",
    )
    said = buyer.post(
        f"/acts/{act}/correction/refuse", {"text": "Келіспейміз", "sha256": last_correction(buyer, act)}
    ).json
    assert (said["total"], said["corrections"][0]["state"]) == (200_000, "refused")
    correct(seller, act, prices={gtin: 80_000})
    refused(withdraw(buyer, act), 403, "acts.not_your_side")
    stale = {"signatures": buyer.sign(buyer.get(f"/acts/{act}/correction"))}
    said = withdraw(seller, act).json
    assert [one["state"] for one in said["corrections"]] == ["refused", "withdrawn"]
    assert (news(seller)[0], news(buyer)[0]) == ("act_correction_refused", "act_correction_withdrawn")
    refused(buyer.post(f"/acts/{act}/correction/agree", stale), 404, "acts.correction_gone")
    assert buyer.get(f"/acts/{act}").json["total"] == 200_000


def test_an_answer_is_to_the_proposal_that_was_read(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    """It may come late, from a phone that was without network: another proposal stands there by then."""
    decide(buyer, act)
    correct(seller, act, prices={gtin: 90_000})
    first = last_correction(buyer, act)
    withdraw(seller, act)
    correct(seller, act, prices={gtin: 80_000})
    late = {"text": "Келіспейміз", "sha256": first}
    refused(buyer.post(f"/acts/{act}/correction/refuse", late), 404, "acts.correction_gone")
    refused(seller.post(f"/acts/{act}/correction/withdraw", {"sha256": first}), 404, "acts.correction_gone")
    said = buyer.get(f"/acts/{act}").json
    assert [one["state"] for one in said["corrections"]] == ["withdrawn", "proposed"]
    assert agree(buyer, act).json["total"] == 160_000


def test_a_correction_that_names_a_decision_dies_with_it(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    decide(buyer, act)
    correct(seller, act, prices={gtin: 90_000})
    stale = {"signatures": buyer.sign(buyer.get(f"/acts/{act}/correction"))}
    buyer.post(
        f"/acts/{act}/annulment", {"text": "Қате", "signatures": buyer.sign(buyer.get(f"/acts/{act}/annulment"))}
    )
    refused(buyer.post(f"/acts/{act}/correction/agree", stale), 409, "acts.moved_meanwhile")


def test_a_correction_is_of_its_own_act(seller: Party, buyer: Party, act: str, gtin: str) -> None:
    """And a price of null goes."""
    assert correct(seller, act, prices={gtin: None}).json["lines"][0]["price"] is None
    other = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    for one in (act, other):
        decide(buyer, one)
        assert correct(seller, one, terms={"comment": one}).json["corrections"][-1]["state"] == "proposed"
    assert agree(buyer, other).json["terms"]["comment"] == other
    refused(withdraw(seller, other), 404, "acts.correction_gone")
    assert withdraw(seller, act).json["corrections"][-1]["state"] == "withdrawn"
