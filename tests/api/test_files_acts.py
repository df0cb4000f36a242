"""Files of an act: papers beside it and photos of what was not taken, bound by signatures and seen by both sides."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.acts import documents
from backend.acts.attachments_rules import MOST_ATTACHMENTS, MOST_PHOTOS
from backend.acts.models import Act
from backend.acts.rules import Decision, Mode, Refusal, Rejection
from backend.core import sandbox
from backend.core.db import db
from backend.files.models import Belonging
from backend.organisations.models import Organisation
from tests import factories, samples, signing, trading
from tests.trading import Party, refused


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def sides(app: Flask) -> tuple[Party, Party]:
    """Seller and buyer."""
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return trading.party(app, signing.BIN, signing.IIN), trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN)


@pytest.fixture
def goods(sides: tuple[Party, Party]) -> list[str]:
    return trading.texts(factories.codes(sides[0].id, 3))


def bring(party: Party, content: bytes) -> str:
    sent = {"data": content, "content_type": "application/octet-stream", "headers": factories.key()}
    answer = party.client.post("/api/v1/files", **sent)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def attach(party: Party, act: str, file: str, name: str = "Жүкқұжат.pdf") -> Any:
    return party.post(f"/acts/{act}/attachments", {"file_id": file, "name": name})


def begin(party: Party) -> str:
    """A draft with nothing in it."""
    return party.post("/acts", {}).json["id"]


def detach(party: Party, act: str, file: str) -> Any:
    return party.client.delete(f"/api/v1/acts/{act}/attachments/{file}", headers=factories.key())


def reads(party: Party, file: str) -> int:
    return party.get(f"/files/{file}").status_code


def to_sign(listed: Any) -> dict[str, Any]:
    return json.loads(b64decode(listed.json["documents"][0]["bytes"]))


def test_a_paper_is_signed_with_the_act_and_read_by_both(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    paper = bring(seller, samples.PDF)
    answer = attach(seller, act, paper, "наклад/ная.pdf")
    listed = {"name": "накладная.pdf", "sha256": paper, "size": len(samples.PDF), "type": "application/pdf"}
    assert answer.json["attachments"] == [listed]
    assert answer.json["version"] == seller.get(f"/acts/{act}").json["version"]
    said = to_sign(seller.get(f"/acts/{act}/document"))
    assert said["attachments"] == [{"name": "накладная.pdf", "sha256": paper, "size": len(samples.PDF)}]
    other = begin(seller)
    kept = bring(seller, b"1;2")
    attach(seller, other, kept)
    assert reads(buyer, paper) == 404
    assert trading.send(seller, act).status_code == 200
    assert reads(buyer, kept) == 404
    shown = buyer.get(f"/acts/{act}").json["attachments"]
    assert shown == [listed]
    body = buyer.get(f"/files/{paper}")
    assert hashlib.sha256(body.data).hexdigest() == shown[0]["sha256"]
    assert "%D0%BD%D0%B0%D0%BA%D0%BB%D0%B0%D0%B4%D0%BD%D0%B0%D1%8F.pdf" in body.headers["Content-Disposition"]


def test_without_files_the_bytes_are_what_they_always_were(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    assert "attachments" not in to_sign(seller.get(f"/acts/{act}/document"))
    trading.send(seller, act)
    answer = buyer.post(f"/acts/{act}/decision/document", {"mode": "full", "rejected": [refusal(goods[0])]})
    assert to_sign(answer)["rejected"] == [{"code": goods[0], "reason": "damaged", "words": ""}]


def refusal(code: str, *photos: str) -> dict[str, Any]:
    return {"code": code, "reason": "damaged"} | ({"photos": list(photos)} if photos else {})


def test_a_paper_that_comes_after_the_signature_spoils_it(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    signatures = seller.sign(seller.get(f"/acts/{act}/document"))
    attach(seller, act, bring(seller, samples.PDF))
    answer = seller.post(f"/acts/{act}/send", {"signatures": signatures})
    assert answer.status_code in (409, 422), answer.text
    assert seller.get(f"/acts/{act}").json["state"] == "draft"


def test_a_sent_act_takes_and_gives_no_papers(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    paper = bring(seller, samples.PDF)
    attach(seller, act, paper)
    trading.send(seller, act)
    refused(attach(seller, act, bring(seller, b"1;2")), 409, "acts.moved_meanwhile")
    refused(detach(seller, act, paper), 409, "acts.moved_meanwhile")


def test_only_ones_own_files_go_beside_an_act(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    theirs = bring(buyer, samples.PDF)
    refused(attach(seller, act, theirs), 404, "files.unknown")
    assert attach(buyer, begin(buyer), theirs).status_code == 200
    refused(attach(seller, act, theirs), 404, "files.unknown")
    refused(attach(buyer, act, theirs), 404, "acts.unknown")
    refused(detach(seller, act, theirs), 404, "files.unknown")


def test_a_paper_is_taken_away_again(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    other = begin(seller)
    paper, photo = bring(seller, samples.PDF), bring(seller, samples.picture())
    for one, where in ((paper, act), (photo, act), (paper, other)):
        attach(seller, where, one)
    assert [one["sha256"] for one in detach(seller, act, paper).json["attachments"]] == [photo]
    assert belongings() == {(act, photo), (other, paper)}
    assert seller.client.delete(f"/api/v1/acts/{act}", headers=factories.key()).status_code == 200
    assert belongings() == {(other, paper)}
    assert [one["sha256"] for one in seller.get(f"/acts/{other}").json["attachments"]] == [paper]


def belongings() -> set[tuple[str, str]]:
    """Which file belongs to which act."""
    return {(one.document_id, one.file_id) for one in db.session.scalars(select(Belonging))}


def test_an_act_takes_so_many_papers(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.draft(seller, buyer, goods)
    papers = [bring(seller, f"{number};1".encode()) for number in range(MOST_ATTACHMENTS + 1)]
    for one in papers[:-1]:
        assert attach(seller, act, one).status_code == 200
    assert refused(attach(seller, act, papers[-1]), 409, "acts.too_many_attachments") == {"limit": MOST_ATTACHMENTS}
    assert attach(seller, act, papers[0], "again.csv").json["attachments"][-1]["name"] == "again.csv"


def test_photos_of_what_was_not_taken_are_signed_and_seen_by_both(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.sent(seller, buyer, goods)
    first, second = bring(buyer, samples.picture(colour="red")), bring(buyer, samples.picture("WEBP"))
    decision = {"mode": "full", "rejected": [refusal(goods[1], second, first), refusal(goods[0], first)]}
    signed = to_sign(buyer.post(f"/acts/{act}/decision/document", decision))
    by_code = {one["code"]: one.get("photos") for one in signed["rejected"]}
    assert by_code == {goods[0]: [first], goods[1]: [second, first]}
    assert reads(seller, first) == 404
    assert trading.decide(buyer, act, **decision).status_code == 200
    shown = {one["code"]: one["photos"] for one in seller.get(f"/acts/{act}").json["rejected"]}
    assert shown == {goods[0]: [first], goods[1]: [second, first]}
    assert (reads(seller, first), reads(seller, second)) == (200, 200)
    again = trading.sent(seller, buyer, goods[:1])
    assert trading.decide(buyer, again, mode="full", rejected=[refusal(goods[0], second)]).status_code == 200
    assert [one["photos"] for one in seller.get(f"/acts/{again}").json["rejected"]] == [[second]]


def test_a_photo_that_never_arrived_stops_the_decision(sides: tuple[Party, Party], goods: list[str]) -> None:
    """The bytes to sign may be asked for before the photo is there; deciding needs it."""
    seller, buyer = sides
    act = trading.sent(seller, buyer, goods)
    content = samples.picture(colour="blue")
    photo = hashlib.sha256(content).hexdigest()
    body = trading.signed_decision(buyer, act, {"mode": "full", "rejected": [refusal(goods[0], photo)]})
    assert refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.photo_missing") == {"id": photo}
    bring(seller, content)
    refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.photo_missing")
    bring(buyer, content)
    assert buyer.post(f"/acts/{act}/decision", body).status_code == 200


def test_a_photo_is_a_picture(sides: tuple[Party, Party], goods: list[str]) -> None:
    seller, buyer = sides
    act = trading.sent(seller, buyer, goods)
    paper = bring(buyer, samples.PDF)
    body = trading.signed_decision(buyer, act, {"mode": "full", "rejected": [refusal(goods[0], paper)]})
    refused(buyer.post(f"/acts/{act}/decision", body), 409, "acts.photo_missing")
    many = {"mode": "full", "rejected": [refusal(goods[0], *[paper] * (MOST_PHOTOS + 1))]}
    refused(buyer.post(f"/acts/{act}/decision/document", many), 422, "request.invalid")


def test_the_bytes_of_a_decision_with_photos(app: Flask) -> None:
    """The very bytes that pwa/src/domain/act-decision.test.ts demands of the device."""
    row = Act(id="01JACT", signed_as=b"act")
    receiver = Organisation(bin="200240000009", names={"ru": "ТОО «Дос»"})
    refusals = (Refusal("b", Rejection.DAMAGED, "", ("f" * 64, "0" * 64)), Refusal("a", Rejection.OTHER, "ылғал"))
    said = documents.acceptance(row, receiver, Decision(mode=Mode.FULL, rejected=refusals))
    assert said.decode() == (
        '{"act":"01JACT","act_sha256":"' + hashlib.sha256(b"act").hexdigest() + '","all_rejected":false,"extra":[],'
        '"mode":"full","place":null,"receiver":{"bin":"200240000009","name":"ТОО «Дос»"},"rejected":['
        '{"code":"a","reason":"other","words":"ылғал"},'
        '{"code":"b","photos":["' + "f" * 64 + '","' + "0" * 64 + '"],"reason":"damaged","words":""}],'
        '"sampled":0,"schema":"kz.tanba.act-acceptance/v1"}'
    )
