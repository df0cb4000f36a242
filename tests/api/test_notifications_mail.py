"""Letters: what they say, that they arrive at a real mail server, that nothing can be smuggled into them."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.i18n import LANGUAGES
from backend.notifications import rules, service, tasks, wording
from backend.notifications.models import Letter
from backend.settings import UnsafeSettings, mail_server

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}
LINK = "http://localhost:8000/confirm/abc"
MOMENT = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
LETTERS = {
    "registration_confirm": {"organisation": NAMES, "link": LINK},
    "registration_approved": {"organisation": NAMES, "link": LINK},
    "registration_refused": {"organisation": NAMES, "reasons": ["<b>бір</b>", "екі & үш"], "link": LINK},
    "invitation": {"organisation": NAMES, "link": LINK, "until": MOMENT},
    "email_confirm": {"person": "Әлия", "link": LINK},
    "new_device": {"device": "Chrome · Android", "at": MOMENT, "link": LINK},
    "digest": {"count": 2, "lines": ["бір", "екі"], "link": LINK},
    "act_invitation": {"organisation": NAMES, "number": "Ж-7", "units": 12, "until": MOMENT.date(), "link": LINK},
    "notification": {"subject": "тақырып", "line": "жол", "link": LINK},
}


class Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to hand over one letter."""

    def handle(self) -> None:
        self.say("220 test")
        server: MailServer = self.server
        for line in self.rfile:
            verb = line.strip().split(b" ")[0].upper().decode()
            if verb == "DATA":
                self.say("354 go on")
                server.letters.append(self.until_dot())
                self.say("250 taken")
            elif verb == "RCPT":
                server.recipients.append(line.decode().strip())
                self.say(server.answer)
            else:
                self.say("221 bye" if verb == "QUIT" else "250 fine")

    def until_dot(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.answer = "250 known"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def only(self) -> Message:
        assert len(self.letters) == 1
        return message_from_bytes(self.letters[0], policy=default)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def posting(make_app: object, database_url: str, server: MailServer) -> Iterator[Flask]:
    """The application with a mail server."""
    app = make_app(database_url, smtp=mail_server(server.url), mail_from="tanba@example.kz")
    with app.app_context():
        yield app
        db.session.remove()


def mail(template: str = "registration_confirm", to: str = "aigul@mail.kz", **changes: object) -> str:
    params = LETTERS[template] | changes
    return unit_of_work(lambda: service.mail(to=to, template=template, language="kk", params=params))


def row(letter_id: str) -> Letter:
    db.session.rollback()
    return db.session.get_one(Letter, letter_id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_written_in_every_language(name: str, language: str) -> None:
    words = wording.write(name, language, LETTERS[name])
    assert "{" not in words.subject + words.text
    assert LINK in words.text
    assert f'href="{LINK}"' in words.html
    assert f'lang="{language}"' in words.html


def test_no_letter_is_left_unwritten_or_untested() -> None:
    files = {path.name for path in wording.FOLDER.glob("*.txt")}
    assert files == {f"{name}.{language}.txt" for name in LETTERS for language in LANGUAGES}


@pytest.mark.parametrize("name", LETTERS)
def test_the_three_languages_say_the_same_things(name: str) -> None:
    said = [set(wording.PLACEHOLDER.findall(str(wording.template(name, language)))) for language in LANGUAGES]
    assert said[0] == said[1] == said[2]


def test_values_are_text_and_never_markup() -> None:
    words = wording.write("registration_refused", "kk", LETTERS["registration_refused"])
    assert "<b>" not in words.html
    assert "&lt;b&gt;бір&lt;/b&gt;" in words.html
    assert "• <b>бір</b>" in words.text


def test_days_and_moments_are_spoken_in_almatys_time() -> None:
    said = [wording.write("invitation", language, LETTERS["invitation"]).text for language in LANGUAGES]
    for text, day in zip(
        said, ("2026 ж. 23 қараша, 02:05", "23 ноября 2026 г., 02:05", "23 November 2026, 02:05"), strict=True
    ):
        assert day in text


def test_a_letter_arrives(posting: Flask, server: MailServer) -> None:
    letter_id = mail()
    letter = server.only()
    assert letter["To"] == "aigul@mail.kz"
    assert letter["From"] == "Таңба <tanba@example.kz>"
    assert letter["Subject"] == "Таңба: электрондық поштаңызды растаңыз"
    assert letter["Message-ID"] == f"<{letter_id}@example.kz>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert LINK in letter.get_body(("plain",)).get_content()
    assert f'href="{LINK}"' in letter.get_body(("html",)).get_content()
    sent = row(letter_id)
    assert (sent.state, sent.sealed, sent.attempts) == ("sent", None, 1)


def test_the_address_and_the_words_are_not_stored_in_clear(app: Flask) -> None:
    stored = row(mail()).sealed or b""
    assert b"aigul" not in stored
    assert b"confirm" not in stored


@pytest.mark.parametrize("name", ["Дос\r\nBcc: all@example.kz", "Дос\nBcc: all@example.kz", "Дос\x00\u2028Bcc: a@b.kz"])
def test_no_header_is_smuggled_in(posting: Flask, server: MailServer, name: str) -> None:
    mail("registration_approved", organisation=name)
    assert server.only()["Bcc"] is None
    assert len(server.recipients) == 1
    assert "\n" not in server.only()["Subject"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "aigul",
        "@mail.kz",
        "aigul@",
        "a b@mail.kz",
        "aigul@mail",
        "aigul@mail.kz\r\nRCPT TO:<x@y.kz>",
        "a@b@c.kz ",
        "aigul@mail..kz",
        ".a@mail.kz",
        "a..b@mail.kz",
        "aigul@-mail.kz",
        "<aigul@mail.kz>",
        "айгүл@mail.kz",
        f"{'a' * 65}@mail.kz",
        f"a@{'b' * 64}.kz",
        "aigul@127.0.0.1",
        "aigul@mail.kz,x@y.kz",
        "aigul@ma\x00il.kz",
    ],
)
def test_what_is_no_address_gets_no_letter(app: Flask, address: str) -> None:
    with pytest.raises(rules.AddressInvalid):
        mail(to=address)


def test_a_kazakh_domain_is_written_as_mail_servers_know_it() -> None:
    assert rules.address(" Aigul+tanba@Пошта.ҚАЗ ") == "Aigul+tanba@xn--80a1acn3a.xn--80ao21a"


def test_letters_link_only_to_this_installation(app: Flask) -> None:
    for link in ("https://evil.example/", "http://localhost:8000.evil.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="links"):
            mail(link=link)


def test_a_letter_that_is_not_taken_is_tried_again_and_given_up_after_a_day(posting: Flask, server: MailServer) -> None:
    server.answer = "451 later"
    moment = start = clock.now()
    letter_id = mail()
    tries = 1
    while row(letter_id).state == "waiting":
        moment = row(letter_id).next_at
        with clock.at(moment - timedelta(seconds=1)):
            tasks.send_letters()
        assert len(server.recipients) == tries
        with clock.at(moment):
            tasks.send_letters()
        tries += 1
        assert len(server.recipients) == tries
    assert tries == len(rules.MAIL_WAITS) + 1
    assert timedelta(hours=20) < moment - start < timedelta(hours=26)
    assert (row(letter_id).state, row(letter_id).sealed) == ("failed", None)


def test_a_server_that_comes_back_gets_the_letter(posting: Flask, server: MailServer) -> None:
    server.answer = "451 later"
    letter_id = mail()
    server.answer = "250 known"
    with clock.at(clock.now() + timedelta(minutes=1)):
        tasks.send_letters()
    assert row(letter_id).state == "sent"
    assert server.only()["To"] == "aigul@mail.kz"


def test_an_unknown_recipient_is_not_tried_again(posting: Flask, server: MailServer) -> None:
    server.answer = "550 unknown"
    letter_id = mail()
    assert row(letter_id).state == "failed"
    with clock.at(clock.now() + timedelta(days=1)):
        tasks.send_letters()
    assert len(server.recipients) == 1


def test_no_server_at_all_is_like_a_server_that_is_away(make_app: object, database_url: str) -> None:
    app = make_app(database_url, smtp=mail_server("smtp://127.0.0.1:1"))
    with app.app_context():
        assert row(mail()).state == "waiting"
        db.session.remove()


def test_a_letter_is_sent_once_though_its_job_runs_twice(posting: Flask, server: MailServer) -> None:
    letter_id = mail()
    tasks.send_letter(letter_id)
    tasks.send_letters()
    assert len(server.letters) == 1


def test_the_sweep_finds_a_letter_whose_job_was_lost(posting: Flask, server: MailServer) -> None:
    posting.extensions["queue_run"] = lambda *_: None
    letter_id = mail()
    assert server.letters == []
    tasks.send_letters()
    assert row(letter_id).state == "sent"


def test_a_letter_of_a_change_that_failed_is_not_sent(posting: Flask, server: MailServer) -> None:
    def change() -> None:
        service.mail(to="a@b.kz", template="invitation", language="kk", params=LETTERS["invitation"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(change)
    assert server.recipients == []
    assert db.session.scalars(select(Letter)).all() == []


def test_old_letters_are_forgotten(app: Flask) -> None:
    mail()
    with clock.at(clock.now() + timedelta(days=31)):
        tasks.forget()
    assert db.session.scalars(select(Letter)).all() == []


def test_the_mailbox_of_a_demo_shows_what_was_written(client: FlaskClient) -> None:
    ids = [mail(to=f"a{number}@mail.kz") for number in range(3)]
    first = client.get("/api/v1/mailbox?limit=2").json
    assert [one["to"] for one in first["letters"]] == ["a2@mail.kz", "a1@mail.kz"]
    rest = client.get(f"/api/v1/mailbox?limit=2&cursor={first['next']}").json
    assert ([one["id"] for one in rest["letters"]], rest["next"]) == ([ids[0]], None)
    assert LINK in client.get(f"/api/v1/mailbox/{ids[0]}").json["text"]
    assert client.get("/api/v1/mailbox/unknown").status_code == 404


@pytest.mark.parametrize("changes", [{"production": True}, {"smtp": mail_server("smtp://127.0.0.1:1")}])
def test_where_letters_are_really_sent_nobody_looks_into_them(
    make_app: object, sqlite_url: str, changes: dict[str, object]
) -> None:
    app = make_app(sqlite_url, **changes)
    for path in ("/api/v1/mailbox", "/api/v1/mailbox/any"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "notifications.mailbox_closed")


def test_a_mail_servers_address_is_read() -> None:
    found = mail_server("smtp://us%40er:p%3Ass@mail.example.kz?tls=implicit")
    assert (found.host, found.port, found.user, found.password) == ("mail.example.kz", 465, "us@er", "p:ss")
    assert mail_server("smtp://mail.example.kz:2525?tls=starttls").port == 2525
    assert mail_server("") is None


@pytest.mark.parametrize(
    "url",
    ["http://mail.kz", "smtp://", "smtp://mail.kz", "smtp://mail.kz?tls=none", "smtp://mail.kz:port?tls=implicit"],
)
def test_an_unsafe_mail_servers_address_is_refused(url: str) -> None:
    with pytest.raises(UnsafeSettings, match="TANBA_SMTP_URL"):
        mail_server(url)
