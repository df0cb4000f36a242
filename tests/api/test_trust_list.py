"""The trust list and the withdrawn lists, as a phone takes them home: signed, exact, unchanging. Both engines."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
import rfc8785
from flask import Flask
from flask.testing import FlaskClient
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from sqlalchemy import func, select

from backend.codes import filter as withdrawn_filter
from backend.codes import keys, ledger, tasks, trust_list
from backend.codes.filter import Filter
from backend.codes.models import WithdrawnList
from backend.codes.rules import Event
from backend.core import clock, vault
from backend.core.api import unit_of_work
from backend.core.db import db
from tests import factories

ACT = ("act", "01ACT")


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


def move(event: Event, codes: list[bytes], owner: str | None, **more: Any) -> None:
    unit_of_work(lambda: ledger.move(event, codes, actor=None, owner_id=owner, **more))


def fetch(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/trust-list")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    return answer.json


def take(client: FlaskClient, entry: dict[str, str]) -> Filter:
    """What a phone does: fetch by address, compare the digest, read."""
    answer = client.get(entry["url"])
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert hashlib.sha256(answer.data).hexdigest() == entry["sha256"]
    return Filter.parse(answer.data)


def key_of(code: bytes) -> int:
    return int.from_bytes(code[:8], "big")


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(WithdrawnList))


def test_the_platform_signs_the_list(client: FlaskClient, owner: str) -> None:
    factories.codes(owner, 1)
    tasks.publish_withdrawn()
    shown = fetch(client)
    signature = base64.b64decode(shown.pop("signature"))
    root = VerifyKey(base64.b64decode(vault.platform_public_key()))
    root.verify(b"tanba/trust-list/1|" + rfc8785.dumps(shown), signature)
    for path in (("keys", 0, "public_key"), ("withdrawn", 0, "sha256")):
        part, place, name = path
        changed = {**shown, part: [{**shown[part][place], name: "A" * 44}]}
        with pytest.raises(BadSignatureError):
            root.verify(b"tanba/trust-list/1|" + rfc8785.dumps(changed), signature)
    assert datetime.fromisoformat(shown["expires_at"]) - datetime.fromisoformat(shown["issued_at"]) == timedelta(days=7)


def test_every_key_that_ever_signed_is_on_it(client: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    old = factories.texts(factories.emitted(owner, card, 1))[0]
    unit_of_work(lambda: keys.rotate("footwear", None))
    new = factories.texts(factories.emitted(owner, card, 1))[0]
    public = {key["id"]: VerifyKey(base64.b64decode(key["public_key"])) for key in fetch(client)["keys"]}
    assert len(public) == 2
    for printed in (old, new):
        head, key, tail = printed.split("\x1d")
        public[key[2:]].verify(f"tanba/1|{key[2:]}|{head}".encode(), base64.b64decode(tail[2:]))
    for key in fetch(client)["keys"]:
        assert (key["group"], key["alg"]) == ("footwear", "Ed25519")
        assert key["not_before"] < key["not_after"]


def test_on_the_list_is_what_is_out_for_cause_and_nothing_else(client: FlaskClient, owner: str) -> None:
    """RELIABILITY 3.4: exact for every issued code; a retail sale is nobody's warning."""
    codes = factories.codes(owner, 400, card_id=(card := factories.card(owner)))
    unused = factories.codes(owner, 6, state="EMITTED", card_id=card)
    buyer = factories.organisation()
    move(Event.WITHDRAW, codes[0:5], owner, reason="DEFECT")
    move(Event.WRITE_OFF, codes[5:10], owner, reason="DESTRUCTION")
    move(Event.BLOCK, codes[10:15], None, reason="AUTHORITY")
    move(Event.RECALL, codes[15:20], None, reason="SAFETY")
    move(Event.LOSE, codes[20:25], owner)
    move(Event.CANCEL, unused[:3], owner, reason="KM_CANCELLATION")
    out = [*codes[:25], *unused[:3]]
    move(Event.SELL, codes[25:125], owner, reason="RETAIL")
    move(Event.SEND, codes[125:130], owner, document=ACT)
    move(Event.CONFIRM, codes[125:130], None, to=buyer, document=ACT)
    move(Event.SEND, codes[130:135], owner, document=ACT)
    move(Event.RECALL, codes[25:27], None, reason="SAFETY")
    out += codes[25:27]
    tasks.publish_withdrawn()
    (entry,) = fetch(client)["withdrawn"]
    listed = take(client, entry)
    assert (listed.issued, listed.withdrawn) == (406, len(out))
    assert {code for code in [*codes, *unused] if listed.contains(key_of(code))} == set(out)


