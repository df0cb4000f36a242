"""`flask registration …`: the operator's desk without a browser."""

import json
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.registration import decisions, queries, reasons
from backend.registration.rules import State

group = AppGroup("registration", help="Applications to take part.")

BY_COMMAND = Actor(person_id="command", organisation_id="", via="command")
AT_ONCE = 500


@group.command("list")
@click.option(
    "--state",
    type=click.Choice([State.SUBMITTED.value, State.APPROVED.value, State.REFUSED.value]),
    default=State.SUBMITTED.value,
    show_default=True,
)
def list_(state: str) -> None:
    """Print applications, the earliest deadline first: number, deadline, BIN, kind, name."""
    for one in queries.desk(State(state), None, AT_ONCE)[:AT_ONCE]:
        kind = one.trade or one.kind or one.purpose
        click.echo(f"{one.number}\t{one.deadline.isoformat()}\t{one.bin or '-'}\t{kind.value}\t{one.names['ru']}")


@group.command("approve")
@click.argument("number")
def approve(number: str) -> None:
    """Let the participant of application NUMBER in and print the organisation's id."""
    found = _done(lambda: decisions.approve(queries.by_number(number).id, actor=BY_COMMAND).organisation_id)
    click.echo(found)


@group.command("refuse")
@click.argument("number")
@click.option(
    "--reason",
    multiple=True,
    required=True,
    type=click.Choice([one.code for one in reasons.all().values() if one.desk]),
)
@click.option("--text", default="", help="What the applicant should know; some reasons need it.")
def refuse(number: str, reason: tuple[str, ...], text: str) -> None:
    """Send application NUMBER back."""
    _done(lambda: decisions.refuse(queries.by_number(number).id, codes=reason, text=text, actor=BY_COMMAND))


def _done(effect: Callable[[], Any]) -> Any:
    try:
        return unit_of_work(effect)
    except DomainError as error:
        db.session.rollback()
        raise click.ClickException(f"{error.code} {json.dumps(error.params, ensure_ascii=False)}") from error
