"""What is read, and how each chooses to be told. Both engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.notifications import choices, inbox, kinds, letters, queries, rules, tasks
from backend.notifications.kinds import KINDS, Mail
from backend.notifications.models import Choice, Notification
from backend.organisations.rules import Kind
from tests import factories
from tests.api.inbox.conftest import told, with_mail, written

MORNING = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # nine in Almaty


def put(person: str, organisation: str | None, cause: str = "1", kind: str = "functions_changed") -> str:
    params = {"organisation": {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}}
    return unit_of_work(lambda: inbox.put(person, organisation, kind, params, cause=cause))


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
