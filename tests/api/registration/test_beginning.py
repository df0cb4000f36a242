"""An application begins with a signature: who may begin it, and who is sent elsewhere. Both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.core import clock
from backend.core.api import unit_of_work
from backend.identity.models import LoginChallenge
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.registration.models import Application
from backend.signatures.rules import Role as CertificateRole
from tests import signing
from tests.api.registration.conftest import count
from tests.factories import key
from tests.registering import (
    FIRM,
    HERE,
    NEW_BIN,
    OPERATOR,
    begin,
    code,
    documents,
    fill,
    firm,
    hand_in,
    letters,
    own,
    sign,
    signed_challenge,
    unconfirmed,
)


def register(*, head: str = signing.IIN, **wanted: Any) -> str:
    """The firm as if somebody had registered it before; returns its id."""

    def make() -> str:
        made = organisations.create_organisation(**{"kind": Kind.IMPORTER, "bin": NEW_BIN, "names": OPERATOR} | wanted)
        organisations.add_member(made, iin=head, name="Бұрынғы Басшы", role=Role.HEAD)
        return made

    return unit_of_work(make)


def test_everything_comes_from_the_certificate_but_the_contacts(client: FlaskClient) -> None:
    begun = begin(client, firm()).json
    assert (begun["state"], begun["purpose"], begun["filled"]) == ("draft", "registration", False)
    assert begun["certificate"] == {
        "name": signing.NAME,
        "iin": f"********{signing.OTHER_IIN[-4:]}",
        "organisation": FIRM,
        "bin": NEW_BIN,
        "legal_form": "llp",
        "roles": ["head", "legal_entity"],
        "test": True,
    }
    assert begun["names"] == {"kk": "«Жаңа Жол» ЖШС", "ru": FIRM, "en": "Zhanga Zhol LLP"}
    assert own(client).json == begun
    cookie = client.get_cookie("tanba-applicant")
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Lax", "/", False)


@pytest.mark.parametrize("role", [CertificateRole.EMPLOYEE, CertificateRole.FINANCE, CertificateRole.STAFF_OFFICE])
def test_only_the_head_or_a_signatory_registers_a_firm(client: FlaskClient, role: CertificateRole) -> None:
    refused = begin(client, firm(role=role))
    assert (refused.status_code, code(refused)) == (403, "registration.role_insufficient")
    assert count(LoginChallenge) == 1, "whoever took the wrong key tries again"
    assert count(Application) == 0


def test_a_signatory_may_begin(client: FlaskClient) -> None:
    assert begin(client, firm(role=CertificateRole.SIGNATORY)).status_code == 200


def test_a_challenge_begins_once(client: FlaskClient) -> None:
    body = signed_challenge(client, firm())
    assert client.post(f"{HERE}/begin", json=body).status_code == 200
    assert code(client.post(f"{HERE}/begin", json=body)) == "identity.challenge_ended"


def test_a_challenge_of_another_browser_begins_nothing(client: FlaskClient, other: FlaskClient) -> None:
    body = signed_challenge(client, firm())
    other.post("/api/v1/auth/challenge")
    assert code(other.post(f"{HERE}/begin", json=body)) == "identity.challenge_ended"


def test_on_another_device_the_same_application_goes_on(client: FlaskClient, other: FlaskClient) -> None:
    number = begin(client, firm()).json["number"]
    fill(client)
    moved = begin(other, firm()).json
    assert (moved["number"], moved["filled"], moved["email"]) == (number, True, "Saule@example.kz")
    assert code(own(client)) == "registration.unknown", "one browser at a time"
    assert count(Application) == 1


def test_two_people_may_apply_for_one_firm(client: FlaskClient, other: FlaskClient) -> None:
    first = begin(client, firm()).json["number"]
    assert begin(other, firm(iin=signing.IIN)).json["number"] != first


@pytest.mark.parametrize("cookie", [None, "A" * 43])
def test_without_its_cookie_there_is_no_application(
    client: FlaskClient, other: FlaskClient, cookie: str | None
) -> None:
    unconfirmed(client)
    if cookie:
        other.set_cookie("tanba-applicant", cookie)
    answers = [
        own(other),
        fill(other),
        other.get(f"{HERE}/documents"),
        hand_in(other, {"signatures": [{"id": "application", "cms": "AAAA"}]}),
        other.post(f"{HERE}/resend", headers=key()),
        other.put(f"{HERE}/email", json={"email": "a@example.kz"}, headers=key()),
        other.delete(f"{HERE}/application", headers=key()),
    ]
    assert {(answer.status_code, code(answer)) for answer in answers} == {(404, "registration.unknown")}
    assert len(letters()) == 1


def test_the_cookie_opens_the_application_for_thirty_days(client: FlaskClient) -> None:
    begin(client, firm())
    with clock.at(clock.now() + timedelta(days=30, seconds=1)):
        assert code(own(client)) == "registration.unknown"


def test_a_registered_firm_invites(client: FlaskClient) -> None:
    register()
    refused = begin(client, firm(role=CertificateRole.SIGNATORY))
    assert (refused.status_code, code(refused)) == (403, "registration.invitation_needed")


def test_whoever_is_in_logs_in(client: FlaskClient) -> None:
    register(head=signing.OTHER_IIN)
    body = signed_challenge(client, firm())
    assert code(client.post(f"{HERE}/begin", json=body)) == "registration.already_in"


def test_a_blocked_firm_does_not_change_its_head(client: FlaskClient) -> None:
    blocked = register()
    unit_of_work(lambda: organisations.block_organisation(blocked, reason="тексеру"))
    assert code(begin(client, firm())) == "organisations.blocked"


def test_a_new_head_asks_for_the_cabinet(client: FlaskClient) -> None:
    register()
    begun = begin(client, firm()).json
    assert (begun["purpose"], begun["names"]) == ("head_change", OPERATOR)
    assert fill(client, kind=None, declaration_holder=None, groups=[]).status_code == 200
    assert [one["id"] for one in documents(client)] == ["application"]
    assert sign(client, firm()).json["state"] == "unconfirmed"


def test_a_signatory_signs_no_change_of_head(client: FlaskClient) -> None:
    register()
    begin(client, firm())
    fill(client, kind=None, declaration_holder=None, groups=[])
    assert code(sign(client, firm(role=CertificateRole.SIGNATORY))) == "registration.role_insufficient"


def test_an_employee_who_became_head_asks_for_it(client: FlaskClient) -> None:
    made = register()
    unit_of_work(lambda: organisations.add_member(made, iin=signing.OTHER_IIN, name="Сәуле"))
    body = signed_challenge(client, firm())
    assert client.post(f"{HERE}/begin", json=body).json["purpose"] == "head_change"
