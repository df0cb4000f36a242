"""Routes of organisations. Registering them also tells identity whom a person may speak for."""

from flask.blueprints import BlueprintSetupState

from backend.core.actor import current_actor
from backend.core.api import SIGNED_IN, Api
from backend.core.i18n import Names
from backend.identity import queries as identity
from backend.organisations import access, queries
from backend.organisations.schemas import Me, OrganisationOut, PersonOut

api = Api("organisations")


@api.record_once
def _answer_for_identity(state: BlueprintSetupState) -> None:
    # Identity stands below organisations and must not import them, so it asks through this hook.
    state.app.extensions["represent"] = access.represent


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
