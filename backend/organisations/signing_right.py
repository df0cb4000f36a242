"""Whose signature binds an organisation (SIGNING §1.3, §7.9): by the certificate, or by a recorded power of attorney.

A certificate alone is not enough: the authority does not revoke a dismissed head's, so the signer must also stand
among the staff, or act by a power that stands.
"""

from collections.abc import Collection
from typing import NamedTuple

from backend.identity import queries as identity
from backend.organisations import power_queries, queries
from backend.organisations.models import Membership, Organisation, OrganisationState
from backend.organisations.rules import Function, Kind
from backend.organisations.rules import Role as MemberRole
from backend.signatures.rules import Role

SIGNS_EVERYTHING = (Role.HEAD, Role.SIGNATORY)


class Right(NamedTuple):
    """`power_id` names the power of attorney; None when the certificate itself is enough."""

    power_id: str | None


def signing_right(
    person_id: str,
    organisation_id: str,
    roles: Collection[Role],
    function: Function,
    *,
    bin: str | None,
    groups: Collection[str] = (),
) -> Right | None:
    """By what right this person signs a document of the kind that `function` covers; None where there is none.

    `roles` and `bin` are the certificate's; `groups` all product groups in the document (none: it names none, and a
    power limited to groups does not cover it).
    """
    organisation = queries.organisation(organisation_id)
    if organisation.state is OrganisationState.BLOCKED:
        return None
    member = queries.membership_of(organisation_id, person_id)
    works_here = member is not None and queries.stands(member, organisation) and queries.holds(member, function)
    if works_here and _by_certificate(organisation, member, roles, function, bin):
        return Right(None)
    power = power_queries.covering(person_id, organisation, function, groups, bin)
    return Right(power.id) if power else None


def may_sign(
    person_id: str,
    organisation_id: str,
    roles: Collection[Role],
    function: Function,
    *,
    bin: str | None,
    groups: Collection[str] = (),
) -> bool:
    return signing_right(person_id, organisation_id, roles, function, bin=bin, groups=groups) is not None


def _by_certificate(
    organisation: Organisation, member: Membership, roles: Collection[Role], function: Function, bin: str | None
) -> bool:
    if bin is None:
        # A sole trader signs with an individual's certificate; the trader's employees hold the same kind, and do not.
        own = organisation.kind is Kind.SOLE_TRADER and identity.person_id_of(organisation.bin) == member.person_id
        return own and member.role is MemberRole.HEAD
    if bin != organisation.bin:
        return False
    return any(role in roles for role in SIGNS_EVERYTHING) or (Role.FINANCE in roles and function is Function.ACTS)