def test_what_was_put_right_leaves_the_list(client: FlaskClient, owner: str) -> None:
    code = factories.codes(owner, 3)[0]
    seen = []
    for event, reason in ((Event.BLOCK, "AUTHORITY"), (Event.UNBLOCK, None)):
        move(event, [code], None, reason=reason)
        with clock.at(clock.now() + timedelta(minutes=len(seen))):
            tasks.publish_withdrawn()
        (entry,) = fetch(client)["withdrawn"]
        seen.append(take(client, entry).contains(key_of(code)))
    assert seen == [True, False]


def test_one_list_a_key(client: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    first = factories.codes(owner, 2, card_id=card)
    new = unit_of_work(lambda: keys.rotate("footwear", None).id)
    second = factories.codes(owner, 2, card_id=card)
    move(Event.WITHDRAW, [first[0], second[1]], owner, reason="OTHER")
    tasks.publish_withdrawn()
    lists = {entry["key_id"]: take(client, entry) for entry in fetch(client)["withdrawn"]}
    assert len(lists) == 2
    late = lists.pop(new)
    (early,) = lists.values()
    assert [early.contains(key_of(code)) for code in first] == [True, False]
    assert [late.contains(key_of(code)) for code in second] == [False, True]


def test_a_list_never_changes_under_its_address(client: FlaskClient, owner: str) -> None:
    codes = factories.codes(owner, 2)
    tasks.publish_withdrawn()
    (entry,) = fetch(client)["withdrawn"]
    old = client.get(entry["url"])
    assert old.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    move(Event.WITHDRAW, codes[:1], owner, reason="OTHER")
    tasks.publish_withdrawn()
    (newer,) = fetch(client)["withdrawn"]
    assert newer["url"] != entry["url"]
    assert client.get(entry["url"]).data == old.data, "a phone that is half way through still gets what it asked for"
    with clock.at(clock.now() + timedelta(days=15)):
        tasks.publish_withdrawn()
        assert client.get(entry["url"]).status_code == 404
        assert client.get(newer["url"]).status_code == 200, "the newest stays however old it is"


def test_an_unchanged_list_is_not_published_again(client: FlaskClient, owner: str) -> None:
    factories.codes(owner, 2)
    for _ in range(3):
        tasks.publish_withdrawn()
    assert stored() == 1
    assert trust_list.publish(trust_list.make(keys.published()[0].id)) is False


@pytest.mark.parametrize("path", ["TXXX/" + "0" * 64, "TXXX/none", "%00/%00"])
def test_a_list_that_is_not_there(client: FlaskClient, app: Flask, path: str) -> None:
    answer = client.get(f"/api/v1/withdrawn/{path}")
    assert answer.status_code in (404, 422)
    assert answer.headers["Cache-Control"] == "no-store"


def lies_of_withdrawn(issued: list[int], listed: list[int]) -> bytes:
    return withdrawn_filter_build(issued, [])


def lies_of_good(issued: list[int], listed: list[int]) -> bytes:
    return withdrawn_filter_build(issued, issued)


def too_large(issued: list[int], listed: list[int]) -> bytes:
    return withdrawn_filter_build(issued, listed)


withdrawn_filter_build = withdrawn_filter.build


@pytest.mark.parametrize("build", [lies_of_withdrawn, lies_of_good, too_large])
def test_a_wrong_list_never_replaces_a_right_one(
    client: FlaskClient, owner: str, monkeypatch: pytest.MonkeyPatch, build: Any
) -> None:
    """The gate of CRLite: other keys are still published, and the job fails loudly."""
    card = factories.card(owner)
    codes = factories.codes(owner, 3, card_id=card)
    tasks.publish_withdrawn()
    (before,) = fetch(client)["withdrawn"]
    unit_of_work(lambda: keys.rotate("footwear", None))
    move(Event.WITHDRAW, codes[:1], owner, reason="OTHER")
    if build is too_large:
        monkeypatch.setattr(trust_list, "LARGEST", 30)
    monkeypatch.setattr(withdrawn_filter, "build", build)
    with pytest.raises(trust_list.GateClosed, match=before["key_id"]):
        tasks.publish_withdrawn()
    shown = {entry["key_id"]: entry for entry in fetch(client)["withdrawn"]}
    assert shown.pop(before["key_id"]) == before
    assert len(shown) == 1, "the key that nothing was wrong with has its list"
    monkeypatch.undo()
    tasks.publish_withdrawn()
    after = next(entry for entry in fetch(client)["withdrawn"] if entry["key_id"] == before["key_id"])
    assert take(client, after).contains(key_of(codes[0]))


def test_making_a_list_writes_nothing(owner: str) -> None:
    """On SQLite a writer would otherwise wait for every filter."""
    factories.codes(owner, 2)
    made = trust_list.make(keys.published()[0].id)
    assert not db.session.new
    assert not db.session.dirty
    assert (made.issued, made.withdrawn, stored()) == (2, 0, 0)
    held = db.session.connection().get_execution_options().get("writing")
    assert not held
