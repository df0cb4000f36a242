"""Who may do what: the one permission table, and the hook by which every route asks it."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import PARTICIPANT, PUBLIC, SIGNED_IN, unit_of_work
from backend.core.errors import DomainError, NotAllowed, NotSignedIn
from backend.identity import api_keys, bearer, cookies
from backend.identity import rules as identity_rules
from backend.identity import service as identity
from backend.identity.rules import ApiKeyRefused, PersonNeeded
from backend.organisations import queries
from backend.organisations.models import Membership, Organisation, OrganisationState
from backend.organisations.queries import Mandate, Standing
from backend.organisations.rules import Choose, Function, Kind, NotMember, Role, is_iin, require_standing, stands

TOUCHED_EVERY = timedelta(minutes=10)


class Permission(StrEnum):
    CATALOGUE_EDIT = "catalogue:edit"
    CATALOGUE_MODERATE = "catalogue:moderate"
    CODES_EMIT = "codes:emit"
    CODES_SEE = "codes:see"
    CODES_MOVE = "codes:move"
    CODES_PACK = "codes:pack"
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


# What may be entrusted to a program: work on goods and codes. Who the people are, what they may, what the organisation
# is and which programs there are, only people decide; and the operator's own powers are nobody else's.
SCOPES = frozenset(
    {
        Permission.CATALOGUE_EDIT,
        Permission.CODES_EMIT,
        Permission.CODES_SEE,
        Permission.CODES_MOVE,
        Permission.CODES_PACK,
        Permission.LABELS_PRINT,
        Permission.ACTS_SEE,
        Permission.ACTS_SIGN,
    }
)

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
TRADERS = PARTICIPANTS | {Permission.CODES_SEE, Permission.CODES_PACK, Permission.LABELS_PRINT}
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
    Function.MOVEMENT: frozenset({Permission.CODES_MOVE, Permission.CODES_PACK, Permission.CODES_SEE}),
    Function.KEYS: frozenset({Permission.KEYS_ROTATE}),
    Function.STAFF: frozenset({Permission.STAFF_MANAGE}),
    Function.PROFILE: frozenset({Permission.ORGANISATION_EDIT}),
    Function.AUDIT: frozenset({Permission.AUDIT_SEE}),
    Function.INTEGRATIONS: frozenset({Permission.INTEGRATIONS_MANAGE}),
    Function.DESK: frozenset({Permission.REGISTRATIONS_REVIEW}),
    Function.ACTS: frozenset({Permission.ACTS_SEE, Permission.ACTS_SIGN, Permission.CODES_SEE, Permission.CODES_PACK}),
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
    """Answer for one route. PUBLIC never fails for people; SIGNED_IN wants a standing member; PARTICIPANT also takes a
    program's key; a Permission wants it granted.

    Raises NotSignedIn, ApiKeyRefused (401), NotAllowed, PersonNeeded, or why the member no longer stands (403).
    """
    if secret := bearer.secret():
        return _program(secret, allow)
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
        via=standing.via,
        places=frozenset(standing.place_ids if standing.role is Role.EMPLOYEE else ()),
    )
    if allow is PUBLIC:
        return actor
    if allow not in (SIGNED_IN, PARTICIPANT) and allow not in actor.permissions:
        raise NotAllowed(permission=str(allow))
    if clock.now() - standing.seen_at > TOUCHED_EVERY:
        unit_of_work(lambda: identity.touch(standing.session_id))
    return actor


def _program(secret: str, allow: Any) -> Actor:
    """A program acts within its key's scopes, as far as its organisation still may."""
    key = api_keys.behind(secret)
    if key is None:
        raise ApiKeyRefused()
    organisation = queries.organisation(key.organisation_id)
    require_standing(organisation.state is OrganisationState.BLOCKED, None, None, clock.now())
    granted = permissions_of(organisation.kind, Role.HEAD, [], organisation.trade) & SCOPES & frozenset(key.scopes)
    if allow is SIGNED_IN or (isinstance(allow, Permission) and allow not in SCOPES):
        raise PersonNeeded()
    if isinstance(allow, Permission) and allow not in granted:
        raise NotAllowed(permission=str(allow))
    if key.used_at is None or clock.now() - key.used_at > TOUCHED_EVERY:
        unit_of_work(lambda key_id=key.id: api_keys.touch(key_id))
    return Actor(
        key.id, organisation.id, granted, via="api_key", places=frozenset([key.place_id] if key.place_id else ())
    )


def terms(person_id: str, organisation_id: str) -> tuple[str, str | None]:
    """What a passkey rests on besides the certificate: the member's role, and who heads the organisation. Raises
    NotMember, or why the member no longer stands."""
    member = queries.membership_of(organisation_id, person_id)
    if member is None:
        raise NotMember()
    organisation = queries.organisation(organisation_id)
    blocked = organisation.state is OrganisationState.BLOCKED
    require_standing(blocked, member.blocked_at, member.valid_until, clock.now())
    heads = queries.heads(organisation_id)
    return member.role.value, heads[0].person_id if heads else None


def permissions_held(member: Membership) -> frozenset[Permission]:
    """What a member may by the table, whether or not the term has run out."""
    organisation = queries.organisation(member.organisation_id)
    return permissions_of(organisation.kind, member.role, member.functions, organisation.trade)


def grantable(organisation: Organisation, held: Iterable[str]) -> list[Function]:
    """The functions that somebody with these permissions may entrust to others: those that do something in such an
    organisation (to see codes comes with several and is no work by itself), and nothing that the grantor may not
    do."""
    whole = permissions_of(organisation.kind, Role.HEAD, [], organisation.trade)
    held = frozenset(held)
    given = {one: BY_FUNCTION[one] & whole for one in Function}
    return [one for one in Function if given[one] - {Permission.CODES_SEE} and given[one] <= held]


def represent(person_id: str, tax_number: str, wanted: str | None = None) -> str:
    """The organisation that this person may open a session for. A BIN in the certificate decides; an individual's
    certificate (`tax_number` is its IIN) serves the sole trader of that IIN and wherever the person is an employee,
    of which `wanted` chooses one.

    Raises OrganisationUnknown, NotMember, Choose, or why the member no longer stands.
    """
    if not is_iin(tax_number):
        standing = queries.membership(person_id, tax_number)
    else:
        standing = _chosen(queries.mandates(person_id, tax_number), tax_number, wanted)
    _require(standing)
    if wanted not in (None, standing.organisation_id):
        raise NotMember()
    return standing.organisation_id


def _chosen(mandates: list[Mandate], iin: str, wanted: str | None) -> Mandate:
    if not mandates:
        queries.by_tax_number(iin)
        raise NotMember()
    if wanted:
        return next((one for one in mandates if one.organisation_id == wanted), mandates[0])
    now = clock.now()
    standing = [one for one in mandates if stands(one.blocked, one.blocked_at, one.valid_until, now)]
    if len(standing) > 1:
        raise Choose(choices=[{"id": one.organisation_id, "names": one.names} for one in standing])
    return (standing or mandates)[0]


def _lives(standing: Standing) -> bool:
    return identity_rules.session_lives(clock.now(), standing.seen_at, standing.expires_at)


def _require(standing: Any) -> None:
    require_standing(standing.blocked, standing.blocked_at, standing.valid_until, clock.now())
