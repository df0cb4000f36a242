"""The papers of an act: its print form and the annex with the codes."""

from flask import Response

from backend.acts import queries
from backend.acts.paper import form
from backend.acts.paper_schemas import PaperQuery
from backend.core.api import Api
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("act_papers")

PDF = "application/pdf"


@api.get("/acts/<act_id>/paper", allow=Permission.ACTS_SEE, query=PaperQuery, media=PDF)
def act_paper(act_id: str, query: PaperQuery) -> Response:
    """The print form of an act, with its signatures and the QR code of the public check."""
    made = form.pdf(queries.act(scope(), act_id), query.lang)
    return _file(made, PDF, f"act-{act_id}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})
