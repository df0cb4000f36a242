"""Who is told of what, once. Both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.i18n import LANGUAGES
from backend.history import service as history
from backend.notifications import tasks, telling, wording
from backend.notifications.kinds import KINDS, TELLINGS, Mail
from backend.notifications.models import Notification, ToldFact
from backend.organisations import service as organisations
from backend.organisations.access import Permission
from backend.organisations.models import Membership
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.api.inbox.conftest import told, with_mail, written


def record(kind: str, organisation: str, actor: str | None = None, told: bool = True, **facts: Any) -> str:
    """A fact of an organisation, told at once as its own domain would do."""

    def effect() -> str:
        by = Actor(person_id=actor, organisation_id=organisation) if actor else None
        subject = facts.pop("subject", ("test", "1"))
        fact = history.record(kind, subject=subject, organisation_id=organisation, actor=by, **facts)
        if told:
            queue.after_commit("notifications.on_fact", fact)
        return fact

    return unit_of_work(effect)


def membership(person: str) -> str:
    db.session.rollback()
    return db.session.execute(select(Membership.id).where(Membership.person_id == person)).scalar_one()


def colleague(app: Flask, organisation: str, role: Role = Role.EMPLOYEE, *functions: Function) -> str:
    return factories.sign_in(app.test_client(), organisation, role=role, functions=functions)


def test_every_telling_has_a_kind_and_every_kind_words_in_every_language() -> None:
    assert {one.kind for one in TELLINGS.values()} <= KINDS.keys()
    for language in LANGUAGES:
        assert wording.kinds(language).keys() == KINDS.keys()


def test_the_three_languages_of_a_kind_say_the_same_things() -> None:
    for name in KINDS:
        said = [set(wording.PLACEHOLDER.findall(str(wording.kinds(language)[name]))) for language in LANGUAGES]
        assert said[0] == said[1] == said[2], name


def test_words_of_a_kind_ask_for_nothing_that_its_facts_do_not_say() -> None:
    for telling_ in TELLINGS.values():
        asked = set(wording.PLACEHOLDER.findall(str(wording.kinds("kk")[telling_.kind])))
        assert asked <= telling_.params.keys(), telling_.kind


def test_permissions_of_kinds_are_those_of_the_one_table() -> None:
    assert {kind.permission for kind in KINDS.values() if kind.permission} <= set(Permission)


def test_what_protects_an_account_is_written_at_once() -> None:
    assert all(kind.mail is Mail.AT_ONCE for kind in KINDS.values() if kind.mandatory)
    assert KINDS["new_device"].mandatory


def test_the_desk_hears_of_an_application(app: Flask, home: Any) -> None:
    operator, head, _ = home(app, Kind.OPERATOR)
    clerk = colleague(app, operator, Role.EMPLOYEE, Function.DESK)
    colleague(app, operator, Role.EMPLOYEE, Function.KEYS)
    stranger, _, _ = home(app)
    record("registration:submitted", stranger)
    assert sorted(told()) == sorted((one, "registration_submitted") for one in (head, clerk))


def test_a_head_hears_of_an_accepted_invitation_and_the_newcomer_does_not(app: Flask, home: Any) -> None:
    organisation, head, client = home(app)
    newcomer = colleague(app, organisation)
    record("invitation:accepted", organisation, actor=newcomer)
    assert told() == [(head, "invitation_accepted")]
    shown = client.get("/api/v1/notifications").json["notifications"][0]
    assert shown["params"] == {"person": "Әлия"}
    assert shown["organisation"]["ru"] == "ТОО «Дос»"


def test_a_blocked_member_hears_of_it_in_whatever_organisation_they_still_are(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    person = colleague(app, organisation)
    unit_of_work(lambda: organisations.block_member(organisation, membership(person)))
    fact = record("member:blocked", organisation, actor=head, subject=("membership", membership(person)))
    found = db.session.execute(select(Notification).where(Notification.cause == f"fact:{fact}")).scalar_one()
    assert (found.person_id, found.kind, found.organisation_id) == (person, "member_blocked", None)


def test_only_those_who_may_act_are_told(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    blocked = colleague(app, organisation, Role.EMPLOYEE, Function.INTEGRATIONS)
    ended = colleague(app, organisation, Role.EMPLOYEE, Function.INTEGRATIONS)
    removed = colleague(app, organisation, Role.EMPLOYEE, Function.INTEGRATIONS)
    colleague(app, organisation, Role.EMPLOYEE, Function.STAFF)

    def change() -> None:
        for person, column in ((blocked, "blocked_at"), (ended, "valid_until"), (removed, "removed_at")):
            member = db.session.get_one(Membership, membership_of(person))
            setattr(member, column, clock.now() - timedelta(minutes=1))

    membership_of = {one: membership(one) for one in (blocked, ended, removed)}.__getitem__
    unit_of_work(change)
    record("webhook:failing", organisation)
    assert told() == [(head, "webhook_failing")]


def test_who_did_it_is_not_told_of_it(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    record("api_key:created", organisation, actor=head)
    assert told() == []


def test_a_new_device_is_told_to_its_owner_by_mail_too(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    with_mail(person)
    record("session:new_device", organisation, actor=person, detail={"device": "Chrome · Android"})
    shown = client.get("/api/v1/notifications").json["notifications"][0]
    assert (shown["kind"], shown["params"]["device"], shown["link"]) == ("new_device", "Chrome · Android", "/account")
    assert shown["organisation"] is None
    letter = written()[0]
    assert (letter["to"], letter["template"], letter["language"]) == ("aigul@mail.kz", "new_device", "ru")
    assert "Chrome · Android" in letter["text"]


def test_a_device_that_does_not_say_what_it_is_is_called_so(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    with_mail(person)
    record("session:new_device", organisation, actor=person, detail={"device": ""})
    shown = client.get("/api/v1/notifications").json["notifications"][0]
    assert shown["params"]["device"]["kk"] == "белгісіз құрылғы"
    assert "с нового устройства: неизвестное устройство, " in written()[0]["text"]


def test_a_fact_of_no_interest_is_told_to_nobody(app: Flask, home: Any) -> None:
    organisation, _, _ = home(app)
    record("organisation:created", organisation)
    tasks.on_fact("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert told() == []


def test_a_new_address_gets_its_letter(app: Flask, home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, person, _ = home(app)
    asked = telling.identity.Letter("new@mail.kz", "en", "Әлия", "/account/email/1.2")
    monkeypatch.setattr(telling.identity, "email_change", lambda change: asked if change == "change" else None)
    record("person:email_asked", organisation, actor=person, subject=("email_change", "change"))
    record("person:email_asked", organisation, actor=person, subject=("email_change", "over"))
    assert [(one["to"], one["template"]) for one in written()] == [("new@mail.kz", "email_confirm")]
    assert "http://localhost:8000/account/email/1.2" in written()[0]["text"]


def test_a_fact_is_told_once_though_its_job_runs_twice(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    fact = record("webhook:failing", organisation)
    tasks.on_fact(fact)
    tasks.tell_forgotten()
    assert told() == [(head, "webhook_failing")]


def test_nobody_is_told_twice_even_when_the_note_of_it_is_gone(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    fact = record("webhook:failing", organisation)
    with clock.at(clock.now() + timedelta(days=7)):
        tasks.forget()
    assert db.session.get(ToldFact, fact) is None
    tasks.on_fact(fact)
    assert told() == [(head, "webhook_failing")]


def test_the_sweep_finds_what_a_lost_queue_forgot(app: Flask, home: Any) -> None:
    organisation, head, _ = home(app)
    record("webhook:failing", organisation, told=False)
    assert told() == []
    tasks.tell_forgotten()
    assert told() == [(head, "webhook_failing")]


def test_the_sweep_leaves_old_news_alone(app: Flask, home: Any) -> None:
    organisation, _, _ = home(app)
    with clock.at(clock.now() - telling.WINDOW - timedelta(minutes=1)):
        record("webhook:failing", organisation, told=False)
    tasks.tell_forgotten()
    assert told() == []


def test_one_fact_that_cannot_be_told_keeps_no_other_waiting(
    app: Flask, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, head, _ = home(app)
    bad = record("member:blocked", organisation, told=False)
    record("webhook:failing", organisation, told=False)
    tell = telling.tell

    def breaking(fact_id: str) -> None:
        if fact_id == bad:
            raise RuntimeError
        tell(fact_id)

    monkeypatch.setattr(telling, "tell", breaking)
    tasks.tell_forgotten()
    assert told() == [(head, "webhook_failing")]
