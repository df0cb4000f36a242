"""An organisation, its places and whoever is asking, as the routes answer it."""

from flask import current_app

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.core.i18n import Names
from backend.identity import queries as identity
from backend.organisations import queries
from backend.organisations.models import Organisation, Place
from backend.organisations.rules import Role, last_day
from backend.organisations.schemas import (
    Address,
    Me,
    MembershipOut,
    OrganisationOut,
    PersonOut,
    PlaceOut,
    PlacesOut,
    Producer,
    ProfileOut,
)
from backend.organisations.scope import reaches


def me(actor: Actor) -> Me:
    """Raises NotAllowed for who is nobody's member any more."""
    own = queries.membership_of(actor.organisation_id, actor.person_id)
    if own is None:
        raise NotAllowed(permission="signed_in")
    return Me(
        person=PersonOut(id=actor.person_id, name=identity.name_of(actor.person_id)),
        organisation=organisation(queries.organisation(actor.organisation_id)),
        role=own.role,
        head=own.role is Role.HEAD,
        title=own.title,
        functions=own.functions,
        valid_until=last_day(own.valid_until),
        permissions=sorted(actor.permissions),
        memberships=[
            MembershipOut(
                organisation_id=there.id,
                names=Names(**there.names),
                role=member.role,
                current=there.id == actor.organisation_id,
            )
            for member, there in queries.memberships(actor.person_id)
        ],
        trust=current_app.config["SETTINGS"].trust_profile,
    )


def organisation(row: Organisation) -> OrganisationOut:
    return OrganisationOut(
        id=row.id,
        kind=row.kind,
        trade=row.trade,
        bin=row.bin,
        names=Names(**row.names),
        country=row.country,
        state=row.state,
        contract_state=row.contract_state,
    )


def profile(organisation_id: str) -> ProfileOut:
    row = queries.organisation(organisation_id)
    return ProfileOut(
        id=row.id,
        kind=row.kind,
        trade=row.trade,
        declaration_holder=row.declaration_holder,
        bin=row.bin,
        names=Names(**row.names),
        country=row.country,
        state=row.state,
        contract_state=row.contract_state,
        groups=row.groups,
        email=row.email,
        phone=row.phone,
        producer=Producer(**row.producer),
        gln=row.gln,
        gcp=row.gcp,
        version=row.version,
        created_at=row.created_at,
    )


def places(organisation_id: str) -> PlacesOut:
    return PlacesOut(places=[place(row) for row in queries.places(organisation_id)])


def place(row: Place) -> PlaceOut:
    return PlaceOut(
        id=row.id,
        kind=row.kind,
        names=Names(**row.names),
        address=Address(**row.address),
        main=row.main,
        gln=row.gln,
        bin=row.bin,
        blocked=row.blocked_at is not None,
        reached=reaches(row.id),
        version=row.version,
    )
