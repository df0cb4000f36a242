"""Employees are invited, and grant nothing that the giver does not hold. Both engines."""

from base64 import b64decode, b64encode
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core import clock
from backend.core.db import db
from backend.organisations.models import Invitation, Membership
from backend.organisations.rules import Function
from backend.signatures import signer
from backend.signatures.models import Signature
from backend.signatures.rules import Role as CertificateRole
from tests import factories, signing
from tests.api.staff.conftest import NAMES, accept, employee, facts, invite, log_in, named, refused, staff, token_of
from tests.factories import key
from tests.signing import BIN, NAME, OTHER_BIN, OTHER_IIN, PASSWORD, container


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_who_is_invited_and_signs_may_do_what_was_granted_and_nothing_else(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head, "labels", title="Сатушы"))
    guest = app.test_client()
    offer = guest.get(f"/api/v1/invitations/{token}").json
    assert (offer["organisation"], offer["functions"], offer["title"]) == (NAMES, ["labels"], "Сатушы")
    assert offer["test"] is True
    assert count(Membership) == 1
    answer = accept(guest, token)
    assert (answer.status_code, answer.json) == (200, {"organisation": NAMES, "name": NAME})
    assert log_in(guest, container()).status_code == 200
    assert guest.get("/api/v1/me").json["permissions"] == ["codes:see", "labels:print"]
    assert guest.get("/api/v1/staff").status_code == 403
    member = named(head, NAME)
    assert (member["role"], member["functions"], member["title"]) == ("employee", ["labels"], "Сатушы")
    assert member["last_seen"]
    assert staff(head)["invitations"] == []
    kept = db.session.execute(select(Signature).where(Signature.schema == "kz.tanba.acceptance/v1")).scalar_one()
    assert facts("member:added")[-1].signature_id == facts("invitation:accepted")[0].signature_id == kept.id


def test_an_invitation_grants_nothing_before_it_is_signed(app: Flask, head: FlaskClient) -> None:
    invite(head)
    guest = app.test_client()
    refused(log_in(guest, container()), 403, "identity.not_registered")
    assert staff(head)["invitations"][0]["state"] == "waiting"


def test_an_employees_certificate_of_this_organisation_serves(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    own = container(bin=BIN, organisation="«Дос» ЖШС", role=CertificateRole.EMPLOYEE)
    assert accept(app.test_client(), token, own).status_code == 200


def test_another_organisations_certificate_is_refused(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    other = container(bin=OTHER_BIN, organisation="«Бөтен» ЖШС", role=CertificateRole.EMPLOYEE)
    refused(accept(app.test_client(), token, other), 403, "organisations.certificate_of_another")
    assert count(Membership) == 1


def test_a_log_in_key_or_another_document_accepts_nothing(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    guest = app.test_client()
    refused(accept(guest, token, container(sign=False)), 422, "signatures.key_purpose_wrong")
    document = signing.documents.envelope("kz.tanba.login/v1", {"nonce": "1"})
    cms = b64encode(signer.sign(container(), PASSWORD, document)).decode()
    refused(accept(guest, token, cms=cms), 422, "signatures.document_changed")
    assert count(Membership) == 1


def test_an_invitation_with_an_iin_is_one_persons(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head, iin=OTHER_IIN))
    refused(accept(app.test_client(), token), 403, "organisations.invitation_of_another")
    assert accept(app.test_client(), token, container(iin=OTHER_IIN)).status_code == 200
    refused(invite(head, iin="900101300008"), 422, "organisations.tax_number_invalid")
    refused(invite(head, iin=OTHER_IIN), 409, "organisations.already_member")


def test_an_invitation_serves_once(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    guest = app.test_client()
    document = guest.get(f"/api/v1/invitations/{token}/document").json["documents"][0]
    cms = b64encode(signer.sign(container(), PASSWORD, b64decode(document["bytes"]))).decode()
    other = b64encode(signer.sign(container(iin=OTHER_IIN), PASSWORD, b64decode(document["bytes"]))).decode()
    where = f"/api/v1/invitations/{token}/sign"
    mine, once = {"signatures": [{"id": document["id"], "cms": cms}]}, key()
    first = guest.post(where, json=mine, headers=once)
    again = guest.post(where, json=mine, headers=once)
    assert (again.status_code, again.json) == (200, first.json)
    second = guest.post(where, json={"signatures": [{"id": document["id"], "cms": other}]}, headers=key())
    refused(second, 409, "organisations.invitation_ended")
    refused(guest.get(f"/api/v1/invitations/{token}"), 409, "organisations.invitation_ended")
    assert count(Membership) == 2


def test_who_works_here_already_takes_no_invitation(app: Flask, head: FlaskClient) -> None:
    guest = app.test_client()
    assert accept(guest, token_of(invite(head))).status_code == 200
    second = token_of(invite(head, "acts"))
    refused(accept(guest, second), 409, "organisations.already_member")
    assert named(head, NAME)["functions"] == ["labels"]
    assert staff(head)["invitations"][0]["state"] == "waiting"


def test_an_invitation_runs_out(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    with clock.at(clock.now() + timedelta(days=7)):
        refused(app.test_client().get(f"/api/v1/invitations/{token}"), 409, "organisations.invitation_ended")
        factories.sign_in(head, db.session.scalar(select(Membership.organisation_id)))
        waiting = staff(head)["invitations"][0]
    assert (waiting["state"], waiting["link"], waiting["qr"]) == ("expired", None, None)


def test_an_invitation_is_taken_back(app: Flask, head: FlaskClient) -> None:
    invited = invite(head)
    token, where = token_of(invited), f"/api/v1/staff/invitations/{invited.json['id']}"
    assert head.delete(where, headers=key()).json["invitations"] == []
    refused(head.delete(where, headers=key()), 409, "organisations.invitation_ended")
    refused(app.test_client().get(f"/api/v1/invitations/{token}"), 409, "organisations.invitation_ended")
    assert [one.kind for one in facts("invitation:cancelled")] == ["invitation:cancelled"]


def test_only_the_links_own_token_opens_it(app: Flask, head: FlaskClient) -> None:
    token = token_of(invite(head))
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), token[:26], "x" * 58, token + "0"):
        answer = app.test_client().get(f"/api/v1/invitations/{wrong}")
        refused(answer, 404, "organisations.invitation_unknown")
    row = db.session.execute(select(Invitation)).scalar_one()
    assert token[26:] not in str({column.key: getattr(row, column.key) for column in Invitation.__table__.columns})


def test_the_qr_code_says_the_link(head: FlaskClient) -> None:
    import zxingcpp
    from PIL import Image

    said = invite(head).json
    size = len(said["qr"])
    picture = Image.new("1", (size + 8, size + 8), 1)
    for y, row in enumerate(said["qr"]):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), module == "0")
    found = zxingcpp.read_barcode(picture.resize(((size + 8) * 4, (size + 8) * 4)))
    assert found.text == said["link"]


