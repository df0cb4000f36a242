"""Who may do what: the one permission table, and the hook by which every route asks it."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import PUBLIC, SIGNED_IN, unit_of_work
from backend.core.errors import DomainError, NotAllowed, NotSignedIn
from backend.identity import cookies
from backend.identity import rules as identity_rules
from backend.identity import service as identity
from backend.organisations import queries
from backend.organisations.queries import Standing
from backend.organisations.rules import Function, Kind, Role, require_standing

TOUCHED_EVERY = timedelta(minutes=10)


class Permission(StrEnum):
    CATALOGUE_EDIT = "catalogue:edit"
    CATALOGUE_MODERATE = "catalogue:moderate"
    CODES_EMIT = "codes:emit"
    CODES_SEE = "codes:see"
    CODES_MOVE = "codes:move"
    LABELS_PRINT = "labels:print"
    KEYS_ROTATE = "keys:rotate"
    STAFF_MANAGE = "staff:manage"
    ORGANISATION_EDIT = "organisation:edit"
    AUDIT_SEE = "audit:see"
    INTEGRATIONS_MANAGE = "integrations:manage"
    REGISTRATIONS_REVIEW = "registrations:review"
    ACTS_SEE = "acts:see"
    ACTS_SIGN = "acts:sign"
    EVERY_ORGANISATION = "organisations:every"


# CODES_EMIT and CODES_MOVE act without a signed document and so are the operator's alone: a participant's codes are
# emitted by an order and moved by an act, a withdrawal or a sale.
PARTICIPANTS = frozenset(
    {
        Permission.STAFF_MANAGE,
        Permission.ORGANISATION_EDIT,
        Permission.AUDIT_SEE,
        Permission.INTEGRATIONS_MANAGE,
        Permission.ACTS_SEE,
        Permission.ACTS_SIGN,
    }
)
TRADERS = PARTICIPANTS | {Permission.CODES_SEE, Permission.LABELS_PRINT}
MAKERS = TRADERS | {Permission.CATALOGUE_EDIT}

# Whoever holds the customs declaration is an importer (S0-39 … S0-43), so those who only trade need no cards or orders.
BY_KIND: dict[Kind, frozenset[Permission]] = {
    Kind.OPERATOR: frozenset(Permission),
    Kind.PRODUCER: MAKERS,
    Kind.IMPORTER: MAKERS,
    Kind.SOLE_TRADER: MAKERS,
    Kind.WHOLESALER: TRADERS,
    Kind.RETAIL: TRADERS,
}

BY_FUNCTION: dict[Function, frozenset[Permission]] = {
    Function.CATALOGUE: frozenset({Permission.CATALOGUE_EDIT, Permission.CATALOGUE_MODERATE}),
    Function.EMISSION: frozenset({Permission.CODES_EMIT, Permission.CODES_SEE}),
    Function.LABELS: frozenset({Permission.LABELS_PRINT, Permission.CODES_SEE}),
    Function.MOVEMENT: frozenset({Permission.CODES_MOVE, Permission.CODES_SEE}),
    Function.KEYS: frozenset({Permission.KEYS_ROTATE}),
    Function.STAFF: frozenset({Permission.STAFF_MANAGE}),
    Function.PROFILE: frozenset({Permission.ORGANISATION_EDIT}),
    Function.AUDIT: frozenset({Permission.AUDIT_SEE}),
    Function.INTEGRATIONS: frozenset({Permission.INTEGRATIONS_MANAGE}),
    Function.DESK: frozenset({Permission.REGISTRATIONS_REVIEW}),
    Function.ACTS: frozenset({Permission.ACTS_SEE, Permission.ACTS_SIGN, Permission.CODES_SEE}),
}


def permissions_of(kind: Kind, role: Role, functions: list[str], trade: Kind | None = None) -> frozenset[Permission]:
    """What the table grants: to a head all that the organisation may, to an employee what the functions cover of it.
    A sole trader may what the trade may. The operator's staff reach every organisation in whatever they are entrusted
    with."""
    granted = BY_KIND[trade if kind is Kind.SOLE_TRADER and trade else kind]
    if role is Role.HEAD:
        return granted
    entrusted = frozenset().union(*(BY_FUNCTION[Function(one)] for one in functions))
    return granted & (entrusted | {Permission.EVERY_ORGANISATION})


def authorise(allow: Any) -> Actor | None:
    """Answer for one route. PUBLIC never fails; SIGNED_IN wants a standing member; a Permission wants it granted.

    Raises NotSignedIn (401), NotAllowed (403), or why the member no longer stands (403).
    """
    token = cookies.session_token()
    standing = queries.standing(identity_rules.token_hash(token)) if token else None
    if standing is None or not _lives(standing):
        if allow is PUBLIC:
            return None
        raise NotSignedIn()
    try:
        _require(standing)
    except DomainError:
        if allow is PUBLIC:
            return None
        raise
    actor = Actor(
        person_id=standing.person_id,
        organisation_id=standing.organisation_id,
        permissions=permissions_of(standing.kind, standing.role, standing.functions, standing.trade),
        session_id=standing.session_id,
    )
    if allow is PUBLIC:
        return actor
    if allow is not SIGNED_IN and allow not in actor.permissions:
        raise NotAllowed(permission=str(allow))
    if clock.now() - standing.seen_at > TOUCHED_EVERY:
        unit_of_work(lambda: identity.touch(standing.session_id))
    return actor


def represent(person_id: str, tax_number: str) -> str:
    """The organisation that this person may open a session for, by the BIN (or a sole trader's IIN) in the
    certificate. Raises OrganisationUnknown, NotMember, or why the member no longer stands."""
    standing = queries.membership(person_id, tax_number)
    _require(standing)
    return standing.organisation_id


def _lives(standing: Standing) -> bool:
    return identity_rules.session_lives(clock.now(), standing.seen_at, standing.expires_at)


def _require(standing: Any) -> None:
    require_standing(standing.blocked, standing.blocked_at, standing.valid_until, clock.now())
