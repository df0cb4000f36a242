"""`flask devca …`: keys for trying things out, trusted by this installation alone."""

import os
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from backend.signatures.devca import ORGANISATION_ROLES, DevCA, serial_of
from backend.signatures.keys import Algorithm
from backend.signatures.rules import Role

group = AppGroup("devca", help="The development certification authority. Its signatures say TEST.")


def authority() -> DevCA:
    settings = current_app.config["SETTINGS"]
    if settings.trust_profile != "dev":
        raise click.ClickException(f"the trust profile is {settings.trust_profile}: no development authority here")
    return DevCA(settings.instance / "devca")


@group.command("init")
def init() -> None:
    """Make the authority, unless there is one, and print where its root lies."""
    made = authority()
    made.root()
    click.echo(made.folder / "root.cer")


@group.command("issue")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("name")
@click.option("--iin", required=True, help="Of the person.")
@click.option("--bin", "bin_", help="Of the organisation; without it the certificate is an individual's.")
@click.option("--organisation", help="Its name.")
@click.option("--role", type=click.Choice([role.name.lower() for role in ORGANISATION_ROLES]), default="head")
@click.option("--login-only", is_flag=True, help="An AUTH key, which signs no documents.")
@click.option("--algorithm", type=click.Choice(["rsa", "ec", "gost"]), default="rsa", show_default=True)
@click.option("--days", default=365, show_default=True)
@click.password_option(help="Of the container.")
def issue(
    file: Path,
    name: str,
    iin: str,
    bin_: str | None,
    organisation: str | None,
    role: str,
    login_only: bool,
    algorithm: Algorithm,
    days: int,
    password: str,
) -> None:
    """Write a PKCS#12 FILE with a key for NAME ("SURNAME NAME PATRONYMIC")."""
    container = authority().issue(
        iin=iin,
        name=name,
        password=password,
        bin=bin_,
        organisation=organisation,
        role=Role[role.upper()],
        sign=not login_only,
        algorithm=algorithm,
        term=timedelta(days=days),
    )
    with open(file, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as opened:
        opened.write(container)
    click.echo(f"{serial_of(container, password):x}")


@group.command("revoke")
@click.argument("serial")
def revoke(serial: str) -> None:
    """Revoke the certificate with this SERIAL number, hexadecimal, as `issue` printed it."""
    try:
        number = int(serial, 16)
    except ValueError as error:
        raise click.BadParameter("a serial number is hexadecimal") from error
    authority().revoke(number)


@group.command("silence")
@click.option("--end", is_flag=True, help="Answer again.")
def silence(end: bool) -> None:
    """Answer nobody, as when the authority cannot be reached: what is signed meanwhile waits for word on its key."""
    authority().silence(not end)


@group.command("crl")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def crl(file: Path) -> None:
    """Write the revocation list that is current now to FILE (DER)."""
    made = authority()
    file.write_bytes(made.crl(made.issuing()) or b"")
