"""Whose signature counts under each step of an act, and over what: what stands there when the step happens, not when
the signature was judged. Both engines."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType
from typing import Any

import pytest
from flask import Flask, g

from backend.acts import closing, corrections, deciding, sending
from backend.codes.rules import Flag
from tests import factories, trading
from tests.trading import Party, decide, flags, owners, refused, send, sent, texts, withdraw

Meanwhile = Callable[[ModuleType, str, Callable[[], Any]], AbstractContextManager[None]]


@pytest.fixture
def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Something happens after a signature was judged and before its step."""

    @contextmanager
    def between(module: ModuleType, name: str, happens: Callable[[], Any]) -> Any:
        judge = getattr(module, name)

        def slow(*given: Any) -> Any:
            judged = judge(*given)
            with app.test_request_context(), monkeypatch.context() as back:
                back.setattr(module, name, judge)
                asking = g.actor
                happens()
                g.actor = asking  # the two requests share what belongs to one
            return judged

        with monkeypatch.context() as patched:
            patched.setattr(module, name, slow)
            yield

    return between


@pytest.fixture
def codes(seller: Party) -> list[bytes]:
    return factories.codes(seller.id, 2)


@pytest.fixture
def act(seller: Party, buyer: Party, codes: list[bytes]) -> str:
    return sent(seller, buyer, texts(codes))


def correction(seller: Party, act: str, comment: str) -> dict[str, Any]:
    changes = {"terms": {"comment": comment}}
    return {"changes": changes, "signatures": seller.sign(seller.post(f"/acts/{act}/correction/document", changes))}


def correct(seller: Party, act: str, comment: str) -> Any:
    return seller.post(f"/acts/{act}/correction", correction(seller, act, comment))


def agreement(buyer: Party, act: str) -> dict[str, Any]:
    return {"signatures": buyer.sign(buyer.get(f"/acts/{act}/correction"))}


def annulment(party: Party, act: str) -> dict[str, Any]:
    return {"text": "Қате", "signatures": party.sign(party.get(f"/acts/{act}/annulment"))}


def test_only_who_may_bind_the_organisation_signs_for_it(seller: Party, buyer: Party, act: str) -> None:
    heads = seller.container, buyer.container

    def swap(*containers: bytes) -> None:
        seller.container, buyer.container = containers

    missing = 403, "acts.signing_right_missing"
    swap(*reversed(heads))
    refused(decide(buyer, act), *missing)
    refused(correct(seller, act, "а"), *missing)
    swap(*heads)
    decide(buyer, act)
    correct(seller, act, "а")
    swap(*reversed(heads))
    refused(buyer.post(f"/acts/{act}/correction/agree", agreement(buyer, act)), *missing)
    refused(seller.post(f"/acts/{act}/annulment", annulment(seller, act)), *missing)
    said = seller.get(f"/acts/{act}").json
    assert (said["state"], said["corrections"][0]["state"]) == ("accepted", "proposed")


def test_nobody_decides_about_what_they_sent(seller: Party, buyer: Party, act: str, codes: list[bytes]) -> None:
    body = trading.signed_decision(buyer, act, {"mode": "trust"})
    refused(seller.post(f"/acts/{act}/decision/document", body["decision"]), 403, "acts.not_your_side")
    refused(seller.post(f"/acts/{act}/decision", body), 403, "acts.not_your_side")
    assert (seller.get(f"/acts/{act}").json["state"], owners(codes)) == ("sent", [seller.id] * 2)
    assert buyer.post(f"/acts/{act}/decision", body).json["state"] == "accepted"
    refused(buyer.post(f"/acts/{act}/decision/document", body["decision"]), 409, "acts.moved_meanwhile")


def test_the_same_signature_twice_at_once_is_told_of_the_step(
    seller: Party, buyer: Party, codes: list[bytes], meanwhile: Meanwhile
) -> None:
    """Two devices of one person, or one that asked anew: not that the signature was there before."""
    act = trading.draft(seller, buyer, texts(codes))
    deed = {"signatures": seller.sign(seller.get(f"/acts/{act}/document"))}
    twice(meanwhile, sending, "judge", seller, f"/acts/{act}/send", deed)
    deed = trading.signed_decision(buyer, act, {"mode": "trust"})
    twice(meanwhile, deciding, "judge", buyer, f"/acts/{act}/decision", deed)
    twice(meanwhile, closing, "judge_annulment", buyer, f"/acts/{act}/annulment", annulment(buyer, act))
    deed = {"signatures": annulment(seller, act)["signatures"]}
    twice(meanwhile, closing, "judge_annulment", seller, f"/acts/{act}/annulment/agree", deed)
    assert owners(codes) == [seller.id] * 2


