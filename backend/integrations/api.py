"""Routes for those who connect programs: keys with scopes, the sandbox, and who a program is."""

from backend.core.actor import current_actor
from backend.core.api import PARTICIPANT, Api
from backend.identity import confirmations
from backend.identity.models import ApiKey
from backend.identity.schemas import ConfirmedBy
from backend.integrations import programs, service
from backend.integrations.schemas import (
    ApiKeyGone,
    ApiKeyIn,
    ApiKeyList,
    ApiKeyMade,
    ApiKeyOut,
    ProgramOut,
    SandboxOut,
    SandboxState,
    ScopeList,
)
from backend.organisations import sandbox
from backend.organisations.access import Permission
from backend.organisations.models import Organisation

api = Api("integrations")


@api.get("/api-keys", allow=Permission.INTEGRATIONS_MANAGE, gives=ApiKeyList)
def list_api_keys() -> ApiKeyList:
    """The keys of the organisation's programs, those of its sandbox among them."""
    return ApiKeyList(keys=[_key(one) for one in service.keys(current_actor())])


@api.get("/api-keys/scopes", allow=Permission.INTEGRATIONS_MANAGE, gives=ScopeList)
def list_scopes() -> ScopeList:
    """What one can entrust to a program."""
    actor = current_actor()
    return ScopeList(live=service.scopes_for(actor, False), sandbox=service.scopes_for(actor, True))


# A secret is shown once, so these two are answered once, whatever is kept for repeats. When the answer is lost, the key
# stands in the list, to be rotated or revoked.
@api.post(
    "/api-keys",
    allow=Permission.INTEGRATIONS_MANAGE,
    takes=ApiKeyIn,
    gives=ApiKeyMade,
    status=201,
    idempotent=False,
)
def make_api_key(body: ApiKeyIn) -> ApiKeyMade:
    """Make a key for a program. The secret is in this answer and nowhere else."""
    actor = current_actor()
    confirmations.require(actor, "api_key:create", actor.organisation_id, body.confirmation)
    made = service.make_key(actor, **body.model_dump(exclude={"confirmation"}))
    return ApiKeyMade(id=made.id, secret=made.secret)


@api.post(
    "/api-keys/<key_id>/rotate",
    allow=Permission.INTEGRATIONS_MANAGE,
    takes=ConfirmedBy,
    gives=ApiKeyMade,
    idempotent=False,
)
def rotate_api_key(key_id: str, body: ConfirmedBy) -> ApiKeyMade:
    """Give a key another secret; the former one works for another day."""
    actor = current_actor()
    confirmations.require(actor, "api_key:rotate", key_id, body.confirmation)
    made = service.rotate_key(actor, key_id)
    return ApiKeyMade(id=made.id, secret=made.secret)


@api.delete("/api-keys/<key_id>", allow=Permission.INTEGRATIONS_MANAGE, query=ConfirmedBy, gives=ApiKeyGone)
def revoke_api_key(key_id: str, query: ConfirmedBy) -> ApiKeyGone:
    """Take a key away from its program, at once."""
    actor = current_actor()
    confirmations.require(actor, "api_key:revoke", key_id, query.confirmation)
    service.revoke_key(actor, key_id)
    return ApiKeyGone(id=key_id)


@api.get("/sandbox", allow=Permission.INTEGRATIONS_MANAGE, gives=SandboxState)
def show_sandbox() -> SandboxState:
    """The organisation's sandbox, if it has one."""
    found = sandbox.of(current_actor().organisation_id)
    return SandboxState(sandbox=_sandbox(found) if found else None)


@api.post("/sandbox", allow=Permission.INTEGRATIONS_MANAGE, gives=SandboxOut, status=201)
def make_sandbox() -> SandboxOut:
    """Make the sandbox, once: a test organisation of which nothing is ever legal."""
    return _sandbox(service.make_sandbox(current_actor()))


@api.get("/program", allow=PARTICIPANT, gives=ProgramOut)
def show_program() -> ProgramOut:
    """Which key this is and what it may do: the first call to try."""
    return programs.shown(current_actor())


def _key(key: ApiKey) -> ApiKeyOut:
    return ApiKeyOut(**{name: getattr(key, name) for name in ApiKeyOut.model_fields})


def _sandbox(found: Organisation) -> SandboxOut:
    return SandboxOut(id=found.id, names=found.names, created_at=found.created_at)
