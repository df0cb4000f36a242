"""Acts sent and decided while nobody could say whether a certificate is revoked. Both engines."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.acts import settling, tasks
from backend.acts.models import Act
from backend.codes import fsck, ledger
from backend.codes.rules import Event, Flag
from backend.core import clock, queue, sandbox
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.rules import Kind
from backend.settings import Settings
from backend.signatures import tasks as signature_tasks
from backend.signatures import trust
from backend.signatures.devca import DevCA, serial_of
from tests import factories, samples, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, decide, draft, facts, flags, owners, refused, send, sent, signed_decision, texts

Silence = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture(autouse=True)
def authority(app: Flask) -> DevCA:
    return signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture
def seller(app: Flask) -> Party:
    return trading.party(app, BIN, IIN)


@pytest.fixture
def buyer(app: Flask) -> Party:
    return trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Silence:
    """While it lasts, the authority answers nobody."""

    def mute(settings: Settings) -> trust.Trust:
        return replace(trust.development(DevCA(settings.instance / "devca")), lists=trust.nobody, status=None)

    @contextmanager
    def silent() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(trust, "active", mute)
            yield

    return silent


def settle() -> None:
    signature_tasks.settle_pending()
    db.session.rollback()


def revoke(authority: DevCA, party: Party) -> None:
    with clock.at(clock.now() - timedelta(hours=1)):
        authority.revoke(serial_of(party.container, signing.PASSWORD))


def another_key(iin: str, bin: str) -> bytes:
    return signing.container(iin=iin, bin=bin, organisation="«Тест» ЖШС", term=timedelta(days=400))


def news(party: Party) -> list[str]:
    return [one["kind"] for one in party.get("/notifications").json["notifications"]]


def checking(seller: Party, buyer: Party, silence: Silence, codes: list[bytes]) -> str:
    act = draft(seller, buyer, texts(codes))
    with silence():
        answer = send(seller, act)
    assert (answer.status_code, answer.json["state"]) == (200, "checking"), answer.text
    return act


def test_goods_are_bound_and_the_buyer_hears_nothing_yet(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 2)
    act = checking(seller, buyer, silence, codes)
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag.IN_ACT})
    refused(buyer.get(f"/acts/{act}"), 404, "acts.unknown")
    assert news(buyer) == []
    again = draft_of(seller, buyer)
    put = seller.post(f"/acts/{again}/units", {"codes": texts(codes)}).json["results"]
    assert {one["reason"] for one in put} == {"in_act"}
    refused(seller.get(f"/acts/{act}/document"), 409, "acts.moved_meanwhile")


def draft_of(seller: Party, buyer: Party) -> str:
    return seller.post("/acts", {"receiver_tax": buyer.bin}).json["id"]


def test_a_good_signature_sends_it_and_the_days_begin_then(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 1)
    act = checking(seller, buyer, silence, codes)
    tasks.settle_the_rest()
    assert seller.get(f"/acts/{act}").json["state"] == "checking"
    assert seller.get(f"/acts/{act}").json["due_at"] is None
    signed = seller.get(f"/acts/{act}").json["sent_at"]
    with clock.at(clock.now() + timedelta(days=2)):
        settle()
        settled = clock.now()
    said = buyer.get(f"/acts/{act}").json
    assert (said["state"], said["sent_at"]) == ("sent", signed)
    assert said["due_at"] > (settled + timedelta(days=15)).isoformat()
    assert news(buyer) == ["act_received"]
    (submitted,), (arrived,) = facts("act:submit"), facts("act:settle")
    assert (arrived.organisation_id, arrived.signature_id) == (seller.id, submitted.signature_id)
    assert decide(buyer, act).json["state"] == "accepted"
    assert owners(codes) == [buyer.id]


def test_a_buyer_without_an_account_is_still_waited_for(seller: Party, silence: Silence) -> None:
    act = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ТОО «Дос»"}).json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(factories.codes(seller.id, 1))})
    with silence():
        send(seller, act)
    settle()
    assert seller.get(f"/acts/{act}").json["state"] == "waiting_participant"


def test_a_revoked_certificate_makes_a_draft_of_it_and_frees_the_goods(
    seller: Party, buyer: Party, silence: Silence, authority: DevCA
) -> None:
    codes = factories.codes(seller.id, 2)
    act = checking(seller, buyer, silence, codes)
    revoke(authority, seller)
    settle()
    said = seller.get(f"/acts/{act}").json
    assert (said["state"], said["sha256"], said["sent_at"], said["units"]) == ("draft", None, None, 2)
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag(0)})
    assert (said["undone"]["what"], said["undone"]["why"]) == ("sending", "signature")
    assert (news(seller), news(buyer)) == (["act_signature_refused"], [])
    (discarded,), (submitted,) = facts("act:discard"), facts("act:submit")
    assert discarded.signature_id == submitted.signature_id
    seller.container = another_key(IIN, BIN)
    assert send(seller, act).json["state"] == "sent"
    assert buyer.get(f"/acts/{act}").json["undone"] is None
    assert decide(buyer, act).json["state"] == "accepted"
    assert list(fsck.broken()) == []


def test_the_seller_may_take_it_back_meanwhile(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 1)
    act = checking(seller, buyer, silence, codes)
    refused(seller.post(f"/acts/{act}/cancel", {}), 409, "acts.moved_meanwhile")
    assert seller.post(f"/acts/{act}/take-back").json["state"] == "draft"
    assert flags(codes) == {Flag(0)}
    settle()
    assert seller.get(f"/acts/{act}").json["state"] == "draft"
    assert (news(buyer), facts("act:settle")) == ([], [])
    (fact,) = facts("act:take_back")
    assert fact.detail["other"] is None
    assert [fact.subject_id for fact in facts("codes:release")] == [act]
    refused(seller.post(f"/acts/{act}/take-back"), 409, "acts.moved_meanwhile")


def deciding(seller: Party, buyer: Party, silence: Silence, codes: list[bytes], **decision: Any) -> str:
    act = sent(seller, buyer, texts(codes))
    buyer.post(f"/acts/{act}/view")
    with silence():
        answer = decide(buyer, act, **decision)
    assert (answer.status_code, answer.json["state"]) == (200, "deciding"), answer.text
    return act


def test_nothing_changes_hands_and_nobody_decides_again(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 2)
    act = sent(seller, buyer, texts(codes))
    other = signed_decision(buyer, act, {"mode": "trust", "all_rejected": True})
    with silence():
        assert decide(buyer, act).json["state"] == "deciding"
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag.IN_ACT})
    assert refused(buyer.post(f"/acts/{act}/decision", other), 409, "acts.moved_meanwhile")["state"] == "deciding"
    refused(seller.post(f"/acts/{act}/cancel", {}), 409, "acts.moved_meanwhile")
    with clock.at(clock.now() + timedelta(days=40)):
        tasks.expire_due()
    assert buyer.get(f"/acts/{act}").json["state"] == "deciding"
    assert "act_accepted" not in news(seller)


def test_a_good_signature_lets_the_decision_happen(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 3)
    place = buyer.post("/places", PLACE).json["places"][0]["id"]
    rejected = [{"code": texts(codes)[0], "reason": "damaged"}]
    act = deciding(seller, buyer, silence, codes, mode="full", rejected=rejected, place_id=place)
    settle()
    settle()
    said = seller.get(f"/acts/{act}").json
    assert (said["state"], [one["reason"] for one in said["rejected"]]) == ("partly_accepted", ["damaged"])
    assert owners(codes) == [seller.id, buyer.id, buyer.id]
    assert factories.one(codes[1]).place_id == place
    assert flags(codes) == {Flag(0)}
    assert news(seller) == ["act_partly_accepted"]
    (fact,) = facts("act:accept_partly")
    assert (fact.organisation_id, fact.detail["rejected"]) == (buyer.id, 1)
    assert fact.signature_id
    assert list(fsck.broken()) == []


PLACE = {
    "kind": "shop",
    "names": {"kk": "Дүкен", "ru": "Магазин", "en": "Shop"},
    "address": {"locality": "Алматы", "line": "Абай даңғылы, 1"},
}


def test_a_whole_rejection_waits_too(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 1)
    act = deciding(seller, buyer, silence, codes, all_rejected=True, reason="not_ordered")
    assert flags(codes) == {Flag.IN_ACT}
    settle()
    said = seller.get(f"/acts/{act}").json
    assert (said["state"], said["refusal"]) == ("rejected", {"reason": "not_ordered", "words": ""})
    assert (owners(codes), flags(codes)) == ([seller.id], {Flag(0)})


def test_a_revoked_certificate_undoes_the_decision_and_both_hear_of_it(
    seller: Party, buyer: Party, silence: Silence, authority: DevCA
) -> None:
    codes, others = factories.codes(seller.id, 2), factories.codes(seller.id, 2)
    noted = {"mode": "full", "extra": ["0104870001234560215x"]}
    another = sent(seller, buyer, texts(others))
    decide(buyer, another, rejected=[{"code": texts(others)[0], "reason": "damaged"}], **noted)
    notice = buyer.get(f"/acts/{another}").json
    act = deciding(seller, buyer, silence, codes, rejected=[{"code": texts(codes)[0], "reason": "missing"}], **noted)
    revoke(authority, buyer)
    settle()
    assert buyer.get(f"/acts/{another}").json == notice
    said = buyer.get(f"/acts/{act}").json
    assert (said["state"], said["rejected"], said["extra"], said["decided_at"]) == ("viewed", [], [], None)
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag.IN_ACT})
    assert (said["undone"]["what"], said["undone"]["why"]) == ("decision", "signature")
    assert seller.get(f"/acts/{act}").json["undone"] == said["undone"]
    assert "act_decision_dropped" in news(buyer)
    assert "act_decision_dropped" in news(seller)
    buyer.container = signing.container(
        iin=OTHER_IIN, bin=OTHER_BIN, organisation="«Тест» ЖШС", term=timedelta(days=400)
    )
    assert decide(buyer, act).json["state"] == "accepted"
    assert owners(codes) == [buyer.id] * 2
    proof = seller.get(f"/acts/{act}/package").data
    found = seller.client.post("/api/v1/authenticity/package", data=proof, content_type="application/octet-stream").json
    # What did not hold is no proof of anything.
    assert (found["outcome"], [one["subject"] for one in found["signatures"]]) == ("valid", ["act", "acceptance"])


def bring(party: Party, content: bytes) -> str:
    brought = {"data": content, "content_type": "application/octet-stream", "headers": factories.key()}
    return party.client.post("/api/v1/files", **brought).json["id"]


def test_photos_of_a_decision_that_was_dropped_are_the_buyers_alone_again(
    seller: Party, buyer: Party, silence: Silence, authority: DevCA
) -> None:
    codes = factories.codes(seller.id, 2)
    photo, another = (bring(buyer, samples.picture(colour=colour)) for colour in ("red", "blue"))
    others = factories.codes(seller.id, 2)
    stands = sent(seller, buyer, texts(others))
    unlike = [{"code": texts(others)[0], "reason": "damaged", "photos": [another]}]
    assert decide(buyer, stands, mode="full", rejected=unlike).status_code == 200
    rejected = [{"code": texts(codes)[0], "reason": "damaged", "photos": [photo]}]
    act = deciding(seller, buyer, silence, codes, mode="full", rejected=rejected)
    assert seller.get(f"/files/{photo}").status_code == 200
    revoke(authority, buyer)
    settle()
    assert (seller.get(f"/files/{photo}").status_code, buyer.get(f"/files/{photo}").status_code) == (404, 200)
    assert [one["photos"] for one in seller.get(f"/acts/{stands}").json["rejected"]] == [[another]]
    assert seller.get(f"/files/{another}").status_code == 200
    buyer.container = another_key(OTHER_IIN, OTHER_BIN)
    assert decide(buyer, act, mode="full", rejected=rejected).json["state"] == "partly_accepted"
    assert [one["photos"] for one in seller.get(f"/acts/{act}").json["rejected"]] == [[photo]]


def test_a_paper_that_was_named_as_a_photo_too_stays_beside_the_act(
    seller: Party, buyer: Party, silence: Silence, authority: DevCA
) -> None:
    codes = factories.codes(seller.id, 1)
    act = draft(seller, buyer, texts(codes))
    paper = bring(seller, samples.picture())
    seller.post(f"/acts/{act}/attachments", {"file_id": paper, "name": "1.jpg"})
    send(seller, act)
    with silence():
        decide(buyer, act, mode="full", rejected=[{"code": texts(codes)[0], "reason": "damaged", "photos": [paper]}])
    revoke(authority, buyer)
    settle()
    assert buyer.get(f"/acts/{act}").json["rejected"] == []
    assert [one.get(f"/files/{paper}").status_code for one in (seller, buyer)] == [200, 200]


def test_papers_come_with_the_act_and_not_before(seller: Party, buyer: Party, silence: Silence) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    paper = bring(seller, samples.PDF)
    seller.post(f"/acts/{act}/attachments", {"file_id": paper, "name": "1.pdf"})
    with silence():
        assert send(seller, act).json["state"] == "checking"
    assert buyer.get(f"/files/{paper}").status_code == 404
    settle()
    assert buyer.get(f"/files/{paper}").status_code == 200


def test_goods_that_were_blocked_meanwhile_do_not_change_hands(seller: Party, buyer: Party, silence: Silence) -> None:
    codes = factories.codes(seller.id, 2)
    act = deciding(seller, buyer, silence, codes)
    unit_of_work(lambda: ledger.move(Event.BLOCK, codes[:1], actor=None, reason="AUTHORITY"))
    settle()
    said = buyer.get(f"/acts/{act}").json
    assert (said["state"], said["undone"]["why"]) == ("viewed", "goods")
    assert owners(codes) == [seller.id] * 2
    (dropped,), (held,) = facts("act:drop"), facts("act:hold")
    assert (dropped.organisation_id, dropped.detail["why"]) == (buyer.id, "goods")
    assert dropped.signature_id == held.signature_id


def test_a_lost_word_is_found_by_the_sweep(
    seller: Party, buyer: Party, silence: Silence, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = factories.codes(seller.id, 1)
    act = deciding(seller, buyer, silence, codes)

    def lost(_signature_id: str) -> None:
        raise ConnectionError("the queue is down")

    with monkeypatch.context() as patched:
        patched.setitem(queue.jobs, "acts.signature_settled", lost)
        settle()
    assert buyer.get(f"/acts/{act}").json["state"] == "deciding"
    assert (settling.waiting(), settling.waiting("0" * 26)) == ([act], [])
    tasks.settle_the_rest()
    assert settling.waiting() == [], "a sweep reads so many and no more: nothing settled may stand in its way"
    tasks.settle_the_rest()
    for one in (act, "0" * 26):
        unit_of_work(lambda one=one: settling.settle(one))
    assert buyer.get(f"/acts/{act}").json["state"] == "accepted"
    assert len(facts("act:accept")) == 1


def test_annulment_does_not_wait(seller: Party, buyer: Party, silence: Silence) -> None:
    """Undoing is never urgent: unknown is refused, and can be asked again."""
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    decide(buyer, act)
    signatures = buyer.sign(buyer.get(f"/acts/{act}/annulment"))
    with silence():
        answer = buyer.post(f"/acts/{act}/annulment", {"text": "Қате", "signatures": signatures})
    refused(answer, 503, "signatures.revocation_unknown")
    db.session.rollback()
    assert db.session.get_one(Act, act).state.value == "accepted"
