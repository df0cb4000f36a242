"""Powers of attorney as the routes answer them."""

from backend.core import clock
from backend.core.i18n import Names
from backend.identity import queries as identity
from backend.organisations import documents, power_queries, queries
from backend.organisations.models import Power, PowerState
from backend.organisations.power_schemas import PowerOut, PowersOut
from backend.signatures.exchange import ToSignList, to_sign


def powers(organisation_id: str) -> PowersOut:
    return PowersOut(
        given=[power(row) for row in power_queries.given(organisation_id)],
        received=[power(row) for row in power_queries.received(organisation_id)],
    )


def power(row: Power) -> PowerOut:
    principal = queries.organisation(row.organisation_id)
    provider = queries.organisation(row.provider_id) if row.provider_id else None
    return PowerOut(
        id=row.id,
        principal=Names(**principal.names),
        member=_name(row.membership_id) if row.membership_id else None,
        membership_id=row.membership_id,
        provider=Names(**provider.names) if provider else None,
        provider_bin=provider.bin if provider else None,
        functions=row.functions,
        groups=row.groups,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=_state(row),
        given_by=identity.name_of(row.given_by),
        created_at=row.created_at,
    )


def document(row: Power) -> ToSignList:
    agent = _name(row.membership_id) if row.membership_id else queries.organisation(row.provider_id).names["kk"]
    facts = [
        ("person", agent),
        ("valid_from", row.valid_from.isoformat()),
        ("valid_until", row.valid_until.isoformat()),
    ]
    return ToSignList(documents=[to_sign(row.id, documents.POWER, row.document, documents.POWER_NAMES, facts)])


def _name(membership_id: str) -> str:
    """Also of a member who was removed since: a power keeps saying to whom it was given."""
    return identity.name_of(queries.any_member(membership_id).person_id)


def _state(row: Power) -> str:
    today = clock.today()
    if row.state is PowerState.REVOKED:
        return row.state.value
    if row.valid_until < today:
        return "expired"
    if row.state is PowerState.SUSPENDED:
        return row.state.value
    return "scheduled" if today < row.valid_from else "active"
