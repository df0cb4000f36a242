"""Rights are changed, members blocked, removed and restored; whoever works for two chooses. Both engines."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from backend.core.api import unit_of_work
from backend.organisations import service as organisations
from backend.organisations.rules import Function, Kind, Role
from backend.signatures.rules import Role as CertificateRole
from tests import factories
from tests.api.staff.conftest import accept, employee, facts, invite, log_in, named, refused, staff, token_of
from tests.factories import key
from tests.signing import BIN, IIN, NAME, container


def change(client: FlaskClient, member: Any, **changes: Any) -> Any:
    body = {"functions": member["functions"], "version": member["version"]} | changes
    return client.put(f"/api/v1/staff/{member['id']}", json=body, headers=key())


def test_a_change_counts_at_once_and_is_written_down(app: Flask, head: FlaskClient, shop: str) -> None:
    worker = employee(app, shop, Function.LABELS)
    member = next(one for one in staff(head)["members"] if one["role"] == "employee")
    changed = change(head, member, functions=["acts"], title="Қоймашы")
    assert (changed.json["functions"], changed.json["version"]) == (["acts"], 2)
    assert worker.get("/api/v1/me").json["permissions"] == ["acts:see", "acts:sign", "codes:pack", "codes:see"]
    fact = facts("member:changed")[0]
    assert (fact.before["functions"], fact.after["functions"]) == (["labels"], ["acts"])
    refused(change(head, member, functions=["labels"]), 409, "organisations.changed_meanwhile")


def test_nobody_changes_their_own_rights(app: Flask, head: FlaskClient, shop: str) -> None:
    deputy = employee(app, shop, Function.STAFF)
    own = next(one for one in staff(deputy)["members"] if one["own"])
    refused(change(deputy, own, functions=["staff", "acts"]), 403, "organisations.own_membership")
    refused(change(deputy, own), 403, "organisations.own_membership")


def test_an_employee_does_not_touch_the_head(app: Flask, head: FlaskClient, shop: str) -> None:
    deputy = employee(app, shop, Function.STAFF)
    chief = next(one for one in staff(deputy)["members"] if one["role"] == "head")
    assert chief["editable"] is False
    where = f"/api/v1/staff/{chief['id']}"
    refused(change(deputy, chief), 403, "organisations.head_only")
    refused(deputy.post(f"{where}/block", headers=key()), 403, "organisations.head_only")
    refused(deputy.delete(where, headers=key()), 403, "organisations.head_only")
    assert head.get("/api/v1/me").status_code == 200


def test_the_last_head_stays(app: Flask, head: FlaskClient, shop: str) -> None:
    where = f"/api/v1/staff/{staff(head)['members'][0]['id']}"
    refused(head.delete(where, headers=key()), 409, "organisations.last_head")
    refused(head.post(f"{where}/block", headers=key()), 409, "organisations.last_head")
    second = app.test_client()
    factories.sign_in(second, shop)
    refused(head.delete(where, headers=key()), 403, "organisations.own_membership")
    assert second.post(f"{where}/block", headers=key()).status_code == 200
    assert head.get("/api/v1/me").status_code == 401


def test_a_heads_functions_are_not_set(app: Flask, head: FlaskClient, shop: str) -> None:
    factories.sign_in(app.test_client(), shop)
    other = next(one for one in staff(head)["members"] if not one["own"])
    refused(change(head, other, functions=["labels"]), 422, "organisations.head_unbounded")
    assert change(head, other, title="Директор").json["title"] == "Директор"


def test_block_ends_sessions_and_restore_gives_back(app: Flask, head: FlaskClient, shop: str) -> None:
    worker = employee(app, shop, Function.LABELS)
    member = next(one for one in staff(head)["members"] if one["role"] == "employee")
    where = f"/api/v1/staff/{member['id']}"
    assert head.post(f"{where}/block", headers=key()).json["state"] == "blocked"
    assert worker.get("/api/v1/me").status_code == 401
    assert head.post(f"{where}/restore", headers=key()).json["state"] == "active"
    deputy = employee(app, shop, Function.STAFF)
    assert deputy.post(f"{where}/block", headers=key()).status_code == 200
    refused(deputy.post(f"{where}/restore", headers=key()), 403, "organisations.grant_exceeds")


def test_a_removed_member_is_out_and_an_invitation_brings_them_back(app: Flask, head: FlaskClient) -> None:
    guest = app.test_client()
    accept(guest, token_of(invite(head, "labels")))
    log_in(guest, container())
    before = named(head, NAME)
    answer = head.delete(f"/api/v1/staff/{before['id']}", headers=key())
    assert NAME not in [one["name"] for one in answer.json["members"]]
    assert guest.get("/api/v1/me").status_code == 401
    refused(log_in(guest, container()), 404, "organisations.unknown")
    refused(head.get(f"/api/v1/staff/{before['id']}"), 404, "organisations.member_unknown")
    assert accept(guest, token_of(invite(head, "acts"))).status_code == 200
    again = named(head, NAME)
    assert (again["id"], again["functions"]) == (before["id"], ["acts"])
    assert len(facts("member:removed")) == 1


def test_others_staff_is_unknown(app: Flask, head: FlaskClient) -> None:
    other = app.test_client()
    factories.sign_in(other, factories.organisation(Kind.RETAIL))
    member = staff(head)["members"][0]
    invited = invite(head).json["id"]
    refused(other.get(f"/api/v1/staff/{member['id']}"), 404, "organisations.member_unknown")
    refused(change(other, member), 404, "organisations.member_unknown")
    refused(
        other.delete(f"/api/v1/staff/invitations/{invited}", headers=key()), 404, "organisations.invitation_unknown"
    )


def test_a_person_with_two_employers_chooses_at_log_in(app: Flask, head: FlaskClient) -> None:
    guest = app.test_client()
    assert accept(guest, token_of(invite(head))).status_code == 200
    other = factories.organisation(Kind.RETAIL, "Алау")

    def employ(iin: str) -> str:
        return organisations.add_member(other, iin=iin, name=NAME, functions=(Function.ACTS,))

    second = unit_of_work(lambda: employ(IIN))
    answer = log_in(guest, container())
    refused(answer, 409, "organisations.choose")
    choices = answer.json["error"]["params"]["choices"]
    assert [one["names"]["ru"] for one in choices] == ["ТОО «Дос»", "ТОО «Алау»"]
    assert log_in(guest, container(), organisation_id=choices[1]["id"]).status_code == 200
    assert guest.get("/api/v1/me").json["organisation"]["id"] == other
    foreign = factories.organisation(Kind.RETAIL)
    refused(log_in(guest, container(), organisation_id=foreign), 403, "organisations.not_member")
    unit_of_work(lambda: organisations.block_member(other, second))
    assert log_in(guest, container()).status_code == 200
    refused(log_in(guest, container(), organisation_id=other), 403, "organisations.membership_blocked")


def test_a_certificate_of_an_organisation_speaks_for_that_one_alone(app: Flask, head: FlaskClient, shop: str) -> None:
    guest = app.test_client()
    accept(guest, token_of(invite(head)))
    other = factories.organisation(Kind.RETAIL)
    unit_of_work(lambda: organisations.add_member(other, iin=IIN, name=NAME))
    own = container(bin=BIN, organisation="«Дос» ЖШС", role=CertificateRole.EMPLOYEE)
    refused(log_in(guest, own, organisation_id=other), 403, "organisations.not_member")
    assert log_in(guest, own).status_code == 200
    assert guest.get("/api/v1/me").json["organisation"]["id"] == shop


def test_a_head_does_not_come_with_an_individuals_certificate(app: Flask, shop: str) -> None:
    unit_of_work(lambda: organisations.add_member(shop, iin=IIN, name=NAME, role=Role.HEAD))
    refused(log_in(app.test_client(), container()), 404, "organisations.unknown")


def test_what_can_be_entrusted(app: Flask, head: FlaskClient, shop: str) -> None:
    said = {one["function"]: one for one in head.get("/api/v1/permissions").json["functions"]}
    assert set(said) == {"labels", "movement", "staff", "profile", "audit", "integrations", "acts"}
    assert said["movement"]["permissions"] == ["codes:pack", "codes:see"]
    assert said["labels"] == {"function": "labels", "permissions": ["codes:see", "labels:print"], "grantable": True}
    deputy = employee(app, shop, Function.STAFF, Function.AUDIT)
    listed = deputy.get("/api/v1/permissions").json["functions"]
    assert [one["function"] for one in listed if one["grantable"]] == ["staff", "audit"]
