"""Routes of organisations. Registering them also tells the lower domains whom a person may speak for, and who runs the
platform."""

from flask.blueprints import BlueprintSetupState

from backend.core.actor import current_actor
from backend.core.api import SIGNED_IN, Api
from backend.organisations import access, places, profile, views
from backend.organisations.access import Permission
from backend.organisations.operator import operator
from backend.organisations.schemas import Me, PlaceEdited, PlaceNew, PlacesOut, ProfileIn, ProfileOut

api = Api("organisations")

EDIT = Permission.ORGANISATION_EDIT


@api.record_once
def _answer_for_lower_domains(state: BlueprintSetupState) -> None:
    # Identity and signatures stand below organisations and must not import them, so they ask through these hooks.
    state.app.extensions["represent"] = access.represent
    state.app.extensions["terms"] = access.terms
    state.app.extensions["scopes"] = access.SCOPES
    state.app.extensions["operator"] = operator


@api.get("/me", allow=SIGNED_IN, gives=Me)
def me() -> Me:
    """Who is signed in, for which organisation, with which permissions."""
    return views.me(current_actor())


@api.get("/organisation", allow=SIGNED_IN, gives=ProfileOut)
def get_profile() -> ProfileOut:
    """One's own organisation: names, the producer's data, numbers."""
    return views.profile(current_actor().organisation_id)


@api.put("/organisation", allow=EDIT, takes=ProfileIn, gives=ProfileOut)
def edit_profile(body: ProfileIn) -> ProfileOut:
    """Set the profile; refused when somebody saved another version meanwhile."""
    given = {"producer": body.producer.model_dump(), "gln": body.gln, "gcp": body.gcp}
    profile.edit(current_actor(), body.version, body.names.model_dump(), given)
    return views.profile(current_actor().organisation_id)


@api.get("/places", allow=SIGNED_IN, gives=PlacesOut)
def list_places() -> PlacesOut:
    """The places of activity, the main one first."""
    return views.places(current_actor().organisation_id)


@api.post("/places", allow=EDIT, takes=PlaceNew, gives=PlacesOut, status=201)
def add_place(body: PlaceNew) -> PlacesOut:
    """Add a place; the first one is the main one."""
    places.add(current_actor(), body.typed())
    return views.places(current_actor().organisation_id)


@api.put("/places/<place_id>", allow=EDIT, takes=PlaceEdited, gives=PlacesOut)
def edit_place(place_id: str, body: PlaceEdited) -> PlacesOut:
    """Set what a place is; `main` takes the mark from the place that had it."""
    places.edit(current_actor(), place_id, body.version, body.typed())
    return views.places(current_actor().organisation_id)


@api.post("/places/<place_id>/block", allow=EDIT, gives=PlacesOut)
def block_place(place_id: str) -> PlacesOut:
    """Close a place for new work; the main one stays open."""
    places.block(current_actor(), place_id)
    return views.places(current_actor().organisation_id)


@api.post("/places/<place_id>/unblock", allow=EDIT, gives=PlacesOut)
def unblock_place(place_id: str) -> PlacesOut:
    """Open a place again."""
    places.unblock(current_actor(), place_id)
    return views.places(current_actor().organisation_id)
