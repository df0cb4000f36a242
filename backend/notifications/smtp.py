"""One letter to a mail server."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from backend.core import clock
from backend.settings import Settings

SECONDS = 20


class Refused(Exception):
    """The server will never take this letter: the address does not exist, or it was judged and sent back."""


def send(settings: Settings, letter_id: str, to: str, subject: str, text: str, html: str) -> None:
    """Hand a letter over. Raises Refused, or OSError / SMTPException when trying again makes sense."""
    letter = compose(settings, letter_id, to, subject, text, html)
    server = settings.smtp
    context = ssl.create_default_context()
    if server.tls == "implicit":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    with connection:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        try:
            connection.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            _judge(max(code for code, _ in error.recipients.values()), error)
        except smtplib.SMTPResponseException as error:
            _judge(error.smtp_code, error)


def _judge(code: int, error: Exception) -> None:
    """RFC 5321: 5xx is for good, 4xx passes."""
    if code >= 500:
        raise Refused(str(code)) from error
    raise error


def compose(settings: Settings, letter_id: str, to: str, subject: str, text: str, html: str) -> EmailMessage:
    """The message. The same letter has the same Message-ID each time it is tried, so that a double is seen as one.
    A line break in a header raises ValueError."""
    sender = settings.mail_from
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address("Таңба", addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{letter_id}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text, cte="base64")
    letter.add_alternative(html, subtype="html", cte="base64")
    return letter
