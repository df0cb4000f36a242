"""Powers of attorney: what a head lets a member or a service provider sign and do, by the head's own signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, update

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import queries as identity
from backend.organisations import documents, power_queries, queries, staff
from backend.organisations.models import Power, PowerState
from backend.organisations.rules import (
    Function,
    HeadCertificateNeeded,
    PowerEnded,
    PowerToSelf,
    PowerUnknown,
    is_iin,
    require_grant,
    require_power_term,
)
from backend.signatures import service as signatures
from backend.signatures.certificates import Signer
from backend.signatures.rules import Purpose
from backend.signatures.rules import Role as CertificateRole
from backend.signatures.verifier import Verified

DRAFT_LIVES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PowerTyped:
    """To whom (one of a member's id and a provider's BIN), for what, in which product groups (none: all), from which
    day through which."""

    membership_id: str | None
    provider_bin: str | None
    functions: Sequence[Function]
    groups: Sequence[str]
    valid_from: date
    valid_until: date


def draft(actor: Actor, typed: PowerTyped) -> Power:
    """Write a power of attorney down for the head to sign. Until then it binds nobody.

    Raises HeadOnly, MemberUnknown, OrganisationUnknown, PowerToSelf, GrantExceeds, PowerTerm.
    """
    own = staff.require_head(actor)
    _forget_drafts(actor)
    require_grant(typed.functions, staff.may_grant(own))
    require_power_term(typed.valid_from, typed.valid_until, clock.today())
    organisation = queries.organisation(actor.organisation_id)
    row = Power(
        id=new_id(),
        organisation_id=organisation.id,
        functions=[one.value for one in typed.functions],
        groups=list(typed.groups),
        valid_from=typed.valid_from,
        valid_until=typed.valid_until,
        state=PowerState.DRAFT,
        given_by=actor.person_id,
        created_at=clock.now(),
    )
    if typed.membership_id:
        member = queries.member(organisation.id, typed.membership_id)
        row.membership_id = member.id
        agent = {"member": member.id, "name": identity.name_of(member.person_id)}
    else:
        provider = queries.by_tax_number(typed.provider_bin or "")
        row.provider_id = provider.id
        agent = documents.party(provider)
    if own.id == row.membership_id or organisation.id == row.provider_id:
        raise PowerToSelf()
    row.document = documents.power(organisation, agent, row)
    db.session.add(row)
    return row


def verify(actor: Actor, power_id: str, given_id: str, cms: bytes) -> Verified:
    """Judge the head's signature under a draft. Writes nothing: this is slow and must hold no lock.

    Raises PowerUnknown, PowerEnded, HeadCertificateNeeded and the errors of signatures.rules.
    """
    row = power_queries.own(actor.organisation_id, power_id)
    if row.id != given_id:
        raise PowerUnknown(id=given_id)
    if row.state is not PowerState.DRAFT:
        raise PowerEnded()
    verified = signatures.verify(
        row.document, cms, schema=documents.POWER, purpose=Purpose.DOCUMENT, signed_after=row.created_at
    )
    require_heads_own(actor, verified.signer)
    return verified


def require_heads_own(actor: Actor, signer: Signer) -> None:
    """The head signs in person: with the head's certificate of this BIN, or with an individual's as a sole trader.
    Raises HeadCertificateNeeded."""
    number = queries.organisation(actor.organisation_id).bin
    as_head = signer.bin == number and CertificateRole.HEAD in signer.roles
    as_trader = signer.bin is None and is_iin(number) and signer.iin == number
    if not (as_head or as_trader) or identity.person_id_of(signer.iin) != actor.person_id:
        raise HeadCertificateNeeded()


def sign(actor: Actor, power_id: str, verified: Verified) -> Power:
    """Give the power. Raises HeadOnly, PowerEnded (also for the slower of two), SignatureReused."""
    row = power_queries.own(actor.organisation_id, power_id)
    staff.require_head(actor)
    _take(row, (PowerState.DRAFT,), PowerState.ACTIVE)
    row.signature_id = signatures.keep(verified)
    fact = _record("power:given", row, actor, row.signature_id)
    queue.after_commit("notifications.on_fact", fact)
    return row


def drop(actor: Actor, power_id: str) -> None:
    """Throw away a draft that nobody signed. Raises PowerUnknown, PowerEnded."""
    row = power_queries.own(actor.organisation_id, power_id)
    if row.state is not PowerState.DRAFT:
        raise PowerEnded()
    db.session.delete(row)


def suspend(actor: Actor, power_id: str) -> Power:
    """Let it rest. Raises HeadOnly, PowerUnknown, PowerEnded."""
    return _change(actor, power_id, (PowerState.ACTIVE,), PowerState.SUSPENDED, "power:suspended")


def confirm(actor: Actor, power_id: str) -> Power:
    """Let a suspended one work again; a new head takes over what the former one gave. Raises HeadOnly, PowerUnknown,
    PowerEnded."""
    row = _change(actor, power_id, (PowerState.SUSPENDED,), PowerState.ACTIVE, "power:confirmed")
    row.given_by = actor.person_id
    return row


def revoke(actor: Actor, power_id: str) -> Power:
    """End it for good. Raises HeadOnly, PowerUnknown, PowerEnded."""
    states = (PowerState.ACTIVE, PowerState.SUSPENDED)
    return _change(actor, power_id, states, PowerState.REVOKED, "power:revoked")


def _forget_drafts(actor: Actor) -> None:
    """What was written and never signed is in the way of nobody, and goes after a day."""
    old = Power.created_at < clock.now() - DRAFT_LIVES
    mine = (Power.organisation_id == actor.organisation_id, Power.state == PowerState.DRAFT)
    db.session.execute(delete(Power).where(*mine, old))


def _change(actor: Actor, power_id: str, before: tuple[PowerState, ...], after: PowerState, kind: str) -> Power:
    staff.require_head(actor)
    row = power_queries.own(actor.organisation_id, power_id)
    _take(row, before, after)
    queue.after_commit("notifications.on_fact", _record(kind, row, actor))
    return row


def _take(row: Power, before: tuple[PowerState, ...], after: PowerState) -> None:
    """Compare and set: of two at once, one finds it done. A term that is over is not changed any more."""
    moved = update(Power).where(Power.id == row.id, Power.state.in_(before), Power.valid_until >= clock.today())
    if db.session.execute(moved.values(state=after)).rowcount != 1:
        raise PowerEnded()


def _record(kind: str, row: Power, actor: Actor, signature_id: str | None = None) -> str:
    return history.record(
        kind,
        subject=("power", row.id),
        organisation_id=row.organisation_id,
        actor=actor,
        signature_id=signature_id,
        after={
            "member": row.membership_id,
            "provider": row.provider_id,
            "functions": list(row.functions),
            "groups": list(row.groups),
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat(),
        },
    )
