"""`flask organisations …`: what the operator registers by hand."""

import json
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.organisations import queries, service
from backend.organisations.rules import Function, Kind, Role

group = AppGroup("organisations", help="Participants and the people who act for them.")

BY_COMMAND = Actor(person_id="command", organisation_id="", via="command")


@group.command("create")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("bin_", metavar="BIN")
@click.option("--kk", required=True, help="Name in Kazakh.")
@click.option("--ru", required=True, help="Name in Russian.")
@click.option("--en", required=True, help="Name in English.")
def create(kind: str, bin_: str, kk: str, ru: str, en: str) -> None:
    """Register an organisation under its BIN (a sole trader under the IIN) and print its id."""
    names = {"kk": kk, "ru": ru, "en": en}
    click.echo(_done(lambda: service.create_organisation(kind=Kind(kind), bin=bin_, names=names, actor=BY_COMMAND)))


@group.command("add-member")
@click.argument("bin_", metavar="BIN")
@click.argument("name")
@click.option("--iin", prompt=True, help="Of the person; asked for, so that it stays out of the shell's history.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.EMPLOYEE.value)
@click.option("--function", multiple=True, type=click.Choice([one.value for one in Function]))
def add_member(bin_: str, name: str, iin: str, role: str, function: tuple[str, ...]) -> None:
    """Let NAME act for the organisation with this BIN and print the membership's id."""

    def add() -> str:
        organisation = queries.by_tax_number(bin_)
        functions = tuple(Function(one) for one in function)
        return service.add_member(
            organisation.id, iin=iin, name=name, role=Role(role), functions=functions, actor=BY_COMMAND
        )

    click.echo(_done(add))


@group.command("members")
@click.argument("bin_", metavar="BIN")
def members(bin_: str) -> None:
    """Print who may act for the organisation."""
    for membership, name in _done(lambda: queries.members(queries.by_tax_number(bin_).id)):
        state = "blocked" if membership.blocked_at else membership.valid_until or "active"
        click.echo(f"{membership.id}\t{membership.role.value}\t{','.join(membership.functions)}\t{state}\t{name}")


@group.command("block-member")
@click.argument("bin_", metavar="BIN")
@click.argument("membership")
@click.option("--undo", is_flag=True, help="Give the right to act back.")
def block_member(bin_: str, membership: str, undo: bool) -> None:
    """Take MEMBERSHIP's right to act away and end its sessions."""
    act = service.unblock_member if undo else service.block_member
    _done(lambda: act(queries.by_tax_number(bin_).id, membership, actor=BY_COMMAND))


@group.command("block")
@click.argument("bin_", metavar="BIN")
@click.option("--reason", required=True)
@click.option("--undo", is_flag=True, help="Let it act again.")
def block(bin_: str, reason: str, undo: bool) -> None:
    """Stop an organisation."""
    act = service.unblock_organisation if undo else service.block_organisation
    _done(lambda: act(queries.by_tax_number(bin_).id, reason=reason, actor=BY_COMMAND))


def _done(effect: Callable[[], Any]) -> Any:
    try:
        return unit_of_work(effect)
    except DomainError as error:
        db.session.rollback()
        raise click.ClickException(f"{error.code} {json.dumps(error.params, ensure_ascii=False)}") from error
