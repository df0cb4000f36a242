"""From the first signature to the cabinet: who becomes what. Both engines."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.db import db
from backend.identity import queries as identity
from backend.organisations.models import Membership
from backend.organisations.rules import Kind, Role
from backend.registration.models import Contract
from backend.signatures.rules import Role as CertificateRole
from tests import signing
from tests.api.registration_desk.conftest import organisation, rows, shown
from tests.registering import (
    FIRM,
    NEW_BIN,
    TRADER,
    approve,
    facts,
    firm,
    log_in,
    own,
    submitted,
    trader,
)


def test_from_the_first_signature_to_the_cabinet(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    assert [row["id"] for row in rows(desk)] == [application]
    approved = approve(desk, application)
    assert (approved.status_code, approved.json["state"]) == (200, "approved")
    assert own(client).json["state"] == "approved"
    assert log_in(client, firm()).status_code == 200
    me = client.get("/api/v1/me").json
    assert (me["organisation"]["bin"], me["organisation"]["kind"]) == (NEW_BIN, "importer")
    assert {"staff:manage", "catalogue:edit"} <= set(me["permissions"])


def test_what_was_chosen_reaches_the_organisation(client: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client))
    made = organisation()
    assert (made.kind, made.trade, made.declaration_holder, made.groups) == (
        Kind.IMPORTER,
        None,
        "wholesaler",
        ["footwear"],
    )
    assert made.names == {"kk": "«Жаңа Жол» ЖШС", "ru": FIRM, "en": "Zhanga Zhol LLP"}
    assert (made.email, made.phone, made.contract_state) == ("Saule@example.kz", "+77015550011", "valid")
    person = identity.contacts(identity.person_id_of(signing.OTHER_IIN))
    assert (person.email, person.phone, person.language) == ("Saule@example.kz", "+77015550011", "ru")
    assert person.email_confirmed_at is not None


def test_the_contract_is_registered(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    signed = {one["document"]: one for one in shown(desk, application)["signatures"]}
    approve(desk, application)
    contract = db.session.scalars(select(Contract)).one()
    assert contract.organisation_id == organisation().id
    assert (contract.number, contract.application_id, contract.state) == (
        own(client).json["number"],
        application,
        "valid",
    )
    assert set(contract.signatures) == set(signed) == {"application", "contract"}
    assert [one.signature_id for one in facts("contract:made")] == [contract.signatures["contract"]]


@pytest.mark.parametrize(("trade", "may"), [("retail", False), ("wholesaler", False), ("producer", True)])
def test_a_sole_trader_may_what_the_trade_may(client: FlaskClient, desk: FlaskClient, trade: str, may: bool) -> None:
    approve(desk, submitted(client, trader(), **TRADER | {"trade": trade}))
    assert log_in(client, trader()).status_code == 200
    me = client.get("/api/v1/me").json
    assert (me["organisation"]["kind"], me["organisation"]["bin"]) == ("sole_trader", signing.OTHER_IIN)
    assert ("catalogue:edit" in me["permissions"]) is may
    assert "acts:sign" in me["permissions"]


def test_a_retail_representative_has_no_catalogue(client: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client, kind="retail", declaration_holder=None))
    log_in(client, firm())
    assert "catalogue:edit" not in client.get("/api/v1/me").json["permissions"]


@pytest.mark.parametrize(
    ("certificate", "role"), [(CertificateRole.HEAD, Role.HEAD), (CertificateRole.SIGNATORY, Role.EMPLOYEE)]
)
def test_who_the_applicant_becomes(
    client: FlaskClient, desk: FlaskClient, certificate: CertificateRole, role: Role
) -> None:
    source = firm(role=certificate)
    approve(desk, submitted(client, source))
    membership = db.session.scalars(select(Membership).where(Membership.organisation_id == organisation().id)).one()
    assert membership.role is role
    log_in(client, source)
    permissions = client.get("/api/v1/me").json["permissions"]
    assert {"staff:manage", "acts:sign", "catalogue:edit"} <= set(permissions)
    assert "registrations:review" not in permissions


def test_a_number_with_a_wrong_check_digit_comes_in(client: FlaskClient, desk: FlaskClient) -> None:
    source = firm(bin="123456789021", iin="123456789011")
    assert approve(desk, submitted(client, source)).status_code == 200
    assert log_in(client, source).status_code == 200
