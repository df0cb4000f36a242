"""Goods chosen from the list of one's own."""

from backend.acts import picking
from backend.acts.picking_schemas import PickableAt, PickableOut, PickableQuery, PickIn, PickOut
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission

api = Api("act_picking")


@api.get("/acts/pickable", allow=Permission.ACTS_SIGN, query=PickableQuery, gives=PickableOut)
def show_pickable(query: PickableQuery) -> PickableOut:
    """How many loose units of a product may be put into a draft, by the place where they lie."""
    found = picking.pickable(current_actor().organisation_id, query.card_id)
    return PickableOut(places=[PickableAt(place_id=place_id, count=count) for place_id, count in found])


@api.post("/acts/<act_id>/units/pick", allow=Permission.ACTS_SIGN, takes=PickIn, gives=PickOut)
def pick_units(act_id: str, body: PickIn) -> PickOut:
    """Put so many loose units of a product into a draft."""
    done = picking.pick(current_actor(), act_id, body.card_id, place_id=body.place_id, count=body.count)
    return PickOut(version=done.act.version, units=done.act.units, added=done.added, short=done.short, left=done.left)
