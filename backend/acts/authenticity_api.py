"""The public check: of an act by the link in its QR code, and of signed files that anybody holds."""

from flask import request

from backend.acts import authenticity, authenticity_views, evidence_checking, evidence_reading, queries
from backend.acts.authenticity_schemas import AuthenticityOut, CheckedOut, CheckedPackageQuery, LinkOut, SignedIn
from backend.core.api import PUBLIC, Api
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("authenticity")

ROOM = 1024 * 1024


@api.get("/acts/<act_id>/authenticity", allow=Permission.ACTS_SEE, gives=LinkOut)
def act_link(act_id: str) -> LinkOut:
    """The link of the public check of an act, and its QR code."""
    return authenticity_views.link(authenticity.signed(queries.act(scope(), act_id)))


@api.get("/authenticity/<token>", allow=PUBLIC, gives=AuthenticityOut, limit="lookup")
def check_act(token: str) -> AuthenticityOut:
    """Whether an act exists, between whom, where it stands and who signed; no codes, no prices."""
    return authenticity_views.act(authenticity.act(token))


@api.post(
    "/authenticity/package",
    allow=PUBLIC,
    query=CheckedPackageQuery,
    gives=CheckedOut,
    raw=True,
    writes=False,
    limit="signature_check",
    largest=evidence_reading.LARGEST_FILE + ROOM,
)
def check_package(query: CheckedPackageQuery) -> CheckedOut:
    """Judge a signed package, the body being its bytes: whether it holds, who signed, for whom and when."""
    return evidence_checking.package(evidence_reading.parts(request.get_data(), measured=query.measured))


@api.post(
    "/authenticity/signature", allow=PUBLIC, takes=SignedIn, gives=CheckedOut, writes=False, limit="signature_check"
)
def check_signature(body: SignedIn) -> CheckedOut:
    """Judge one document with its detached CMS."""
    return evidence_checking.single(body.document, body.cms)
