"""The audit trail as the routes answer it."""

from backend.core import paging
from backend.organisations import audit
from backend.organisations.audit import Entry
from backend.organisations.audit_schemas import AuditFact, AuditPage, AuditPeople, AuditPerson, AuditQuery


def page(organisation_id: str, query: AuditQuery) -> AuditPage:
    rows = audit.page(organisation_id, query.filter(), query.after(), query.limit)
    shown, following = paging.page(rows, query.limit, audit.key)
    return AuditPage(facts=[fact(entry) for entry in shown], next=following)


def fact(entry: Entry) -> AuditFact:
    row = entry.fact
    return AuditFact(
        id=row.id,
        at=row.at,
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        actor_id=row.actor_id,
        person=entry.person,
        via=row.via,
        before=row.before,
        after=row.after,
        detail=row.detail,
        count=row.count,
        signature_id=row.signature_id,
        sequence=entry.sequence,
        hash=entry.hash.hex() if entry.hash else None,
    )


def people(organisation_id: str) -> AuditPeople:
    return AuditPeople(people=[AuditPerson(id=one, name=name) for one, name in audit.people(organisation_id)])
