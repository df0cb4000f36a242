"""One tap more: sending again, and returning."""

from backend.acts import repeats, views
from backend.acts.schemas import MadeOut
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission

api = Api("act_repeats")

SIGN = Permission.ACTS_SIGN


@api.post("/acts/<act_id>/again", allow=SIGN, gives=MadeOut, status=201)
def send_again(act_id: str) -> MadeOut:
    """A new draft of what came back: the whole act, or what was rejected of it."""
    return _made(repeats.again(current_actor(), act_id))


@api.post("/acts/<act_id>/return", allow=SIGN, gives=MadeOut, status=201)
def return_act(act_id: str) -> MadeOut:
    """A new draft that returns what was accepted to its supplier."""
    return _made(repeats.give_back(current_actor(), act_id))


def _made(made: repeats.Made) -> MadeOut:
    return MadeOut(act=views.act(made.act, current_actor().organisation_id), left_out=made.left_out)
