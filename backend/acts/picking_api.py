"""Goods chosen from the list of one's own."""

from backend.acts import picking
from backend.acts.picking_schemas import PickIn, PickOut
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission

api = Api("act_picking")


@api.post("/acts/<act_id>/units/pick", allow=Permission.ACTS_SIGN, takes=PickIn, gives=PickOut)
def pick_units(act_id: str, body: PickIn) -> PickOut:
    """Put so many loose units of a product into a draft."""
    done = picking.pick(current_actor(), act_id, body.card_id, place_id=body.place_id, count=body.count)
    return PickOut(version=done.act.version, units=done.act.units, added=done.added, short=done.short, left=done.left)