def twice(meanwhile: Meanwhile, module: ModuleType, judge: str, party: Party, path: str, deed: dict[str, Any]) -> None:
    first: list[int] = []
    with meanwhile(module, judge, lambda: first.append(party.post(path, deed).status_code)):
        refused(party.post(path, deed), 409, "acts.moved_meanwhile")
    assert first == [200]


def test_a_draft_that_changed_is_not_sent(
    seller: Party, buyer: Party, codes: list[bytes], meanwhile: Meanwhile
) -> None:
    act = trading.draft(seller, buyer, texts(codes[:1]))
    with meanwhile(sending, "judge", lambda: seller.post(f"/acts/{act}/units", {"codes": texts(codes[1:])})):
        refused(send(seller, act), 409, "acts.draft_changed")
    assert (seller.get(f"/acts/{act}").json["state"], flags(codes)) == ("draft", {Flag(0)})


def test_a_box_that_changed_is_not_sent(seller: Party, buyer: Party, codes: list[bytes], meanwhile: Meanwhile) -> None:
    """What lies in a box of the draft is no part of the draft's version; its root is signed."""
    inner = trading.box(seller.id, codes[:1])
    outer = trading.box(seller.id, codes[1:], (inner,))
    act = trading.draft(seller, buyer, [f"00{outer}"])

    def opened() -> None:
        answer = seller.post(f"/packages/{inner}/open", {})
        assert answer.status_code == 200, answer.text

    with meanwhile(sending, "judge", opened):
        refused(send(seller, act), 409, "acts.document_changed")
    assert (seller.get(f"/acts/{act}").json["state"], flags(codes)) == ("draft", {Flag(0)})


def test_a_correction_over_another_is_signed_anew(seller: Party, act: str, meanwhile: Meanwhile) -> None:
    body = correction(seller, act, "а")
    with meanwhile(corrections, "judge", lambda: correct(seller, act, "б")):
        refused(seller.post(f"/acts/{act}/correction", body), 409, "acts.document_changed")
    assert seller.get(f"/acts/{act}").json["terms"]["comment"] == "б"


def test_nobody_agrees_to_a_correction_that_took_the_place_of_another(
    seller: Party, buyer: Party, act: str, meanwhile: Meanwhile
) -> None:
    decide(buyer, act)
    correct(seller, act, "а")
    body = agreement(buyer, act)

    def replaced() -> None:
        assert withdraw(seller, act).status_code == 200
        assert correct(seller, act, "б").status_code == 200

    with meanwhile(corrections, "judge_agreement", replaced):
        refused(buyer.post(f"/acts/{act}/correction/agree", body), 409, "acts.document_changed")
    said = seller.get(f"/acts/{act}").json
    assert (said["terms"]["comment"], said["corrections"][-1]["state"]) == ("", "proposed")


def test_annulment_asked_by_both_at_once_is_asked_by_the_first(
    seller: Party, buyer: Party, act: str, codes: list[bytes], meanwhile: Meanwhile
) -> None:
    decide(buyer, act)
    body = annulment(seller, act)
    first = annulment(buyer, act)
    with meanwhile(closing, "judge_annulment", lambda: buyer.post(f"/acts/{act}/annulment", first)):
        moved = refused(seller.post(f"/acts/{act}/annulment", body), 409, "acts.moved_meanwhile")
    assert moved["state"] == "annulment_requested"
    assert buyer.get(f"/acts/{act}").json["annulment_asked_by_us"]
    assert owners(codes) == [buyer.id] * 2
    refused(seller.get(f"/acts/{act}/correction"), 403, "acts.not_your_side")
    refused(buyer.get(f"/acts/{act}/correction"), 409, "acts.moved_meanwhile")


def test_goods_that_moved_on_are_not_annulled_by_an_answer(
    seller: Party, buyer: Party, act: str, codes: list[bytes], meanwhile: Meanwhile
) -> None:
    decide(buyer, act)
    assert buyer.post(f"/acts/{act}/annulment", annulment(buyer, act)).status_code == 200
    body = {"signatures": annulment(seller, act)["signatures"]}
    sent(buyer, seller, texts(codes[:1]))
    assert refused(seller.post(f"/acts/{act}/annulment/agree", body), 409, "acts.later_event") == {"count": 1}
    assert owners(codes) == [buyer.id] * 2
