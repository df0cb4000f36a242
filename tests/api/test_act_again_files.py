"""Papers come along when an act is sent again, and may be put beside a return. Both engines."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.core import sandbox
from tests import factories, samples, trading
from tests.trading import Party


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def bring(party: Party, content: bytes) -> str:
    sent = {"data": content, "content_type": "application/octet-stream", "headers": factories.key()}
    return party.client.post("/api/v1/files", **sent).json["id"]


def names(act: Any) -> list[str]:
    return [one["name"] for one in act["attachments"]]


def test_papers_come_along_and_the_receiver_reads_them_once_it_is_sent(seller: Party, buyer: Party) -> None:
    goods = trading.texts(factories.codes(seller.id, 2))
    act = trading.draft(seller, buyer, goods)
    papers = {bring(seller, f"{name};1".encode()): f"{name}.csv" for name in ("second", "first", "third")}
    for file, name in papers.items():
        assert seller.post(f"/acts/{act}/attachments", {"file_id": file, "name": name}).status_code == 200
    assert seller.post(f"/acts/{act}/attachments", {"file_id": file, "name": "renamed.csv"}).status_code == 200
    before = names(seller.get(f"/acts/{act}").json)
    other = seller.post("/acts", {}).json["id"]
    seller.post(f"/acts/{other}/attachments", {"file_id": bring(seller, samples.PDF), "name": "another.pdf"})
    trading.send(seller, act)
    assert trading.decide(buyer, act, all_rejected=True).status_code == 200

    new = seller.post(f"/acts/{act}/again").json["act"]
    assert names(new) == before == ["second.csv", "first.csv", "renamed.csv"]
    left = seller.client.delete(f"/api/v1/acts/{new['id']}/attachments/{file}", headers=factories.key()).json
    assert names(left) == before[:2]
    assert names(seller.get(f"/acts/{act}").json) == before
    draft = buyer.get(f"/acts/{new['id']}")
    assert draft.status_code == 404
    assert trading.send(seller, new["id"]).status_code == 200
    received = buyer.get(f"/acts/{new['id']}").json
    assert names(received) == before[:2]
    assert all(buyer.get(f"/files/{one['sha256']}").status_code == 200 for one in received["attachments"])


def test_a_return_takes_the_papers_that_its_sender_chooses(seller: Party, buyer: Party) -> None:
    """They are the supplier's word, so none comes unasked; the buyer may read them, and so may put them there."""
    act = trading.draft(seller, buyer, trading.texts(factories.codes(seller.id, 1)))
    paper = bring(seller, samples.PDF)
    seller.post(f"/acts/{act}/attachments", {"file_id": paper, "name": "7.pdf"})
    trading.send(seller, act)
    trading.decide(buyer, act)
    new = buyer.post(f"/acts/{act}/return").json["act"]
    assert names(new) == []
    put = buyer.post(f"/acts/{new['id']}/attachments", {"file_id": paper, "name": "7.pdf"})
    assert names(put.json) == ["7.pdf"]
    assert trading.send(buyer, new["id"]).status_code == 200
    assert names(seller.get(f"/acts/{new['id']}").json) == ["7.pdf"]
