"""A passkey falls with what it rests on, and belongs to one person. Both engines."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity.models import Passkey
from backend.organisations import service as organisations
from backend.organisations.models import Membership
from backend.organisations.rules import Role
from backend.signatures import devca
from tests import signing
from tests.api.passkeys.conftest import ended, log_in, refused
from tests.authenticator import Authenticator
from tests.factories import key
from tests.signing import PASSWORD, head


def test_a_blocked_member_loses_the_passkey(app: Flask, device: Authenticator, importer: str) -> None:
    membership = db.session.scalars(select(Membership.id)).one()
    unit_of_work(lambda: organisations.block_member(importer, membership))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    unit_of_work(lambda: organisations.unblock_member(importer, membership))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")


def test_a_blocked_organisation_keeps_its_peoples_passkeys(app: Flask, device: Authenticator, importer: str) -> None:
    unit_of_work(lambda: organisations.block_organisation(importer, reason="test"))
    refused(log_in(app.test_client(), device), 403, "organisations.blocked")
    unit_of_work(lambda: organisations.unblock_organisation(importer, reason="test"))
    assert log_in(app.test_client(), device).status_code == 200


def test_a_passkey_falls_with_the_head(app: Flask, device: Authenticator, importer: str) -> None:
    def another() -> None:
        organisations.add_member(importer, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН", role=Role.HEAD)
        mine = select(Membership).order_by(Membership.id).limit(1)
        db.session.scalars(mine).one().role = Role.EMPLOYEE

    unit_of_work(another)
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "role"


def test_a_passkey_of_an_employee_falls_when_another_heads(app: Flask, device: Authenticator) -> None:
    unit_of_work(lambda: db.session.execute(update(Passkey).values(head_id="somebody else")))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "head"


def test_a_passkey_falls_with_its_certificate(app: Flask, device: Authenticator) -> None:
    authority = devca.DevCA(app.config["SETTINGS"].instance / "devca")
    authority.revoke(devca.serial_of(head(), PASSWORD))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "certificate"


def test_a_passkey_is_renamed_and_removed(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    phone = app.test_client()
    log_in(phone, device)
    own = signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["id"]
    path = f"/api/v1/auth/passkeys/{own}"
    assert signed_in.patch(path, json={"name": "Жұмыс телефоны"}, headers=key()).status_code == 200
    assert signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["name"] == "Жұмыс телефоны"
    assert signed_in.delete(path, headers=key()).status_code == 200
    assert signed_in.get("/api/v1/auth/passkeys").json["passkeys"] == []
    assert phone.get("/api/v1/me").status_code == 401, "what it opened ends with it"
    refused(signed_in.delete(path, headers=key()), 404, "identity.passkey_unknown")
    refused(log_in(phone, device), 403, "identity.passkey_ended")


def test_anothers_passkeys_are_not_there(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    from tests import factories

    other = app.test_client()
    factories.sign_in(other, factories.organisation())
    own = signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["id"]
    assert other.get("/api/v1/auth/passkeys").json["passkeys"] == []
    path = f"/api/v1/auth/passkeys/{own}"
    refused(other.delete(path, headers=key()), 404, "identity.passkey_unknown")
    refused(other.patch(path, json={"name": "x"}, headers=key()), 404, "identity.passkey_unknown")
