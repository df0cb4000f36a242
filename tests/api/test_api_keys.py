"""Keys of programs: what they open, what they never open, and how they end. Both engines."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.core import clock, limits
from backend.core.api import Allow, unit_of_work
from backend.core.db import db
from backend.core.idempotency import IdempotencyKey
from backend.core.openapi import endpoints
from backend.history.models import Fact
from backend.identity import api_key_rules, api_keys, rules
from backend.identity.models import ApiKey
from backend.integrations import schemas
from backend.organisations import access, staff
from backend.organisations import service as organisations
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.factories import key


@pytest.fixture
def importer(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def head(client: FlaskClient, importer: str) -> FlaskClient:
    factories.sign_in(client, importer)
    return client


def wish(**changes: Any) -> dict[str, Any]:
    ends = clock.now() + timedelta(days=30)
    return {"name": "1С", "scopes": ["codes:see", "catalogue:edit"], "expires_at": ends.isoformat()} | changes


def make(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/api/v1/api-keys", json=wish(**changes), headers=key())


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


@pytest.fixture
def secret(head: FlaskClient) -> str:
    answer = make(head)
    assert answer.status_code == 201, answer.json
    return answer.json["secret"]


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """A client without cookies."""
    return app.test_client(use_cookies=False)


def test_a_key_looks_as_leak_scanners_expect(secret: str) -> None:
    assert re.fullmatch(r"tanba_live_[0-9A-Za-z]{46}", secret)
    assert api_key_rules.well_formed(secret)
    assert not api_key_rules.well_formed(secret[:-1] + ("0" if secret[-1] != "0" else "1"))
    assert not api_key_rules.well_formed(secret.replace("live", "test"))
    assert api_key_rules.new_secret(False) != api_key_rules.new_secret(False)


def test_only_a_hash_is_kept_and_shown_once(head: FlaskClient, secret: str) -> None:
    kept = db.session.scalars(select(ApiKey)).one()
    assert kept.key_hash == api_key_rules.digest(secret)
    listed = head.get("/api/v1/api-keys")
    assert secret not in listed.text
    shown = listed.json["keys"][0]
    assert (shown["name"], shown["hint"], shown["test"]) == ("1С", secret[-4:], False)
    assert (shown["used_at"], shown["used_from"]) == (None, None)
    answers = b"".join(one or b"" for one in db.session.scalars(select(IdempotencyKey.answer)))
    assert secret.encode() not in answers
    facts = "".join(str(row) for row in db.session.execute(select(Fact.before, Fact.after, Fact.detail)))
    assert secret not in facts
    assert secret[-4:] not in facts


def test_a_program_acts_for_its_organisation(program: FlaskClient, secret: str, importer: str) -> None:
    mine, foreign = factories.card(importer), factories.card(factories.organisation())
    listed = program.get("/api/v1/cards", headers=bearer(secret))
    assert [one["id"] for one in listed.json["cards"]] == [mine]
    assert program.get(f"/api/v1/cards/{foreign}", headers=bearer(secret)).status_code == 404
    said = program.get("/api/v1/program", headers=bearer(secret)).json
    assert said["organisation_id"] == importer
    assert said["scopes"] == ["catalogue:edit", "codes:see"]


def test_history_names_the_key(program: FlaskClient, secret: str, importer: str) -> None:
    body = {
        "gtin": factories.gtin(),
        "group": "footwear",
        "names": {"kk": "Бәтеңке", "ru": "Ботинки", "en": "Boots"},
        "tnved": "6403919600",
        "country": "TR",
        "attributes": {},
    }
    answer = program.post("/api/v1/cards", json=body, headers=bearer(secret) | key())
    assert answer.status_code == 201, answer.json
    fact = db.session.scalars(select(Fact).where(Fact.kind == "card:created")).one()
    own = db.session.scalars(select(ApiKey.id)).one()
    assert (fact.actor_id, fact.via, fact.organisation_id) == (own, "api_key", importer)


def test_a_repeat_by_a_program_is_answered_once(program: FlaskClient, secret: str) -> None:
    body = {
        "gtin": factories.gtin(),
        "group": "footwear",
        "names": {"kk": "Бәтеңке", "ru": "Ботинки", "en": "Boots"},
        "tnved": "6403919600",
        "country": "TR",
        "attributes": {},
    }
    headers = bearer(secret) | key()
    first, second = (program.post("/api/v1/cards", json=body, headers=headers) for _ in range(2))
    assert first.json == second.json
    assert second.headers["Idempotent-Replay"] == "true"


def test_scopes_limit(program: FlaskClient, head: FlaskClient) -> None:
    narrow = make(head, scopes=["labels:print"]).json["secret"]
    answer = program.get("/api/v1/emissions", headers=bearer(narrow))
    refused(answer, 403, "identity.not_allowed")
    assert answer.json["error"]["params"] == {"permission": "codes:see"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/auth/sessions"),
        ("GET", "/api/v1/auth/passkeys"),
        ("POST", "/api/v1/auth/passkeys/options"),
        ("GET", "/api/v1/account/contacts"),
        ("GET", "/api/v1/api-keys"),
        ("POST", "/api/v1/sandbox"),
    ],
)
def test_what_only_people_do(program: FlaskClient, secret: str, method: str, path: str) -> None:
    answer = program.open(path, method=method, headers=bearer(secret) | key())
    refused(answer, 403, "identity.person_needed")


def test_no_route_lets_a_program_past_its_scopes(app: Flask, program: FlaskClient, secret: str) -> None:
    """Every route of the map: who is refused as a program, and who is let in."""
    unit_of_work(lambda: db.session.execute(update(ApiKey).values(scopes=[str(one) for one in access.Permission])))
    for one in endpoints(app):
        if one.allow in (Allow.PUBLIC, Allow.PARTICIPANT) or one.allow in access.SCOPES:
            continue
        path = re.sub(r"<[^>]+>", "x", one.rule)
        answer = program.open(path, method=one.method, headers=bearer(secret) | key(), json={})
        refused(answer, 403, "identity.person_needed")


def test_scopes_are_of_work_on_goods_alone() -> None:
    powers = ("staff", "organisation", "organisations", "integrations", "audit", "keys", "registrations")
    assert not [one for one in access.SCOPES if one.value.split(":")[0] in powers]
    assert set(get_args(schemas.Scope)) == {one.value for one in access.SCOPES}


def test_nobody_gives_more_than_they_hold(client: FlaskClient, importer: str) -> None:
    factories.sign_in(client, importer, role=Role.EMPLOYEE, functions=(Function.INTEGRATIONS, Function.LABELS))
    assert client.get("/api/v1/api-keys/scopes").json == {"live": ["codes:see", "labels:print"], "sandbox": []}
    answer = make(client, scopes=["labels:print", "catalogue:edit"])
    refused(answer, 403, "integrations.scope_not_yours")
    assert answer.json["error"]["params"] == {"scopes": ["catalogue:edit"]}
    refused(make(client, scopes=["codes:emit"]), 403, "integrations.scope_not_yours")
    assert make(client, scopes=["labels:print"]).status_code == 201
    refused(make(client, scopes=["staff:manage"]), 422, "request.invalid")


def test_who_may_not_manage_programs_does_not(client: FlaskClient, importer: str) -> None:
    factories.sign_in(client, importer, role=Role.EMPLOYEE, functions=(Function.LABELS,))
    for method, path in (("GET", "/api/v1/api-keys"), ("POST", "/api/v1/api-keys"), ("POST", "/api/v1/sandbox")):
        refused(client.open(path, method=method, headers=key(), json={}), 403, "identity.not_allowed")


def test_a_key_follows_what_its_organisation_may(program: FlaskClient, secret: str, importer: str) -> None:
    unit_of_work(
        lambda: db.session.execute(update(Organisation).where(Organisation.id == importer).values(kind=Kind.RETAIL))
    )
    said = program.get("/api/v1/program", headers=bearer(secret)).json
    assert said["scopes"] == ["codes:see"]


def test_a_blocked_organisations_programs_stop(program: FlaskClient, secret: str, importer: str) -> None:
    unit_of_work(lambda: organisations.block_organisation(importer, reason="test"))
    refused(program.get("/api/v1/cards", headers=bearer(secret)), 403, "organisations.blocked")
    unit_of_work(lambda: organisations.unblock_organisation(importer, reason="test"))
    assert program.get("/api/v1/cards", headers=bearer(secret)).status_code == 200


def test_the_makers_leaving_stops_nothing_and_is_told(
    app: Flask, program: FlaskClient, secret: str, importer: str
) -> None:
    manager = app.test_client()
    factories.sign_in(manager, importer)
    maker = db.session.scalars(select(ApiKey.created_by)).one()
    leaving = db.session.scalars(select(Membership.id).where(Membership.person_id == maker)).one()
    from backend.core.actor import Actor

    me = manager.get("/api/v1/me").json["person"]["id"]
    unit_of_work(lambda: staff.remove(Actor(me, importer, access.BY_KIND[Kind.IMPORTER]), leaving))
    assert program.get("/api/v1/cards", headers=bearer(secret)).status_code == 200
    told = db.session.scalars(select(Fact).where(Fact.kind == "api_key:maker_left")).one()
    assert told.subject_id == db.session.scalars(select(ApiKey.id)).one()


@pytest.mark.parametrize("wrong", ["tanba_live_", "tanba_live_" + "a" * 46, "tanba_test_x", "tanba_live_ә"])
def test_keys_that_are_none(program: FlaskClient, secret: str, wrong: str) -> None:
    for path in ("/api/v1/cards", "/api/v1/trust-list"):
        answer = program.get(path, headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})
        refused(answer, 401, "identity.api_key_refused")


def test_a_right_looking_key_that_was_never_given(program: FlaskClient, secret: str) -> None:
    never = api_key_rules.new_secret(False)
    refused(program.get("/api/v1/cards", headers=bearer(never)), 401, "identity.api_key_refused")


def test_a_key_and_a_cookie_together_are_the_key(head: FlaskClient, secret: str) -> None:
    refused(head.get("/api/v1/me", headers=bearer(secret)), 403, "identity.person_needed")


def test_a_strange_token_is_not_ours(program: FlaskClient) -> None:
    refused(program.get("/api/v1/cards", headers={"Authorization": "Bearer xyz"}), 401, "identity.not_signed_in")
    refused(program.get("/api/v1/cards", headers={"Authorization": "Basic eDp5"}), 401, "identity.not_signed_in")


def test_a_key_ends_when_it_says(head: FlaskClient, program: FlaskClient, secret: str) -> None:
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        refused(program.get("/api/v1/cards", headers=bearer(secret)), 401, "identity.api_key_refused")


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_key_lives_a_year_at_most(head: FlaskClient, days: int) -> None:
    ends = clock.now() + timedelta(days=days)
    refused(make(head, expires_at=ends.isoformat()), 422, "identity.api_key_expiry")


def test_a_moment_without_a_zone_is_none(head: FlaskClient) -> None:
    refused(make(head, expires_at="2027-01-01T00:00:00"), 422, "request.invalid")


def test_there_is_an_end_to_keys(head: FlaskClient, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_key_rules, "MOST", 1)
    refused(make(head), 409, "identity.too_many_api_keys")


def test_a_revoked_key_stops_at_once(head: FlaskClient, program: FlaskClient, secret: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    assert head.delete(f"/api/v1/api-keys/{own}", headers=key()).status_code == 200
    refused(program.get("/api/v1/cards", headers=bearer(secret)), 401, "identity.api_key_refused")
    assert head.get("/api/v1/api-keys").json["keys"] == []
    refused(head.delete(f"/api/v1/api-keys/{own}", headers=key()), 404, "identity.api_key_unknown")


def test_after_a_rotation_both_secrets_work_for_a_day(head: FlaskClient, program: FlaskClient, secret: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    made = head.post(f"/api/v1/api-keys/{own}/rotate", json={}, headers=key()).json
    assert made["id"] == own
    for one in (secret, made["secret"]):
        assert program.get("/api/v1/cards", headers=bearer(one)).status_code == 200
    with clock.at(clock.now() + api_key_rules.OVERLAP + timedelta(minutes=1)):
        refused(program.get("/api/v1/cards", headers=bearer(secret)), 401, "identity.api_key_refused")
        assert program.get("/api/v1/cards", headers=bearer(made["secret"])).status_code == 200


def test_a_revocation_takes_the_former_secret_too(head: FlaskClient, program: FlaskClient, secret: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    head.post(f"/api/v1/api-keys/{own}/rotate", json={}, headers=key())
    head.delete(f"/api/v1/api-keys/{own}", headers=key())
    refused(program.get("/api/v1/cards", headers=bearer(secret)), 401, "identity.api_key_refused")


def test_nobody_rotates_what_they_could_not_give(app: Flask, head: FlaskClient, secret: str, importer: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    other = app.test_client()
    factories.sign_in(other, importer, role=Role.EMPLOYEE, functions=(Function.INTEGRATIONS,))
    answer = other.post(f"/api/v1/api-keys/{own}/rotate", json={}, headers=key())
    refused(answer, 403, "integrations.scope_not_yours")


def test_anothers_keys_are_not_there(app: Flask, head: FlaskClient, secret: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    other = app.test_client()
    factories.sign_in(other, factories.organisation())
    assert other.get("/api/v1/api-keys").json["keys"] == []
    refused(other.delete(f"/api/v1/api-keys/{own}", headers=key()), 404, "identity.api_key_unknown")
    answer = other.post(f"/api/v1/api-keys/{own}/rotate", json={}, headers=key())
    refused(answer, 404, "identity.api_key_unknown")


def test_a_foreign_place_is_none(head: FlaskClient) -> None:
    refused(make(head, place_id="0" * 26), 404, "organisations.place_unknown")


def test_making_a_key_needs_a_fresh_sign_in(head: FlaskClient, secret: str) -> None:
    own = head.get("/api/v1/api-keys").json["keys"][0]["id"]
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        refused(make(head), 403, "identity.step_up")
        refused(head.delete(f"/api/v1/api-keys/{own}", headers=key()), 403, "identity.step_up")
        answer = head.post(f"/api/v1/api-keys/{own}/rotate", json={}, headers=key())
        refused(answer, 403, "identity.step_up")


def test_the_last_use_is_noted_every_ten_minutes(head: FlaskClient, program: FlaskClient, secret: str) -> None:
    def shown() -> tuple[str, str]:
        one = head.get("/api/v1/api-keys").json["keys"][0]
        return one["used_at"], one["used_from"]

    def use(address: str) -> None:
        program.get("/api/v1/cards", headers=bearer(secret), environ_base={"REMOTE_ADDR": address})

    use("203.0.113.7")
    first = shown()
    assert first[1] == "203.0.113.7"
    use("203.0.113.8")
    assert shown() == first
    with clock.at(clock.now() + timedelta(minutes=11)):
        use("203.0.113.8")
    assert shown()[1] == "203.0.113.8"


def test_a_person_is_no_program(head: FlaskClient) -> None:
    refused(head.get("/api/v1/program"), 401, "identity.api_key_refused")


@pytest.fixture
def limited(make_app: Callable[..., Flask], sqlite_url: str) -> Iterator[Flask]:
    app = make_app(sqlite_url)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    with app.app_context():
        yield app


def test_a_program_has_a_limit_of_its_own(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    importer = factories.organisation()
    person = limited.test_client()
    factories.sign_in(person, importer)
    one, two = (make(person).json["secret"] for _ in range(2))
    program = limited.test_client(use_cookies=False)
    monkeypatch.setitem(limits.WEIGHTS, "catalogue.list_cards", 1000)
    first = program.get("/api/v1/cards", headers=bearer(one))
    assert first.headers["RateLimit-Limit"] == "1200"
    assert first.headers["RateLimit-Remaining"] == "200"
    assert 0 <= int(first.headers["RateLimit-Reset"]) <= 60
    refusal = program.get("/api/v1/cards", headers=bearer(one))
    refused(refusal, 429, "request.too_many")
    assert refusal.headers["RateLimit-Remaining"] == "0"
    assert int(refusal.headers["Retry-After"]) >= 1
    assert program.get("/api/v1/cards", headers=bearer(two)).status_code == 200


def test_a_check_with_a_key_counts_for_the_key(limited: Flask) -> None:
    person = limited.test_client()
    factories.sign_in(person, factories.organisation())
    secret = make(person).json["secret"]
    program = limited.test_client(use_cookies=False)
    answer = program.post("/api/v1/verify", json={"code": ""}, headers=bearer(secret))
    assert answer.status_code == 200
    kept = db.session.scalars(select(ApiKey)).one()
    stats = limited.extensions["limiter"].get_window_stats(limits.LIMITS["api_key"], "api_key", kept.id)
    assert stats.remaining == 1199


def test_every_weight_is_of_a_route(app: Flask) -> None:
    names = {f"{one.domain}.{one.view.__name__}" for one in endpoints(app)}
    assert set(limits.WEIGHTS) <= names


def test_the_contract_says_which_scope_a_program_needs(app: Flask) -> None:
    document = app.test_client().get("/openapi.json").json
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    paths = document["paths"]
    assert paths["/api/v1/emissions"]["get"]["security"] == [{"session": []}, {"key": ["codes:see"]}]
    assert paths["/api/v1/cards"]["get"]["security"] == [{"session": []}, {"key": []}]
    assert paths["/api/v1/me"]["get"]["security"] == [{"session": []}]
    assert paths["/api/v1/api-keys"]["get"]["security"] == [{"session": []}]
    assert "security" not in paths["/api/v1/verify"]["post"]


def test_forgotten_secrets_open_nothing(app: Flask) -> None:
    assert api_keys.behind("") is None