def test_nobody_grants_what_they_do_not_hold(app: Flask, head: FlaskClient, shop: str) -> None:
    deputy = employee(app, shop, Function.STAFF, Function.LABELS)
    assert invite(deputy, "labels").status_code == 201
    refused(invite(deputy, "labels", "acts"), 403, "organisations.grant_exceeds")
    refused(invite(head, "keys"), 403, "organisations.grant_exceeds")
    assert count(Invitation) == 1


def test_the_link_of_more_than_one_holds_is_not_shown(app: Flask, head: FlaskClient, shop: str) -> None:
    invite(head, "acts")
    deputy = employee(app, shop, Function.STAFF, Function.LABELS)
    assert staff(deputy)["invitations"][0]["link"] is None
    assert staff(head)["invitations"][0]["link"]


def test_a_right_that_the_giver_lost_is_not_passed_on(app: Flask, head: FlaskClient, shop: str) -> None:
    deputy = employee(app, shop, Function.STAFF, Function.LABELS)
    token = token_of(invite(deputy, "labels"))
    member = next(one for one in staff(head)["members"] if one["role"] == "employee")
    body = {"functions": ["staff"], "version": member["version"]}
    assert head.put(f"/api/v1/staff/{member['id']}", json=body, headers=key()).status_code == 200
    refused(app.test_client().get(f"/api/v1/invitations/{token}"), 409, "organisations.invitation_ended")


def test_a_term_is_in_the_future_and_within_ones_own(app: Flask, head: FlaskClient, shop: str) -> None:
    today = clock.today()
    past = invite(head, valid_until=(today - timedelta(days=1)).isoformat())
    refused(past, 422, "organisations.term_past")
    assert invite(head, valid_until=today.isoformat()).json["valid_until"] == today.isoformat()
    deputy = employee(app, shop, Function.STAFF, Function.LABELS)
    member = next(one for one in staff(head)["members"] if one["role"] == "employee")
    body = {"functions": ["staff", "labels"], "version": 1, "valid_until": (today + timedelta(days=9)).isoformat()}
    assert head.put(f"/api/v1/staff/{member['id']}", json=body, headers=key()).status_code == 200
    refused(invite(deputy), 403, "organisations.term_exceeds")
    refused(invite(deputy, valid_until=(today + timedelta(days=10)).isoformat()), 403, "organisations.term_exceeds")
    assert invite(deputy, valid_until=(today + timedelta(days=9)).isoformat()).status_code == 201


def test_a_term_runs_through_its_last_day_in_kazakhstan(app: Flask, head: FlaskClient, shop: str) -> None:
    last = clock.today() + timedelta(days=3)
    token = token_of(invite(head, valid_until=last.isoformat()))
    guest = app.test_client()
    assert accept(guest, token).status_code == 200
    ends = db.session.scalar(select(Membership.valid_until).where(Membership.valid_until.is_not(None)))
    assert ends.astimezone(clock.ALMATY).isoformat() == f"{last + timedelta(days=1)}T00:00:00+05:00"
    with clock.at(ends - timedelta(minutes=1)):
        assert log_in(guest, container()).status_code == 200
    with clock.at(ends):
        refused(log_in(guest, container()), 403, "organisations.membership_ended")
