"""How acts end otherwise, or go on: questions, cancelling, time, annulment by both, buyers who register late. Both
engines."""

from datetime import timedelta
from typing import Any

from flask import Flask

from backend.acts import closing, tasks
from backend.acts.models import Act
from backend.codes import fsck
from backend.codes.rules import Flag
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.models import Organisation
from backend.organisations.rules import Kind
from tests import factories, trading
from tests.signing import OTHER_BIN, OTHER_IIN
from tests.trading import (
    Party,
    decide,
    facts,
    flags,
    owners,
    refused,
    send,
    sent,
    signed_decision,
    texts,
)


def written(act: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["kind"], one["text"]) for one in act["remarks"]]


def test_cancelled_before_anybody_decided(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    act = sent(seller, buyer, texts(codes))
    body = signed_decision(buyer, act, {"mode": "trust"})
    refused(buyer.post(f"/acts/{act}/cancel", {}), 403, "acts.not_your_side")
    done = seller.post(f"/acts/{act}/cancel", {"text": "Қате жіберілді"}).json
    assert (done["state"], written(done)) == ("cancelled", [("cancelled", "Қате жіберілді")])
    params = refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.moved_meanwhile")
    assert params["state"] == "cancelled"
    assert (owners(codes), flags(codes)) == ([seller.id], {Flag(0)})
    refused(seller.post(f"/acts/{act}/cancel", {}), 409, "acts.moved_meanwhile")


def test_the_receiver_looks_asks_and_is_answered(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    assert buyer.post(f"/acts/{act}/view").json["state"] == "viewed"
    assert buyer.post(f"/acts/{act}/view").json["state"] == "viewed"
    refused(seller.post(f"/acts/{act}/view"), 403, "acts.not_your_side")
    assert buyer.post(f"/acts/{act}/clarify", {"text": "42 өлшем қайда?"}).json["state"] == "clarification"
    assert seller.post(f"/acts/{act}/answer", {"text": "Екінші қорапта"}).json["state"] == "viewed"
    said = [(one["kind"], one["ours"]) for one in buyer.get(f"/acts/{act}").json["remarks"]]
    assert said == [("question", True), ("answer", False)]
    assert decide(buyer, act).json["state"] == "accepted"


def test_an_act_expires_on_the_fifteenth_working_day(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    act = sent(seller, buyer, texts(codes))
    body = signed_decision(buyer, act, {"mode": "trust"})
    due = db.session.get_one(Act, act).due_at
    db.session.rollback()
    with clock.at(due - timedelta(seconds=1)):
        tasks.expire_due()
        assert not unit_of_work(lambda: closing.expire(act)), "nor when it is asked for out of turn"
        assert flags(codes) == {Flag.IN_ACT}
    with clock.at(due):
        tasks.expire_due()
        tasks.expire_due()
        assert not unit_of_work(lambda: closing.expire(act))
        assert flags(codes) == {Flag(0)}
    db.session.rollback()
    assert db.session.get_one(Act, act).state.value == "expired"
    db.session.rollback()
    assert len(facts("act:expire")) == 1
    refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.moved_meanwhile")


def test_reminders_come_once_each(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    due = db.session.get_one(Act, act).due_at
    db.session.rollback()
    tasks.remind()
    assert facts("act:reminded") == []
    for moment in (due - timedelta(days=6), due - timedelta(days=6), due - timedelta(hours=30), due):
        with clock.at(moment):
            tasks.remind()
    days = [fact.detail["working_days"] for fact in facts("act:reminded")]
    assert days == sorted(set(days))
    assert days[-1] == 14


def test_annulment_takes_two(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 2)
    act = sent(seller, buyer, texts(codes))
    refused(buyer.get(f"/acts/{act}/annulment"), 409, "acts.moved_meanwhile")
    decide(buyer, act)
    signatures = buyer.sign(buyer.get(f"/acts/{act}/annulment"))
    asked = buyer.post(f"/acts/{act}/annulment", {"text": "Қате тауар", "signatures": signatures})
    assert (asked.json["state"], asked.json["annulment_asked_by_us"]) == ("annulment_requested", True), asked.text
    refused(buyer.get(f"/acts/{act}/annulment"), 403, "acts.not_your_side")
    assert owners(codes) == [buyer.id] * 2
    signatures = seller.sign(seller.get(f"/acts/{act}/annulment"))
    done = seller.post(f"/acts/{act}/annulment/agree", {"signatures": signatures})
    assert done.json["state"] == "annulled", done.text
    assert written(done.json) == [("annulment", "Қате тауар")]
    assert owners(codes) == [seller.id] * 2
    (asking,), *agreeing = (facts(kind) for kind in ("act:request_annulment", "act:annul", "codes:give_back"))
    (signed,) = {fact.signature_id for (fact,) in agreeing}
    assert signed
    assert {fact.subject_id for (fact,) in agreeing} == {act}
    assert asking.signature_id not in (None, signed)
    assert list(fsck.broken()) == []


def test_annulment_refused_leaves_the_act_as_it_was(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    act = sent(seller, buyer, texts(codes))
    decide(buyer, act)
    signatures = seller.sign(seller.get(f"/acts/{act}/annulment"))
    seller.post(f"/acts/{act}/annulment", {"text": "Бағасы қате", "signatures": signatures})
    refused(seller.post(f"/acts/{act}/annulment/refuse", {"text": "Жоқ"}), 403, "acts.not_your_side")
    done = buyer.post(f"/acts/{act}/annulment/refuse", {"text": "Тауар сатылды"}).json
    said = [("annulment", "Бағасы қате"), ("annulment_refused", "Тауар сатылды")]
    assert (done["state"], written(done)) == ("accepted", said)
    assert owners(codes) == [buyer.id]


def test_goods_that_moved_on_cannot_be_annulled(app: Flask, seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    first = sent(seller, buyer, texts(codes))
    decide(buyer, first)
    sent(buyer, seller, texts(codes))
    signatures = seller.sign(seller.get(f"/acts/{first}/annulment"))
    answer = seller.post(f"/acts/{first}/annulment", {"text": "Қате", "signatures": signatures})
    assert refused(answer, 409, "acts.later_event") == {"count": 1}


def test_a_buyer_without_an_account_is_waited_for(seller: Party) -> None:
    codes = factories.codes(seller.id, 1)
    made = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ТОО «Дос»"})
    act = made.json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(codes)})
    said = send(seller, act).json
    assert (said["state"], said["receiver"]["name"]) == ("waiting_participant", "ТОО «Дос»")
    done = seller.post(f"/acts/{act}/cancel", {}).json
    assert (done["state"], written(done)) == ("cancelled", [])
    assert flags(codes) == {Flag(0)}


def test_a_buyer_who_registers_finds_the_act(app: Flask, seller: Party) -> None:
    codes = factories.codes(seller.id, 1)
    act = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ТОО «Дос»"}).json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(codes)})
    send(seller, act)
    tasks.join_registered()
    assert not unit_of_work(lambda: closing.join(act))
    assert seller.get(f"/acts/{act}").json["state"] == "waiting_participant"
    buyer = trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)
    refused(buyer.get(f"/acts/{act}"), 404, "acts.unknown")
    tasks.join_registered()
    tasks.join_registered()
    assert not unit_of_work(lambda: closing.join(act))
    assert len(facts("act:join")) == 1
    assert buyer.get(f"/acts/{act}").json["state"] == "sent"
    assert decide(buyer, act).json["state"] == "accepted"
    assert owners(codes) == [buyer.id]


def test_a_trial_joins_no_real_act(app: Flask, seller: Party) -> None:
    act = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ТОО «Дос»"}).json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(factories.codes(seller.id, 1))})
    send(seller, act)
    trial = trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)

    def mark() -> None:
        db.session.get_one(Organisation, trial.id).sandbox_of = seller.id

    unit_of_work(mark)
    tasks.join_registered()
    assert seller.get(f"/acts/{act}").json["state"] == "waiting_participant"


def test_the_other_side_is_told(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 2)))
    (told,) = [one for one in buyer.get("/notifications").json["notifications"] if one["kind"] == "act_received"]
    assert (told["link"], told["params"]["units"]) == (f"/acts/{act}", 2)
    decide(buyer, act, all_rejected=True)
    kinds = [one["kind"] for one in seller.get("/notifications").json["notifications"]]
    assert kinds == ["act_rejected"]
