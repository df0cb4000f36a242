"""Filling a draft from a supplier's packing list."""

from flask import request

from backend.acts import packing_list
from backend.acts.packing_list_rules import LARGEST_FILE
from backend.acts.packing_list_schemas import PackingListOut, shown
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission

api = Api("packinglists")


def _read(act_id: str) -> packing_list.Read:
    packing_list.require_draft(current_actor(), act_id)
    return packing_list.read(request.get_data())


@api.post(
    "/acts/<act_id>/packing-list",
    allow=Permission.ACTS_SIGN,
    gives=PackingListOut,
    raw=True,
    largest=LARGEST_FILE + 1024 * 1024,
    judge=_read,
)
def read_packing_list(act_id: str, judged: packing_list.Read) -> PackingListOut:
    """Read codes, SSCCs and prices from XLSX or CSV into a draft; the body is the file's bytes."""
    return shown(*packing_list.put(current_actor(), act_id, judged))
