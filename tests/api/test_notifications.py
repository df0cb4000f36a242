"""The inbox: who is told of what, once; what is read; how each chooses to be told. Both engines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.i18n import LANGUAGES
from backend.history import service as history
from backend.identity import service as identity
from backend.notifications import choices, inbox, kinds, letters, queries, rules, tasks, telling, wording
from backend.notifications.kinds import KINDS, TELLINGS, Mail
from backend.notifications.models import Choice, Letter, Notification, ToldFact
from backend.organisations import service as organisations
from backend.organisations.access import Permission
from backend.organisations.models import Membership
from backend.organisations.rules import Function, Kind, Role
from tests import factories

MORNING = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # nine in Almaty


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


def put(person: str, organisation: str | None, cause: str = "1", kind: str = "functions_changed") -> str:
    params = {"organisation": {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}}
    return unit_of_work(lambda: inbox.put(person, organisation, kind, params, cause=cause))


def told() -> list[tuple[str, str]]:
    """(person, kind) of every notification."""
    db.session.rollback()
    rows = select(Notification.person_id, Notification.kind).order_by(Notification.id)
    return [tuple(row) for row in db.session.execute(rows)]


def written() -> list[dict[str, Any]]:
    db.session.rollback()
    return [queries.shown(one) for one in db.session.scalars(select(Letter).order_by(Letter.id))]


def membership(person: str) -> str:
    db.session.rollback()
    return db.session.execute(select(Membership.id).where(Membership.person_id == person)).scalar_one()


def with_mail(person: str, language: str = "ru", confirmed: bool = True) -> None:
    unit_of_work(lambda: identity.set_contacts(person, email="aigul@mail.kz", language=language, confirmed=confirmed))


@pytest.fixture
def home() -> Callable[..., tuple[str, str, FlaskClient]]:
    """An organisation with somebody signed in: (organisation, person, client)."""

    def make(app: Flask, kind: Kind = Kind.RETAIL, **who: Any) -> tuple[str, str, FlaskClient]:
        organisation, client = factories.organisation(kind), app.test_client()
        return organisation, factories.sign_in(client, organisation, **who), client

    return make


def colleague(app: Flask, organisation: str, role: Role = Role.EMPLOYEE, *functions: Function) -> str:
    return factories.sign_in(app.test_client(), organisation, role=role, functions=functions)


# The table


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


# Who is told


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


# Once, and never not


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


# The inbox


def test_an_inbox_shows_unread_first_and_goes_on_by_key(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    ids = [put(person, organisation, str(number)) for number in range(5)]
    client.post(f"/api/v1/notifications/{ids[4]}/read", headers=factories.key())
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get("/api/v1/notifications", query_string={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [one["id"] for one in answer.json["notifications"]]
        cursor = answer.json["next"]
    assert seen == [ids[3], ids[2], ids[1], ids[0], ids[4]]
    unread = client.get("/api/v1/notifications?unread=true").json["notifications"]
    assert [one["id"] for one in unread] == ids[3::-1]


def test_reading_counts_down(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    ids = [put(person, organisation, str(number)) for number in range(3)]
    assert client.get("/api/v1/notifications/unread").json == {"unread": 3}
    assert client.post(f"/api/v1/notifications/{ids[0]}/read", headers=factories.key()).json == {"unread": 2}
    first = db.session.get_one(Notification, ids[0]).read_at
    assert client.post(f"/api/v1/notifications/{ids[0]}/read", headers=factories.key()).json == {"unread": 2}
    db.session.rollback()
    assert db.session.get_one(Notification, ids[0]).read_at == first
    answer = client.post("/api/v1/notifications/read", json={"up_to": ids[1]}, headers=factories.key())
    assert answer.json == {"unread": 1}
    assert client.get("/api/v1/notifications?unread=true").json["notifications"][0]["id"] == ids[2]


def test_a_badge_counts_no_further_than_it_shows(app: Flask, home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, person, client = home(app)
    monkeypatch.setattr(queries, "MOST_UNREAD", 2)
    for number in range(4):
        put(person, organisation, str(number))
    assert client.get("/api/v1/notifications/unread").json == {"unread": 2}


def test_nobody_sees_or_reads_anothers(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    elsewhere = factories.organisation()
    _, _, stranger = home(app)
    own, other, personal = put(person, organisation, "1"), put(person, elsewhere, "2"), put(person, None, "3")
    assert [one["id"] for one in client.get("/api/v1/notifications").json["notifications"]] == [personal, own]
    assert client.get("/api/v1/notifications/unread").json == {"unread": 2}
    assert stranger.get("/api/v1/notifications").json["notifications"] == []
    for asking, wanted in ((client, other), (stranger, own)):
        answer = asking.post(f"/api/v1/notifications/{wanted}/read", headers=factories.key())
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "notifications.unknown")
    stranger.post("/api/v1/notifications/read", json={"up_to": personal}, headers=factories.key())
    client.post("/api/v1/notifications/read", json={"up_to": personal}, headers=factories.key())
    db.session.rollback()
    assert db.session.get_one(Notification, other).read_at is None


def test_last_years_notifications_are_forgotten(app: Flask, home: Any) -> None:
    organisation, person, _ = home(app)
    put(person, organisation)
    with clock.at(clock.now() + timedelta(days=401)):
        tasks.forget()
    assert told() == []


# Choices


def test_choices_begin_with_the_kinds_own_and_only_with_what_can_concern_one(app: Flask, home: Any) -> None:
    _, _, client = home(app)
    shown = client.get("/api/v1/notification-choices").json
    offered = {one["kind"]: one for one in shown["choices"]}
    assert "registration_submitted" not in offered
    assert offered["new_device"] == {"kind": "new_device", "push": True, "mail": "at_once", "mandatory": True}
    assert shown["mail"] is False
    _, _, operator = home(app, Kind.OPERATOR)
    kinds_shown = {one["kind"] for one in operator.get("/api/v1/notification-choices").json["choices"]}
    assert kinds_shown == KINDS.keys()


def test_a_choice_is_kept_and_can_be_taken_back(app: Flask, home: Any) -> None:
    _, person, client = home(app)
    for push, mail in ((False, "none"), (True, "at_once"), (True, "digest")):
        body = {"choices": [{"kind": "webhook_failing", "push": push, "mail": mail}]}
        answer = client.put("/api/v1/notification-choices", json=body, headers=factories.key()).json
        assert {"kind": "webhook_failing", "push": push, "mail": mail, "mandatory": False} in answer["choices"]
    body["choices"][0]["mail"] = "at_once"
    client.put("/api/v1/notification-choices", json=body, headers=factories.key())
    db.session.rollback()
    assert db.session.get(Choice, (person, "webhook_failing")) is None


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"kind": "new_device", "push": False, "mail": "none"}, "notifications.choice_mandatory"),
        ({"kind": "unheard_of", "push": False, "mail": "none"}, "notifications.kind_unknown"),
        ({"kind": "new_device", "push": False, "mail": "sometimes"}, "request.invalid"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(app: Flask, home: Any, choice: dict[str, Any], code: str) -> None:
    _, _, client = home(app)
    answer = client.put("/api/v1/notification-choices", json={"choices": [choice]}, headers=factories.key())
    assert (answer.status_code, answer.json["error"]["code"]) == (422, code)


def test_mail_goes_only_where_it_was_confirmed_and_wanted(app: Flask, home: Any) -> None:
    organisation, person, _ = home(app)
    actor = Actor(person_id=person, organisation_id=organisation)
    put(person, organisation, "0", "head_changed")
    with_mail(person, confirmed=False)
    put(person, organisation, "1", "head_changed")
    assert written() == []
    with_mail(person, "kk")
    put(person, organisation, "2", "head_changed")
    unit_of_work(lambda: choices.choose(actor, {"head_changed": (True, Mail.NONE)}))
    put(person, organisation, "3", "head_changed")
    assert [one["subject"] for one in written()] == ["Таңба: Ұйым басшысы ауысты"]
    assert "«Дос» ЖШС: басшы ауысты" in written()[0]["text"]
    assert "http://localhost:8000/organisation" in written()[0]["text"]


# Digest


def test_a_digest_gathers_what_is_unread_in_the_morning(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    with_mail(person)
    with clock.at(MORNING - timedelta(hours=12)):
        put(person, organisation, "1")
        put(person, None, "2")
        read = put(person, organisation, "3")
        client.post(f"/api/v1/notifications/{read}/read", headers=factories.key())
    with clock.at(MORNING - timedelta(minutes=1)):
        tasks.send_digests()
    assert written() == []
    with clock.at(MORNING):
        put(person, organisation, "4")
        tasks.send_digests()
        tasks.send_digests()
    (letter,) = written()
    assert (letter["template"], letter["language"]) == ("digest", "ru")
    assert letter["subject"] == "Таңба: непрочитанные уведомления — 2"
    assert letter["text"].count("изменены ваши функции") == 2
    assert "• ТОО «Дос»: изменены" in letter["text"]
    with clock.at(MORNING + timedelta(days=1)):
        tasks.send_digests()
    assert len(written()) == 2


def test_nothing_unread_or_no_address_makes_no_digest(app: Flask, home: Any) -> None:
    organisation, person, client = home(app)
    put(person, organisation, "1")
    with clock.at(clock.now() + timedelta(days=1)):
        tasks.send_digests()
    with_mail(person)
    put(person, organisation, "2")
    newest = client.get("/api/v1/notifications").json["notifications"][0]["id"]
    client.post("/api/v1/notifications/read", json={"up_to": newest}, headers=factories.key())
    with clock.at(clock.now() + timedelta(days=2)):
        tasks.send_digests()
    assert written() == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MORNING - timedelta(seconds=1), MORNING),
        (MORNING, MORNING + timedelta(days=1)),
        (MORNING + timedelta(hours=20), MORNING + timedelta(days=1)),
    ],
)
def test_the_next_digest_is_at_nine_in_almaty(now: datetime, expected: datetime) -> None:
    assert rules.next_digest(now) == expected


def test_days_stay_days_in_a_digest(app: Flask, home: Any) -> None:
    organisation, person, _ = home(app)
    with_mail(person, "kk")
    ends = MORNING.date() + timedelta(days=10)
    unit_of_work(lambda: inbox.put(person, organisation, "power_ends", {"until": ends}, cause="1"))
    with clock.at(clock.now() + timedelta(days=1)):
        tasks.send_digests()
    assert "• «Дос» ЖШС: Сенімхаттың мерзімі 2026 ж. 3 желтоқсан аяқталады." in written()[0]["text"]


def test_letters_and_kinds_are_one_vocabulary() -> None:
    assert {kind.letter for kind in KINDS.values()} == {"notification", "new_device"}
    assert letters.KEPT < inbox.KEPT
    assert kinds.EMAIL_ASKED in kinds.LOOKED_AT
