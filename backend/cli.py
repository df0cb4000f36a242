"""`flask --app backend.wsgi …`: what the operator does from the machine itself."""

import json
from importlib import import_module
from importlib.util import find_spec
from typing import get_args

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from backend.codes import fsck, keys, queries, service, tasks, trust_list
from backend.codes.rules import Event
from backend.codes.schemas import MovementIn
from backend.core import openapi
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.history import queries as history
from backend.history import tasks as history_tasks

codes = AppGroup("codes", help="Emission, movements and keys of marking codes.")

MOVABLE = [event.value for event in get_args(MovementIn.model_fields["event"].annotation)]
BY_COMMAND = Actor(person_id="command", organisation_id="", via="command")


def init(app: Flask) -> None:
    app.cli.add_command(codes)
    app.cli.add_command(verify_history)
    app.cli.add_command(print_openapi)
    for domain in ("signatures", "organisations", "registration"):
        if find_spec(f"backend.{domain}.cli"):
            app.cli.add_command(import_module(f"backend.{domain}.cli").group)


@codes.command("emit")
@click.argument("card")
@click.argument("count", type=click.IntRange(1, 150_000))
@click.option("--owner", required=True, help="Id of the organisation that orders.")
def emit(card: str, count: int, owner: str) -> None:
    """Emit COUNT codes for CARD and print the emission's id."""
    try:
        emission = unit_of_work(lambda: service.order_emission(card, count, owner_id=owner, actor=BY_COMMAND).id)
        tasks.emit(emission)
    except DomainError as error:
        raise refused(error) from error
    click.echo(emission)


@codes.command("list")
@click.argument("emission")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
def list_(emission: str, limit: int) -> None:
    """Print the codes of an EMISSION, without tails."""
    try:
        for code in queries.codes_of(None, emission, None, limit)[:limit]:
            shown = queries.shown(code)
            click.echo(f"{shown['number']}\t{shown['code']}\t{shown['state']}\t{','.join(shown['flags'])}")
    except DomainError as error:
        raise refused(error) from error


@codes.command("move")
@click.argument("event", type=click.Choice(MOVABLE))
@click.argument("code", nargs=-1)
@click.option("--owner", required=True, help="Id of the organisation that owns the codes.")
@click.option("--package", multiple=True, help="SSCC whose whole content moves.")
@click.option("--reason", help="Category, such as DEFECT or OTHER.")
@click.option("--document", help="Number of the paper it rests on.")
def move(
    event: str, code: tuple[str, ...], owner: str, package: tuple[str, ...], reason: str | None, document: str | None
) -> None:
    """Let EVENT happen to CODEs: all of them or none."""
    try:
        moved = unit_of_work(
            lambda: service.move(
                Event(event),
                codes=code,
                packed=package,
                owner_id=owner,
                actor=BY_COMMAND,
                reason=reason,
                document=document,
            )
        )
    except DomainError as error:
        raise refused(error) from error
    click.echo(f"{moved.fact_id}\t{moved.count}")


@codes.command("keys")
def list_keys() -> None:
    """Print the signing keys."""
    for key in keys.published():
        click.echo(f"{key.id}\t{key.group}\t{key.month}\t{'retired' if key.retired_at else 'in use'}")


@codes.command("rotate-keys")
@click.argument("group")
def rotate_keys(group: str) -> None:
    """Begin a new signing key for a product GROUP and print its id."""
    try:
        click.echo(unit_of_work(lambda: keys.rotate(group, BY_COMMAND).id))
    except DomainError as error:
        raise refused(error) from error


@codes.command("publish-withdrawn")
def publish_withdrawn() -> None:
    """Make the withdrawn lists anew, at once: after a recall, say."""
    try:
        tasks.publish_withdrawn()
    except trust_list.GateClosed as error:
        raise click.ClickException(f"lists that did not pass their gate, the old ones stay: {error}") from error
    click.echo(f"{len(trust_list.trust_list()['withdrawn'])} lists published")


@click.command("verify-history")
def verify_history() -> None:
    """Prove that no fact was rewritten and that every code's life fits; exit code 1 names what does not hold."""
    faults = [*history.broken(), *fsck.broken()]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    db.session.rollback()
    history_tasks.sequence()
    head = history.head()
    click.echo(f"holds: {head.sequence if head else 0} facts, head {head.hash.hex() if head else '-'}")


@click.command("openapi")
def print_openapi() -> None:
    """Print the OpenAPI document."""
    click.echo(json.dumps(openapi.document(current_app), ensure_ascii=False, indent=1))


def refused(error: DomainError) -> click.ClickException:
    db.session.rollback()
    return click.ClickException(f"{error.code} {json.dumps(error.params, ensure_ascii=False)}")
