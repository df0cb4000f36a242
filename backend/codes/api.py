"""The ledger for the operator: emission, movements, packages, keys. Participants see their own."""

from backend.codes import keys, queries, service
from backend.codes.schemas import (
    CodeHistory,
    CodePage,
    EmissionIn,
    EmissionOut,
    EmissionPage,
    KeyList,
    KeyOut,
    MovementIn,
    MovementOut,
    OpenIn,
    PackageIn,
    PackageOut,
    RotateIn,
)
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.core.paging import PageQuery, page
from backend.organisations.access import Permission
from backend.organisations.scope import acting_for, scope

api = Api("codes")


@api.post("/emissions", allow=Permission.CODES_EMIT, takes=EmissionIn, gives=EmissionOut, status=202)
def order_emission(body: EmissionIn) -> EmissionOut:
    """Order codes for a published card; the answer's `emitted` grows until it equals `count`."""
    owner = acting_for(body.owner_id)
    made = service.order_emission(body.card_id, body.count, owner_id=owner, actor=current_actor())
    return EmissionOut.model_validate(made)


@api.get("/emissions", allow=Permission.CODES_SEE, query=PageQuery, gives=EmissionPage)
def list_emissions(query: PageQuery) -> EmissionPage:
    """Emissions, newest first."""
    rows = queries.emissions(scope(), query.after(), query.limit)
    shown, cursor = page(rows, query.limit, lambda row: row.id)
    return EmissionPage(emissions=[EmissionOut.model_validate(row) for row in shown], cursor=cursor)


@api.get("/emissions/<emission_id>", allow=Permission.CODES_SEE, gives=EmissionOut)
def show_emission(emission_id: str) -> EmissionOut:
    """One emission and how far it is."""
    return EmissionOut.model_validate(queries.emission(scope(), emission_id))


@api.get("/emissions/<emission_id>/codes", allow=Permission.CODES_SEE, query=PageQuery, gives=CodePage)
def list_codes(emission_id: str, query: PageQuery) -> CodePage:
    """The codes of an emission, without tails."""
    rows = queries.codes_of(scope(), emission_id, query.after(), query.limit)
    shown, cursor = page(rows, query.limit, lambda row: str(row.number))
    return CodePage(codes=[queries.shown(row) for row in shown], cursor=cursor)


@api.get("/codes/<path:code>", allow=Permission.CODES_SEE, gives=CodeHistory)
def show_code(code: str) -> CodeHistory:
    """One code and its life."""
    found = queries.code(scope(), code)
    steps = [
        {"kind": fact.kind, "at": fact.at, "document": fact.document_id, "before": moved.state, "after": after}
        for fact, moved in queries.steps(scope(), found)
        for after in [(fact.after or {}).get("state")]
    ]
    return CodeHistory(code=queries.shown(found), steps=steps)


@api.post("/movements", allow=Permission.CODES_MOVE, takes=MovementIn, gives=MovementOut)
def move(body: MovementIn) -> MovementOut:
    """Let an event happen to codes and whole packages: all of them or none."""
    moved = service.move(
        body.event,
        codes=body.codes,
        packed=body.packages,
        owner_id=acting_for(body.owner_id),
        actor=current_actor(),
        reason=body.reason,
        document=body.document,
    )
    return MovementOut.model_validate(moved)


@api.post("/packages", allow=Permission.CODES_PACK, takes=PackageIn, gives=PackageOut, status=201)
def form_package(body: PackageIn) -> PackageOut:
    """Close a package around codes or smaller packages."""
    made = service.form_package(
        body.sscc, codes=body.codes, packed=body.packages, owner_id=acting_for(body.owner_id), actor=current_actor()
    )
    return _package(made.sscc)


@api.get("/packages/<sscc>", allow=Permission.CODES_SEE, gives=PackageOut)
def show_package(sscc: str) -> PackageOut:
    """A package and what is directly inside."""
    return _package(sscc)


@api.post("/packages/<sscc>/open", allow=Permission.CODES_PACK, takes=OpenIn, gives=PackageOut)
def open_package(sscc: str, body: OpenIn) -> PackageOut:
    """Open a package: its content becomes loose."""
    service.open_package(sscc, owner_id=acting_for(body.owner_id), actor=current_actor())
    return _package(sscc)


@api.get("/keys", allow=Permission.KEYS_ROTATE, gives=KeyList)
def list_keys() -> KeyList:
    """Signing keys, without their private halves."""
    return KeyList(keys=[KeyOut.model_validate(key) for key in keys.published()])


@api.post("/keys/rotate", allow=Permission.KEYS_ROTATE, takes=RotateIn, gives=KeyOut)
def rotate_key(body: RotateIn) -> KeyOut:
    """Begin a new signing key for a product group; what the old one signed stays valid."""
    return KeyOut.model_validate(service.rotate_key(body.group, current_actor()))


def _package(sscc: str) -> PackageOut:
    found, count, children = queries.package(scope(), sscc)
    return PackageOut(
        sscc=found.sscc,
        owner_id=found.owner_id,
        level=found.level,
        state=found.state,
        count=count,
        packages=children,
    )
