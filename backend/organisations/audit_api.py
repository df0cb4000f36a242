"""Routes of the audit trail."""

from flask import Response

from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations import audit_export, audit_views
from backend.organisations.access import Permission
from backend.organisations.audit_schemas import AuditPage, AuditPeople, AuditQuery, FilterQuery

api = Api("audit")

SEE = Permission.AUDIT_SEE


@api.get("/audit", allow=SEE, query=AuditQuery, gives=AuditPage)
def list_facts(query: AuditQuery) -> AuditPage:
    """What was done in one's own organisation, the newest first."""
    return audit_views.page(current_actor().organisation_id, query)


@api.get("/audit/people", allow=SEE, gives=AuditPeople)
def list_people() -> AuditPeople:
    """Whoever is or was among the staff, to choose from."""
    return audit_views.people(current_actor().organisation_id)


@api.get("/audit/export.csv", allow=SEE, query=FilterQuery, media="text/csv", limit="export")
def export_table(query: FilterQuery) -> Response:
    """The same as a table, with each fact's place in the chain."""
    return audit_export.table(current_actor().organisation_id, query.filter())


@api.get("/audit/export.jsonl", allow=SEE, query=FilterQuery, media="application/jsonl", limit="export")
def export_lines(query: FilterQuery) -> Response:
    """The same as JSON lines, whose hashes can be recomputed."""
    return audit_export.lines(current_actor().organisation_id, query.filter())
