"""Routes of organisations. Registering them also tells the lower domains whom a person may speak for, and who runs the
platform."""

from flask.blueprints import BlueprintSetupState

from backend.core.actor import current_actor
from backend.core.api import SIGNED_IN, Api
from backend.core.i18n import Names
from backend.identity import queries as identity
from backend.organisations import access, queries
from backend.organisations.operator import operator
from backend.organisations.schemas import Me, OrganisationOut, PersonOut

api = Api("organisations")


@api.record_once
def _answer_for_lower_domains(state: BlueprintSetupState) -> None:
    # Identity and signatures stand below organisations and must not import them, so they ask through these hooks.
    state.app.extensions["represent"] = access.represent
    state.app.extensions["terms"] = access.terms
    state.app.extensions["operator"] = operator


@api.get("/me", allow=SIGNED_IN, gives=Me)
def me() -> Me:
    """Who is signed in, for which organisation, with which permissions."""
    actor = current_actor()
    organisation = queries.organisation(actor.organisation_id)
    return Me(
        person=PersonOut(id=actor.person_id, name=identity.name_of(actor.person_id)),
        organisation=OrganisationOut(
            id=organisation.id,
            kind=organisation.kind,
            bin=organisation.bin,
            names=Names(**organisation.names),
            country=organisation.country,
            state=organisation.state,
        ),
        permissions=sorted(actor.permissions),
    )
